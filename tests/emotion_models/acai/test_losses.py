# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import pytest

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')
pytest.importorskip('lightning')

from torch.nn import functional as F  # noqa: E402

from emotion_models.acai.losses import (  # noqa: E402
    UNINFORMED_CRITIC_LOSS,
    blend,
    critic_loss,
    deception,
    draw_shares,
    joint_loss,
    mpjpe_mm,
    normal_divergence,
)


def test_errors_of_joints_that_are_all_off_by_3_and_4_m():
    poses = torch.randn(2, 17, 3)
    off = poses + torch.tensor([3.0, 4.0, 0.0])

    assert joint_loss(off, poses).item() == pytest.approx(25)
    assert mpjpe_mm(off, poses).tolist() == pytest.approx([5000, 5000])
    assert F.mse_loss(off, poses).item() == pytest.approx(8.333333)


def test_losses_of_given_answers():
    answers, shares = torch.tensor([0.2, 0.2]), torch.tensor([0.1, 0.4])

    assert 2.0 + 0.5 * deception(answers).item() == pytest.approx(2.02)
    loss = critic_loss(answers, shares, torch.tensor([0.1, -0.1]))
    assert loss.item() == pytest.approx(0.025 + 0.010)


def test_blends_go_from_the_reconstruction_to_the_sample():
    samples, reconstructed = torch.randn(2, 4, 17, 3)

    assert torch.equal(blend(samples, reconstructed, 0.0), reconstructed)
    assert torch.equal(blend(samples, reconstructed, 1.0), samples)


def test_without_looking_an_eighth_is_the_best_answer():
    shares = draw_shares(200_000, torch.Generator().manual_seed(0))

    def loss(answer):
        answers = torch.full_like(shares, answer)
        return critic_loss(answers, shares, answers).item()

    assert pytest.approx(0.052083, abs=1e-6) == UNINFORMED_CRITIC_LOSS
    assert loss(0.125) == pytest.approx(UNINFORMED_CRITIC_LOSS, abs=1e-4)
    assert loss(0.25) == pytest.approx(0.083333, abs=1e-4)
    assert min((0.0, 0.1, 0.125, 0.15, 0.25), key=loss) == 0.125


def test_shares_are_those_of_the_lesser_part():
    shares = draw_shares(100_000, torch.Generator().manual_seed(1))

    assert shares.min() >= 0
    assert shares.max() <= 0.5
    assert shares.mean().item() == pytest.approx(0.25, abs=2e-3)
    assert (shares < 0.125).float().mean().item() == pytest.approx(0.25, abs=5e-3)


def test_the_divergence_of_a_shifted_normal():
    mean, logvar = torch.full((5, 4, 2, 2), 2.0), torch.zeros(5, 4, 2, 2)

    assert normal_divergence(mean, logvar).item() == pytest.approx(16 * 2)
    assert normal_divergence(0 * mean, logvar).item() == 0
