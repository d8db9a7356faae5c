# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import csv
from pathlib import Path

import pytest

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')

RUN = Path('runs', 'numbers')
OFTEN = ['--last.every_n_train_steps', '4']


def held_out(checkpoint):
    return torch.load(checkpoint, weights_only=True)['held_out']


def logged(column):
    with (RUN / 'metrics.csv').open(newline='') as table:
        return [float(row[column]) for row in csv.DictReader(table) if row[column]]


def test_checkpoints_keep_the_last_validation(run):
    assert run('fit', '--trainer.max_epochs', '2') == 0

    last = held_out(RUN / 'last.ckpt')
    assert last == {'loss': pytest.approx(logged('val_loss')[-1], rel=1e-5)}


def test_a_run_that_goes_on_has_them_before_its_first_validation(run):
    assert run('fit', '--trainer.max_epochs', '1') == 0
    before = held_out(RUN / 'last.ckpt')
    assert before['loss'] > 0

    stop = ['--model.init_args.bad_step', '17', '--ckpt_path', str(RUN / 'last.ckpt')]
    assert run('fit', *OFTEN, *stop) == 2

    saved = torch.load(RUN / 'last.ckpt', weights_only=True)
    assert saved['global_step'] == 14
    assert saved['held_out'] == before
