# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import multiprocessing
import os
import subprocess
import sys
from pathlib import Path

import pytest

from emotion_models.cli import main

HERE = Path(__file__).parent

EXPERIMENT = """\
# Numbers, to see training work.
seed_everything: 3
trainer:
  accelerator: cpu
  devices: 1
  max_epochs: 3
  enable_progress_bar: false
  enable_model_summary: false
  log_every_n_steps: 1
model:
  class_path: tiny.TinyModule
data:
  data_set:
    class_path: tiny.TinyData
  batch_size: 4
  seed: 1
"""


@pytest.fixture
def experiment(tmp_path, monkeypatch):
    """A folder to train in, with the experiment `numbers.yaml`."""
    pytest.importorskip('lightning', reason='training needs lightning (requirements/training.txt)')
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(HERE))
    (tmp_path / 'numbers.yaml').write_text(EXPERIMENT)
    return tmp_path


@pytest.fixture
def run(experiment):
    """A command of `emotion-models` on the experiment, in this process; returns its status."""

    def call(command, *options):
        return main([command, '--config', 'numbers.yaml', *options])

    return call


@pytest.fixture
def run_forked(experiment):
    """The same in a process that begins where the imports end; returns its exit status."""
    context = multiprocessing.get_context('forkserver')
    context.set_forkserver_preload(['lightning.pytorch'])

    def call(command, *options):
        from tiny import run_in

        words = [command, '--config', 'numbers.yaml', *options]
        process = context.Process(target=run_in, args=(experiment, words))
        process.start()
        process.join(280)
        return process.exitcode

    return call


@pytest.fixture
def run_process(experiment):
    """The same in a process of its own, with its imports; returns what it has answered."""

    def call(command, *options):
        path = os.pathsep.join([str(HERE), *filter(None, sys.path)])
        program = [sys.executable, '-m', 'emotion_models.cli', command, '--config', 'numbers.yaml']
        return subprocess.run(
            [*program, *options],
            env={**os.environ, 'PYTHONPATH': path},
            capture_output=True,
            text=True,
            check=False,
            timeout=280,  # seconds; a tenth of it where nothing else runs
        )

    return call
