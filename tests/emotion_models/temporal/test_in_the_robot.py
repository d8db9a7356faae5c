# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""From clips with features of the affect network to a model that the robot runs."""

from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')
h5py = pytest.importorskip('h5py', reason='HDF5 files need h5py (requirements/training.txt)')
pytest.importorskip('onnx')

from emotion_models.cli import main  # noqa: E402
from emotion_models.data.clip_files import write_clip, write_features  # noqa: E402
from emotion_models.data.clip_sets import load_clips  # noqa: E402
from emotion_models.data.generated_courses import GeneratedCourses  # noqa: E402
from emotion_models.runtime import ArtefactError, CropReader, TemporalModel  # noqa: E402
from emotion_models.runtime.affect import AffectModel  # noqa: E402
from emotion_models.temporal.module import TemporalModule  # noqa: E402
from emotion_models.training.export import export_network, round_weights  # noqa: E402
from emotion_models.training.loading import load_module  # noqa: E402

WIDTHS = {'embedding': 160, 'expression': 8, 'va': 2}
RATE_HZ = 12.5
FRAMES = 30
EXPERIMENT = """\
seed_everything: 100
trainer:
  {accelerator: cpu, devices: 1, max_epochs: 1, default_root_dir: run, enable_progress_bar: false}
model:
  class_path: emotion_models.temporal.module.TemporalModule
  init_args:
    network: fclstm_xl
    features: {va: 2, embedding: 160, expression: 8}
    hidden: 4
    head: [4]
    normed_features: [embedding]
    delay_frames: 2
    learning_rate: 0.1
data:
  data_set:
    class_path: emotion_models.data.clip_sets.AnnotatedClips
    init_args: {path: x.h5, validation_path: x.h5, features: 'va,embedding,expression'}
  batch_size: 2
"""


def write_clips(path, network):
    """As `extract-features --annotations` writes them."""
    generator = np.random.default_rng(0)
    with h5py.File(path, 'w') as file:
        file.attrs['affect_network'] = network
        write_features(file, WIDTHS)
        for name in ('first', 'second'):
            rows = generator.normal(0, 1, (FRAMES, sum(WIDTHS.values()))).astype(np.float32)
            affect = np.tanh(np.cumsum(generator.normal(0, 0.2, (FRAMES, 2)), 0))
            arrays = {'fts': rows, 'stamps': np.arange(FRAMES) / RATE_HZ, 'length': FRAMES}
            arrays |= {'valence': affect[:, 0], 'arousal': affect[:, 1]}
            write_clip(file, name, arrays, {})


def test_what_was_trained_on_features_of_the_affect_network_runs_beside_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    affect = AffectModel()
    write_clips('x.h5', affect.card['sha256'])
    (tmp_path / 'clips.yaml').write_text(EXPERIMENT)

    assert main(['fit', '--config', 'clips.yaml']) == 0
    assert main(['export', 'run/best.ckpt', '--to', 'model']) == 0

    model = TemporalModel('model')
    assert model.features == {'va': 2, 'embedding': 160, 'expression': 8}
    assert list(model.features) == ['va', 'embedding', 'expression']
    assert (model.rate_hz, model.delay_s) == (RATE_HZ, pytest.approx(2 / RATE_HZ))
    assert model.misfit(affect) == ''
    clip = load_clips('x.h5', 'va,embedding,expression').clip(1)
    said, state = [], model.first_state()
    for row in clip.features:
        answer, state = model.step(row[None], state)
        said.append(answer[0])
    module = round_weights(load_module('run/best.ckpt').eval())
    expected = module(torch.from_numpy(clip.features)[None], torch.tensor([FRAMES]))[0].numpy()
    # What the module says of a frame is what the model says two frames later.
    assert np.stack(said)[2:] == pytest.approx(expected[:-2].clip(-1, 1), abs=1e-4)
    assert np.ptp(said, 0).min() > 1e-3

    (face,) = CropReader(affect, temporal=model)([('a', np.full((48, 48), 90, np.uint8), 0.0)])
    assert np.isfinite([face.valence, face.arousal]).all()
    assert (face.valence, face.arousal) != (face.raw_valence, face.raw_arousal)


def test_what_was_trained_on_generated_courses_is_of_no_use_to_the_robot(tmp_path):
    plan = TemporalModule({'mixture': 40}, hidden=4, head=[4]).export_plan()
    card = {'system': 'temporal', **plan.card, 'training_data': GeneratedCourses().origin}
    export_network(replace(plan, card=card), tmp_path / 'model')

    with pytest.raises(ArtefactError, match="the feature 'mixture', and the robot has embedding"):
        TemporalModel(tmp_path / 'model')
