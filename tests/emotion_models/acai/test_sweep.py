# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import contextlib
import io
import json
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
import yaml

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')
pytest.importorskip('lightning')

from emotion_models.acai import benchmark, evaluation, pictures  # noqa: E402
from emotion_models.acai.evaluation import Protocol, evaluate_poses  # noqa: E402
from emotion_models.cli import main  # noqa: E402
from emotion_models.data.drawn_lines import line_bank  # noqa: E402
from emotion_models.data.generated_poses import generate_poses  # noqa: E402
from emotion_models.metrics import codes  # noqa: E402
from emotion_models.runtime.artefact import load_artefact  # noqa: E402
from emotion_models.training.run_table import read_rows  # noqa: E402

pytestmark = pytest.mark.usefixtures('loose_plots')

EXPERIMENTS = Path(__file__).parents[3] / 'config' / 'experiments'
QUICK = {'max_epochs': 1, 'limit_train_batches': 3, 'enable_progress_bar': False}
FEW = ['--pairs', '20', '--targets', '40', '--generated', '100']


def quick_experiment(name, path, model, data):
    """An experiment of the repository, made small."""
    experiment = yaml.safe_load((EXPERIMENTS / name).read_text())
    experiment['trainer'] |= QUICK
    experiment['model'].setdefault('init_args', {}).update(model)
    experiment['data']['data_set']['init_args'] = data
    path.write_text(yaml.safe_dump(experiment))
    return str(path)


@pytest.fixture(scope='module')
def poses_config(tmp_path_factory):
    path = tmp_path_factory.mktemp('experiment') / 'poses.yaml'
    small = {'hidden': 16, 'critic_hidden': 16}
    return quick_experiment('acai_poses.yaml', path, small, {'count': 384})


class Swept(NamedTuple):
    """
    A sweep that was stopped and went on.

    Args:
        folder: of the sweep.
        first_table: its table when it was stopped.
        first_saved_ns: when the checkpoint of its first run was written, seen at that time.
        printed: by the command that went on.
    """

    folder: Path
    first_table: str
    first_saved_ns: int
    printed: str

    @property
    def run(self):
        return self.folder / 'd4_w0.5_s1'


@pytest.fixture(scope='module')
def swept(poses_config, tmp_path_factory, loose_plots):
    folder = tmp_path_factory.mktemp('sweep')
    command = ['sweep', '--config', poses_config, '--to', str(folder), *FEW, '--seeds', '1']
    assert main([*command, '--latents', '4', '--weights', '0', '0.5']) == 0
    table = (folder / 'sweep.csv').read_text()
    saved_ns = (folder / 'd4_w0_s1' / 'last.ckpt').stat().st_mtime_ns
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        assert main([*command, '--latents', '4', '8', '--weights', '0', '0.5']) == 0
    return Swept(folder, table, saved_ns, printed.getvalue())


def test_a_sweep_has_a_row_for_each_run_and_goes_on_where_it_stopped(swept):
    rows = read_rows(swept.folder / 'sweep.csv')
    assert [(row['latent'], row['weight'], row['seed']) for row in rows] == [
        (4, 0, 1),
        (4, 0.5, 1),
        (8, 0, 1),
        (8, 0.5, 1),
    ]
    assert (swept.folder / 'sweep.csv').read_text().startswith(swept.first_table)
    saved_ns = (swept.folder / 'd4_w0_s1' / 'last.ckpt').stat().st_mtime_ns
    assert saved_ns == swept.first_saved_ns
    for row in rows:
        assert row['anci'] >= 1
        assert row['ratio'] >= 1
        assert row['mpjpe_mm'] > 0
        assert row['recall'] > 0
        assert 0 < row['real'] <= row['mean_distance'] + row['straight_distance']
        assert row['bones_random'] > 0
    report = json.loads((swept.folder / 'd8_w0.5_s1' / 'report.json').read_text())
    assert len(report['transitions']['curve']) == 100
    assert '| ANCI' in swept.printed
    assert {path.name for path in swept.folder.glob('*.png')} == {
        *('sweep.png', 'smoothness_d4.png', 'smoothness_d8.png'),
        *('sorted_d4.png', 'sorted_d8.png'),
    }


def test_one_run_of_a_sweep_is_repeated_by_fit(swept, tmp_path, monkeypatch):
    few = {'STRIP_POINTS': 3, 'SMOOTH_POINTS': 2, 'GRID_POINTS': 1, 'GRID_PAIRS': 1, 'CODES': 10}
    for name, count in few.items():
        monkeypatch.setattr(pictures, name, count)
    again = ['--trainer.default_root_dir', str(tmp_path / 'again')]
    assert main(['fit', '--config', str(swept.run / 'experiment.yaml'), *again]) == 0

    first, second = (
        torch.load(path / 'best.ckpt', weights_only=True)['state_dict']
        for path in (swept.run, tmp_path / 'again')
    )
    assert all(torch.equal(value, second[name]) for name, value in first.items())
    draw = ['draw-poses', str(swept.run / 'best.ckpt'), str(tmp_path / 'again' / 'best.ckpt')]
    assert main([*draw, '--to', str(tmp_path / 'pictures')]) == 0
    assert {path.name for path in (tmp_path / 'pictures').iterdir()} >= {'strip.png', 'strip.gif'}


def test_a_run_is_tested_and_exported(swept, tmp_path):
    assert main(['test', '--config', str(swept.run / 'experiment.yaml')]) == 0
    exported = tmp_path / 'model'
    assert main(['export', str(swept.run / 'best.ckpt'), '--to', str(exported)]) == 0

    metrics = yaml.safe_load((swept.run / 'test.yaml').read_text())['metrics']
    assert metrics['test_mpjpe_mm'] > 0
    encoder, decoder = (load_artefact(exported / part) for part in ('encoder', 'decoder'))
    poses = generate_poses(4, seed=1).positions
    (codes,) = encoder.open_session().run(None, {'poses': poses})
    (decoded,) = decoder.open_session().run(None, {'code': codes})
    assert decoded.shape == poses.shape


def test_measures_depend_on_the_protocol_alone(swept, tmp_path):
    best = swept.run / 'best.ckpt'
    few = {'pairs': 20, 'targets': 40, 'generated': 100}

    first, again = (evaluate_poses(best, Protocol(**few)) for _ in range(2))
    flat = evaluate_poses(best, Protocol(**few, distance='flat'))

    assert first == again
    assert flat.figures['anci'] == first.figures['anci']
    assert flat.figures['recall'] > 2 * first.figures['recall']

    report = tmp_path / 'report.json'
    assert main(['evaluate', str(best), *FEW, '--json', str(report)]) == 0
    assert json.loads(report.read_text())[swept.run.name]['figures'] == first.figures


def test_other_poses_are_measured_and_only_with_models_of_poses(swept, tmp_path, capsys):
    other = tmp_path / 'other.npz'
    generate_poses(200, seed=5).save(other)
    best = str(swept.run / 'best.ckpt')
    assert main(['evaluate', best, *FEW, '--data', str(other)]) == 0
    assert 'straight_distance' in capsys.readouterr().out
    assert main(['evaluate', best, '--data', str(tmp_path / 'none.npz')]) == 2
    assert 'no file' in capsys.readouterr().err


def test_lines_are_compared_by_one_command(tmp_path, capsys, monkeypatch):
    for module in (benchmark, evaluation):
        monkeypatch.setattr(module, 'line_bank', partial(line_bank, 100))
    config = quick_experiment(
        'acai_lines.yaml', tmp_path / 'lines.yaml', {'depth': 2}, {'count': 64, 'held_out': 32}
    )
    folder = tmp_path / 'lines'

    command = ['compare-lines', '--config', config, '--to', str(folder)]
    assert main([*command, '--seeds', '1', '--pairs', '4']) == 0

    rows = read_rows(folder / 'lines.csv')
    assert [row['variant'] for row in rows] == ['regularised', 'plain', 'variational']
    assert all(0 <= row['mean_distance'] <= 2 for row in rows)
    assert (folder / 'lines.png').is_file()

    runs = [str(folder / f'{name}_s1' / 'best.ckpt') for name in ('regularised', 'plain')]
    capsys.readouterr()
    assert main(['evaluate', *runs, '--pairs', '4']) == 0
    header, _, *lines = capsys.readouterr().out.splitlines()
    assert header == '|  | regularised | plain |'
    (distances,) = [line.split(' | ')[1:] for line in lines if line.startswith('| mean_distance ')]
    assert [float(value.strip(' |')) for value in distances] == pytest.approx(
        [row['mean_distance'] for row in rows[:2]], abs=1e-3
    )
    assert main(['evaluate', runs[0], '--targets', '4']) == 2
    assert 'is of images, for which only pairs are set, not targets' in capsys.readouterr().err
    assert main(['evaluate', runs[0], runs[0]]) == 2
    assert 'expected different runs' in capsys.readouterr().err


def test_digits_are_compared_by_one_command(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(codes, 'CLUSTERINGS', 2)
    small = {'depth': 2, 'latent': 2}
    config = quick_experiment('acai_digits.yaml', tmp_path / 'digits.yaml', small, {})
    folder = tmp_path / 'digits'

    command = ['compare-digits', '--config', config, '--to', str(folder), '--seeds', '1']
    assert main(command) == 0

    rows = read_rows(folder / 'digits.csv')
    assert [row['variant'] for row in rows] == ['regularised', 'plain', 'variational']
    assert all(row['probe_pixels'] > 0.9 > row['clusters_pixels'] > 0.3 for row in rows)
    assert '| probe' in capsys.readouterr().out
    assert (folder / 'digits.png').is_file()
    best = str(folder / 'plain_s1' / 'best.ckpt')
    assert main(['evaluate', best, '--pairs', '4']) == 2
    assert 'is of digits, for which no pairs are set' in capsys.readouterr().err


@pytest.mark.parametrize(
    ('option', 'words'),
    [
        (['--model.init_args.latnt', '4'], 'latnt'),
        (['--model.class_path', 'emotion_models.acai.module.PoseTransformer'], 'PoseTransformer'),
    ],
)
def test_unknown_keys_and_classes_are_named(poses_config, option, words, tmp_path, capsys):
    folder = ['--trainer.default_root_dir', str(tmp_path / 'run')]

    assert main(['fit', '--config', poses_config, *folder, *option]) == 2

    error = capsys.readouterr().err
    assert words in error
    assert 'model' in error


def test_a_trial_run_writes_nothing(poses_config, tmp_path):
    folder = tmp_path / 'run'
    options = ['--trainer.default_root_dir', str(folder), '--trainer.fast_dev_run', 'true']

    assert main(['fit', '--config', poses_config, *options]) == 0

    assert not folder.exists()


def test_more_batches_than_there_are_will_do(poses_config, tmp_path):
    folder = tmp_path / 'run'
    options = ['--trainer.default_root_dir', str(folder), '--trainer.limit_train_batches', '1000']

    assert main(['fit', '--config', poses_config, *options]) == 0
    assert (folder / 'best.ckpt').is_file()


@pytest.mark.parametrize('name', ['acai_poses', 'acai_poses_h36m', 'acai_lines'])
def test_experiments_of_the_repository_are_complete(name, tmp_path, capsys):
    command = ['fit', '--config', str(EXPERIMENTS / f'{name}.yaml'), '--print_config']

    with pytest.raises(SystemExit) as ended:
        main(command)

    assert ended.value.code == 0
    assert 'gamma' in capsys.readouterr().out


@pytest.mark.parametrize(
    ('content', 'words'),
    [('', 'lacks settings under one of trainer, model, data'), (None, 'no file')],
)
def test_what_is_no_experiment_is_refused(content, words, tmp_path, capsys):
    path = tmp_path / 'experiment.yaml'
    if content is not None:
        path.write_text(content)

    assert main(['sweep', '--config', str(path), '--to', str(tmp_path / 'sweep')]) == 2

    assert words in capsys.readouterr().err


def test_nested_poses_are_converted_by_a_command(tmp_path, capsys):
    import pickle

    world = {'S1': {'Walking': {'s1': np.random.default_rng(0).normal(size=(5, 17, 3)) * 500}}}
    cameras = {'extrinsics': {'S1': {'front': {'R': np.eye(3).tolist(), 't': [[0], [0], [0]]}}}}
    (tmp_path / 'poses.pkl').write_bytes(pickle.dumps(world))
    (tmp_path / 'cameras.json').write_text(json.dumps(cameras))
    arguments = [str(tmp_path / name) for name in ('poses.pkl', 'cameras.json')]

    assert main(['convert-poses', *arguments, '--to', str(tmp_path / 'poses.npz')]) == 0

    assert '5 poses of 1 subjects' in capsys.readouterr().out
