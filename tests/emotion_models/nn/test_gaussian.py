# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import math

import pytest

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')

from emotion_models.nn.gaussian import Gaussian, kl_divergence  # noqa: E402


def test_the_divergence_has_its_known_values():
    posterior = Gaussian(torch.tensor([[1.0, 0.0]]), torch.tensor([[0.0, math.log(4)]]))

    assert kl_divergence(posterior).tolist() == pytest.approx([1.306853], abs=1e-6)
    assert kl_divergence(Gaussian(torch.zeros(3, 5), torch.zeros(3, 5))).tolist() == [0, 0, 0]


def test_the_divergence_is_that_of_torchs_normals():
    torch.manual_seed(0)
    mean, log_variance, prior_mean = torch.randn(3, 4, 6)
    posterior = torch.distributions.Normal(mean, (0.5 * log_variance).exp())
    prior = torch.distributions.Normal(prior_mean, 1)

    expected = torch.distributions.kl_divergence(posterior, prior).sum(1)

    found = kl_divergence(Gaussian(mean, log_variance), prior_mean)
    assert found.tolist() == pytest.approx(expected.tolist(), rel=1e-5)


def test_the_divergence_of_feature_maps_is_summed_over_all_places():
    maps = Gaussian(torch.full((5, 4, 2, 2), 2.0), torch.zeros(5, 4, 2, 2))

    assert kl_divergence(maps).tolist() == [16 * 2] * 5


def test_samples_have_the_mean_and_the_variance_of_the_posterior():
    torch.manual_seed(0)
    posterior = Gaussian(torch.full((20_000, 1), 2.0), torch.full((20_000, 1), 4.0).log())

    samples = posterior.sample()

    assert samples.mean().item() == pytest.approx(2, abs=0.05)
    assert samples.std().item() == pytest.approx(2, rel=0.02)


def test_samples_of_a_generator_leave_the_global_one_alone():
    posterior = Gaussian(torch.zeros(4, 3), torch.zeros(4, 3))
    state = torch.get_rng_state()

    first, again = (posterior.sample(torch.Generator().manual_seed(1)) for _ in range(2))

    assert torch.equal(first, again)
    assert torch.equal(torch.get_rng_state(), state)


def test_gradients_flow_through_a_sample():
    numbers = torch.zeros(2, 4, 3, requires_grad=True)

    Gaussian(*numbers).sample().sum().backward()

    of_means, of_log_variances = numbers.grad
    assert torch.equal(of_means, torch.ones(4, 3))
    assert (of_log_variances != 0).all()


def test_the_output_of_a_network_is_split_into_means_and_log_variances():
    output = torch.arange(12.0).reshape(2, 6).double()

    mean, log_variance = Gaussian.from_output(output)

    assert mean.tolist() == [[0, 1, 2], [6, 7, 8]]
    assert log_variance.tolist() == [[3, 4, 5], [9, 10, 11]]
    assert mean.dtype == torch.float32
