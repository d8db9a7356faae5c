# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Training of the encoder of photographs, which a frozen learned face draws."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from emotion_models.data.face_points import TOLD
from emotion_models.data.photo_faces import PhotoBatch
from emotion_models.drawing.action_units import EMOTION_ACTION_UNITS
from emotion_models.drawing.parts import FACIAL_UNITS, PROPORTIONS, identity_columns, unit_columns
from emotion_models.drawing.view import N_LOOK
from emotion_models.labels.emotions import EMOTIONS
from emotion_models.nn.augmentation import FACE_PX, FaceAugmentation, resize
from emotion_models.nn.optimisation import descend, one_cycle
from emotion_models.runtime.photo_encoder import OUTPUTS
from emotion_models.sketch.module import SketchModule, aligned_dimensions
from emotion_models.sketch.network import N_AFFECT, N_LATENT, OF_IDENTITY
from emotion_models.sketch.non_faces import make_non_faces
from emotion_models.sketch.photo_network import (
    READ_UNITS,
    DrawingCritic,
    LatentCritic,
    PhotoEncoder,
    PhotoNetwork,
    PhotoReading,
    Placement,
    Trunk,
    critic_hinge,
    place_labels,
)
from emotion_models.training.export import ExportPlan
from emotion_models.training.warm_start import WarmStart

CARD = {
    'description': 'Where the drawings of photographed faces lie in the latent space of the face.',
    'inputs': [
        {
            'name': 'faces',
            'shape': ['N', 1, FACE_PX, FACE_PX],
            'dtype': 'float32',
            'colour': 'grey',
            'unit': 'grey value, 0..1; the network standardises each image itself',
        }
    ],
    'outputs': [
        {'name': OUTPUTS[0], 'shape': ['N', N_LATENT], 'unit': 'latent point'},
        {'name': OUTPUTS[1], 'shape': ['N'], 'unit': 'probability that a face is there'},
    ],
    'limits': 'draws what a face shows, not what a person feels; a drawing names no one; not '
    'tested by age, gender, skin colour or culture, nor on covered faces (docs/models.md)',
}
_CLIP_NORM = 1.0
_TOLERANCE = 1e-4
_DRAWN_EACH_STEP = 12
"""Photographs of a batch that are decoded for the critic of drawings: the dearest of a step."""
_CLEAR = 0.6
"""Share of all votes from which an expression counts as known."""
_SMOOTH = 0.1
"""Differences of numbers in [0, 1] beyond which the robust loss is linear."""

_TOLD = np.flatnonzero(TOLD)
_OPENING = [READ_UNITS.index(name) for name in ('lips_part', 'jaw_drop')]
_UNIT_COLUMNS = unit_columns(FACIAL_UNITS)
_PROPORTION_COLUMNS = identity_columns(PROPORTIONS)
_MIRRORED = [
    FACIAL_UNITS.index(
        name.replace('left', 'right') if 'left' in name else name.replace('right', 'left')
    )
    for name in FACIAL_UNITS
]


class PhotoModule(SketchModule):
    """
    An encoder of photographs into the space of a learned face, which stays as it is.

    The run begins with `init_from: {run: RUN OF THE FACE, parts: [encoder, decoder, labels]}`.
    What is read off a photograph is placed by the maps of the face; the style is the robot's own.
    Four losses teach it: geometry of points, votes, a critic of latent points and one of drawings
    (Makhzani et al., "Adversarial Autoencoders", 2015; hinge losses with spectral norm, Miyato et
    al., 2018). A weight of 0 leaves one out. A part of each batch shows no face, and is to be
    drawn as the robot's own face at rest.

    Args:
        widths: channels of the stem and of each stage of the trunk.
        depths: residual blocks of each stage.
        trunk: affect network, name of a shipped one or path of its folder, with whose weights the
            trunk begins; none = random ones.
        geometry_weight: of action units measured on points.
        proportions_weight: of proportions measured on points.
        votes_weight: of the expression that the face's own head reads off the point.
        affect_weight: of valence and arousal expected under the votes.
        prototype_weight: of the distance of the action units, but for the opening of a smile,
            from those of the votes' emotions.
        latent_critic_weight: of the adversarial loss of latent points.
        drawing_critic_weight: of the adversarial loss of decoded drawings.
        confidence_weight: of the cross-entropy of faces and non-faces.
        non_faces: share of each batch that is replaced by non-faces.
        begin_with: run or checkpoint of an encoder for another face, whose readings it begins
            with: they are labels, and not points of a space; none = the trunk.
        learning_rate: of Adam, the highest of one cycle; the critics' is constant.
        critic_learning_rate: of Adam of the critics.
        augmentation: what is done to the faces in training.
        output: of the face, see `SketchModule`.
    """

    def __init__(
        self,
        widths: Sequence[int] = (24, 48, 96, 160),
        depths: Sequence[int] = (2, 2, 2),
        trunk: str | None = 'affect',
        geometry_weight: float = 1.0,
        proportions_weight: float = 0.5,
        votes_weight: float = 0.4,
        affect_weight: float = 0.3,
        prototype_weight: float = 0.2,
        latent_critic_weight: float = 0.02,
        drawing_critic_weight: float = 0.02,
        confidence_weight: float = 0.3,
        non_faces: float = 0.15,
        begin_with: str | None = None,
        learning_rate: float = 5e-4,
        critic_learning_rate: float = 5e-4,
        augmentation: FaceAugmentation | None = None,
        output: str = 'field',
    ) -> None:
        super().__init__(output)
        self.save_hyperparameters(ignore='augmentation')
        network = Trunk(widths, depths)
        if trunk is not None:
            network.load(trunk)
        self.photo = PhotoNetwork(network)
        self.placement = Placement()
        prototypes = EMOTION_ACTION_UNITS[:, unit_columns(READ_UNITS)]
        self.register_buffer('prototypes', torch.tensor(prototypes).float(), persistent=False)
        self.latent_critic = LatentCritic()
        self.drawing_critic = DrawingCritic()
        self.augmentation = augmentation or FaceAugmentation(
            max_turn_deg=10.0, max_shift=0.06, crop_factors=(0.85, 1.3), mirror_probability=0.0
        )
        for part in self._face():
            part.requires_grad_(False)
        self.to(memory_format=torch.channels_last)
        self.train()  # Lightning leaves every part in the mode in which it finds it

    def check_weights(self) -> None:
        """
        Refuse to train without a face, and take the readings of another encoder.

        Raises:
            FileNotFoundError: if that is not there.
            ValueError: if it has other widths, or the decoder was never trained.
        """
        if self.hparams.begin_with:
            WarmStart(self.hparams.begin_with, ['photo']).apply(self)
        steps = [v for n, v in self.decoder.named_buffers() if n.endswith('batches_tracked')]
        if not any(steps):
            raise ValueError(
                'the encoder of photographs is trained for a learned face, and there is none; '
                'begin with init_from: {run: a run of sketch.yaml, parts: [encoder, decoder, '
                'labels]}'
            )

    def train(self, mode: bool = True) -> 'PhotoModule':
        """The face never trains: its norms keep what they have."""
        super().train(mode)
        for part in self._face():
            part.eval()
        return self

    def read(self, faces: Tensor) -> PhotoReading:
        """What is read off faces (B, 1, 64, 64) with grey values 0..255."""
        grey = (faces / 255.0).contiguous(memory_format=torch.channels_last)
        return self.photo(grey)

    def locate(self, faces: Tensor) -> tuple[Tensor, Tensor]:
        """Points (B, N_LATENT) and confidences (B,) of faces (B, 1, S, S), 0..255."""
        reading = self.read(resize(faces.float(), FACE_PX))
        return self.placement(reading, self.labels), reading.confidence.sigmoid()

    def training_step(self, batch: PhotoBatch, batch_index: int) -> None:
        """One step of the encoder, and one of the critics on what it made."""
        with torch.no_grad():
            faces, batch = self._prepare(batch)
        reading = self.read(faces)
        latent = self.placement(reading, self.labels, doubts=False)
        losses = self.losses(reading, latent, batch)
        loss = self.weigh(losses)
        critics = self._critics(latent, batch)
        for name, weight, critic, fake, _ in critics:
            losses[f'{name}_adversary'] = -critic(fake).mean()
            loss = loss + weight * losses[f'{name}_adversary']
        encoder, optimizer = self.optimizers()
        descend(self, encoder, loss, _CLIP_NORM)
        self.lr_schedulers().step()
        if critics:
            told = {
                f'{name}_critic': critic_hinge(critic(real), critic(fake.detach()))
                for name, _, critic, fake, real in critics
            }
            descend(self, optimizer, torch.stack(list(told.values())).sum(), _CLIP_NORM)
            losses |= told
        losses['loss'] = loss
        self.log_dict(
            {f'train_{name}': value.detach() for name, value in losses.items()}, prog_bar=True
        )

    def losses(
        self, reading: PhotoReading, latent: Tensor, batch: PhotoBatch
    ) -> dict[str, Tensor]:
        """
        What the encoder is taught by photographs alone, scalars by name.

        Args:
            reading: of the faces.
            latent: where that lies, (B, N_LATENT).
            batch: what is known about them.
        """
        units = self.labels.read_units(latent)[:, _UNIT_COLUMNS]
        identity = self.labels.read_identity(latent)[:, _PROPORTION_COLUMNS]
        read, affect = self.labels.read_expression(latent), aligned_dimensions(batch.affect)
        expected = batch.emotions[:, 1:] @ self.prototypes
        # How far a smile is open, points tell: a prototype would open all of them.
        joy = batch.emotions[:, [1 + EMOTIONS.index('joy')]]
        told = expected[:, _OPENING] + joy * (reading.units - expected)[:, _OPENING].detach()
        expected[:, _OPENING] = told
        sure = F.binary_cross_entropy_with_logits(
            reading.confidence[:, None], batch.is_face, reduction='none'
        )
        return {
            'geometry': _robust(units[:, _TOLD], batch.units[:, _TOLD], batch.has_points),
            'proportions': _robust(identity, batch.proportions, batch.has_points),
            'votes': _mean(
                -(batch.emotions * read.log_softmax(1)).sum(1, True), batch.emotions_weight
            ),
            'affect': _mean(
                (latent[:, : 2 * N_AFFECT] - affect).square().mean(1, True), batch.affect_weight
            ),
            'prototype': _robust(reading.units, expected, batch.emotions_weight),
            'confidence': _mean(sure, batch.is_face_weight),
        }

    def weigh(self, losses: dict[str, Tensor]) -> Tensor:
        """The sum of `losses` by the weights of the settings."""
        return torch.stack(
            [self.hparams[f'{name}_weight'] * value for name, value in losses.items()]
        ).sum()

    def validation_step(self, batch: PhotoBatch, batch_index: int) -> None:
        """The losses, and how the expression read off the points fits the votes."""
        self._measure(batch, 'val', batch_index)

    def test_step(self, batch: PhotoBatch, batch_index: int) -> None:
        """As in validation."""
        self._measure(batch, 'test', batch_index)

    def export_plans(self) -> dict[str, ExportPlan]:
        """What `emotion-models export` writes: the encoder of photographs."""
        labels = self.labels
        weight, bias = self._unit_map()
        chunk = labels.identity_of_chunk
        rows = torch.zeros(len(PROPORTIONS), N_LATENT)
        rows[:, OF_IDENTITY] = chunk.weight.detach().cpu()[_PROPORTION_COLUMNS]
        space = {
            'id': self.space_id(),
            'units': {
                'names': list(FACIAL_UNITS),
                'weight': _numbers(weight),
                'bias': _numbers(bias),
            },
            'proportions': {
                'weight': _numbers(rows),
                'bias': _numbers(chunk.bias.detach().cpu()[_PROPORTION_COLUMNS]),
            },
        }
        card = {**CARD, 'space': space, 'metrics': {'held_out': self.held_out}}
        network = PhotoEncoder(self.photo, self.placement, labels)
        return {'': ExportPlan(network, torch.rand(4, 1, FACE_PX, FACE_PX), card, _TOLERANCE)}

    def configure_optimizers(self) -> Any:
        """Adam for the encoder, in one cycle; Adam for the critics."""
        critics = [*self.latent_critic.parameters(), *self.drawing_critic.parameters()]
        encoder = torch.optim.Adam(self.photo.parameters(), self.hparams.learning_rate)
        rate = self.hparams.critic_learning_rate
        return (
            [encoder, torch.optim.Adam(critics, rate, betas=(0.5, 0.9))],
            [one_cycle(encoder, self.trainer)],
        )

    def _face(self) -> tuple[nn.Module, ...]:
        return self.encoder, self.decoder, self.labels, self.critic

    def _prepare(self, batch: PhotoBatch) -> tuple[Tensor, PhotoBatch]:
        """Augmented faces (B, 1, 64, 64), some mirrored and some replaced, and what they show."""
        count = len(batch.faces)
        faces = self.augmentation(batch.faces.float(), torch.ones(count, device=self.device))
        is_mirrored = torch.rand(count, 1, device=self.device) < 0.5
        faces = torch.where(is_mirrored[:, :, None, None], faces.flip(3), faces)
        units = torch.where(is_mirrored, batch.units[:, _MIRRORED], batch.units)
        replaced = round(self.hparams.non_faces * count)
        known = torch.ones(count, 1, device=self.device)
        if replaced:
            faces[:replaced] = make_non_faces(faces[:replaced])
            known[:replaced] = 0
        return faces, batch._replace(
            units=units,
            has_points=batch.has_points * known,
            emotions_weight=batch.emotions_weight * known,
            affect_weight=batch.affect_weight * known,
            is_face=batch.is_face * known,
            is_face_weight=torch.maximum(batch.is_face_weight, 1 - known),
        )

    def _critics(self, latent: Tensor, batch: PhotoBatch) -> list[tuple[Any, ...]]:
        """Name, weight, critic, its fake and its real inputs, of the critics that are used."""
        used: list[tuple[Any, ...]] = []
        drawn = batch.is_face[:, 0] > 0
        latent, field = latent[drawn], (batch.drawing[drawn] - 128.0) / 127.0
        weight = self.hparams.latent_critic_weight
        if weight:
            with torch.no_grad():
                real = torch.where(
                    torch.rand(len(field), 1, device=self.device) < 0.5,
                    self.encode(field).mean,
                    place_labels(
                        self.labels,
                        batch.drawn_units[drawn],
                        batch.drawn_identity[drawn],
                        batch.drawn_affect[drawn],
                    ),
                )
            used.append(('latent', weight, self.latent_critic, latent, real))
        weight = self.hparams.drawing_critic_weight
        if weight:
            few = slice(0, _DRAWN_EACH_STEP)
            fake = self.decode(latent[few], latent.new_zeros(len(latent[few]), N_LOOK))
            used.append(('drawing', weight, self.drawing_critic, fake, field[few]))
        return used

    def _measure(self, batch: PhotoBatch, part: str, batch_index: int) -> None:
        reading = self.read(resize(batch.faces.float(), FACE_PX))
        latent = self.placement(reading, self.labels, doubts=False)
        figures = self.losses(reading, latent, batch)
        figures['loss'] = self.weigh(figures)
        shown = self.labels.read_expression(latent).argmax(1) == batch.emotions.argmax(1)
        clear = (batch.emotions.amax(1, True) * batch.emotions_weight >= _CLEAR).float()
        figures['expression_accuracy'] = _mean(shown[:, None].float(), clear)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(batch_index)
            nothing = make_non_faces(resize(batch.faces.float(), FACE_PX))
        figures['non_faces_refused'] = (self.read(nothing).confidence < 0).float().mean()
        self.log_part(part, figures, batch_size=len(latent))

    def _unit_map(self) -> tuple[Tensor, Tensor]:
        """Weight (18, N_LATENT) and bias (18,) of the facial units of a point."""
        with torch.no_grad():
            bias = self.labels.read_units(torch.zeros(1, N_LATENT, device=self.device))[0]
            weight = self.labels.read_units(torch.eye(N_LATENT, device=self.device)) - bias
        return weight.T[_UNIT_COLUMNS].cpu(), bias[_UNIT_COLUMNS].cpu()


def _mean(losses: Tensor, weight: Tensor) -> Tensor:
    """Of (B, 1), with weights (B, 1) that may all be 0."""
    return (weight * losses).sum() / weight.sum().clamp(min=1e-6)


def _robust(found: Tensor, expected: Tensor, weight: Tensor) -> Tensor:
    """Smooth L1 of numbers (B, K) with weights (B, 1)."""
    losses = F.smooth_l1_loss(found, expected, reduction='none', beta=_SMOOTH)
    return _mean(losses.mean(1, True), weight)


def _numbers(values: Tensor) -> list[Any]:
    return [_numbers(row) if row.ndim else round(float(row), 5) for row in values]
