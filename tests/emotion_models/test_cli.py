# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import yaml

from emotion_models.cli import main
from emotion_models.data.catalogue import DATA_SETS
from emotion_models.runtime import load_artefact, write_card
from emotion_models.runtime.affect import AffectModel

EXPERIMENTS = Path(__file__).parents[2] / 'config' / 'experiments'
CONFIG = EXPERIMENTS / 'affect_teacher.yaml'

pytestmark = pytest.mark.usefixtures('quick_evaluation')


def test_list_names_experiments_data_sets_and_shipped_models(capsys, monkeypatch):
    monkeypatch.chdir(EXPERIMENTS.parents[1])

    assert main(['list']) == 0

    listed = capsys.readouterr().out
    for path in EXPERIMENTS.glob('*.yaml'):
        comment = path.read_text().splitlines()[0].removeprefix('# ')
        assert f'  {path.stem} ' in listed
        assert comment in listed
    assert 'emotion_models.data.afew_va.AfewVaFaces\n' in listed
    assert 'CLIP/CLIP.json' in listed
    assert '  affect  ' in listed.partition('shipped models')[2]


def test_list_says_where_it_has_looked_for_experiments(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)

    assert main(['list']) == 0

    assert f'none in {tmp_path}/config/experiments; call this in' in capsys.readouterr().out


def test_every_data_set_of_an_experiment_is_listed():
    listed = {data_set.class_path() for data_set in DATA_SETS}

    for path in EXPERIMENTS.glob('*.yaml'):
        name = yaml.safe_load(path.read_text())['data']['data_set']['class_path']
        assert name in listed, f'{path.name}: add {name} to emotion_models.data.catalogue'


def test_evaluate_prints_and_writes_the_figures(faces_archive, tmp_path, capsys):
    report = tmp_path / 'report.json'
    command = ['evaluate', 'affect', '--data', str(faces_archive), '--json', str(report)]

    assert main([*command, '--crop-factors', '1', '1.2']) == 0

    printed = capsys.readouterr().out
    figures = json.loads(report.read_text())
    assert 'crop factor 1.2: 96 faces' in printed
    assert list(figures) == ['1', '1.2']
    assert figures['1']['expression']['n'] == 96
    assert sum(map(sum, figures['1']['expression']['confusion'])) == 96
    low, high = figures['1']['valence']['ccc_interval']
    assert low <= figures['1']['valence']['ccc'] <= high


@pytest.mark.parametrize(
    ('command', 'words'),
    [
        (['evaluate', 'affect', '--data', 'nowhere.npz'], 'no file or folder'),
        (['evaluate', 'affekt', '--data', 'x'], "no model 'affekt'"),
        (['evaluate', 'nowhere.ckpt', '--to', 'x'], 'no checkpoint nowhere.ckpt'),
        (['evaluate', __file__, '--to', 'x'], 'is not a checkpoint; expected a file that'),
        (['evaluate', 'affect'], '--data is needed to evaluate models of affect'),
        (['evaluate', 'affect', 'affect', '--data', 'x'], 'affect are evaluated one by one'),
        (['evaluate', 'affect', 'sketch'], 'expected models of one system, got affect and sketch'),
        (
            ['evaluate', 'affect', '--data', 'x', '--to', 'y'],
            '--to is for models of levasa, sketch, temporal and vdsm, affect is of affect; leave',
        ),
        (
            ['evaluate', 'affect', '--data', 'x', '--pairs', '3'],
            '--pairs is for models of acai, affect is of affect; leave it out',
        ),
        (
            ['evaluate', 'sketch', '--to', 'x', '--detect'],
            '--detect is for models of affect, sketch is of sketch; leave it out',
        ),
        (['evaluate', 'sketch', '--to', 'x'], 'give the checkpoint that it was exported from'),
        (['export', 'nowhere.ckpt', '--to', 'folder'], 'no checkpoint nowhere.ckpt'),
    ],
)
def test_mistakes_end_with_one_line_and_status_2(command, words, capsys):
    if command[1].endswith(('.ckpt', '.py')):
        pytest.importorskip('torch')

    assert main(command) == 2

    error = capsys.readouterr().err
    assert words in error
    assert error.count('\n') == 1


def test_evaluate_draws_and_detects(faces_archive, tmp_path, capsys):
    pytest.importorskip('matplotlib')
    command = ['evaluate', 'affect', '--data', str(faces_archive), '--detect', 'haar']

    assert main([*command, '--plots', str(tmp_path)]) == 0

    printed = capsys.readouterr().out
    assert 'found by Haar' in printed
    assert 'left out: 96 not found by the detector' in printed

    assert main([*command[:4], '--plots', str(tmp_path)]) == 0
    assert (tmp_path / '1' / 'reliability.png').is_file()


def test_peers_are_drawn_from_the_table_of_a_page(
    faces_archive, tmp_path, capsys, quick_evaluation, loose_plots
):
    pytest.importorskip('matplotlib')
    page = EXPERIMENTS.parents[1] / 'docs' / 'results' / 'affect.md'
    command = ['evaluate', 'affect', '--data', str(faces_archive), '--peers', str(page)]

    assert main([*command, '--plots', str(tmp_path)]) == 0
    assert (tmp_path / '1' / 'peers.png').is_file()

    assert main(command) == 2
    assert 'give the folder to draw them in: --plots FOLDER\n' in capsys.readouterr().err


def test_peers_beside_faces_without_expressions_are_refused(tmp_path, capsys):
    page = EXPERIMENTS.parents[1] / 'docs' / 'results' / 'affect.md'
    rated = tmp_path / 'rated.npz'
    np.savez(rated, images=np.zeros((2, 48, 48), np.uint8), va=np.zeros((2, 2), np.float32))
    command = ['evaluate', 'affect', '--data', str(rated), '--peers', str(page)]

    assert main([*command, '--plots', str(tmp_path)]) == 2
    assert 'labels no expressions, in which peers are compared' in capsys.readouterr().err


def test_a_card_without_a_system_says_what_to_add(tmp_path, capsys):
    folder = shutil.copytree(load_artefact('affect').folder, tmp_path / 'older')
    card = load_artefact(folder).card
    del card['system']
    write_card(folder, card)

    assert main(['evaluate', str(folder), '--data', 'x']) == 2
    assert 'add a line with its system, for instance "system: affect"' in capsys.readouterr().err

    write_card(folder, {'system': 'effect', **card})
    assert main(['evaluate', str(folder), '--data', 'x']) == 2
    assert "is of the system 'effect'; those that can be evaluated are acai," in (
        capsys.readouterr().err
    )


def test_fit_export_and_evaluate_work_together(faces_archive, tmp_path, monkeypatch, capsys):
    pytest.importorskip('lightning')
    pytest.importorskip('onnx')
    monkeypatch.chdir(tmp_path)
    fit = ['fit', '--config', str(CONFIG), f'--data.data_set.init_args.path={faces_archive}']
    fit += [f'--data.data_set.init_args.test_path={faces_archive}', '--data.batch_size=16']
    fit += ['--data.data_set.init_args.held_out=0.25', '--data.data_set.init_args.collections=[]']
    fit += ['--model.init_args.widths=[4,8,8]', '--model.init_args.depths=[1,1]']
    fit += ['--trainer.max_epochs=1', '--trainer.accelerator=cpu']
    fit += ['--trainer.enable_progress_bar=false', '--trainer.enable_model_summary=false']

    assert main(fit) == 0
    assert main(['export', 'runs/affect_teacher/last.ckpt', '--to', 'mine']) == 0
    data = ['--data', str(faces_archive)]
    assert main(['evaluate', 'mine', *data, '--onto-card', '--json', 'mine.json']) == 0
    assert (
        main(['evaluate', 'runs/affect_teacher/last.ckpt', *data, '--json', 'checkpoint.json'])
        == 0
    )
    assert main(['evaluate', 'runs/affect_teacher/last.ckpt', *data, '--onto-card']) == 2

    exported, checkpoint = (
        json.loads(Path(f'{name}.json').read_text())['1'] for name in ('mine', 'checkpoint')
    )
    assert checkpoint['expression'] == exported['expression']
    assert checkpoint['valence'] == exported['valence']
    assert AffectModel('mine').features([np.zeros((64, 64), np.uint8)]).shape == (1, 8)
    card = load_artefact('mine').card
    assert card['system'] == 'affect'
    assert card['outputs'][2]['shape'] == ['N', 8]
    assert card['made_by']['command'].startswith('emotion-models fit --config')
    assert card['made_by']['seed'] == '5230'
    assert card['made_by']['epochs'] == 1
    assert set(card['metrics']) == {'held_out', 'protocol', 'faces'}
    assert 'research use' in card['training_data']['terms']
    assert 'not tested' in card['limits']
    printed = capsys.readouterr()
    assert 'differs from torch by at most' in printed.out
    assert 'is a checkpoint and has no card; name one: --onto-card MODEL' in printed.err


def test_fit_without_the_archive_says_what_was_expected_where(tmp_path, monkeypatch, capsys):
    pytest.importorskip('lightning')
    monkeypatch.chdir(tmp_path)
    fit = ['fit', '--config', str(CONFIG), '--data.data_set.init_args.path=nowhere/faces.npz']

    assert main([*fit, '--trainer.accelerator=cpu']) == 2

    assert 'nowhere/faces.npz; expected an .npz archive with images' in capsys.readouterr().err


def test_the_experiment_on_drawn_faces_runs_without_any_data(tmp_path, monkeypatch):
    pytest.importorskip('lightning')
    monkeypatch.chdir(tmp_path)
    fit = ['fit', '--config', str(EXPERIMENTS / 'affect.yaml'), '--trainer.fast_dev_run=true']
    fit += ['--data.data_set.init_args.count=256', '--trainer.accelerator=cpu']
    fit += ['--model.init_args.widths=[4,8,8]', '--model.init_args.depths=[1,1]']

    assert main(fit) == 0
    assert [path for path in tmp_path.rglob('*') if path.is_file()] == []
