# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""`emotion-models vdsm VERB` and `evaluate`."""

import json

import numpy as np
import pytest
from PIL import Image

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')
pytest.importorskip('lightning')

from emotion_models.cli import main  # noqa: E402
from emotion_models.data.data_module import DataModule  # noqa: E402
from emotion_models.data.face_clips import FaceClips  # noqa: E402
from emotion_models.data.video_pairs import VideoPairs, save_pair  # noqa: E402
from emotion_models.training.loading import load_module  # noqa: E402
from emotion_models.vdsm import commands  # noqa: E402
from emotion_models.vdsm.module import SequenceModule  # noqa: E402
from emotion_models.vdsm.pictures import swap_all  # noqa: E402
from emotion_models.vdsm.procedure import Codes  # noqa: E402
from emotion_models.vdsm.uses import VERBS, Scene, perform  # noqa: E402


@pytest.fixture
def use(runs, tmp_path):
    """use(verb, run, *options): the status, and the folder that is written to."""

    def call(verb, run='sequences', *options):
        checkpoint = str(runs / run / 'last.ckpt')
        status = main(['vdsm', verb, checkpoint, '--to', str(tmp_path / 'to'), *options])
        return status, tmp_path / 'to'

    return call


def test_every_verb_of_the_command_is_done():
    assert commands.HELP.keys() == VERBS.keys()


@pytest.mark.parametrize('run', ['frames', 'sequences'])
def test_clips_are_shown_and_exchanged(use, run):
    for verb in ('reconstruct', 'swap-identity', 'swap-action'):
        status, folder = use(verb, run, '--count', '3')
        assert status == 0

    assert {path.name for path in folder.iterdir()} == {
        *('reconstructed.png', 'reconstructed.gif', 'swap_identity.png', 'swap_identity.gif'),
        'swap_action.gif',
    }
    assert Image.open(folder / 'reconstructed.png').size == (4 * 32, 6 * 32)
    assert Image.open(folder / 'swap_identity.png').size == (4 * 32, 4 * 32)
    assert Image.open(folder / 'swap_identity.gif').n_frames == 4
    assert Image.open(folder / 'swap_action.gif').size == (3 * 32, 3 * 32)


def test_what_a_first_phase_cannot_do_is_said(use, capsys):
    status, _ = use('sample', 'frames')

    assert status == 2
    assert 'is of the first phase, which knows no motions' in capsys.readouterr().err


def test_clips_are_sampled_at_three_temperatures_the_same_each_time(use):
    _, folder = use('sample', 'sequences', '--count', '2')
    files = {path.name: path.read_bytes() for path in folder.iterdir()}

    assert files.keys() == {'sampled_1.gif', 'sampled_10.gif', 'sampled_30.gif'}
    use('sample', 'sequences', '--count', '2')
    assert all((folder / name).read_bytes() == content for name, content in files.items())


def test_one_goes_from_action_to_action_and_from_identity_to_identity(use):
    status, folder = use('interpolate')

    assert status == 0
    assert {path.name for path in folder.iterdir()} == {
        'between_actions.gif',
        'between_identities.gif',
    }


def test_codes_are_written_for_others(use):
    status, folder = use('encode')

    assert status == 0
    arrays = {path.stem: np.load(path)['arr_0'] for path in folder.glob('*.npz')}
    count = len(arrays['labels'])
    assert arrays['id'].shape == (count, 4)
    assert arrays['dynamics'].shape == (count, 3)
    for name in ('test_images', 'recon_images', 'sampled_images'):
        assert arrays[name].shape == (count, 4, 32, 32, 3)
        assert arrays[name].dtype == np.uint8


def test_a_performance_needs_drawn_faces(use, capsys):
    assert use('perform')[0] == 2
    assert 'perform needs a model of drawn faces' in capsys.readouterr().err


def test_the_own_face_performs_at_the_size_of_the_panel(tmp_path):
    data = DataModule(FaceClips(side=32, identities=2, clips_each=1, frames=4, tested=0.3))
    sizes = {'side': 32, 'pose': 3, 'experts': 4, 'base_width': 2, 'encoder_width': 4}
    module = SequenceModule(**sizes, window=4, dynamics=3, hidden=8, layers=1).eval()
    scene = Scene(module, data.part('test'), data, tmp_path, 3, 0)

    paths = perform(scene)

    assert len(paths) == len(set(scene.part.labels()[:, 1]))
    for path in paths:
        assert Image.open(path).size == (128, 64)


def test_exchanges_are_motion_by_row_and_identity_by_column():
    codes = Codes(torch.arange(2.0)[:, None], torch.arange(2.0)[:, None], torch.zeros(2, 1, 1))

    swapped = swap_all(codes)

    assert swapped.static[:, 0].tolist() == [0, 1, 0, 1]
    assert swapped.dynamics[:, 0].tolist() == [0, 0, 1, 1]


def test_models_are_measured_side_by_side_by_one_judge(runs, tmp_path, capsys):
    models = [str(runs / run / 'last.ckpt') for run in ('frames', 'sequences')]
    quick = ['--judge-steps', '3', '--clips', '10']

    assert main(['evaluate', *models, '--to', str(tmp_path), *quick]) == 0

    table = (tmp_path / 'table.md').read_text()
    assert table in capsys.readouterr().out + '\n'
    figures = json.loads((tmp_path / 'figures.json').read_text())
    assert 'LSTM' in figures['judge']
    assert figures['protocol']['judge_steps'] == 3
    for name, found in figures['models'].items():
        assert {'judge_action', 'consistency_all', 'swap_joint', 'fid'} <= found.keys()
        assert {'found_identity_in_static', 'leak_action_from_static'} <= found.keys()
        assert ('samples_kl' in found) == (name != 'frames')
        assert all(np.isfinite(value) for value in found.values())
        assert (tmp_path / f'{name}_swap.png').is_file()
    assert list(figures['models']) == ['frames', 'sequences', 'untrained']
    assert len({found['judge_action'] for found in figures['models'].values()}) == 1


@pytest.mark.parametrize('options', [['--clips', '1'], ['--judge-steps', '0']])
def test_too_little_to_measure_is_refused_first(runs, tmp_path, capsys, options):
    checkpoint = str(runs / 'frames' / 'last.ckpt')

    assert main(['evaluate', checkpoint, '--to', str(tmp_path / 'x'), *options]) == 2

    assert '--judge-steps must be >= 1 and --clips >= 2' in capsys.readouterr().err
    assert not (tmp_path / 'x').exists()


def test_a_short_clip_of_the_test_is_named_before_anything_is_shown(runs, tmp_path):
    clips = [np.zeros((5, 8, 8, 3), np.uint8)] * 8 + [np.zeros((3, 8, 8, 3), np.uint8)] * 8
    paths = tmp_path / 'clips.npz', tmp_path / 'labels.npz'
    save_pair(*paths, clips, np.array([[0, 0]] * 8 + [[1, 0]] * 8))
    data = DataModule(
        VideoPairs(
            path=str(paths[0]), labels=str(paths[1]), side=32, allow_pickle=True, frame_stride=1
        )
    )
    module = load_module(runs / 'frames' / 'last.ckpt')

    with pytest.raises(ValueError, match='window is 4 frames, the shortest clip has 3'):
        module.check_clips(data)


@pytest.mark.parametrize(
    ('arguments', 'words'),
    [
        (['reconstruct', 'none.ckpt', '--to', 'x'], 'no checkpoint none.ckpt'),
        (['reconstruct', '{run}', '--to', 'x', '--count', '0'], '--count must be 1 to 32, got 0'),
        (['reconstruct', '{run}', '--to', 'x', '--data', 'none.yaml'], 'none.yaml'),
    ],
)
def test_bad_arguments_are_one_line(runs, tmp_path, monkeypatch, capsys, arguments, words):
    monkeypatch.chdir(tmp_path)
    run = str(runs / 'frames' / 'last.ckpt')

    assert main(['vdsm', *(part.format(run=run) for part in arguments)]) == 2

    said = capsys.readouterr().err
    assert words in said
    assert said.count('\n') == 1
