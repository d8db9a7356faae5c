# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')
pytest.importorskip('lightning')

from emotion_models.cli import main  # noqa: E402
from emotion_models.temporal.networks import Sizes, make_network  # noqa: E402

WIDTH = 6
EXPERIMENTS = Path(__file__).parents[3] / 'config' / 'experiments'
SMALL = {'hidden': 8, 'heads': 2, 'layers': 1, 'inner': 8, 'head': '[8]', 'segment': 20}
DATA = {'training': 5, 'validation': 3, 'test': 3, 'frames': 50}
QUIET = {
    'accelerator': 'cpu',
    'max_epochs': 2,
    'enable_progress_bar': 'false',
    'enable_model_summary': 'false',
}


@pytest.fixture
def small_network():
    """small_network(name, seed, **sizes): in evaluation mode, its weights large enough to see."""

    def make(name, seed=0, **sizes):
        small = {'hidden': 8, 'heads': 2, 'layers': 2, 'inner': 16, 'head': (8,), 'segment': 20}
        torch.manual_seed(seed)
        network = make_network(name, Sizes(**{'width': WIDTH, **small, **sizes})).eval()
        with torch.no_grad():
            for weight in network.parameters():
                if weight.ndim > 1:
                    weight.normal_(0, 0.4)
        return network

    return make


@pytest.fixture
def clip():
    """clip(length, seed): features (1, length, width) and the length."""

    def make(length, seed=1):
        generator = torch.Generator().manual_seed(seed)
        return torch.randn(1, length, WIDTH, generator=generator), torch.tensor([length])

    return make


@pytest.fixture
def fit(tmp_path, monkeypatch):
    """fit(network, run, *options): a short training of a preset; returns the status."""
    monkeypatch.chdir(tmp_path)

    def call(network, run, *options, **model):
        path = EXPERIMENTS / f'temporal_{network}.yaml'
        settings = {f'model.init_args.{name}': v for name, v in {**SMALL, **model}.items()}
        settings |= {f'data.data_set.init_args.{name}': value for name, value in DATA.items()}
        settings |= {f'trainer.{name}': value for name, value in QUIET.items()}
        settings |= {'data.batch_size': 2, 'trainer.default_root_dir': run}
        given = [f'--{name}={value}' for name, value in settings.items()]
        return main(['fit', '--config', str(path), *given, *options])

    return call


@pytest.fixture
def small_model():
    """Settings that make a model small, and those of its data."""
    return {**SMALL, 'head': [8]}, dict(DATA)
