# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import csv
import signal

import pytest

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')

IN_THE_MIDDLE = ['--model.init_args.kill_step', '17']
AT_THE_END = ['--model.init_args.kill_epoch', '0']
OFTEN = ['--last.every_n_train_steps', '4']
ALIVE = ['--model.init_args.kill_step', '-1', '--model.init_args.kill_epoch', '-1']


def weights(checkpoint):
    return torch.load(checkpoint, weights_only=True)['state_dict']


def rows(path):
    with open(path, newline='') as table:
        return list(csv.DictReader(table))


@pytest.mark.timeout(400)
@pytest.mark.parametrize(
    ('death', 'step'), [(IN_THE_MIDDLE, 14), (AT_THE_END, 10)], ids=['middle', 'end']
)
def test_killed_and_resumed_is_not_killed(run, run_forked, death, step):
    assert run_forked('fit', *OFTEN, *death) == -signal.SIGKILL
    saved = torch.load('runs/numbers/last.ckpt', weights_only=True)
    assert saved['global_step'] == step

    assert run('fit', *OFTEN, *ALIVE, '--ckpt_path', 'runs/numbers/last.ckpt') == 0
    assert run('fit', *OFTEN, '--trainer.default_root_dir', 'runs/whole') == 0

    for name in ('last.ckpt', 'best.ckpt'):
        resumed, whole = weights(f'runs/numbers/{name}'), weights(f'runs/whole/{name}')
        for key, weight in whole.items():
            assert torch.equal(weight, resumed[key]), (name, key)
    assert rows('runs/numbers/metrics.csv') == rows('runs/whole/metrics.csv')


AVERAGED = '--trainer.callbacks+=lightning.pytorch.callbacks.EMAWeightAveraging'


@pytest.mark.parametrize('option', ['--data.workers=1', AVERAGED])
def test_workers_and_averages_go_on_too(run, option):
    options = [*OFTEN, option, '--trainer.max_epochs', '2']
    stop = ['--model.init_args.bad_step', '17']

    assert run('fit', *options, *stop) == 2
    assert run('fit', *options, '--ckpt_path', 'runs/numbers/last.ckpt') == 0
    assert run('fit', *options, '--trainer.default_root_dir', 'runs/whole') == 0

    resumed, whole = weights('runs/numbers/last.ckpt'), weights('runs/whole/last.ckpt')
    assert all(torch.equal(weight, resumed[key]) for key, weight in whole.items())


@pytest.mark.parametrize('kind', ['bad_step', 'bad_gradient_step'])
def test_what_is_not_finite_stops_the_run_and_says_how_to_go_on(run, capsys, kind):
    assert run('fit', *OFTEN, f'--model.init_args.{kind}', '15') == 2

    error = capsys.readouterr().err
    message = next(line for line in error.splitlines() if line.startswith('emotion-models:'))
    what = 'loss' if kind == 'bad_step' else 'gradient'
    assert f'the {what} is' in message
    assert 'in epoch 1, step 15; runs/numbers/last.ckpt is kept, go on slower: ' in message
    assert message.endswith(
        '--ckpt_path runs/numbers/last.ckpt --model.init_args.learning_rate 0.005'
    )
    assert all(value.isfinite().all() for value in weights('runs/numbers/last.ckpt').values())


def test_without_a_checkpoint_it_says_to_begin_again(run, capsys):
    assert run('fit', '--model.init_args.bad_step', '2') == 2

    error = capsys.readouterr().err
    assert 'there is no checkpoint yet, so begin again: emotion-models fit' in error


def rates(checkpoint):
    saved = torch.load(checkpoint, weights_only=True)
    return saved['optimizer_states'][0]['param_groups'][0], saved['lr_schedulers'][0]


def test_a_smaller_learning_rate_is_taken_and_the_schedule_keeps_its_shape(run):
    assert run('fit', *OFTEN, '--model.init_args.bad_step', '15') == 2
    before, _ = rates('runs/numbers/last.ckpt')
    assert before['lr'] == pytest.approx(0.01 * 0.5**2)

    slower = ['--model.init_args.learning_rate', '0.004']
    assert run('fit', *OFTEN, *slower, '--ckpt_path', 'runs/numbers/last.ckpt') == 0

    after, schedule = rates('runs/numbers/last.ckpt')
    assert after['lr'] == pytest.approx(0.004 * 0.5**4)
    assert after['initial_lr'] == schedule['base_lrs'][0] == pytest.approx(0.004)
    saved = torch.load('runs/numbers/last.ckpt', weights_only=True)
    assert saved['hyper_parameters']['learning_rate'] == 0.004


def test_the_same_learning_rate_changes_nothing(run):
    assert run('fit', '--trainer.max_epochs', '1') == 0

    go_on = ['--ckpt_path', 'runs/numbers/last.ckpt', '--trainer.default_root_dir', 'runs/other']
    assert run('fit', *go_on) == 0
    assert run('fit', '--trainer.default_root_dir', 'runs/whole') == 0

    resumed, whole = weights('runs/other/last.ckpt'), weights('runs/whole/last.ckpt')
    assert all(torch.equal(weight, resumed[key]) for key, weight in whole.items())
