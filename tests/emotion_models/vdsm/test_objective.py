# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Checks V12 to V19 of the specification."""

import math

import pytest

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')

from emotion_models.nn.gaussian import Gaussian, divergences  # noqa: E402
from emotion_models.vdsm.frames import FrameCodes, FrameModel, FrameSizes  # noqa: E402
from emotion_models.vdsm.objective import (  # noqa: E402
    Terms,
    Weights,
    code_prior,
    divergence,
    pixel_loss,
    standard_prior,
)
from emotion_models.vdsm.phases import Objective, frame_terms, sequence_terms  # noqa: E402
from emotion_models.vdsm.schedules import pose_weights, ramp  # noqa: E402
from emotion_models.vdsm.sequences import SequenceModel, SequenceSizes  # noqa: E402

SIZES = FrameSizes(side=32, pose=5, experts=4, base_width=1, encoder_width=2)


def normal(mean, scale, *shape):
    return Gaussian.of_scale(torch.full(shape, float(mean)), torch.full(shape, float(scale)))


@pytest.mark.parametrize(
    ('posterior', 'prior', 'dimensions', 'expected'),
    [
        ((0.1, 0.05), (0, 1 / 15), 15, 17.908981),
        ((0.02, 0.02), (0, 0.02), 50, 25.0),
        ((1, 1), (0, 1), 30, 15.0),
        ((0, 0.5), (0, 1), 30, 9.544415),
        ((1, 0.5), (0.5, 2), 1, 0.948794),
    ],
)
def test_divergences_have_their_known_values(posterior, prior, dimensions, expected):
    each = divergences(normal(*posterior, 1, dimensions), normal(*prior, 1, dimensions))

    assert each.sum().item() == pytest.approx(expected, abs=1e-4)


def test_priors_have_their_scales():
    assert code_prior(torch.zeros(2, 15)).scale.tolist()[0] == pytest.approx([1 / 15] * 15)
    assert standard_prior(torch.zeros(1, 3)).scale.tolist() == [[1, 1, 1]]


def test_pixels_have_their_known_losses():
    frames = torch.rand(1, 1, 3, 64, 64)
    assert pixel_loss(torch.zeros_like(frames), frames).item() == pytest.approx(
        8517.392555, abs=0.01
    )
    quarter = torch.full((1, 1), 0.25)
    assert pixel_loss(torch.logit(quarter), quarter).item() == pytest.approx(0.562335, abs=1e-5)


def test_other_likelihoods_are_densities():
    """They integrate to 1 over the values that a pixel can have."""
    values = torch.linspace(0, 1, 20_001)[:, None]
    for logit in (-3.0, -1e-4, 0.0, 0.5, 4.0):
        loss = pixel_loss(torch.full_like(values, logit), values, 'continuous_bernoulli')
        assert torch.trapezoid((-loss).exp(), dx=1 / 20_000).item() == pytest.approx(1, abs=1e-3)
    wide = torch.linspace(-2, 3, 20_001)[:, None]
    loss = pixel_loss(torch.zeros_like(wide), wide, 'gaussian')
    assert torch.trapezoid((-loss).exp(), dx=5 / 20_000).item() == pytest.approx(1, abs=1e-3)


def test_a_toy_objective():
    poses, static = normal(1, 1, 2, 3, 2), normal(0, 0.25, 2, 2)
    terms = Terms(
        pixel_loss(torch.zeros(2, 3, 16), torch.rand(2, 3, 16)),
        divergence(static, code_prior(static.mean), static.mean),
        torch.zeros(2),
        divergence(poses, standard_prior(poses.mean), poses.mean),
    )

    assert terms.reconstruction.sum().item() == pytest.approx(66.542129, abs=1e-4)
    assert terms.static.sum().item() == pytest.approx(1.272589, abs=1e-5)
    assert terms.pose.sum().item() == pytest.approx(6.0, abs=1e-5)
    whole = Weights(static=0.5, pose=2.0).objective(terms).sum().item()
    assert whole == pytest.approx(79.178424, abs=1e-4)


def test_both_estimates_of_a_divergence_agree():
    torch.manual_seed(0)
    posterior, prior = normal(0, 0.25, 100_000, 1), normal(0, 0.5, 100_000, 1)
    draws = posterior.sample()

    estimates = divergence(posterior, prior, draws, 'mc')
    error = estimates.std() / math.sqrt(len(draws))

    exact = divergence(posterior, prior, draws)[0].item()
    assert exact == pytest.approx(0.318147, abs=1e-5)
    assert abs(estimates.mean().item() - exact) < 3 * error


def models():
    torch.manual_seed(0)
    return FrameModel(SIZES).eval(), SequenceModel(SequenceSizes(5, 3, 8, 1)).eval()


def test_the_objective_is_linear_in_its_weights():
    frame_model, _ = models()
    terms = frame_terms(frame_model, torch.rand(2, 3, 3, 32, 32), 2.0, Objective())
    nothing = Weights(0, 0, 0).objective(terms)

    assert torch.equal(nothing, terms.reconstruction)
    for name, term in (('static', terms.static), ('pose', terms.pose)):
        weight = Weights(0, 0, 0)._replace(**{name: 3.0})
        assert torch.allclose(weight.objective(terms), nothing + 3 * term)
    assert torch.allclose(Weights().objective(terms), terms.negative_elbo)


def test_a_posterior_that_is_the_prior_costs_nothing():
    posterior = Gaussian(torch.randn(3, 4), torch.randn(3, 4))

    for estimate in ('analytic', 'mc'):
        cost = divergence(posterior, posterior, posterior.sample(), estimate)
        assert cost.abs().max() < 1e-5


@pytest.mark.parametrize('phase', ['frames', 'sequences'])
def test_the_order_of_clips_changes_nothing_else(phase, monkeypatch):
    frame_model, sequence_model = models()
    monkeypatch.setattr(Gaussian, 'sample', lambda self, generator=None: self.mean)
    frames, order = torch.rand(3, 4, 3, 32, 32), [2, 0, 1]

    def terms(frames):
        if phase == 'frames':
            return frame_terms(frame_model, frames, 2.0, Objective())
        codes = frame_model.encode(frames)
        return sequence_terms(frame_model, sequence_model, codes, frames, 2.0, Objective())

    for whole, permuted in zip(terms(frames), terms(frames[order]), strict=True):
        assert torch.allclose(whole[order], permuted, rtol=1e-5, atol=1e-5)


def test_the_second_phase_sums_the_divergences_of_all_frames():
    """By a loop of its own over frames and the transition."""
    frame_model, model = models()
    codes = FrameCodes(torch.randn(2, 4, 5), torch.ones(2, 4, 5), *torch.rand(2, 2, 4, 4))
    frames = torch.rand(2, 4, 3, 32, 32)
    torch.manual_seed(3)
    terms = sequence_terms(frame_model, model, codes, frames, 1.0, Objective())

    torch.manual_seed(3)
    static = frame_model.refinement(codes.static_mean, codes.static_scale)
    motion, states = model.encoder(codes.pose_mean)
    static.sample()
    dynamics = motion.sample()
    pose, total = model.before.expand(2, -1), torch.zeros(2)
    for frame, step in enumerate(model.course(dynamics, states).unbind(1)):
        seen = model.combiner(pose, step)
        prior = standard_prior(pose) if frame == 0 else model.transition(pose, dynamics)
        pose = seen.sample()
        total = total + divergences(seen, prior).sum(1)

    assert torch.allclose(terms.pose, total, rtol=1e-4)
    assert (terms.dynamics > 0).all()


def test_ramps_have_their_known_values():
    first = [1.859424, 4.109424, 6.890576, 9.140576, *[10] * 6]
    assert ramp(10, 1, 10, 2) == pytest.approx(first, abs=1e-6)
    long = ramp(200, 1, 10, 2)
    assert (long[0], long[99]) == pytest.approx((1.00222, 10), abs=1e-5)
    odd = ramp(7, 0.1, 1, 3)
    assert len(odd) == 7
    assert odd[0] == pytest.approx(0.144564, abs=1e-6)


def test_the_weight_of_the_poses_has_its_known_values():
    short = [30, 20.812174, 13.258261, 7.338261, 3.052174, 0.4, 0.005, 0.005, 0.4, 1]
    values, fractions = (30, 0.4, 0.4, 1), (0.5, 0.8)
    assert pose_weights(10, values, fractions) == pytest.approx(short, abs=1e-6)
    long = pose_weights(200, values, fractions)
    expected = [20.783206, 10.048760, 0.005, 0.777915]
    assert long[[20, 50, 130, 180]] == pytest.approx(expected, abs=1e-6)
    other = pose_weights(100, (30, 0.8, 0.8, 1), (0.7, 0.8))
    assert other[50] == pytest.approx(3.756791, abs=1e-6)
    for interpolation in ('pchip', 'linear'):
        curve = pose_weights(200, values, fractions, interpolation)
        assert curve.min() >= 0.4 - 1e-9
        assert (curve[0], curve[-1]) == pytest.approx((30, 1))


@pytest.mark.parametrize(
    ('curve', 'words'),
    [
        (lambda: pose_weights(10, (1, 2, 3, 4), (0.8, 0.5)), 'in order; got'),
        (lambda: pose_weights(4, (1, 2, 3, 4), (0.5, 0.8)), 'in order; got'),
        (lambda: pose_weights(9, (1, 2, 3), (0.5, 0.8)), 'four values'),
        (lambda: pose_weights(20, (1, 2, 3, 4), (0.5, 0.8), 'cubic'), "got 'cubic'"),
        (lambda: ramp(0, 1, 2, 1), 'epochs and divisor >= 1'),
    ],
)
def test_schedules_that_there_are_not(curve, words):
    with pytest.raises(ValueError, match=words):
        curve()
