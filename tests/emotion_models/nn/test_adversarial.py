# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import pytest

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')

from emotion_models.nn.adversarial import (  # noqa: E402
    BASELINE_CRITIC_LOSS,
    adversarial_loss,
    critic_loss,
    draw_shares,
    regularising_mixture,
)


def test_losses_of_given_answers():
    answers, shares = torch.tensor([0.2, 0.2]), torch.tensor([0.1, 0.4])

    assert 2.0 + 0.5 * adversarial_loss(answers).item() == pytest.approx(2.02)
    loss = critic_loss(answers, shares, torch.tensor([0.1, -0.1]))
    assert loss.item() == pytest.approx(0.025 + 0.010)


def test_regularising_mixtures_go_from_the_reconstruction_to_the_sample():
    samples, reconstructed = torch.randn(2, 4, 17, 3)

    assert torch.equal(regularising_mixture(samples, reconstructed, 0.0), reconstructed)
    assert torch.equal(regularising_mixture(samples, reconstructed, 1.0), samples)


def test_an_eighth_is_the_best_constant_answer():
    shares = draw_shares(200_000, torch.Generator().manual_seed(0))

    def loss(answer):
        answers = torch.full_like(shares, answer)
        return critic_loss(answers, shares, answers).item()

    assert pytest.approx(0.052083, abs=1e-6) == BASELINE_CRITIC_LOSS
    assert loss(0.125) == pytest.approx(BASELINE_CRITIC_LOSS, abs=1e-4)
    assert loss(0.25) == pytest.approx(0.083333, abs=1e-4)
    assert min((0.0, 0.1, 0.125, 0.15, 0.25), key=loss) == 0.125


def test_shares_are_those_of_the_lesser_part():
    shares = draw_shares(100_000, torch.Generator().manual_seed(1))

    assert shares.min() >= 0
    assert shares.max() <= 0.5
    assert shares.mean().item() == pytest.approx(0.25, abs=2e-3)
    assert (shares < 0.125).float().mean().item() == pytest.approx(0.25, abs=5e-3)
