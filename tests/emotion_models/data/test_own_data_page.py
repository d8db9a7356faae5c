# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import re

import numpy as np
import pytest
import yaml

pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')
pytest.importorskip('lightning')

from emotion_models.cli import main

QUICK = (
    '--trainer.accelerator=cpu',
    '--trainer.enable_progress_bar=false',
    '--trainer.max_epochs=1',
)


@pytest.fixture
def my_faces(repository, tmp_path, monkeypatch):
    """The example of docs/training.md as a module, and an archive that it reads."""
    page = (repository / 'docs' / 'training.md').read_text(encoding='utf-8')
    (example,) = re.findall(r'```python\n(.*?)```', page, re.S)
    (tmp_path / 'my_faces.py').write_text(example, encoding='utf-8')
    generator = np.random.default_rng(0)
    np.savez(
        tmp_path / 'faces.npz',
        images=generator.integers(0, 256, (24, 64, 64), np.uint8),
        affect=generator.uniform(-1, 1, (24, 2)),
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))


def test_the_example_of_the_page_is_trained_on_and_tested(
    repository, my_faces, narrow_levasa, tmp_path
):
    config = repository / 'config' / 'experiments' / 'levasa_continuous.yaml'
    options = ['--config', str(config), *QUICK, '--trainer.default_root_dir=run']
    options += ['--data.data_set=my_faces.MyFaces', '--data.data_set.init_args.path=faces.npz']
    options += ['--data.data_set.init_args.held_out=4', '--data.batch_size=8']

    assert main(['fit', *options]) == 0
    assert main(['test', *options]) == 0
    assert main(['export', 'run/best.ckpt', '--to', 'model']) == 0

    tested = yaml.safe_load((tmp_path / 'run' / 'test.yaml').read_text())['metrics']
    assert np.isfinite(tested['test_ccc_valence'])
    card = yaml.safe_load((tmp_path / 'model' / 'card.yaml').read_text())
    assert card['training_data'] == {'name': 'my faces', 'terms': 'mine'}
