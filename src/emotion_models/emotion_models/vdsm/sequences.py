# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The networks of sequences: the code of a motion, and the poses that follow from it."""

from typing import Literal, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from emotion_models.nn.gaussian import Gaussian
from emotion_models.vdsm.frames import SLOPE, begin_at_scale, positive
from emotion_models.vdsm.settings import check_settings

Posterior = Literal['global', 'framewise']


class SequenceSizes(NamedTuple):
    """
    Sizes and variants of the networks of sequences.

    Args:
        pose: width of the pose code, Zd.
        dynamics: width of the code of the motion, D.
        hidden: width of the recurrent layers, H.
        layers: of them, L.
        dropout: between them.
        posterior: global: the poses of a clip are seen through the code of its motion alone.
            framewise: each is seen through the encoder's state at its frame too.
    """

    pose: int = 30
    dynamics: int = 50
    hidden: int = 512
    layers: int = 3
    dropout: float = 0.0
    posterior: Posterior = 'global'


class SequenceEncoder(nn.Module):
    """
    Poses (N, T, Zd) to the code of their motion, and the state at each frame (N, T, 2H).

    Args:
        sizes: of the networks.
    """

    def __init__(self, sizes: SequenceSizes) -> None:
        super().__init__()
        self.layers = 2 * sizes.layers
        self.lstm = _lstm(sizes, sizes.pose, bidirectional=True)
        self.hidden = nn.Parameter(torch.zeros(sizes.hidden))
        self.cell = nn.Parameter(torch.zeros(sizes.hidden))
        self.head = nn.Linear(self.layers * sizes.hidden, 2 * sizes.dynamics)
        begin_at_scale(self.head.bias[sizes.dynamics :], 1 / sizes.dynamics)

    def forward(self, poses: Tensor) -> tuple[Gaussian, Tensor]:
        """The code, whose mean is nearly non-negative, and the states."""
        begin = tuple(
            part.expand(self.layers, poses.shape[0], -1).contiguous()
            for part in (self.hidden, self.cell)
        )
        states, (last, _) = self.lstm(poses, begin)
        mean, scale = self.head(last.transpose(0, 1).flatten(1)).chunk(2, 1)
        return Gaussian.of_scale(F.leaky_relu(mean, SLOPE), positive(scale)), states


class DynamicsDecoder(nn.Module):
    """
    The code of a motion (N, D) to its course (N, T, H); it sees no frames.

    Args:
        sizes: of the networks.
    """

    def __init__(self, sizes: SequenceSizes) -> None:
        super().__init__()
        self.shape = sizes.layers, sizes.hidden
        self.hidden = nn.Linear(sizes.dynamics, sizes.layers * sizes.hidden)
        self.cell = nn.Linear(sizes.dynamics, sizes.layers * sizes.hidden)
        self.first = nn.Parameter(torch.zeros(sizes.hidden))
        self.lstm = _lstm(sizes, sizes.hidden)

    def forward(self, dynamics: Tensor, frames: int) -> Tensor:
        """Each output is the next input."""
        state = tuple(
            part(dynamics).unflatten(1, self.shape).transpose(0, 1).contiguous()
            for part in (self.hidden, self.cell)
        )
        output = self.first.expand(dynamics.shape[0], 1, -1)
        outputs = []
        for _ in range(frames):
            output, state = self.lstm(output, state)
            outputs.append(output)
        return torch.cat(outputs, 1)


class Combiner(nn.Module):
    """
    q(z_t | z_{t-1}, d): the pose of a frame that is seen.

    Args:
        sizes: of the networks.
    """

    def __init__(self, sizes: SequenceSizes) -> None:
        super().__init__()
        seen = 2 * sizes.hidden if sizes.posterior == 'framewise' else 0
        self.from_course = nn.Linear(sizes.hidden + sizes.dynamics + seen, sizes.hidden)
        self.from_pose = nn.Linear(sizes.pose, sizes.hidden)
        self.mean = nn.Linear(sizes.hidden, sizes.pose)
        self.scale = nn.Linear(sizes.hidden, sizes.pose)

    def forward(self, before: Tensor, course: Tensor) -> Gaussian:
        """
        The pose.

        Args:
            before: pose of the frame before, (N, Zd).
            course: output of the dynamics decoder, code of the motion and, framewise, state of
                the encoder, side by side (N, …).
        """
        seen = F.leaky_relu(self.from_course(course), SLOPE)
        both = 0.5 * (torch.tanh(self.from_pose(before)) + seen)
        return Gaussian.of_scale(self.mean(both), positive(self.scale(both)))


class Transition(nn.Module):
    """
    p(z_t | z_{t-1}, d): a gate between a linear map, at first the identity, and a proposal.

    Krishnan, Shalit, Sontag, "Structured Inference Networks for Nonlinear State Space Models",
    AAAI 2017.

    Args:
        sizes: of the networks.
    """

    def __init__(self, sizes: SequenceSizes) -> None:
        super().__init__()
        both = sizes.pose + sizes.dynamics
        self.gate = _perceptron(both, sizes.hidden, sizes.pose)
        self.proposal = _perceptron(both, sizes.hidden, sizes.pose)
        self.linear = nn.Linear(sizes.pose, sizes.pose)
        self.scale = nn.Linear(sizes.pose, sizes.pose)
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.kaiming_normal_(module.weight)
                nn.init.zeros_(module.bias)
        nn.init.eye_(self.linear.weight)

    def forward(self, before: Tensor, dynamics: Tensor) -> Gaussian:
        """The pose (…, Zd) after another one, of a motion (…, D)."""
        given = torch.cat([before, dynamics], -1)
        gate, proposal = torch.sigmoid(self.gate(given)), self.proposal(given)
        mean = (1 - gate) * self.linear(before) + gate * proposal
        return Gaussian.of_scale(mean, positive(self.scale(F.relu(proposal))))


class SequenceModel(nn.Module):
    """
    What the second phase trains: the motions of clips.

    Args:
        sizes: of the networks.

    Raises:
        ValueError: for sizes that no network can have.
    """

    def __init__(self, sizes: SequenceSizes) -> None:
        super().__init__()
        for name in ('pose', 'dynamics', 'hidden', 'layers'):
            if getattr(sizes, name) < 1:
                raise ValueError(f'{name} must be a whole number >= 1, got {getattr(sizes, name)}')
        check_settings(dropout=sizes.dropout)
        self.sizes = sizes
        self.encoder = SequenceEncoder(sizes)
        self.decoder = DynamicsDecoder(sizes)
        self.combiner = Combiner(sizes)
        self.transition = Transition(sizes)
        self.before = nn.Parameter(torch.zeros(sizes.pose))

    def course(self, dynamics: Tensor, states: Tensor) -> Tensor:
        """What the combiner is given at each frame, (N, T, …): `states` say how many."""
        frames = states.shape[1]
        parts = [self.decoder(dynamics, frames), dynamics[:, None].expand(-1, frames, -1)]
        if self.sizes.posterior == 'framewise':
            parts.append(states)
        return torch.cat(parts, 2)

    def posterior(self, course: Tensor, draws: bool) -> tuple[Gaussian, Tensor]:
        """
        The poses of clips, one after the other.

        Args:
            course: of `course`, (N, T, …).
            draws: whether each pose is drawn, or the mean of its distribution.

        Returns:
            The distributions (N, T, Zd), and the poses.
        """
        pose = self.before.expand(course.shape[0], -1)
        said, poses = [], []
        for step in course.unbind(1):
            said.append(self.combiner(pose, step))
            pose = said[-1].sample() if draws else said[-1].mean
            poses.append(pose)
        together = (torch.stack(parts, 1) for parts in zip(*said, strict=True))
        return Gaussian(*together), torch.stack(poses, 1)

    def prior(self, poses: Tensor, dynamics: Tensor) -> Gaussian:
        """Where poses (N, T, Zd) were expected after the first, (N, T - 1, Zd)."""
        motions = dynamics[:, None].expand(-1, poses.shape[1] - 1, -1)
        return self.transition(poses[:, :-1], motions)

    def sample(self, first: Tensor, dynamics: Tensor, frames: int) -> Tensor:
        """Poses (N, T, Zd) that are drawn after a first one (N, Zd)."""
        poses = [first]
        for _ in range(frames - 1):
            poses.append(self.transition(poses[-1], dynamics).sample())
        return torch.stack(poses, 1)


def _lstm(sizes: SequenceSizes, inputs: int, bidirectional: bool = False) -> nn.LSTM:
    return nn.LSTM(
        inputs,
        sizes.hidden,
        sizes.layers,
        batch_first=True,
        dropout=sizes.dropout if sizes.layers > 1 else 0.0,
        bidirectional=bidirectional,
    )


def _perceptron(inputs: int, hidden: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(inputs, hidden), nn.ReLU(), nn.Linear(hidden, outputs))
