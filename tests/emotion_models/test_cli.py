# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from emotion_models.cli import main
from emotion_models.data.catalogue import DATA_SETS
from emotion_models.runtime import load_artefact

EXPERIMENTS = Path(__file__).parents[2] / 'config' / 'experiments'
CONFIG = EXPERIMENTS / 'affect_fer2013plus.yaml'


def test_list_names_experiments_data_sets_and_shipped_models(capsys, monkeypatch):
    monkeypatch.chdir(EXPERIMENTS.parents[1])

    assert main(['list']) == 0

    listed = capsys.readouterr().out
    for path in EXPERIMENTS.glob('*.yaml'):
        comment = path.read_text().splitlines()[0].removeprefix('# ')
        assert f'  {path.stem} ' in listed
        assert comment in listed
    assert 'emotion_models.data.published_va_faces.AfewVaFaces\n' in listed
    assert 'CLIP/CLIP.json' in listed
    assert '  affect  ' in listed.partition('shipped models')[2]


def test_list_says_where_it_has_looked_for_experiments(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)

    assert main(['list']) == 0

    assert f'none in {tmp_path}/config/experiments; call this in' in capsys.readouterr().out


def test_every_data_module_of_an_experiment_is_listed():
    listed = {data_set.module for data_set in DATA_SETS}

    for path in EXPERIMENTS.glob('*.yaml'):
        module = yaml.safe_load(path.read_text())['data']['class_path']
        assert module in listed, f'{path.name}: add {module} to emotion_models.data.catalogue'


@pytest.mark.parametrize('data_set', DATA_SETS, ids=lambda data_set: data_set.module)
def test_what_is_listed_is_there(data_set):
    lightning = pytest.importorskip('lightning.pytorch')
    module, _, name = data_set.module.rpartition('.')

    assert issubclass(
        getattr(importlib.import_module(module), name), lightning.LightningDataModule
    )


def test_evaluate_prints_and_writes_the_figures(faces_archive, tmp_path, capsys):
    report = tmp_path / 'report.json'
    command = ['evaluate-affect', '--data', str(faces_archive), '--json', str(report)]

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
        (['evaluate-affect', '--data', 'nowhere.npz'], 'no file or folder'),
        (['evaluate-affect', '--data', 'x', '--model', 'affekt'], "no model 'affekt'"),
        (['export', 'nowhere.ckpt', '--to', 'folder'], 'no checkpoint nowhere.ckpt'),
    ],
)
def test_mistakes_end_with_one_line_and_status_2(command, words, capsys):
    if command[0] == 'export':
        pytest.importorskip('torch')

    assert main(command) == 2

    error = capsys.readouterr().err
    assert words in error
    assert error.count('\n') == 1


def test_evaluate_draws_and_detects(faces_archive, tmp_path, capsys):
    pytest.importorskip('matplotlib')
    command = ['evaluate-affect', '--data', str(faces_archive), '--detect', 'haar']

    assert main([*command, '--plots', str(tmp_path)]) == 0

    printed = capsys.readouterr().out
    assert 'found by Haar' in printed
    assert 'left out: 96 not found by the detector' in printed

    assert main([*command[:3], '--plots', str(tmp_path)]) == 0
    assert (tmp_path / '1' / 'reliability.png').is_file()


def test_without_torch_training_says_what_to_install(tmp_path):
    blocked = "import sys; sys.modules['lightning'] = None; sys.modules['torch'] = None\n"
    program = blocked + 'from emotion_models.cli import main; sys.exit(main(["fit"]))'

    answer = subprocess.run(
        [sys.executable, '-c', program], capture_output=True, text=True, check=False
    )

    assert answer.returncode == 2
    assert 'requirements/training.txt' in answer.stderr


def test_fit_export_and_evaluate_work_together(faces_archive, tmp_path, monkeypatch, capsys):
    pytest.importorskip('lightning')
    pytest.importorskip('onnx')
    monkeypatch.chdir(tmp_path)
    fit = ['fit', '--config', str(CONFIG), f'--data.init_args.path={faces_archive}']
    fit += ['--data.init_args.batch_size=16', '--data.init_args.held_out=0.25']
    fit += ['--model.init_args.widths=[4,8,8]', '--model.init_args.depths=[1,1]']
    fit += ['--trainer.max_epochs=1', '--trainer.accelerator=cpu']
    fit += ['--trainer.enable_progress_bar=false', '--trainer.enable_model_summary=false']

    assert main(fit) == 0
    assert main(['export', 'runs/affect/last.ckpt', '--to', 'mine']) == 0
    evaluate = ['evaluate-affect', '--data', str(faces_archive), '--model', 'mine', '--onto-card']
    assert main(evaluate) == 0

    card = load_artefact('mine').card
    assert card['made_by']['command'].startswith('emotion-models fit --config')
    assert card['made_by']['seed'] == '5230'
    assert card['made_by']['epochs'] == 1
    assert set(card['metrics']) == {'held_out', 'protocol', 'faces'}
    assert 'research use' in card['training_data']['terms']
    assert 'not tested' in card['limits']
    assert 'differs from torch by at most' in capsys.readouterr().out


def test_fit_without_the_archive_says_what_was_expected_where(tmp_path, monkeypatch, capsys):
    pytest.importorskip('lightning')
    monkeypatch.chdir(tmp_path)
    fit = ['fit', '--config', str(CONFIG), '--data.init_args.path=nowhere/faces.npz']

    assert main([*fit, '--trainer.accelerator=cpu']) == 2

    assert 'nowhere/faces.npz; expected an .npz archive with images' in capsys.readouterr().err


def test_the_experiment_on_drawn_faces_runs_without_any_data(tmp_path, monkeypatch):
    pytest.importorskip('lightning')
    monkeypatch.chdir(tmp_path)
    fit = ['fit', '--config', str(EXPERIMENTS / 'affect.yaml'), '--trainer.fast_dev_run=true']
    fit += ['--data.init_args.count=256', '--trainer.accelerator=cpu']
    fit += ['--model.init_args.widths=[4,8,8]', '--model.init_args.depths=[1,1]']

    assert main(fit) == 0
    assert [path for path in tmp_path.rglob('*') if path.is_file()] == []
