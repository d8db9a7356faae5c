# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import math

import pytest

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')

from emotion_models.levasa.losses import kl_divergence, normalised_kl  # noqa: E402


def test_the_divergence_has_its_known_values():
    mean, logvar = torch.tensor([[1.0, 0.0]]), torch.tensor([[0.0, math.log(4)]])

    assert kl_divergence(mean, logvar).item() == pytest.approx(1.306853, abs=1e-6)
    assert kl_divergence(torch.zeros(3, 5), torch.zeros(3, 5)).item() == 0


def test_the_divergence_is_that_of_torchs_normals():
    torch.manual_seed(0)
    mean, logvar = torch.randn(4, 6), torch.randn(4, 6)
    posterior = torch.distributions.Normal(mean, (0.5 * logvar).exp())
    expected = torch.distributions.kl_divergence(posterior, torch.distributions.Normal(0, 1))

    assert kl_divergence(mean, logvar).item() == pytest.approx(expected.sum().item(), rel=1e-5)


def test_the_normalised_divergence_does_not_depend_on_the_batch():
    mean, logvar = torch.randn(3, 96), torch.randn(3, 96)

    once = normalised_kl(mean, logvar)
    twice = normalised_kl(mean.repeat(2, 1), logvar.repeat(2, 1))

    assert once.item() == pytest.approx(kl_divergence(mean, logvar).item() / (3 * 12_288))
    assert twice.item() == pytest.approx(once.item())
