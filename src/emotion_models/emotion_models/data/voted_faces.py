# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Batches of voted faces for the training of the affect network."""

from collections.abc import Iterator

import cv2
import numpy as np
import torch
from lightning.pytorch import LightningDataModule
from torch import Tensor
from torch.utils.data import DataLoader, Sampler, TensorDataset

from emotion_models.data import drawn_faces, fer2013plus
from emotion_models.data.fer2013plus import VotedFaces, expected_va, load_voted_faces
from emotion_models.labels.expressions import EXPRESSIONS
from emotion_models.runtime.affect import AffectModel


class RarityDraws(Sampler[int]):
    """
    Indices drawn with replacement, in an order that is a function of seed and epoch.

    Args:
        expression: distributions over the expressions, shape (N, 8).
        rare_boost: power of the rarity of an image's expression in its chance; 0 = all alike.
        seed: of the order.
    """

    def __init__(self, expression: Tensor, rare_boost: float, seed: int) -> None:
        rarity = expression.sum(0).clamp(min=1).pow(-rare_boost)
        self.chances = expression @ rarity
        self.seed = seed
        self.epoch = 0

    def __len__(self) -> int:
        return len(self.chances)

    def set_epoch(self, epoch: int) -> None:
        """Tell the epoch; Lightning calls this before each."""
        self.epoch = epoch

    def __iter__(self) -> Iterator[int]:
        generator = torch.Generator().manual_seed(self.seed + 1_000_003 * self.epoch)
        draws = torch.multinomial(self.chances, len(self), replacement=True, generator=generator)
        return iter(draws.tolist())


class VotedFacesModule(LightningDataModule):
    """
    The faces of one archive, a fixed part of them held out for selection and temperature.

    Args:
        path: archive as `load_voted_faces` reads it.
        batch_size: faces in a batch.
        held_out: part of the images that is never trained on.
        rare_boost: how much more often rare expressions are drawn, see `RarityDraws`.
        least_va_votes: images with fewer votes for expressions that have a mean give no VA
            target.
        teacher: a shipped model or a folder of one whose answers are mixed with the votes that are
            trained on; the held-out part keeps its votes.
        teacher_weight: share of the teacher in the mixture.
        seed: of the split and of the order.
    """

    ORIGIN = fer2013plus.ORIGIN

    def __init__(
        self,
        path: str,
        batch_size: int = 128,
        held_out: float = 0.05,
        rare_boost: float = 0.5,
        least_va_votes: int = 4,
        teacher: str | None = None,
        teacher_weight: float = 0.5,
        seed: int = 5230,
    ) -> None:
        super().__init__()
        self.save_hyperparameters()
        self._teacher, self._teacher_weight = teacher, teacher_weight
        self.training: TensorDataset | None = None
        self.validation: TensorDataset | None = None

    def setup(self, stage: str | None = None) -> None:
        """Read and split the faces once."""
        if self.training is not None:
            return
        faces = self._load()
        faces = faces[faces.expression_votes.sum(1) > 0]
        order = self._order(len(faces.images))
        split = round(self.hparams.held_out * len(order))
        held_out, kept = faces[order[:split]], faces[order[split:]]
        self.validation = self._targets(held_out, held_out.expression_votes)
        self.training = self._targets(kept, self._taught(kept))

    def train_dataloader(self) -> DataLoader:
        """Shuffled batches; a last one that is not full is left out."""
        draws = RarityDraws(self.training.tensors[1], self.hparams.rare_boost, self.hparams.seed)
        return DataLoader(
            self.training,
            self.hparams.batch_size,
            sampler=draws,
            drop_last=True,
            generator=self._loader_generator(),
        )

    def val_dataloader(self) -> DataLoader:
        """The held-out part, in a fixed order."""
        return DataLoader(
            self.validation, self.hparams.batch_size, generator=self._loader_generator()
        )

    def _loader_generator(self) -> torch.Generator:
        # Without one, loaders draw from torch's global generator when they begin, and Lightning
        # begins them at another moment when it resumes.
        return torch.Generator().manual_seed(self.hparams.seed)

    def _load(self) -> VotedFaces:
        return load_voted_faces(self.hparams.path)

    def _order(self, count: int) -> np.ndarray:
        """All indices, those to hold out first."""
        return np.random.default_rng(self.hparams.seed).permutation(count)

    def _taught(self, faces: VotedFaces) -> np.ndarray:
        """The votes for the expressions, (N, 8), a share of them given by the teacher."""
        votes = faces.expression_votes
        if self._teacher is None:
            return votes
        share = self._teacher_weight
        opinion = ask(AffectModel(self._teacher, torch.get_num_threads()), faces.images)
        return (1 - share) * votes + share * votes.sum(1, keepdims=True) * opinion

    def _targets(self, faces: VotedFaces, votes: np.ndarray) -> TensorDataset:
        total = faces.votes.sum(1, dtype=np.float32)
        va, counted = expected_va(votes)
        va_weight = np.where(counted >= self.hparams.least_va_votes, counted / total, 0)
        arrays = (
            faces.images[:, None],
            votes / votes.sum(1, keepdims=True),
            votes.sum(1) / total,
            va,
            va_weight.astype(np.float32),
        )
        return TensorDataset(*(torch.from_numpy(array) for array in arrays))


def ask(teacher: AffectModel, faces: np.ndarray) -> np.ndarray:
    """
    How a network expects votes to be shared out among the expressions.

    The mean over each face and its mirror image; the temperature that made the network's answers
    sharper, if its card notes one, is taken back.

    Args:
        teacher: a network with its card.
        faces: uint8, shape (N, 48, 48).

    Returns:
        float32, shape (N, 8), rows sum to 1.
    """
    noted = teacher.card.get('metrics', {}).get('held_out', {})
    temperature = noted.get('temperature', 1.0)
    opinion = np.zeros((len(faces), len(EXPRESSIONS)), np.float32)
    for start in range(0, len(faces), 256):
        part = [
            cv2.resize(face, (teacher.size_px, teacher.size_px))
            for face in faces[start : start + 256]
        ]
        for views in (part, [face[:, ::-1] for face in part]):
            softened = teacher(views)[0] ** temperature
            opinion[start : start + len(part)] += softened / softened.sum(1, keepdims=True) / 2
    return opinion


class DrawnFacesModule(VotedFacesModule):
    """
    Faces of the parametric generator, whole identities of them held out: needs no data.

    Args:
        count: number of drawings.
        batch_size: faces in a batch.
        held_out: part of the drawings, the first ones, that is never trained on.
        rare_boost: how much more often rare expressions are drawn, see `RarityDraws`.
        least_va_votes: drawings with fewer votes for expressions that have a mean give no VA
            target.
        seed: of the drawings and of the order.
    """

    ORIGIN = drawn_faces.ORIGIN

    def __init__(
        self,
        count: int = 2048,
        batch_size: int = 64,
        held_out: float = 0.125,
        rare_boost: float = 0.35,
        least_va_votes: int = 4,
        seed: int = 5230,
    ) -> None:
        super().__init__('', batch_size, held_out, rare_boost, least_va_votes, seed=seed)
        self.save_hyperparameters()

    def _load(self) -> VotedFaces:
        return drawn_faces.draw_voted_faces(self.hparams.count, self.hparams.seed)

    def _order(self, count: int) -> np.ndarray:
        return np.arange(count)
