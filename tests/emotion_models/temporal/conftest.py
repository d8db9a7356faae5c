# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import cv2
import numpy as np
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


@pytest.fixture(scope='session')
def face():
    """The upper part of a photograph with one face, 160×120 pixels."""
    photo = pytest.importorskip('skimage').data.astronaut()[..., ::-1]
    return cv2.resize(photo[20:260, 60:380], (160, 120), interpolation=cv2.INTER_AREA)


@pytest.fixture(scope='session')
def videos(tmp_path_factory, write_video, face):
    """seen.mp4: a face but for the frames 5 and 6, with sound; empty.mp4: none; at 24 Hz."""
    folder = tmp_path_factory.mktemp('videos')
    blank = np.full_like(face, 90)
    images = [blank if index in (5, 6) else face for index in range(24)]
    tone = 0.1 * np.sin(np.arange(16000) / 5)
    write_video(folder / 'seen.mp4', images, rate=24, sound=tone)
    write_video(folder / 'empty.mp4', [blank] * 9, rate=24)
    return folder


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
def fit_acted(tmp_path, monkeypatch):
    """fit_acted(network, data): a short training on acted courses; returns the status."""
    monkeypatch.chdir(tmp_path)

    def call(network, data):
        settings = {f'model.init_args.{name}': value for name, value in SMALL.items()}
        settings |= {f'trainer.{name}': value for name, value in QUIET.items()}
        settings |= {'model.init_args.network': network, 'trainer.default_root_dir': network}
        settings |= {'data.data_set.init_args.path': data, 'data.batch_size': 4}
        given = [f'--{name}={value}' for name, value in settings.items()]
        return main(['fit', '--config', str(EXPERIMENTS / 'temporal_semi_real.yaml'), *given])

    return call


@pytest.fixture
def small_model():
    """Settings that make a model small, and those of its data."""
    return {**SMALL, 'head': [8]}, dict(DATA)
