# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import pytest

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')
pytest.importorskip('lightning')

from emotion_models.temporal.networks import Sizes, make_network  # noqa: E402

WIDTH = 6


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
