# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import csv
import shutil

import cv2
import numpy as np
import pytest

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')
pytest.importorskip('lightning')

from emotion_models.cli import main  # noqa: E402
from emotion_models.drawing import View  # noqa: E402
from emotion_models.runtime.artefact import load_artefact  # noqa: E402
from emotion_models.runtime.latent_decoder import LatentDecoder  # noqa: E402
from emotion_models.sketch import comparison, evaluation  # noqa: E402
from emotion_models.sketch.comparison import compare  # noqa: E402
from emotion_models.sketch.evaluation import Protocol  # noqa: E402
from emotion_models.training.run_table import read_rows  # noqa: E402

ONE_EPOCH = (
    *('--trainer.max_epochs', '1', '--trainer.accelerator', 'cpu'),
    *('--trainer.num_sanity_val_steps', '0'),
)


def write_drawings(folder):
    """Twenty pictures of a line, and their table."""
    folder.mkdir()
    with (folder / 'drawings.csv').open('w', newline='') as file:
        writer = csv.writer(file)
        writer.writerow(['file', 'valence', 'arousal', 'joy'])
        for number in range(20):
            picture = np.zeros((128, 256), np.uint8)
            cv2.line(picture, (40, 64), (216, 64 - number), 255, 6)
            cv2.imwrite(str(folder / f'{number}.png'), picture)
            writer.writerow([f'{number}.png', 0.1, 0.1, 1])


def test_a_face_of_ones_own_is_trained_and_exported(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_drawings(tmp_path / 'own')
    experiment = tmp_path / 'own.yaml'
    experiment.write_text(
        'model:\n  class_path: emotion_models.sketch.module.SketchModule\n'
        '  init_args: {parts: false}\n'
        'data:\n  batch_size: 8\n'
        '  data_set:\n    class_path: emotion_models.data.own_drawings.OwnDrawings\n'
        '    init_args: {folder: own, repeats: 1}\n'
    )
    assert main(['fit', '--config', str(experiment), *ONE_EPOCH]) == 0
    assert main(['export', 'runs/own/last.ckpt', '--to', 'face']) == 0
    assert LatentDecoder(tmp_path / 'face').decode(np.zeros(48), View()).shape == (64, 128)


def test_faces_are_put_side_by_side(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for module in (evaluation, comparison):
        monkeypatch.setattr(module, 'INTERVALS', 5)
    experiment = tmp_path / 'small.yaml'
    experiment.write_text(
        'model:\n  class_path: emotion_models.sketch.module.SketchModule\n'
        'data:\n  batch_size: 4\n'
        '  data_set:\n    class_path: emotion_models.data.drawings.Drawings\n'
        '    init_args: {training: 8, validation: 4, test: 4}\n'
    )
    fit = ['fit', '--config', str(experiment), *ONE_EPOCH]
    for name, output in (('one_s1', 'field'), ('one_s2', 'field'), ('other', 'grey')):
        given = ['--trainer.default_root_dir', f'runs/{name}', '--model.init_args.output', output]
        assert main([*fit, *given]) == 0
    runs = [tmp_path / 'runs' / name / 'last.ckpt' for name in ('one_s1', 'one_s2', 'other')]
    small = Protocol(strangers=2, people=1, pairs=2, drawings=4, faulty=0)
    monkeypatch.setattr('emotion_models.sketch.faults.LOOKS', ())
    monkeypatch.setattr('emotion_models.sketch.faults.STEPS', 2)

    table, figures = compare(runs, tmp_path / 'report', small)

    assert table.startswith('|  | one | other |')
    assert '|  | interpolated | cross-faded |' in table
    assert '±' in next(line for line in table.splitlines() if line.startswith('| wish_flips'))
    for report in figures:
        assert report['faded_flips'] > 0
        assert 0.0 <= report['recognised'] <= 1.0
        assert report['faded_most_flips'] >= report['faded_flips']
        assert report['faults_mouth'] >= 0.0
    # All are held against the same cross-faded drawings.
    assert figures[0]['faded_anci_2px'] == figures[2]['faded_anci_2px'] >= 1.0
    rows = read_rows(tmp_path / 'report' / 'runs.csv')
    assert [row['run'] for row in rows] == ['one_s1', 'one_s2', 'other']
    assert rows[2]['wish_flips'] == pytest.approx(figures[2]['wish_flips'])
    names = {path.name for path in (tmp_path / 'report').iterdir()}
    assert {
        'table.md',
        'summary.csv',
        'expressions.png',
        'joy_to_surprise.png',
        'directions_other.png',
    } <= names
    with pytest.raises(ValueError, match='different runs, got one_s1, one_s1'):
        compare([runs[0], runs[0]], tmp_path / 'again')

    monkeypatch.setattr('emotion_models.sketch.evaluation.Protocol', lambda: small)
    card = shutil.copytree(load_artefact('sketch').folder, tmp_path / 'model')
    evaluate = ['evaluate', *map(str, runs[1:]), '--to', str(tmp_path / 'again')]
    assert main([*evaluate, '--onto-card']) == 2
    assert 'checkpoints have no card; name the model' in capsys.readouterr().err
    assert main([*evaluate, '--onto-card', str(card)]) == 0
    assert capsys.readouterr().out.startswith('|  | one | other |')
    metrics = load_artefact(card).card['metrics']
    assert metrics['protocol'].startswith('emotion-models evaluate ')
    assert metrics['test'] == pytest.approx(figures[-1], abs=1e-4, nan_ok=True)
