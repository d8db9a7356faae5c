# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What trains nothing, or something else than was meant, is one line before any training."""

from pathlib import Path

import pytest

from emotion_models.cli import main

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')

EXPERIMENTS = Path(__file__).parents[3] / 'config' / 'experiments'
CHECKPOINTS = {
    'empty': lambda: b'',
    'text': lambda: b'weights: none',
    'zip': lambda: b'PK\x03\x04' + bytes(200),
    'pickle': lambda: b'\x80\x02cos\nsystem\n(S"true"\ntR.',
}


def refusal(capsys):
    """The one line that was said."""
    lines = [
        line for line in capsys.readouterr().err.splitlines() if line.startswith('emotion-models')
    ]
    assert len(lines) == 1, lines
    return lines[0]


@pytest.fixture
def weights(tmp_path):
    """Writes checkpoints."""

    def write(content):
        path = tmp_path / 'other.ckpt'
        torch.save(content, path)
        return path

    return write


@pytest.mark.parametrize(
    ('options', 'words'),
    [
        (['--data.batch_size', '43'], 'batch_size is 43, and tiny.TinyData has 42 training, '),
        (['--data.batch_size', '0'], 'batch_size must be >= 1'),
        (['--data.data_set.init_args.count', '0'], 'count must be a whole number >= 1, got 0'),
        (['--data.data_set.init_args.count', '-3'], 'count must be a whole number >= 1, got -3'),
        (['--model.init_args.learning_rate', '-1'], 'learning_rate must be a number >= 0, got -1'),
        (['--model.init_args.learning_rate', '.nan'], 'learning_rate must be a number >= 0'),
    ],
)
def test_what_trains_nothing_is_refused(run, experiment, capsys, options, words):
    assert run('fit', *options) == 2

    assert words in refusal(capsys)
    assert not list(experiment.rglob('*.ckpt'))


@pytest.mark.parametrize(
    ('name', 'option'),
    [
        ('acai_poses', 'weight'),
        ('levasa_continuous', 'supervision_weight'),
        ('levasa_continuous', 'kl_weight'),
        ('sketch', 'affect_weight'),
        ('affect', 'weight_decay'),
    ],
)
def test_a_negative_weight_is_refused(name, option, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    config = str(EXPERIMENTS / f'{name}.yaml')

    assert main(['fit', '--config', config, f'--model.init_args.{option}', '-0.5']) == 2

    assert f'{option} must be a number >= 0, got -0.5' in refusal(capsys)


@pytest.mark.parametrize('content', CHECKPOINTS)
@pytest.mark.parametrize('command', ['fit', 'test', 'export', 'evaluate', 'draw-poses'])
def test_a_damaged_checkpoint_is_one_line_that_names_it(run, tmp_path, capsys, content, command):
    path = tmp_path / 'other.ckpt'
    path.write_bytes(CHECKPOINTS[content]())
    calls = {
        'export': lambda: main(['export', str(path), '--to', str(tmp_path / 'out')]),
        'evaluate': lambda: main(['evaluate', str(path), '--data', 'none']),
        'draw-poses': lambda: main(['draw-poses', str(path), '--to', str(tmp_path / 'out')]),
    }

    assert calls.get(command, lambda: run(command, '--ckpt_path', str(path)))() == 2

    assert f'{path} ' in refusal(capsys)


FOREIGN = {
    'a list': [1, 2],
    'no weights': {'epoch': 3},
    'of no class': {'state_dict': {}},
    'of another kind': {'state_dict': {}, 'hyper_parameters': [1]},
    'of another class': {'state_dict': {}, 'hyper_parameters': {'_class_path': 'other.Module'}},
    'of other weights': {'state_dict': {}, 'hyper_parameters': {'_class_path': 'tiny.TinyModule'}},
}


@pytest.mark.parametrize('content', FOREIGN)
@pytest.mark.parametrize('command', ['fit', 'validate', 'export'])
def test_a_checkpoint_of_something_else_is_one_line(
    run, weights, tmp_path, capsys, content, command
):
    path = weights(FOREIGN[content])
    if command == 'export':
        assert main(['export', str(path), '--to', str(tmp_path / 'out')]) == 2
    else:
        assert run(command, '--ckpt_path', str(path)) == 2

    assert f'{path} ' in refusal(capsys)


def test_a_checkpoint_of_another_system_is_not_drawn(tmp_path, capsys, weights):
    class_path = 'emotion_models.levasa.module.LevasaModule'
    path = weights({'state_dict': {}, 'hyper_parameters': {'_class_path': class_path}})

    assert main(['draw-poses', str(path), '--to', str(tmp_path / 'out')]) == 2

    assert 'holds a LevasaModule; expected a PoseAutoencoder' in refusal(capsys)


@pytest.mark.parametrize(
    ('command', 'config', 'words'),
    [
        ('compare-lines', 'acai_poses', 'trains emotion_models.acai.module.PoseAutoencoder; exp'),
        ('sweep', 'acai_lines', 'trains emotion_models.acai.module.ImageAutoencoder; expected'),
        ('sweep', 'affect', 'trains emotion_models.affect.module.AffectModule; expected'),
    ],
)
def test_an_experiment_of_another_model_is_one_line(tmp_path, capsys, command, config, words):
    config = str(EXPERIMENTS / f'{config}.yaml')

    assert main([command, '--config', config, '--to', str(tmp_path)]) == 2

    assert words in refusal(capsys)


@pytest.mark.parametrize(
    'text', ['model: {', '- a list', '', 'model: 3\ntrainer: 3\ndata: 3', 'a: &a [*a]', '\t\0']
)
@pytest.mark.parametrize('command', ['sweep', 'compare-lines', 'fit'])
def test_an_experiment_that_is_none_is_one_line_that_names_it(tmp_path, capsys, text, command):
    path = tmp_path / 'odd.yaml'
    path.write_text(text)
    to = [] if command == 'fit' else ['--to', str(tmp_path / 'out')]

    assert main([command, '--config', str(path), *to]) == 2

    assert command == 'fit' or 'odd.yaml' in refusal(capsys)


@pytest.mark.parametrize('option', ['--pairs', '--targets', '--generated'])
def test_nothing_is_not_measured(tmp_path, capsys, option):
    config = str(EXPERIMENTS / 'acai_poses.yaml')

    assert main(['sweep', '--config', config, '--to', str(tmp_path), option, '0']) == 2

    assert f'{option.strip("-")} must be a whole number >= 1, got 0' in refusal(capsys)
