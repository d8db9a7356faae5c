# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The networks of single frames: encoder, refinement of the static code, experts' decoder."""

import math
from typing import Literal, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from emotion_models.nn.gaussian import Gaussian
from emotion_models.vdsm.settings import check_settings

SIDES = (32, 64, 128)
SLOPE = 0.01
"""Of leaky rectifiers below 0, unless another is given."""
LEAST_SCALE = 1e-4
KERNEL = 4
FIRST_SIDE = 4
"""Side of the smallest feature maps."""

StaticActivation = Literal['leaky', 'none']


class FrameSizes(NamedTuple):
    """
    Sizes and variants of the networks of frames.

    Args:
        side: of the frames in pixels: 32, 64 or 128.
        pose: width of the pose code, Zd.
        experts: experts of the decoder, and width of the static code, K.
        base_width: channels of the decoder before the last layer; 64 as published.
        encoder_width: channels of the encoder's first layer; 32 as published.
        encoder_slope: of the encoder's rectifiers below 0.
        linear_trunk: the convolutions have no rectifier, as in the original's release.
        static_activation: of the refined static mean; the leaky rectifier keeps it nearly >= 0.
        release_initialisation: the decoder begins as in the original's release, where it vanishes.
        expert_spread: how far the experts are from their mean at first; 1 = they are independent.
        channels: of the frames.
    """

    side: int = 64
    pose: int = 30
    experts: int = 15
    base_width: int = 64
    encoder_width: int = 32
    encoder_slope: float = 0.2
    linear_trunk: bool = False
    static_activation: StaticActivation = 'leaky'
    release_initialisation: bool = False
    expert_spread: float = 1.0
    channels: int = 3

    @property
    def doublings(self) -> int:
        """How often the side of the smallest feature maps is doubled."""
        return int(math.log2(self.side // FIRST_SIDE))

    @property
    def pixels(self) -> int:
        """Values of a frame."""
        return self.channels * self.side**2


def check_sizes(sizes: FrameSizes) -> None:
    """
    Refuse what no network can have.

    Raises:
        ValueError: naming it.
    """
    if sizes.side not in SIDES:
        raise ValueError(f'side must be one of {", ".join(map(str, SIDES))}; got {sizes.side}')
    for name in ('pose', 'experts', 'base_width', 'encoder_width', 'channels'):
        if getattr(sizes, name) < 1:
            raise ValueError(f'{name} must be a whole number >= 1, got {getattr(sizes, name)}')
    check_settings(
        encoder_slope=sizes.encoder_slope,
        expert_spread=sizes.expert_spread,
        release_initialisation=sizes.release_initialisation,
    )


VARIANT = ('encoder_slope', 'linear_trunk', 'static_activation: leaky', 'has_static')
"""What networks of equal sizes differ in; kept with the weights."""


def variant_of(sizes: FrameSizes) -> tuple[float, ...]:
    """The numbers of `VARIANT`, of a model that has a static code."""
    is_leaky = sizes.static_activation == 'leaky'
    return sizes.encoder_slope, float(sizes.linear_trunk), float(is_leaky), 1.0


class FrameCodes(NamedTuple):
    """What the encoder says of frames (B, …): pose and static code, each with its scale."""

    pose_mean: Tensor
    pose_scale: Tensor
    static_mean: Tensor
    static_scale: Tensor


def positive(numbers: Tensor) -> Tensor:
    """Standard deviations of any numbers."""
    return F.softplus(numbers).clamp(min=LEAST_SCALE)


def begin_at_scale(bias: Tensor, scale: float) -> None:
    """
    Set the bias of a layer before `positive`, so that scales begin near the one of the prior.

    At the usual 0.7 the draws of a narrow code are noise that is learned to be ignored.
    """
    nn.init.constant_(bias, math.log(math.expm1(scale)))


class BlurPool(nn.Module):
    """
    Half the side, low-pass filtered before.

    Zhang, "Making Convolutional Networks Shift-Invariant Again", ICML 2019.

    Args:
        channels: of the feature maps.
    """

    kernel: Tensor

    def __init__(self, channels: int) -> None:
        super().__init__()
        taps = torch.tensor([1.0, 3.0, 3.0, 1.0])
        kernel = torch.outer(taps, taps) / 64
        self.channels = channels
        self.register_buffer('kernel', kernel.expand(channels, 1, -1, -1).clone(), False)

    def forward(self, maps: Tensor) -> Tensor:
        """Maps (B, C, H, W) to (B, C, ⌈H/2⌉, ⌈W/2⌉)."""
        padded = F.pad(maps, (1, 2, 1, 2), 'reflect')
        return F.conv2d(padded, self.kernel, stride=2, groups=self.channels)


class FrameEncoder(nn.Module):
    """
    Frames to their codes, before the static one is refined.

    Args:
        sizes: of the networks.
    """

    def __init__(self, sizes: FrameSizes) -> None:
        super().__init__()
        width = sizes.encoder_width
        channels = [width] * (sizes.doublings - 2) + [2 * width] * 2
        self.trunk = nn.Sequential()
        inputs = sizes.channels
        for outputs in channels:
            self.trunk.append(nn.Conv2d(inputs, outputs, KERNEL, padding=1))
            self.trunk.append(self._rectifier(sizes))
            self.trunk.append(BlurPool(outputs))
            inputs = outputs
        features = 8 * width
        self.trunk.append(nn.Conv2d(inputs, features, KERNEL))
        self.trunk.append(self._rectifier(sizes))
        self.trunk.append(nn.Flatten())
        self.pose_head = nn.Linear(features, 2 * sizes.pose)
        self.static_head = nn.Sequential(
            nn.Linear(features, features // 2),
            nn.LeakyReLU(SLOPE),
            nn.Linear(features // 2, 2 * sizes.experts),
        )

    def forward(self, frames: Tensor) -> FrameCodes:
        """
        The codes of frames.

        Args:
            frames: shape (B, C, side, side) in [0, 1].
        """
        features = self.trunk(frames)
        pose_mean, pose_scale = self.pose_head(features).chunk(2, 1)
        static_mean, static_scale = self.static_head(features).chunk(2, 1)
        return FrameCodes(pose_mean, positive(pose_scale), static_mean, positive(static_scale))

    def _rectifier(self, sizes: FrameSizes) -> nn.Module:
        return nn.Identity() if sizes.linear_trunk else nn.LeakyReLU(sizes.encoder_slope)


class StaticRefinement(nn.Module):
    """
    Static codes of frames to that of their clip.

    Args:
        experts: width of the code.
        activation: of the mean.
    """

    def __init__(self, experts: int, activation: StaticActivation) -> None:
        super().__init__()
        self.mean, self.scale = nn.Linear(experts, experts), nn.Linear(experts, experts)
        begin_at_scale(self.scale.bias, 1 / experts)
        self.is_leaky = activation == 'leaky'

    def forward(self, mean: Tensor, scale: Tensor) -> Gaussian:
        """Mean and scale (N, T, K) of frames to those (N, K) of clips: the means over frames."""
        refined = self.mean(mean)
        if self.is_leaky:
            refined = F.leaky_relu(refined, SLOPE)
        return Gaussian.of_scale(refined.mean(1), positive(self.scale(scale)).mean(1))


class Layer(NamedTuple):
    """A transposed convolution of the decoder."""

    inputs: int
    outputs: int
    stride: int

    @property
    def fan_in(self) -> int:
        """Numbers of which each output is the weighted sum."""
        return self.inputs * (1 if self.stride == 1 else (KERNEL // self.stride) ** 2)

    @property
    def released_bound(self) -> float:
        """Of the original's uniform weights: it takes the first axis of the bank for a depth."""
        return 1 / math.sqrt(self.inputs * self.outputs * KERNEL**2)


class ExpertsDecoder(nn.Module):
    """
    Poses and blends of experts to the logits of frames.

    The parameters of the experts are blended, not what they say: a clip has one decoder.

    Args:
        sizes: of the networks.
    """

    def __init__(self, sizes: FrameSizes) -> None:
        super().__init__()
        widths = [sizes.base_width * 2**power for power in reversed(range(sizes.doublings))]
        inputs = [sizes.pose + sizes.experts, *widths]
        outputs = [*widths, sizes.channels]
        self.layers = [
            Layer(i, o, 1 if place == 0 else 2)
            for place, (i, o) in enumerate(zip(inputs, outputs, strict=True))
        ]
        self.experts = sizes.experts
        kernel = KERNEL, KERNEL
        self.kernels = nn.ParameterList(
            nn.Parameter(torch.empty(sizes.experts, layer.inputs, layer.outputs, *kernel))
            for layer in self.layers
        )
        self.biases = nn.ParameterList(
            nn.Parameter(torch.empty(sizes.experts, layer.outputs)) for layer in self.layers
        )
        self.reset(sizes.release_initialisation, sizes.expert_spread)

    def reset(self, as_released: bool = False, spread: float = 1.0) -> None:
        """
        Draw the weights.

        Each expert is a network of its own. A blend of K independent ones has a K-th of their
        variance, so they begin √K times as large. Such experts are so different that another
        blend is another, random network, and the static code is learned late; with less spread
        they begin near their mean, which is the network that an even blend has in either case.

        Args:
            as_released: as in the original's release, where all of them vanish.
            spread: how far they are from their mean, relative to independent ones.
        """
        for layer, kernel, bias in zip(self.layers, self.kernels, self.biases, strict=True):
            gain = math.sqrt(2 * self.experts)
            bound = gain * math.sqrt(3 / layer.fan_in)
            if as_released:
                bound = layer.released_bound
            nn.init.uniform_(kernel, -bound, bound)
            edge = bound if as_released else math.sqrt(self.experts / layer.fan_in)
            nn.init.uniform_(bias, -edge, edge)
            with torch.no_grad():
                for bank in (kernel, bias):
                    bank.lerp_(bank.mean(0, keepdim=True).expand_as(bank), 1 - spread)

    def forward(self, poses: Tensor, blend: Tensor) -> Tensor:
        """
        Logits of the pixels, all clips in one grouped convolution.

        Args:
            poses: shape (N, T, Zd).
            blend: weights of the experts in each clip, (N, K), >= 0, sum 1.

        Returns:
            Shape (N, T, C, side, side).
        """
        clips, frames, _ = poses.shape
        given = torch.cat([poses, blend[:, None].expand(-1, frames, -1)], 2)
        maps = given.transpose(0, 1).reshape(frames, -1, 1, 1)
        for place, layer in enumerate(self.layers):
            kernel = torch.einsum('nk,kioyx->nioyx', blend, self.kernels[place]).flatten(0, 1)
            bias = (blend @ self.biases[place]).flatten()
            padding = 0 if layer.stride == 1 else 1
            maps = F.conv_transpose2d(maps, kernel, bias, layer.stride, padding, groups=clips)
            if place < len(self.layers) - 1:
                maps = F.leaky_relu(maps, SLOPE)
        return maps.unflatten(1, (clips, -1)).transpose(0, 1)


def blend_of(static: Tensor, temperature: float) -> Tensor:
    """Weights of the experts (N, K) of static codes: a softmax, sharper with the temperature."""
    return torch.softmax(temperature * static, 1)


class FrameModel(nn.Module):
    """
    Frames to codes and back: what the first phase trains.

    Args:
        sizes: of the networks.

    Raises:
        ValueError: for sizes that no network can have.
    """

    steps: Tensor
    variant: Tensor

    def __init__(self, sizes: FrameSizes) -> None:
        super().__init__()
        check_sizes(sizes)
        self.register_buffer('steps', torch.zeros((), dtype=torch.int64))  # of its training
        self.register_buffer('variant', torch.tensor(variant_of(sizes)))
        self.sizes = sizes
        self.encoder = FrameEncoder(sizes)
        self.refinement = StaticRefinement(sizes.experts, sizes.static_activation)
        self.decoder = ExpertsDecoder(sizes)
        self.encoder.to(memory_format=torch.channels_last)  # two thirds of the time on a CPU

    def encode(self, frames: Tensor) -> FrameCodes:
        """Codes (N, T, …) of the frames (N, T, C, side, side) of clips."""
        together = frames.flatten(0, 1).contiguous(memory_format=torch.channels_last)
        flat = self.encoder(together)
        return FrameCodes(*(part.unflatten(0, frames.shape[:2]) for part in flat))

    def decode(self, poses: Tensor, static: Tensor, temperature: float) -> Tensor:
        """Logits (N, T, C, side, side) of poses (N, T, Zd) and static codes (N, K)."""
        return self.decoder(poses, blend_of(static, temperature))
