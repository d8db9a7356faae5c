# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Handwritten digits, as they ship with scikit-learn."""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import cv2
import numpy as np

from emotion_models.data.data_set import DataSet, InMemory, Parts

LARGEST = 16.0
"""Value of a full pixel in the source."""


class LabelledDigits(NamedTuple):
    """
    Images and what they show.

    Args:
        images: brightness in [-1, 1], float32 (N, 1, side, side).
        digits: 0 to 9, int (N,).
    """

    images: np.ndarray
    digits: np.ndarray


@dataclass(frozen=True)
class Digits(DataSet):
    """
    1,797 digits of 8×8 pixels, enlarged; a batch is an array (B, 1, side, side) in [-1, 1].

    Args:
        held_out: share that chooses checkpoints.
        tested: share that is reported on.
        side: of the images, in pixels.
    """

    CONTENT = 'handwritten digits that ship with scikit-learn, each class split alike'
    ORIGIN: ClassVar[dict[str, str]] = {
        'name': 'optical recognition of handwritten digits',
        'source': 'Alpaydin and Kaynak, UCI Machine Learning Repository, 1998, as in scikit-learn',
        'terms': 'CC BY 4.0',
    }

    held_out: float = 0.1
    tested: float = 0.2
    side: int = 32

    def load_parts(self, seed: int) -> Parts:
        """The images alone, as the autoencoders take them."""
        return {name: InMemory(part.images) for name, part in self.labelled(seed).items()}

    def labelled(self, seed: int) -> dict[str, LabelledDigits]:
        """
        Images and digits of the three parts.

        Args:
            seed: of the split.

        Raises:
            ValueError: if nothing is left to train with.
        """
        from sklearn.datasets import load_digits
        from sklearn.model_selection import train_test_split

        if self.held_out + self.tested >= 1:
            raise ValueError(
                f'held_out and tested must leave something to train with, got {self.held_out:g} '
                f'and {self.tested:g}'
            )
        source = load_digits()
        rows = np.arange(len(source.target))
        others, tested = train_test_split(
            rows, test_size=self.tested, random_state=seed, stratify=source.target
        )
        training, held_out = train_test_split(
            others,
            test_size=self.held_out / (1 - self.tested),
            random_state=seed,
            stratify=source.target[others],
        )
        parts = {'training': training, 'validation': held_out, 'test': tested}
        return {
            name: LabelledDigits(self._enlarged(source.images[which]), source.target[which])
            for name, which in parts.items()
        }

    def _enlarged(self, images: np.ndarray) -> np.ndarray:
        size = (self.side, self.side)
        large = [cv2.resize(image, size, interpolation=cv2.INTER_LINEAR) for image in images]
        return np.float32(2 * np.stack(large)[:, None] / LARGEST - 1)
