# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The networks of the encoder of photographs: trunk, readings, and critics."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.parametrizations import spectral_norm

from emotion_models.drawing.action_units import N_ACTION_UNITS
from emotion_models.drawing.identity import Identity
from emotion_models.drawing.parts import FACIAL_UNITS, PROPORTIONS, identity_columns, unit_columns
from emotion_models.nn.augmentation import FACE_PX, standardise
from emotion_models.runtime.artefact import load_artefact
from emotion_models.sketch.network import CHUNK_SIZES, N_AFFECT, N_LATENT, LabelMaps

READ_UNITS = (*FACIAL_UNITS, 'tear')
"""Action units that a photograph may have, the tear last; hearts and blush are the robot's."""
_SURE = (0.3, 0.6)
"""Confidences between which a drawing goes from the robot's own face at rest to what was seen."""
_FAINT = 0.15
"""Tears up to this are not drawn: a drop is seen or not, and few people cry."""
_OPPOSING = (
    ('lip_corner_puller', 'lip_corner_depressor'),
    ('upper_lid_raiser', 'eyes_closed'),
)
_WIDTHS = (24, 48, 96, 160)
_DEPTHS = (2, 2, 2)


class Block(nn.Module):
    """Two 3×3 convolutions around a shortcut, without norms; a stride halves by averaging."""

    def __init__(self, channels_in: int, channels_out: int, stride: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(channels_in, channels_out, 3, stride, 1)
        self.second = nn.Conv2d(channels_out, channels_out, 3, 1, 1)
        self.shortcut = nn.Sequential()
        if stride != 1 or channels_in != channels_out:
            self.shortcut = nn.Sequential(
                nn.AvgPool2d(stride), nn.Conv2d(channels_in, channels_out, 1)
            )

    def forward(self, maps: Tensor) -> Tensor:
        """Maps (N, channels_out, H / stride, W / stride) from (N, channels_in, H, W)."""
        return F.relu(self.second(F.relu(self.first(maps))) + self.shortcut(maps))


class Trunk(nn.Module):
    """
    The affect network as it is exported, norms folded into convolutions, up to its last maps.

    Args:
        widths: channels of the stem and of each stage.
        depths: residual blocks of each stage.
    """

    def __init__(self, widths: Sequence[int] = _WIDTHS, depths: Sequence[int] = _DEPTHS) -> None:
        super().__init__()
        if len(widths) != len(depths) + 1:
            raise ValueError(
                f'widths must be one for the stem and one for each of the {len(depths)} stages of '
                f'depths, got {len(widths)}'
            )
        self.stem = nn.Sequential(nn.Conv2d(1, widths[0], 5, 2, 2), nn.ReLU())
        blocks: list[nn.Module] = []
        channels = widths[0]
        for width, depth in zip(widths[1:], depths, strict=True):
            for index in range(depth):
                blocks.append(Block(channels, width, stride=2 if index == 0 else 1))
                channels = width
        self.blocks = nn.Sequential(*blocks)
        self.channels, self.side = channels, FACE_PX // 2 ** len(widths)

    def forward(self, faces: Tensor) -> Tensor:
        """Maps (N, channels, side, side) of grey faces (N, 1, 64, 64) in [0, 1]."""
        return self.blocks(self.stem(standardise(255.0 * faces)))

    def load(self, model: str) -> None:
        """
        Take the weights of an exported affect network, of each stage the first blocks.

        Args:
            model: name of a shipped one or path of a folder.

        Raises:
            ArtefactError: if there is no such model.
            ValueError: if it has no weights of these names and shapes.
        """
        found = _weights(str(load_artefact(model).model_path))
        starts = [k for k in range(len(found)) if f'network.blocks.{k}.shortcut.1.weight' in found]
        wanted = self.state_dict()
        for name, value in wanted.items():
            weights = found.get(f'network.{self._source_name(name, starts)}')
            if weights is None or weights.shape != tuple(value.shape):
                shape = None if weights is None else weights.shape
                raise ValueError(
                    f'trunk: {model} has {name} {shape}, expected {tuple(value.shape)}; name an '
                    'affect network of these widths and depths, or none'
                )
            wanted[name] = torch.from_numpy(np.array(weights, np.float32))
        self.load_state_dict(wanted)

    def _source_name(self, name: str, starts: Sequence[int]) -> str:
        """What a weight is called where the stages begin with other blocks."""
        kind, _, rest = name.partition('.')
        if kind != 'blocks':
            return name
        place, _, rest = rest.partition('.')
        begins = [k for k, block in enumerate(self.blocks) if len(block.shortcut)]
        stage = sum(begin <= int(place) for begin in begins) - 1
        if stage >= len(starts):
            return name
        return f'blocks.{starts[stage] + int(place) - begins[stage]}.{rest}'


class PhotoReading(NamedTuple):
    """What is read off N faces, all float32."""

    units: Tensor  # (N, 19) in [0, 1], order of READ_UNITS
    proportions: Tensor  # (N, 6) in [0, 1], order of PROPORTIONS
    affect: Tensor  # (N, 2), valence and arousal in [-1, 1]
    confidence: Tensor  # (N,), logit of a face being there


class PhotoNetwork(nn.Module):
    """
    Reads action units, proportions, valence, arousal and confidence from grey faces.

    Args:
        trunk: gives the maps.
        hidden: width of the layer that all readings share.
    """

    def __init__(self, trunk: Trunk, hidden: int = 128) -> None:
        super().__init__()
        self.trunk = trunk
        self.places = nn.Conv2d(trunk.channels, 48, 1)
        self.shared = nn.Linear(48 * trunk.side**2 + trunk.channels, hidden)
        self.readings = nn.Linear(hidden, len(READ_UNITS) + len(PROPORTIONS) + 3)
        self._first, self._second = (
            [READ_UNITS.index(pair[place]) for pair in _OPPOSING] for place in (0, 1)
        )
        both = torch.zeros(len(_OPPOSING), len(READ_UNITS))
        both[range(len(_OPPOSING)), self._first] = 1.0
        both[range(len(_OPPOSING)), self._second] = 1.0
        self.register_buffer('both', both, persistent=False)

    def forward(self, faces: Tensor) -> PhotoReading:
        """What is read off faces (N, 1, 64, 64) in [0, 1]."""
        maps = self.trunk(faces)
        where = F.relu(self.places(maps)).flatten(1)
        hidden = F.relu(self.shared(torch.cat([where, maps.mean((2, 3))], 1)))
        answers = self.readings(hidden).float()
        n_units, n_labels = len(READ_UNITS), len(READ_UNITS) + len(PROPORTIONS)
        units = answers[:, :n_units].sigmoid()
        # Of opposing pairs what is left of them is seen, see `cancel_opposing`; gradients pass as
        # if nothing were cancelled, or the weaker unit of a pair would never learn.
        common = torch.minimum(units[:, self._first], units[:, self._second]).detach()
        return PhotoReading(
            units - common @ self.both,
            answers[:, n_units:n_labels].sigmoid(),
            answers[:, n_labels : n_labels + 2].tanh(),
            answers[:, n_labels + 2],
        )


class Placement(nn.Module):
    """Where the drawing of a face lies; its style is the robot's own."""

    units: Tensor
    proportions: Tensor
    own: Tensor
    style: Tensor

    def __init__(self) -> None:
        super().__init__()
        own = torch.tensor(Identity.default().as_vector()).float()
        units = torch.zeros(len(READ_UNITS), N_ACTION_UNITS)
        units[range(len(READ_UNITS)), unit_columns(READ_UNITS)] = 1.0
        proportions = torch.zeros(len(PROPORTIONS), len(own))
        proportions[range(len(PROPORTIONS)), identity_columns(PROPORTIONS)] = 1.0
        self.register_buffer('units', units, persistent=False)
        self.register_buffer('proportions', proportions, persistent=False)
        self.register_buffer('own', own, persistent=False)
        self.register_buffer('style', own * (1 - proportions.sum(0)), persistent=False)

    def forward(self, reading: PhotoReading, labels: LabelMaps, doubts: bool = True) -> Tensor:
        """
        Points (N, N_LATENT) of what was read.

        Args:
            reading: of N faces.
            labels: maps of the learned face.
            doubts: where it is not sure that there is a face, that is the robot's own at rest.
        """
        units = without_faint_tears(reading.units)
        latent = self.lay(units, reading.proportions, reading.affect, labels)
        if not doubts:
            return latent
        rest = self.at_rest(labels)
        return rest + certainty(reading.confidence)[:, None] * (latent - rest)

    def lay(self, units: Tensor, proportions: Tensor, affect: Tensor, labels: LabelMaps) -> Tensor:
        """Points (N, N_LATENT) of units (N, 19), proportions (N, 6) and affect (N, 2)."""
        person = proportions @ self.proportions + self.style
        return place_labels(labels, units @ self.units, person, affect)

    def at_rest(self, labels: LabelMaps) -> Tensor:
        """Where the robot's own face at rest lies, (1, N_LATENT)."""
        none = self.own.new_zeros(1, N_ACTION_UNITS)
        return place_labels(labels, none, self.own[None], none[:, :2])


def place_labels(labels: LabelMaps, units: Tensor, identity: Tensor, affect: Tensor) -> Tensor:
    """
    Where labels lie, (N, N_LATENT).

    Args:
        labels: maps of the learned face.
        units: (N, 21).
        identity: (N, 16).
        affect: valence and arousal, (N, 2).
    """
    chunks = (
        affect.repeat_interleave(N_AFFECT, 1),
        labels.place_units(units),
        labels.chunk_of_identity(identity),
    )
    return torch.cat([chunk.float() for chunk in chunks], 1)


class PhotoEncoder(nn.Module):
    """
    From faces to points and confidences, as it is exported.

    All maps of the face are linear, so that one map leads from what is read to the point.

    Args:
        network: reads.
        placement: says where that lies.
        labels: maps of the learned face.
    """

    def __init__(self, network: PhotoNetwork, placement: Placement, labels: LabelMaps) -> None:
        super().__init__()
        self.network = network
        sizes = (len(READ_UNITS), len(PROPORTIONS), 2)
        basis = torch.eye(sum(sizes), device=placement.own.device)
        with torch.no_grad():
            nothing = torch.zeros_like(basis[:1])
            rows = torch.cat([nothing, basis])
            units, proportions, affect = rows.split(sizes, 1)
            placed = placement.lay(units, proportions, affect, labels)
            offset, weight = placed[:1], placed[1:] - placed[:1]
            rest = placement.at_rest(labels)
        self.weight = nn.Parameter(weight, requires_grad=False)
        self.register_buffer('offset', offset)
        self.register_buffer('rest', rest)

    def forward(self, faces: Tensor) -> tuple[Tensor, Tensor]:
        """Points (N, N_LATENT) and confidences (N,) of faces (N, 1, 64, 64) in [0, 1]."""
        reading = self.network(faces)
        units = without_faint_tears(reading.units)
        read = torch.cat([units, reading.proportions, reading.affect], 1)
        share = certainty(reading.confidence)[:, None]
        point = self.rest + share * (read @ self.weight + self.offset - self.rest)
        return point, reading.confidence.sigmoid()


class LatentCritic(nn.Module):
    """
    Tells points of photographs from points of drawings, by each chunk and as a whole.

    Args:
        width: of hidden layers.
    """

    def __init__(self, width: int = 48) -> None:
        super().__init__()
        self.parts = nn.ModuleList(_critic(size, width) for size in CHUNK_SIZES.values())
        self.whole = nn.Sequential(
            spectral_norm(nn.Linear(N_LATENT, 2 * width)),
            nn.LeakyReLU(0.2),
            _critic(2 * width, 2 * width),
        )

    def forward(self, latent: Tensor) -> Tensor:
        """(B, 8): an answer for each chunk of points (B, N_LATENT), and one for all."""
        chunks = latent.split(list(CHUNK_SIZES.values()), 1)
        answers = [part(chunk) for part, chunk in zip(self.parts, chunks, strict=True)]
        return torch.cat([*answers, self.whole(latent)], 1)


class DrawingCritic(nn.Module):
    """
    Tells decoded drawings from true ones, place by place.

    Args:
        width: channels after the first convolution.
    """

    def __init__(self, width: int = 12) -> None:
        super().__init__()
        widths = (1, width, 2 * width, 4 * width)
        layers: list[nn.Module] = []
        for inputs, channels in pairwise(widths):
            layers += [
                spectral_norm(nn.Conv2d(inputs, channels, 4, 2, 1)),
                nn.LeakyReLU(0.2),
            ]
        layers.append(spectral_norm(nn.Conv2d(widths[-1], 1, (8, 16))))
        self.layers = nn.Sequential(*layers)

    def forward(self, field: Tensor) -> Tensor:
        """Answers (B, 1) about fields (B, 1, 64, 128)."""
        return self.layers(field.clamp(-1, 1)).flatten(1)


def critic_hinge(real: Tensor, fake: Tensor) -> Tensor:
    """The critic's hinge loss (Lim, Ye, "Geometric GAN", 2017) of its answers to both."""
    return F.relu(1 - real).mean() + F.relu(1 + fake).mean()


def _critic(inputs: int, width: int) -> nn.Module:
    return nn.Sequential(
        spectral_norm(nn.Linear(inputs, width)),
        nn.LeakyReLU(0.2),
        spectral_norm(nn.Linear(width, width)),
        nn.LeakyReLU(0.2),
        spectral_norm(nn.Linear(width, 1)),
    )


def certainty(confidence: Tensor) -> Tensor:
    """Share in [0, 1] of what was seen in what is drawn, of logits of any shape."""
    low, high = _SURE
    return ((confidence.sigmoid() - low) / (high - low)).clamp(0, 1)


def without_faint_tears(units: Tensor) -> Tensor:
    """Units (N, 19) in which a tear up to 0.15 is none."""
    tear = F.leaky_relu((units[:, -1:] - _FAINT) / (1 - _FAINT), 0.05)
    return torch.cat([units[:, :-1], tear], 1)


def _weights(path: str) -> dict[str, np.ndarray]:
    """The weights of an ONNX file by the names they had in torch."""
    import onnx
    from onnx import numpy_helper

    return {
        weight.name.removesuffix('.half'): numpy_helper.to_array(weight)
        for weight in onnx.load(path).graph.initializer
    }
