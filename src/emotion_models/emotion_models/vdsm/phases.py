# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The terms of both phases: of frames with one static code a clip, and of sequences over them."""

from typing import NamedTuple

import torch
from torch import Tensor

from emotion_models.nn.gaussian import Gaussian
from emotion_models.vdsm.frames import FrameCodes, FrameModel
from emotion_models.vdsm.objective import (
    Estimate,
    Likelihood,
    Terms,
    code_prior,
    divergence,
    pixel_loss,
    standard_prior,
)
from emotion_models.vdsm.sequences import SequenceModel


class Objective(NamedTuple):
    """
    How the terms are computed.

    Args:
        likelihood: of the pixels.
        estimate: of the divergences.
    """

    likelihood: Likelihood = 'bernoulli'
    estimate: Estimate = 'analytic'


def poses_of(codes: FrameCodes) -> Gaussian:
    """The poses of frames as the encoder sees them."""
    return Gaussian.of_scale(codes.pose_mean, codes.pose_scale)


def frame_terms(
    model: FrameModel, frames: Tensor, temperature: float, objective: Objective
) -> Terms:
    """
    The terms of the first phase: poses that do not know of each other.

    Args:
        model: of frames.
        frames: of clips, (N, T, C, side, side) in [0, 1].
        temperature: of the blend of experts.
        objective: how they are computed.
    """
    codes = model.encode(frames)
    static = model.refinement(codes.static_mean, codes.static_scale)
    poses = poses_of(codes)
    identity, drawn = static.sample(), poses.sample()
    logits = model.decode(drawn, identity, temperature)
    return Terms(
        pixel_loss(logits, frames, objective.likelihood),
        divergence(static, code_prior(static.mean), identity, objective.estimate),
        torch.zeros(len(frames), device=frames.device),
        divergence(poses, standard_prior(poses.mean), drawn, objective.estimate),
    )


def sequence_terms(
    frame_model: FrameModel,
    model: SequenceModel,
    codes: FrameCodes,
    frames: Tensor,
    temperature: float,
    objective: Objective,
) -> Terms:
    """
    The terms of the second phase: poses that follow from each other and from a motion.

    Args:
        frame_model: of frames; its refinement and decoder are used.
        model: of sequences.
        codes: of the frames, (N, T, …).
        frames: as for `frame_terms`.
        temperature: of the blend of experts.
        objective: how they are computed.
    """
    static = frame_model.refinement(codes.static_mean, codes.static_scale)
    motion, states = model.encoder(codes.pose_mean)
    identity, dynamics = static.sample(), motion.sample()
    seen, poses = model.posterior(model.course(dynamics, states), draws=True)
    logits = frame_model.decode(poses, identity, temperature)
    expected = model.prior(poses, dynamics)
    first = standard_prior(poses[:, :1])
    prior = Gaussian(
        torch.cat([first.mean, expected.mean], 1),
        torch.cat([first.log_variance, expected.log_variance], 1),
    )
    estimate = objective.estimate
    return Terms(
        pixel_loss(logits, frames, objective.likelihood),
        divergence(static, code_prior(static.mean), identity, estimate),
        divergence(motion, code_prior(motion.mean), dynamics, estimate),
        divergence(seen, prior, poses, estimate),
    )
