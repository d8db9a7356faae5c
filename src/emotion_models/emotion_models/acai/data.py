# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Batches of poses and of lines."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import Dataset

from emotion_models.data import generated_poses
from emotion_models.data.drawn_lines import draw_lines
from emotion_models.data.parts import PartsModule
from emotion_models.data.poses import Poses, load_poses

HELD_OUT_PART = 0.2
"""Part of the poses, the last ones, that is held out where no subjects are named."""

RECORDED = {
    'name': 'recorded poses of 17 joints',
    'source': 'the file named under data',
    'terms': 'those of the recordings; Human3.6M (Ionescu et al., IEEE TPAMI 36(7), 2014) is for '
    'academic research only',
}
DRAWN_LINES = {
    'name': 'lines from the centre',
    'source': 'emotion_models.data.drawn_lines',
    'terms': 'generated here, Apache-2.0',
}
"""Where samples come from, for the cards of models trained on them."""

GENERATED_HELD_OUT = (f'G{generated_poses.SUBJECTS}',)


def _as_it_is(batch: Tensor) -> Tensor:
    return batch


class Samples(Dataset[Tensor]):
    """
    Samples of one tensor (N, …) that come in whole batches: one by one takes longer than a step.

    Args:
        tensor: all samples.
    """

    def __init__(self, tensor: Tensor) -> None:
        self.tensor = tensor

    def __len__(self) -> int:
        return len(self.tensor)

    def __getitem__(self, index: int) -> Tensor:
        return self.tensor[index]

    def __getitems__(self, indices: list[int]) -> Tensor:
        return self.tensor[indices]


class SamplesModule(PartsModule):
    """
    Samples of one kind, some of them held out; what is tested is what was validated.

    Subclasses give the samples. Other arguments are those of `PartsModule`.
    """

    collate = staticmethod(_as_it_is)

    def split(self) -> tuple[np.ndarray, np.ndarray]:
        """All samples to train with, and all that are held out."""
        raise NotImplementedError

    def load_parts(self) -> dict[str, Samples]:
        """The samples under `training`, `validation` and, once more, `test`."""
        training, held_out = (Samples(torch.from_numpy(part)) for part in self.split())
        return {'training': training, 'validation': held_out, 'test': held_out}

    def samples(self, part: str) -> np.ndarray:
        """All of `training` or `validation`; needs no trainer."""
        self.setup()
        return self._parts[part].tensor.numpy()


class RecordedPosesModule(SamplesModule):
    """
    The poses of one file, whole subjects of them held out.

    Args:
        path: file as `load_poses` reads it.
        held_out_subjects: who is never trained on; nobody named = the last fifth of the poses.
        every: take every so manieth pose of the file; neighbours in a recording are alike.
        batch_size: poses in a batch, of which half are mixed with the other half.
        seed: of the order.
    """

    ORIGIN = RECORDED

    def __init__(
        self,
        path: str,
        held_out_subjects: Sequence[str] = (),
        every: int = 1,
        batch_size: int = 64,
        seed: int = 1234,
    ) -> None:
        super().__init__(batch_size, seed)
        self.save_hyperparameters()

    def split(self) -> tuple[np.ndarray, np.ndarray]:
        """Poses (N, 17, 3) in metres to train with and held out."""
        poses = load_poses(self.hparams.path)
        poses = poses.take(np.arange(0, len(poses), self.hparams.every))
        return split_poses(poses, self.hparams.held_out_subjects)


class GeneratedPosesModule(SamplesModule):
    """
    Poses of the kinematic chain, its last person held out: needs no data.

    Args:
        count: number of poses.
        batch_size: poses in a batch, of which half are mixed with the other half.
        seed: of the poses and of their order.
    """

    ORIGIN = generated_poses.ORIGIN

    def __init__(self, count: int = 16_384, batch_size: int = 64, seed: int = 1234) -> None:
        super().__init__(batch_size, seed)
        self.save_hyperparameters()

    def split(self) -> tuple[np.ndarray, np.ndarray]:
        """Poses (N, 17, 3) in metres to train with and held out."""
        poses = generated_poses.generate_poses(self.hparams.count, self.hparams.seed)
        return split_poses(poses, GENERATED_HELD_OUT)


class LinesModule(SamplesModule):
    """
    Lines from the centre at random angles: the benchmark of interpolation.

    Args:
        count: lines to train with.
        held_out: further lines.
        side: of the images, in pixels.
        batch_size: lines in a batch.
        seed: of the angles and of the order.
    """

    ORIGIN = DRAWN_LINES

    def __init__(
        self,
        count: int = 8192,
        held_out: int = 1024,
        side: int = 32,
        batch_size: int = 64,
        seed: int = 1234,
    ) -> None:
        super().__init__(batch_size, seed)
        self.save_hyperparameters()

    def split(self) -> tuple[np.ndarray, np.ndarray]:
        """Images (N, 1, side, side) in [-1, 1] to train with and held out."""
        generator = np.random.default_rng(self.hparams.seed)
        parts = [
            draw_lines(generator.uniform(0, 2 * np.pi, count), self.hparams.side)
            for count in (self.hparams.count, self.hparams.held_out)
        ]
        training, held_out = (images[:, None] for images in parts)
        return training, held_out


def split_poses(poses: Poses, held_out_subjects: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """
    Positions (N, 17, 3) to train with and held out.

    Args:
        poses: all of them.
        held_out_subjects: see `RecordedPosesModule`.

    Raises:
        ValueError: if a subject has no poses, or one part would be empty.
    """
    unknown = set(held_out_subjects) - set(poses.subject)
    if unknown:
        present = ', '.join(sorted(set(poses.subject.tolist()) - {''})) or 'none are noted'
        raise ValueError(f'no poses of {", ".join(sorted(unknown))}; subjects: {present}')
    is_held = np.isin(poses.subject, list(held_out_subjects))
    if not held_out_subjects:
        is_held = np.arange(len(poses)) >= round((1 - HELD_OUT_PART) * len(poses))
    if is_held.all() or not is_held.any():
        raise ValueError(f'{len(poses)} poses, {is_held.sum()} of them held out: nothing is left')
    return poses.positions[~is_held], poses.positions[is_held]
