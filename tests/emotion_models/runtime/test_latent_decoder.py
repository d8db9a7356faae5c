# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
import torch

from emotion_models.data.drawings import REACH_PX
from emotion_models.drawing import Identity, View
from emotion_models.labels.emotions import EMOTIONS, emotion_vad
from emotion_models.runtime.artefact import ArtefactError, load_artefact, write_card
from emotion_models.runtime.latent_decoder import LatentDecoder
from emotion_models.sketch.module import SketchModule
from emotion_models.sketch.network import N_AFFECT, N_LATENT
from emotion_models.training.export import export_network


@pytest.fixture(scope='module')
def module():
    torch.manual_seed(1)
    return SketchModule().eval()


@pytest.fixture(scope='module')
def folder(module, tmp_path_factory):
    path = tmp_path_factory.mktemp('models') / 'untrained'
    export_network(module.export_plan(), path)
    return path


def test_exported_face_draws_what_the_module_draws(module, folder):
    decoder = LatentDecoder(folder, Identity.random(np.random.default_rng(1)))
    emotions = np.array([0, 0, 0.6, 0, 0, 0.3, 0])
    point = decoder.encode(emotions)
    assert point.shape == (N_LATENT + len(EMOTIONS) + 14,)
    np.testing.assert_allclose(point[:N_AFFECT], emotion_vad(emotions)[0])

    field = decoder.field(point, View(gaze_x=0.5, blink=0.2, vergence=0.1))

    given = torch.tensor([[*point, 0.5, 0.0, 0.2, 0.1, 0.0]]).float()
    with torch.no_grad():
        expected = module.decode(given[:, :N_LATENT], given[:, N_LATENT:])[0, 0] * REACH_PX
    np.testing.assert_allclose(field, expected, atol=0.02)  # weights are stored in half precision


def test_view_frames_the_field(folder):
    decoder = LatentDecoder(folder)
    point = decoder.encode(np.zeros(7))
    upright = decoder.decode(point, View())
    assert upright.shape == (64, 128)
    assert upright.dtype == np.float32
    moved = decoder.decode(point, View(shift_x=5.0))
    np.testing.assert_allclose(moved[:, 5:], upright[:, :-5], atol=1e-5)
    small = decoder.decode(point, View(zoom=0.5))
    assert not small[:12].any()
    assert not small[:, :24].any()


def test_model_that_is_no_face_is_refused(folder, tmp_path):
    with pytest.raises(ArtefactError, match='affect is not a face'):
        LatentDecoder('affect')
    broken = tmp_path / 'broken'
    broken.mkdir()
    (broken / 'model.onnx').write_bytes((folder / 'model.onnx').read_bytes())
    card = dict(load_artefact(folder).card)
    card['space'] = {**card['space'], 'rest': {'neutral': [0.0] * 16}}
    write_card(broken, card)
    with pytest.raises(ArtefactError, match=r'space\.rest lacks .*joy'):
        LatentDecoder(broken)
