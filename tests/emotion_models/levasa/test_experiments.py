# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The experiments on drawn faces as a user begins them: an epoch of each."""

import pytest

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')
pytest.importorskip('lightning')

from emotion_models.cli import main  # noqa: E402
from emotion_models.data.data_module import DataModule  # noqa: E402
from emotion_models.data.drawn_faces import DrawnVaFaces  # noqa: E402
from emotion_models.levasa.module import LevasaModule  # noqa: E402
from emotion_models.training.loading import load_module  # noqa: E402

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]


@pytest.fixture(scope='module')
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp('cache')


@pytest.fixture(autouse=True)
def shared_drawings(empty_cache, cache, monkeypatch):
    """The faces are drawn once for all experiments."""
    monkeypatch.setenv('XDG_CACHE_HOME', str(cache))


def held_out_terms(module):
    module.eval()
    with torch.no_grad():
        held_out = DataModule(DrawnVaFaces()).in_order('validation')
        terms = [module.losses(*batch[:2])[0] for batch in held_out]
    return {name: torch.stack([t[name] for t in terms]).mean().item() for name in terms[0]}


@pytest.mark.parametrize('variant', ['vanilla', 'discrete', 'continuous'])
def test_one_epoch_improves_on_the_start(variant, repository, tmp_path, monkeypatch):
    config = repository / 'config' / 'experiments' / f'levasa_{variant}.yaml'
    monkeypatch.chdir(tmp_path)

    settings = ['--trainer.max_epochs=1', '--trainer.enable_progress_bar=false']
    status = main(['fit', '--config', str(config), *settings])

    torch.manual_seed(5230)
    before = held_out_terms(LevasaModule(variant))
    after = held_out_terms(load_module(tmp_path / 'runs' / f'levasa_{variant}' / 'best.ckpt'))
    print(f'\n{variant}: before {before}, after {after}')
    assert status == 0
    assert after['loss'] < before['loss']
    assert after['reconstruction_loss'] < before['reconstruction_loss']
    if variant != 'vanilla':
        assert after['supervision_loss'] < before['supervision_loss']
