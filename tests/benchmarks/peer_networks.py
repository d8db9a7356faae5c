# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
The networks of published peers, with random weights: what one face costs in them.

Written from the papers that `docs/results/affect.md` names; ten outputs each, so that the heads
cost alike. Batch norms and dropout are in, an export folds them.
"""

from collections.abc import Callable, Iterator, Sequence

import torch
from torch import Tensor, nn

OUTPUTS = 10


def convolve(channels_in: int, channels_out: int, kernel: int = 3, **others: int) -> nn.Sequential:
    """Convolution, batch norm and ReLU."""
    convolution = nn.Conv2d(channels_in, channels_out, kernel, bias=False, **others)
    return nn.Sequential(convolution, nn.BatchNorm2d(channels_out), nn.ReLU())


def vgg13() -> nn.Module:
    """VGG13 of Barsoum et al. for grey faces of 64×64."""

    def layers() -> Iterator[nn.Module]:
        channels = 1
        for width, depth in ((64, 2), (128, 2), (256, 3), (256, 3)):
            for _ in range(depth):
                yield from (nn.Conv2d(channels, width, 3, padding=1), nn.ReLU())
                channels = width
            yield nn.MaxPool2d(2)
        yield from (nn.Flatten(), nn.Linear(4096, 1024), nn.ReLU())
        yield from (nn.Linear(1024, 1024), nn.ReLU(), nn.Linear(1024, OUTPUTS))

    return nn.Sequential(*layers())


class Residual(nn.Module):
    """A block of a ResNet: two 3×3 convolutions, or one between two of 1×1."""

    def __init__(self, channels_in: int, width: int, stride: int, bottleneck: bool) -> None:
        super().__init__()
        channels_out = 4 * width if bottleneck else width
        if bottleneck:
            inner = (
                convolve(channels_in, width, 1, stride=stride),
                convolve(width, width, padding=1),
            )
            last = nn.Conv2d(width, channels_out, 1, bias=False)
        else:
            inner = (convolve(channels_in, width, stride=stride, padding=1),)
            last = nn.Conv2d(width, channels_out, 3, padding=1, bias=False)
        self.inner = nn.Sequential(*inner, last, nn.BatchNorm2d(channels_out))
        self.shortcut: nn.Module = nn.Identity()
        if stride != 1 or channels_in != channels_out:
            shortcut = nn.Conv2d(channels_in, channels_out, 1, stride, bias=False)
            self.shortcut = nn.Sequential(shortcut, nn.BatchNorm2d(channels_out))

    def forward(self, maps: Tensor) -> Tensor:
        return torch.relu(self.inner(maps) + self.shortcut(maps))


def resnet(depths: Sequence[int], bottleneck: bool) -> nn.Module:
    """ResNet of He et al. for 224×224×3; it halves in the first convolution of a stage."""
    layers: list[nn.Module] = [convolve(3, 64, 7, stride=2, padding=3), nn.MaxPool2d(3, 2, 1)]
    channels = 64
    for stage, depth in enumerate(depths):
        width = 64 * 2**stage
        for index in range(depth):
            stride = 2 if stage and not index else 1
            layers.append(Residual(channels, width, stride, bottleneck))
            channels = 4 * width if bottleneck else width
    head = (nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, OUTPUTS))
    return nn.Sequential(*layers, *head)


def mobilenet() -> nn.Module:
    """MobileNet (first version) of Howard et al. for 224×224×3."""
    layers: list[nn.Module] = [convolve(3, 32, stride=2, padding=1)]
    channels = 32
    plan = ((64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2))
    for width, stride in (*plan, *[(512, 1)] * 5, (1024, 2), (1024, 1)):
        layers.append(convolve(channels, channels, stride=stride, padding=1, groups=channels))
        layers.append(convolve(channels, width, 1))
        channels = width
    head = (nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, OUTPUTS))
    return nn.Sequential(*layers, *head)


class Ensemble(nn.Module):
    """ESR-9 of Siqueira et al. for 96×96×3: nine branches upon shared layers."""

    def __init__(self) -> None:
        super().__init__()
        self.shared = nn.Sequential(
            *(convolve(3, 64, 5), convolve(64, 128), nn.MaxPool2d(2)),
            *(convolve(128, 128), convolve(128, 128), nn.MaxPool2d(2)),
        )
        self.branches = nn.ModuleList(
            nn.Sequential(
                *(convolve(128, 128), convolve(128, 256), nn.MaxPool2d(2)),
                *(convolve(256, 256), convolve(256, 512, padding=1)),
                *(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, OUTPUTS)),
            )
            for _ in range(9)
        )

    def forward(self, faces: Tensor) -> Tensor:
        shared = self.shared(faces)
        return torch.stack([branch(shared) for branch in self.branches]).mean(0)


def efficientnet() -> nn.Module:
    """EfficientNet-B0 for 224×224×3; needs efficientnet_pytorch."""
    from efficientnet_pytorch import EfficientNet

    network = EfficientNet.from_name('efficientnet-b0', num_classes=OUTPUTS)
    network.set_swish(memory_efficient=False)
    return network


NETWORKS: dict[str, tuple[Callable[[], nn.Module], tuple[int, int, int]]] = {
    'VGG13': (vgg13, (1, 64, 64)),
    'MobileNet': (mobilenet, (3, 224, 224)),
    'EfficientNet-B0': (efficientnet, (3, 224, 224)),
    'ESR-9': (Ensemble, (3, 96, 96)),
    'ResNet-18': (lambda: resnet((2, 2, 2, 2), bottleneck=False), (3, 224, 224)),
    'ResNet-50': (lambda: resnet((3, 4, 6, 3), bottleneck=True), (3, 224, 224)),
}
"""How each is made, and the shape of a face: channels, rows, columns."""
