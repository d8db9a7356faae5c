# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest
import yaml

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')
pytest.importorskip('lightning')

from emotion_models.training.warm_start import WarmStart  # noqa: E402

EXPERIMENTS = Path(__file__).parents[3] / 'config' / 'experiments'
# Too small to change a weight; a rate of 0 is refused, as it trains nothing.
STILL = ('--model.init_args.learning_rate=1e-30', '--trainer.max_epochs=1')


@pytest.fixture
def earlier(run):
    """The weights of a run in `earlier`."""
    assert run('fit', '--trainer.default_root_dir=earlier', '--trainer.max_epochs=1') == 0
    return torch.load('earlier/best.ckpt', weights_only=True)['state_dict']


def kernels(checkpoint):
    state = torch.load(checkpoint, weights_only=True)['state_dict']
    return {name: value for name, value in state.items() if name.endswith('weight')}


@pytest.mark.parametrize('source', ['earlier', 'earlier/best.ckpt'])
def test_a_training_begins_with_the_weights_of_another_run(run, earlier, source):
    assert run('fit', *STILL, f'--init_from.run={source}', '--trainer.default_root_dir=later') == 0

    begun = kernels('later/last.ckpt')
    assert all(torch.equal(value, earlier[name]) for name, value in begun.items())
    noted = yaml.safe_load(Path('later/config.yaml').read_text())['init_from']
    assert noted['run'] == source


def test_parts_that_are_not_named_begin_anew(run, earlier):
    parts = '--init_from.parts=[network.3]'
    options = ('--init_from.run=earlier', parts, '--trainer.default_root_dir=later')

    assert run('fit', *STILL, *options, '--seed_everything=7') == 0

    begun = kernels('later/last.ckpt')
    assert torch.equal(begun['network.3.weight'], earlier['network.3.weight'])
    assert not torch.equal(begun['network.0.weight'], earlier['network.0.weight'])


def test_a_training_that_goes_on_keeps_its_own_weights(run, earlier):
    in_later = '--trainer.default_root_dir=later'
    assert run('fit', *STILL, in_later, '--seed_everything=7') == 0
    own = kernels('later/last.ckpt')

    options = ('--ckpt_path=later/last.ckpt', '--init_from.run=earlier', '--trainer.max_epochs=2')
    assert run('fit', STILL[0], in_later, *options) == 0

    assert all(torch.equal(value, own[name]) for name, value in kernels('later/last.ckpt').items())


@pytest.mark.parametrize(
    ('option', 'words'),
    [
        ('--init_from.run=nowhere', 'no checkpoint nowhere'),
        ('--init_from.run=numbers.yaml', 'is not a checkpoint'),
        ('--init_from.parts=[network.9]', 'nor the model has network.9'),
        ('--init_from.part=[network]', 'part'),
    ],
)
def test_what_cannot_be_begun_with_is_said_in_one_line(run, earlier, capsys, option, words):
    capsys.readouterr()

    assert run('fit', '--init_from.run=earlier', option) == 2

    error = capsys.readouterr().err
    assert words in error
    assert error.count('\n') == 1


def test_weights_of_another_shape_and_missing_ones_are_named(earlier):
    wider = torch.nn.Module()
    wider.network = torch.nn.Sequential(torch.nn.Linear(3, 9))
    with pytest.raises(
        ValueError, match=r'network.0.bias is \(8,\) in .* and \(9,\) in the model'
    ):
        WarmStart('earlier', ['network.0']).apply(wider)
    with pytest.raises(ValueError, match=r'the model that is trained has no network.1.bias'):
        WarmStart('earlier', ['network.1']).apply(wider)
    wider.other = torch.nn.Linear(1, 1)
    with pytest.raises(ValueError, match=r'best.ckpt has no other.bias'):
        WarmStart('earlier', ['other']).apply(wider)


def test_every_stage_of_an_experiment_is_an_experiment():
    experiments = {
        path.stem: yaml.safe_load(path.read_text()) for path in EXPERIMENTS.glob('*.yaml')
    }
    made = {e['trainer'].get('default_root_dir', f'runs/{n}') for n, e in experiments.items()}
    for experiment in experiments.values():
        arguments = experiment['data']['data_set'].get('init_args', {})
        if arguments.get('teacher') is not None:
            assert str(Path(arguments['teacher']).parent) in made
        if 'init_from' in experiment:
            assert experiment['init_from']['run'] in made
