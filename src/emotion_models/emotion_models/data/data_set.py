# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What a data set is: a description for the catalogue, and three parts to train with."""

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import numpy as np

SHARES = ('held_out', 'tested')
"""Settings that are a part of the samples."""

Batch = np.ndarray | tuple[np.ndarray, ...]
"""Samples side by side: one array (B, …), or a named tuple of arrays (B, …)."""


class Rarity(NamedTuple):
    """
    By what samples are drawn so that rare classes are seen more often.

    Args:
        classes: distribution over C classes of each sample, float32 (N, C).
        power: of the rarity of a sample's classes in its chance to be drawn; 0 = all alike.
        times: how much more often than by its rarity each sample is drawn, float32 (N,), or all.
    """

    classes: np.ndarray
    power: float
    times: np.ndarray | float = 1.0


class Part(ABC):
    """
    Samples that are taken in whole batches: one by one would take longer than a training step.

    With `rarity` they are drawn with replacement in training; without, an epoch has every sample
    once.
    """

    rarity: Rarity | None = None
    keeps_last: bool = False
    """Whether a last batch of an epoch of training that is not full is trained on too."""

    @abstractmethod
    def __len__(self) -> int:
        """How many samples there are."""

    @abstractmethod
    def take(self, rows: np.ndarray) -> Batch:
        """The samples with these indices, in this order."""


Parts = Mapping[str, Part]
"""`training`, `validation` and `test`."""


class InMemory(Part):
    """
    Samples in memory.

    Args:
        samples: all of them, as one batch.
        rarity: by what they are drawn in training.
    """

    def __init__(self, samples: Batch, rarity: Rarity | None = None) -> None:
        self.samples, self.rarity = samples, rarity

    def __len__(self) -> int:
        return len(self.samples[0] if isinstance(self.samples, tuple) else self.samples)

    def take(self, rows: np.ndarray) -> Batch:
        """Copies of the samples with these indices."""
        if not isinstance(self.samples, tuple):
            return self.samples[rows]
        return type(self.samples)(*(column[rows] for column in self.samples))


class DataSet(ABC):
    """
    Samples by name: where they come from, how their files lie, and how they are split.

    A subclass is a frozen dataclass whose fields are the settings of an experiment, in a module
    of its own with its reader, and has a line in `emotion_models.data.catalogue`.
    """

    CONTENT: ClassVar[str]
    """What it holds and how it is split, for the catalogue."""
    LAYOUT: ClassVar[str] = ''
    """How its files lie; empty = it needs none."""
    ORIGIN: ClassVar[dict[str, str]]
    """Name, source and terms, for the cards of models trained on it."""

    def __post_init__(self) -> None:
        """
        Refuse numbers that no data set can have.

        Raises:
            ValueError: for whole numbers below 1, shares outside 0..1, and what is not finite or
                below 0.
        """
        for name, kind, value in ((f.name, f.type, getattr(self, f.name)) for f in fields(self)):
            if kind in (int, 'int') and value < 1:
                raise ValueError(f'data_set: {name} must be a whole number >= 1, got {value}')
            end = 1 if name in SHARES else math.inf
            if kind in (float, 'float') and not 0 <= value < end:
                raise ValueError(
                    f'data_set: {name} must be a number from 0 to below {end:g}, got {value:g}'
                )

    @abstractmethod
    def load_parts(self, seed: int) -> Parts:
        """
        The samples of the three parts.

        Args:
            seed: of what is drawn and of how it is split.

        Raises:
            FileNotFoundError: if a file is not there; says which layout was expected.
            ValueError: if it is laid out otherwise.
        """

    @property
    def origin(self) -> dict[str, Any]:
        """`ORIGIN`, and what these settings add to it."""
        return dict(self.ORIGIN)

    @classmethod
    def class_path(cls) -> str:
        """What an experiment calls it."""
        return f'{cls.__module__}.{cls.__qualname__}'

    def settings(self) -> dict[str, Any]:
        """Class and fields, as they stand in an experiment."""
        return {'class_path': self.class_path(), 'init_args': asdict(self)}

    @classmethod
    def check_path(cls, path: str | Path) -> Path:
        """
        The path, if there is something.

        Raises:
            FileNotFoundError: if not; says which layout was expected.
        """
        path = Path(path)
        if not path.exists():
            raise FileNotFoundError(f'no file or folder {path.absolute()}; expected {cls.LAYOUT}')
        return path


def check_file(path: str | Path, expected: str) -> Path:
    """
    The path, if there is a file.

    Args:
        path: to look at.
        expected: what the file would hold, for the error.

    Raises:
        FileNotFoundError: if not; says what was expected.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f'no file {path.absolute()}; expected {expected}')
    return path


def parts_of_held_out(training: Batch, held_out: Batch) -> Parts:
    """Parts in memory where there is no third one: what is validated is tested too."""
    validation = InMemory(held_out)
    return {'training': InMemory(training), 'validation': validation, 'test': validation}
