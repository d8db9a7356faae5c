# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import csv
import platform
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import yaml

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')

from emotion_models.training import run_folder  # noqa: E402

RUN = Path('runs', 'numbers')


def test_a_run_leaves_its_configuration_origin_metrics_and_checkpoints(run):
    assert run('fit') == 0

    names = {path.name for path in RUN.iterdir()}
    assert names == {
        'best.ckpt',
        'config.yaml',
        'last.ckpt',
        'metrics.csv',
        'origin.yaml',
        'tensorboard',
    }
    assert [path.name.split('.')[0] for path in (RUN / 'tensorboard').glob('events*')] == [
        'events'
    ]
    config = yaml.safe_load((RUN / 'config.yaml').read_text())
    assert config['seed_everything'] == 3
    assert config['model']['init_args']['learning_rate'] == 0.01
    (start,) = yaml.safe_load((RUN / 'origin.yaml').read_text())
    assert start['command'] == 'emotion-models fit --config numbers.yaml'
    assert start['seed'] == '3'
    assert start['epochs'] == 3
    assert start['started'] <= start['finished']
    assert start['versions']['torch'] == torch.__version__
    assert start['versions']['python'] == platform.python_version()
    assert start['versions']['numpy'] == np.__version__
    assert set(start) >= {'commit', 'machine'}


def test_metrics_are_one_table_with_a_row_for_each_step(run):
    assert run('fit') == 0

    with (RUN / 'metrics.csv').open(newline='') as table:
        rows = list(csv.DictReader(table))
    steps = [int(row['step']) for row in rows]
    assert steps == sorted(set(steps))
    assert len(rows) == 30
    assert [row['step'] for row in rows if row['val_loss']] == ['9', '19', '29']
    assert all(float(row['train_loss']) > 0 for row in rows)


def test_the_saved_configuration_repeats_the_run(run, experiment):
    assert run('fit', '--model.init_args.learning_rate', '0.02') == 0
    (RUN / 'config.yaml').rename('again.yaml')

    from emotion_models.cli import main

    command = ['fit', '--config', 'again.yaml', '--trainer.default_root_dir', 'runs/again']
    assert main(command) == 0

    states = [
        torch.load(folder / 'last.ckpt', weights_only=True)['state_dict']
        for folder in (RUN, Path('runs/again'))
    ]
    assert all(torch.equal(value, states[1][name]) for name, value in states[0].items())


def test_an_earlier_run_of_the_name_is_kept(run):
    assert run('fit', '--trainer.max_epochs', '1') == 0
    before = (RUN / 'last.ckpt').read_bytes()

    assert run('fit', '--trainer.max_epochs', '1') == 0
    assert run('fit', '--trainer.max_epochs', '1') == 0

    assert Path('runs/numbers.1/last.ckpt').read_bytes() == before
    assert Path('runs/numbers.2/origin.yaml').is_file()
    assert len(yaml.safe_load((RUN / 'origin.yaml').read_text())) == 1


def test_a_run_that_goes_on_notes_every_start(run):
    assert run('fit', '--trainer.max_epochs', '1') == 0
    assert run('fit', '--ckpt_path', str(RUN / 'last.ckpt')) == 0

    starts = yaml.safe_load((RUN / 'origin.yaml').read_text())
    assert [start['epochs'] for start in starts] == [1, 3]
    assert not Path('runs/numbers.1').exists()


def test_the_last_checkpoint_is_of_the_last_epoch_and_the_best_of_the_best(run):
    best = ['--best.monitor', 'val_loss', '--best.mode', 'max']  # it falls: the first epoch
    assert run('fit', *best) == 0

    last, first = (
        torch.load(RUN / name, weights_only=True) for name in ('last.ckpt', 'best.ckpt')
    )
    assert last['global_step'] == 30
    assert last['made_by']['epochs'] == 3
    assert first['global_step'] == 10


def test_a_metric_that_is_not_logged_is_named(run, capsys):
    assert run('fit', '--best.monitor', 'val_los') == 2

    error = capsys.readouterr().err
    assert "could not find the monitored key in the returned metrics: ['train_loss'" in error


def test_test_takes_the_best_checkpoint_and_writes_what_it_found(run, capsys):
    assert run('test') == 2
    assert 'no checkpoint runs/numbers/best.ckpt' in capsys.readouterr().err
    assert run('fit') == 0

    assert run('test') == 0
    assert run('validate', '--ckpt_path', str(RUN / 'last.ckpt')) == 0

    tested, validated = (
        yaml.safe_load((RUN / f'{name}.yaml').read_text()) for name in ('test', 'validate')
    )
    assert tested['checkpoint'] == 'runs/numbers/best.ckpt'
    assert list(tested['metrics']) == ['test_loss']
    assert list(validated['metrics']) == ['val_loss']


def test_a_trial_run_writes_nothing(run):
    assert run('fit', '--trainer.fast_dev_run', 'true') == 0

    assert not Path('runs').exists()


def test_more_batches_than_there_are_may_be_asked_for(run):
    assert run('fit', '--trainer.limit_train_batches', '5000') == 0

    assert torch.load(RUN / 'last.ckpt', weights_only=True)['global_step'] == 30


@pytest.mark.parametrize(
    ('option', 'words'),
    [
        ('--model.init_args.lerning_rate=1', ["Option 'lerning_rate'", 'tiny.TinyModule']),
        ('--data.data_set.init_args.cuont=1', ["Option 'cuont'", 'tiny.TinyData']),
        ('--trainer.max_epoch=1', ['--trainer.max_epoch']),
        ('--modl=1', ['--modl']),
        ('--model=tiny.TinyModel', ["no attribute 'TinyModel'"]),
        ('--model.init_args.learning_rate=fast', ['"learning_rate"', 'fast']),
        ('--config=nowhere.yaml', ['nowhere.yaml']),
    ],
)
def test_what_is_not_known_is_named_in_one_line(run, capsys, option, words):
    assert run('fit', option) == 2

    error = capsys.readouterr().err
    assert error.count('\n') == 1
    assert all(word in error for word in words), error


@pytest.mark.parametrize(
    ('section', 'key'), [('trainer:\n', '  max_epoch: 3\n'), ('model:\n', '  init_arg: 3\n')]
)
def test_an_unknown_key_of_the_file_is_named_with_its_path(run, experiment, capsys, section, key):
    path = experiment / 'numbers.yaml'
    path.write_text(path.read_text().replace(section, section + key))

    assert run('fit') == 2

    error = capsys.readouterr().err
    assert error.count('\n') == 1
    assert section.strip(':\n') in error
    assert key.split(':')[0].strip() in error


@pytest.mark.parametrize('command', ['fit', 'validate', 'test'])
def test_a_command_makes_the_parser_of_no_other(experiment, monkeypatch, command):
    from lightning.pytorch.cli import LightningCLI

    from emotion_models.training.command_line import train

    made = []
    prepare = LightningCLI._prepare_subcommand_parser

    def note(cli, trainer, name, **options):
        made.append(name)
        return prepare(cli, trainer, name, **options)

    monkeypatch.setattr(LightningCLI, '_prepare_subcommand_parser', note)
    with pytest.raises(ValueError, match='none'):
        train([command, '--config', 'numbers.yaml', '--none', '1'])

    assert made == [command]


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_two_processes_share_every_sample(run_process, experiment):
    options = ['--trainer.strategy', 'ddp', '--trainer.devices', '2', '--trainer.max_epochs', '2']
    options += [
        '--model.init_args.note_order',
        str(experiment),
        '--data.data_set.init_args.count',
        '40',
    ]

    answer = run_process('fit', *options)

    assert answer.returncode == 0, answer.stderr
    orders = {}
    for epoch in (0, 1):
        parts = [(experiment / f'{epoch}_{rank}.txt').read_text().split() for rank in (0, 1)]
        assert [len(part) for part in parts] == [20, 20]
        assert set(Counter(map(int, parts[0] + parts[1])).items()) == {(k, 1) for k in range(40)}
        orders[epoch] = parts
    assert orders[0] != orders[1]
    assert (experiment / RUN / 'last.ckpt').is_file()
    assert not (experiment / 'runs/numbers.1').exists()


def test_the_commit_is_that_of_the_start(run, monkeypatch):
    commits = iter(['at the start', 'later', 'later still'])
    monkeypatch.setattr(run_folder, 'current_commit', lambda: next(commits))

    assert run('fit', '--trainer.default_root_dir=noted', '--trainer.max_epochs=1') == 0

    made_by = torch.load('noted/last.ckpt', weights_only=True)['made_by']
    assert made_by['commit'] == 'at the start'
