# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import csv
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')
pytest.importorskip('lightning')
pytest.importorskip('matplotlib')

from emotion_models.cli import main  # noqa: E402
from emotion_models.levasa.analysis import probes, readout  # noqa: E402
from emotion_models.levasa.analysis.models import CHUNKS, TrainedModel, decode, encode  # noqa: E402
from emotion_models.levasa.analysis.probe_tables import bins_table  # noqa: E402
from emotion_models.levasa.analysis.readout import Estimate  # noqa: E402
from emotion_models.levasa.analysis.tables import Table  # noqa: E402
from emotion_models.levasa.analysis.traversals import (  # noqa: E402
    WHOLE,
    opposite_pair,
    plane_grid,
    traverse,
)
from emotion_models.levasa.module import LevasaModule  # noqa: E402
from emotion_models.levasa.network import AROUSAL, VALENCE  # noqa: E402

DATA = {
    'data_set': {
        'class_path': 'emotion_models.data.drawn_faces.DrawnVaFaces',
        'init_args': {'training': 40, 'validation': 1, 'test': 40},
    },
    'batch_size': 32,
    'seed': 1,
}
BY_CLI = {'_instantiator': 'lightning.pytorch.cli.instantiate_module'}


def save_checkpoint(path, data=DATA, **model):
    """An untrained module in a file as the command line of training writes it."""
    torch.manual_seed(0)
    module = LevasaModule(**model)
    path.parent.mkdir(parents=True)
    checkpoint = {
        'state_dict': module.state_dict(),
        'pytorch-lightning_version': '2.6.0',
        'hyper_parameters': {
            **module.hparams,
            **BY_CLI,
            '_class_path': 'emotion_models.levasa.module.LevasaModule',
        },
        'datamodule_hyper_parameters': data,
        'held_out': {},
        'made_by': {'command': 'test', 'seed': '0', 'commit': 'none', 'epochs': 0},
    }
    torch.save(checkpoint, path)
    return str(path)


def read_table(path):
    with path.open(newline='', encoding='utf-8') as file:
        return list(csv.DictReader(file))


@pytest.fixture
def quick(monkeypatch, narrow_levasa, loose_plots):
    """Networks are narrow, one setting is searched, and little is drawn, as it comes."""
    small = {key: values[:1] for key, values in probes.GRID.items()}
    monkeypatch.setattr(probes, 'GRID', small)
    monkeypatch.setattr(probes, 'REGRESSION_ROUNDS', 3)
    monkeypatch.setattr(probes, 'CLASSIFICATION_ROUNDS', 3)
    monkeypatch.setattr(readout, 'DRAWS', 20)


def test_several_checkpoints_make_one_report(tmp_path, capsys, quick):
    checkpoints = [
        save_checkpoint(tmp_path / 'vanilla' / 'best.ckpt', variant='vanilla'),
        *(
            save_checkpoint(
                tmp_path / f'weight{weight}' / 'best.ckpt',
                variant='continuous',
                supervision_weight=weight,
            )
            for weight in (1.0, 0.1)
        ),
    ]

    assert main(['evaluate', *checkpoints, '--to', str(tmp_path / 'report')]) == 0

    folder = tmp_path / 'report'
    page = (folder / 'report.md').read_text()
    assert str(folder / 'report.md') in capsys.readouterr().out
    names = ['vanilla 0.3', 'continuous 1', 'continuous 0.1']
    rows = read_table(folder / 'alignment.csv')
    assert [row['model'] for row in rows] == 3 * ['zero predictor', 'mean predictor', *names]
    assert float(rows[1]['skill']) == pytest.approx(0)
    combined = [row for row in rows if row['target'] == 'combined' and row['model'] == names[1]]
    own = [row for row in rows if row['target'] != 'combined' and row['model'] == names[1]]
    assert float(combined[0]['MSE']) == pytest.approx(sum(float(row['MSE']) for row in own))

    readings = [row['model'] for row in read_table(folder / 'readings.csv')]
    assert readings == 2 * ['zero predictor', 'mean predictor', *names]
    trade_off = read_table(folder / 'trade_off_continuous.csv')
    assert [row['weight'] for row in trade_off] == ['0.1', '1']
    assert not (folder / 'trade_off_vanilla.csv').exists()
    assert not (folder / 'bin_probes.csv').exists()
    assert 'no R² can be larger' in page
    pictures = sorted(path.name for path in folder.glob('*.png'))
    assert 'plane_continuous_1.png' in pictures
    assert all(f']({name})' in page for name in pictures)
    for table in folder.glob('*.csv'):
        assert len(read_table(table)) > 0


def test_tenths_are_read_from_discrete_models_alone(quick):
    torch.manual_seed(0)
    affect = np.random.default_rng(0).uniform(-0.3, 0.3, (60, 2))
    images = torch.randint(0, 256, (60, 3, 64, 64), dtype=torch.uint8)
    models = []
    for variant in ('vanilla', 'discrete'):
        module = LevasaModule(variant=variant)
        latent = encode(module, images)
        models.append(TrainedModel(variant, Path(variant), module, {}, latent, affect))

    table = bins_table(models, affect)

    assert bins_table(models[:1], affect) is None
    assert {row[3] for row in table.rows} == {'–', 'discrete'}
    assert [row[:2] for row in table.rows if row[2] == 'majority'] == [
        (target, source)
        for target in ('valence', 'arousal')
        for source in ('z_v', 'z_a', 'logits')
    ]


def test_checkpoints_of_different_data_are_not_compared_by_chance(tmp_path, capsys):
    first = save_checkpoint(tmp_path / 'a' / 'best.ckpt', variant='vanilla')
    second = save_checkpoint(tmp_path / 'b' / 'best.ckpt', {**DATA, 'seed': 2})

    assert main(['evaluate', first, second, '--to', str(tmp_path / 'report')]) == 2

    error = capsys.readouterr().err
    assert 'was trained on other data' in error
    assert 'name what to analyse with --data' in error
    assert not (tmp_path / 'report').exists()


@pytest.mark.parametrize(
    ('text', 'words'),
    [
        ('model: {}', 'that configures data'),
        ('data: {class_path: emotion_models.nothing}', 'that configures data'),
        ('data: {data_set: {class_path: torch.nn.Linear}}', 'that configures data'),
        (
            'data: {data_set: {class_path: emotion_models.data.drawings.Drawings}}',
            'no faces to analyse: Drawings; expected faces with valence and arousal',
        ),
    ],
)
def test_data_that_is_not_ours_is_told_in_one_line(text, words, tmp_path, capsys):
    checkpoint = save_checkpoint(tmp_path / 'a' / 'best.ckpt')
    (tmp_path / 'x.yaml').write_text(text)
    data = ['--data', str(tmp_path / 'x.yaml')]

    assert main(['evaluate', checkpoint, *data, '--to', str(tmp_path / 'report')]) == 2

    error = capsys.readouterr().err
    assert words in error
    assert error.count('\n') == 1


def test_walks_begin_and_end_at_the_faces():
    torch.manual_seed(0)
    module = LevasaModule()
    images = torch.randint(0, 256, (2, 3, 64, 64), dtype=torch.uint8)
    start, end = latent = encode(module, images)
    ends = decode(module, latent)

    whole = decode(module, traverse(start, end, WHOLE, 6))
    assert torch.allclose(whole[0], ends[0], atol=1e-5)
    assert torch.allclose(whole[-1], ends[1], atol=1e-5)
    for part, moved in CHUNKS.items():
        walk = traverse(start, end, part, 6)
        rest = np.ones(len(start), bool)
        rest[moved] = False
        assert torch.allclose(decode(module, walk)[0], ends[0], atol=1e-5)
        assert np.abs(walk[:, rest] - start[rest]).max() < 1e-12
        assert walk[-1, moved] == pytest.approx(end[moved])
        assert np.diff(walk[:, moved], axis=0) == pytest.approx(
            np.tile((end - start)[moved] / 5, (5, 1))
        )


def test_the_grid_sets_whole_chunks():
    rest = np.arange(96.0)

    grid = plane_grid(rest, np.array([-1.0, 0.5]))

    assert (grid[0, 1, VALENCE] == 0.5).all()
    assert (grid[0, 1, AROUSAL] == -1).all()
    assert (grid[..., 64:] == rest[64:]).all()


def test_walks_are_between_opposite_faces():
    assert opposite_pair(np.array([[0.1, 0.1], [-0.5, -0.4], [0.9, -0.2], [0.4, 0.6]])) == (1, 3)


def test_a_table_shows_what_is_known(tmp_path):
    table = Table('t', 'Title', ('model', 'R²', 'MSE'), note='A note.')
    table.rows.extend([('a', Estimate(0.5, 0.4, 0.6), 0.0123), ('b', None, float('nan'))])

    table.write_csv(tmp_path)

    assert read_table(tmp_path / 't.csv') == [
        {'model': 'a', 'R²': '0.5', 'R² low': '0.4', 'R² high': '0.6', 'MSE': '0.0123'},
        {'model': 'b', 'R²': '', 'R² low': '', 'R² high': '', 'MSE': ''},
    ]
    page = table.to_markdown()
    assert '| a | 0.500 [0.400, 0.600] | 0.0123 |' in page
    assert '| b | – | – |' in page


def test_a_table_has_no_negative_zero():
    table = Table('t', 'Title', ('CCC',), [(-1e-17,), (-0.0123,)])

    assert '| 0.000 |\n| -0.0123 |' in table.to_markdown()
