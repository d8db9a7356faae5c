# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')
pytest.importorskip('lightning')

from emotion_models.cli import main  # noqa: E402

EXPERIMENTS = Path(__file__).parents[3] / 'config' / 'experiments'
SMALL = {
    'side': 32,
    'pose': 3,
    'experts': 4,
    'base_width': 2,
    'encoder_width': 4,
    'window': 4,
}
SMALL_SEQUENCES = {'dynamics': 3, 'hidden': 8, 'layers': 1, 'finetunes_refinement': 'true'}
QUICK = {
    'trainer.accelerator': 'cpu',
    'trainer.max_epochs': 2,
    'trainer.enable_progress_bar': 'false',
    'trainer.enable_model_summary': 'false',
    'trainer.num_sanity_val_steps': 0,
    'model.init_args.pictures_every': 1,
    'data.data_set.init_args.clips': 80,
    'data.data_set.init_args.frames': 5,
    'data.batch_size': 16,
}


def fit(phase, run, *options, **model):
    """A short training of a preset of shapes; returns the status."""
    sizes = SMALL | (SMALL_SEQUENCES if phase == 'sequence' else {}) | model
    settings = QUICK | {f'model.init_args.{name}': value for name, value in sizes.items()}
    settings['trainer.default_root_dir'] = run
    given = [f'--{name}={value}' for name, value in settings.items()]
    return main(
        ['fit', '--config', str(EXPERIMENTS / f'vdsm_{phase}_shapes.yaml'), *given, *options]
    )


@pytest.fixture
def fit_small():
    """fit_small(phase, run, *options, **model): see `fit`."""
    return fit


@pytest.fixture(scope='session')
def runs(tmp_path_factory):
    """A folder with a run of each phase: `frames` and `sequences`."""
    folder = tmp_path_factory.mktemp('vdsm')
    assert fit('encdec', folder / 'frames') == 0
    assert fit('sequence', folder / 'sequences', f'--init_from.run={folder}/frames') == 0
    return folder
