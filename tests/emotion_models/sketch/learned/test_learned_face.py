# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import csv

import cv2
import numpy as np
import pytest
import torch

from emotion_models.cli import main
from emotion_models.data.drawings import REACH_PX, DrawingsModule, draw
from emotion_models.data.own_drawings import OwnDrawings
from emotion_models.drawing import Identity, View, sample, to_one_bit
from emotion_models.drawing.fields import field_to_grey
from emotion_models.labels.emotions import EMOTIONS, emotion_vad
from emotion_models.runtime.artefact import ArtefactError, load_artefact, write_card
from emotion_models.runtime.latent_decoder import LatentDecoder
from emotion_models.sketch.comparison import compare
from emotion_models.sketch.evaluation import Protocol
from emotion_models.sketch.module import SketchModule, condition, divergence
from emotion_models.sketch.network import N_AFFECT, N_LATENT, Code
from emotion_models.training.export import export_network

ONE_EPOCH = ('--trainer.max_epochs', '1', '--trainer.accelerator', 'cpu')


@pytest.fixture(scope='module')
def module():
    torch.manual_seed(1)
    return SketchModule().eval()


@pytest.fixture(scope='module')
def drawings():
    return draw(5, range(0, 64, 8), 0.15)


@pytest.fixture(scope='module')
def folder(module, tmp_path_factory):
    path = tmp_path_factory.mktemp('models') / 'untrained'
    export_network(module.export_plan(), path)
    return path


def test_decoder_is_small(module, folder):
    assert sum(weight.numel() for weight in module.decoder.parameters()) <= 1_000_000
    assert (folder / 'model.onnx').stat().st_size <= 4_000_000


def test_batches_hold_the_drawings_and_what_is_known(drawings):
    first = sample(5, 0, 0.15, is_framed=False, with_field=True)
    grey = field_to_grey(drawings.distances()[0, 0].numpy() * REACH_PX)
    np.testing.assert_array_equal(to_one_bit(grey), first.image)
    np.testing.assert_allclose(drawings.affect[0], first.vad[:2], atol=1e-6)
    np.testing.assert_allclose(drawings.emotions[0], first.emotions, atol=1e-6)
    np.testing.assert_allclose(drawings.identity[0], first.identity, atol=1e-6)


def test_parts_share_no_identity():
    data = DrawingsModule(training=40, validation=16, test=16, batch_size=8)
    parts = {
        name: {tuple(row) for batch in data.in_order(name) for row in batch.identity.tolist()}
        for name in ('training', 'validation', 'test')
    }
    assert {name: len(faces) for name, faces in parts.items()} == {
        'training': 5,
        'validation': 2,
        'test': 2,
    }
    assert not parts['training'] & parts['validation'] | parts['validation'] & parts['test']


def test_divergence_has_its_known_values():
    at_rest = Code(torch.zeros(2, 3), torch.zeros(2, 3))
    assert divergence(at_rest, torch.zeros(2, 3)) == 0
    # One of three means is off by one, one variance is 4: ½ (1 + 4 − 1 − ln 4).
    code = Code(torch.tensor([[1.0, 0, 0]]), torch.tensor([[0, np.log(4), 0]]).float())
    expected = 0.5 * (1 + 4 - 1 - np.log(4))
    assert divergence(code, torch.zeros(1, 3)).item() == pytest.approx(expected)


def test_wish_lays_valence_and_arousal_into_their_numbers(module, drawings):
    point = module.expected_latent(drawings.emotions, drawings.affect)
    assert point.shape == (8, N_LATENT)
    valence, arousal, rest = point.split([N_AFFECT, N_AFFECT, N_LATENT - 2 * N_AFFECT], 1)
    torch.testing.assert_close(valence, drawings.affect[:, :1].expand(-1, N_AFFECT))
    torch.testing.assert_close(arousal, drawings.affect[:, 1:].expand(-1, N_AFFECT))
    zero, one, both = (module.rest_of_emotions(torch.eye(7)[:1] * k) for k in (0, 1, 2))
    torch.testing.assert_close(both - one, one - zero)
    assert rest.shape[1] == 16


def test_withheld_emotions_are_not_heard(module, drawings):
    deaf = torch.ones(8, 1, dtype=torch.bool)
    told = condition(drawings, drawings.emotions, deaf)
    other = condition(drawings, drawings.emotions.flip(0), deaf)
    assert torch.equal(told, other)
    assert not torch.equal(told, condition(drawings, drawings.emotions, ~deaf))


def test_critic_and_autoencoder_learn_apart(drawings):
    torch.manual_seed(2)
    module = SketchModule()
    mixed, share = module._mix(torch.randn(8, N_LATENT), drawings, torch.zeros(8, 1) > 0)
    assert 0 <= share.min() <= share.max() <= 0.5
    loss = module._critic_loss(mixed.detach(), share, mixed.detach(), drawings.distances()[:4])
    loss.backward()
    assert all(weight.grad is None for weight in module.decoder.parameters())
    assert any(weight.grad is not None for weight in module.critic.parameters())


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
    with pytest.raises(ArtefactError, match='affect is no face'):
        LatentDecoder('affect')
    broken = tmp_path / 'broken'
    broken.mkdir()
    (broken / 'model.onnx').write_bytes((folder / 'model.onnx').read_bytes())
    card = dict(load_artefact(folder).card)
    card['space'] = {**card['space'], 'rest': {'neutral': [0.0] * 16}}
    write_card(broken, card)
    with pytest.raises(ArtefactError, match=r'space\.rest lacks .*joy'):
        LatentDecoder(broken)


def write_drawings(folder, rows):
    folder.mkdir(exist_ok=True)
    with (folder / 'drawings.csv').open('w', newline='') as file:
        writer = csv.DictWriter(file, ['file', 'valence', 'arousal', 'joy'])
        writer.writeheader()
        for number, row in enumerate(rows):
            picture = np.zeros((128, 256), np.uint8)
            cv2.line(picture, (40, 64), (216, 64 - number), 255, 6)
            cv2.imwrite(str(folder / f'{number}.png'), picture)
            writer.writerow({'file': f'{number}.png', **row})


def test_own_drawings_are_read_and_split(tmp_path):
    write_drawings(tmp_path, [{'valence': n / 20, 'arousal': 0.1, 'joy': ''} for n in range(20)])
    data = OwnDrawings(str(tmp_path), repeats=3, batch_size=16)
    sizes = {
        name: sum(len(batch.field) for batch in data.in_order(name))
        for name in ('training', 'validation', 'test')
    }
    assert sizes == {'training': 48, 'validation': 2, 'test': 2}
    (batch,) = data.in_order('test')
    assert batch.field.shape == (2, 1, 64, 128)
    assert (batch.field > 128).any()
    assert not batch.emotions.any()


@pytest.mark.parametrize(
    ('row', 'message'),
    [
        ({'valence': 2, 'arousal': 0}, r'valence of 0\.png must be a number in \[-1, 1\], got'),
        ({'valence': 0, 'arousal': 'high'}, r"arousal of 0\.png must be .* got 'high'"),
        ({'valence': 0, 'arousal': 0, 'joy': -0.5}, r'joy of 0\.png must be a number in \[0, 1\]'),
    ],
)
def test_bad_labels_are_named(tmp_path, row, message):
    write_drawings(tmp_path, [row])
    with pytest.raises(ValueError, match=message):
        OwnDrawings(str(tmp_path)).setup()


def test_missing_table_says_what_was_expected(tmp_path):
    with pytest.raises(FileNotFoundError, match=r'drawings\.csv; expected a folder with'):
        OwnDrawings(str(tmp_path)).setup()


def test_experiment_trains(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_drawings(tmp_path / 'own', [{'valence': 0.1, 'arousal': 0.1, 'joy': 1}] * 20)
    experiment = tmp_path / 'own.yaml'
    experiment.write_text(
        'model:\n  class_path: emotion_models.sketch.module.SketchModule\n'
        'data:\n  class_path: emotion_models.data.own_drawings.OwnDrawings\n'
        '  init_args: {folder: own, repeats: 1, batch_size: 8}\n'
    )
    assert main(['fit', '--config', str(experiment), *ONE_EPOCH]) == 0
    assert main(['export', 'runs/own/last.ckpt', '--to', 'face']) == 0
    assert LatentDecoder(tmp_path / 'face').decode(np.zeros(45), View()).shape == (64, 128)


def test_faces_are_put_side_by_side(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    experiment = tmp_path / 'small.yaml'
    experiment.write_text(
        'model:\n  class_path: emotion_models.sketch.module.SketchModule\n'
        'data:\n  class_path: emotion_models.data.drawings.DrawingsModule\n'
        '  init_args: {training: 16, validation: 8, test: 8, batch_size: 8}\n'
    )
    fit = ['fit', '--config', str(experiment), *ONE_EPOCH]
    for name, output in (('one', 'field'), ('other', 'grey')):
        given = ['--trainer.default_root_dir', f'runs/{name}', '--model.init_args.output', output]
        assert main([*fit, *given]) == 0
    runs = [tmp_path / 'runs' / name / 'last.ckpt' for name in ('one', 'other')]
    small = Protocol(strangers=3, people=2, pairs=2, drawings=8)

    table, figures = compare(runs, tmp_path / 'report', small)

    assert table.startswith('| | one | other |')
    assert '| | walked | cross-faded |' in table
    for report in figures:
        assert report['faded_flips'] > 0
        assert 0.0 <= report['recognised'] <= 1.0
        assert report['faded_most_flips'] >= report['faded_flips']
    with pytest.raises(ValueError, match='different names, got one, one'):
        compare([runs[0], runs[0]], tmp_path / 'again')
    # Both are held against the same cross-faded drawings.
    assert figures[0]['faded_anci_2px'] == figures[1]['faded_anci_2px'] >= 1.0
    names = {path.name for path in (tmp_path / 'report').iterdir()}
    assert {'table.md', 'figures.json', 'expressions.png', 'joy_to_surprise.png'} <= names
    assert (tmp_path / 'report' / 'directions_other.png') in (tmp_path / 'report').iterdir()
