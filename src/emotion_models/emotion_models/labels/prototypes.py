# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Where the classes of a face data set lie in the plane of valence and arousal."""

from dataclasses import dataclass

import numpy as np

from emotion_models.labels.expressions import VA_MEANS


@dataclass(frozen=True, eq=False)
class Prototypes:
    """
    Centre and spread of each class, one row per class; valence first.

    Args:
        names: the C classes.
        mean: valence and arousal in [-1, 1], float64 (C, 2).
        std: spread of each, >= 0, float64 (C, 2).

    Raises:
        ValueError: if the shapes do not fit the names.
    """

    names: tuple[str, ...]
    mean: np.ndarray
    std: np.ndarray

    def __post_init__(self) -> None:
        expected = (len(self.names), 2)
        if np.shape(self.mean) != expected or np.shape(self.std) != expected:
            raise ValueError(
                f'{len(self.names)} classes need mean and std of shape {expected}, got '
                f'{np.shape(self.mean)} and {np.shape(self.std)}'
            )

    def __len__(self) -> int:
        return len(self.names)


# How AffectNet's table calls each of our expressions, and the spread of its valence and arousal.
_AFFECTNET_SPREADS = {
    'ANGER': ('ANGER', (0.174105, 0.197566)),
    'DISGUST': ('DISGUST', (0.151534, 0.110895)),
    'FEAR': ('FEAR', (0.071007, 0.136925)),
    'HAPPINESS': ('HAPPY', (0.162671, 0.166012)),
    'NEUTRAL': ('NEUTRAL', (0.183525, 0.147558)),
    'SADNESS': ('SAD', (0.221066, 0.141985)),
    'SURPRISE': ('SURPRISE', (0.174439, 0.157603)),
}

CLASS_OF_EXPRESSION = {ours: name for name, (ours, _) in _AFFECTNET_SPREADS.items()}
"""Name of the class of each of our expressions that has a prototype (contempt has none)."""

AFFECTNET_PROTOTYPES = Prototypes(
    names=tuple(_AFFECTNET_SPREADS),
    mean=np.array([VA_MEANS[ours] for ours, _ in _AFFECTNET_SPREADS.values()]),
    std=np.array([spread for _, spread in _AFFECTNET_SPREADS.values()]),
)
"""The seven classes in alphabetical order: means (`VA_MEANS`) and sample standard deviations.

Printed in Nath, Udandarao, Shukla, "It's LeVAsa not LevioSA!", arXiv 2007.10058, for the training
images of Mollahosseini, Hasani, Mahoor, "AffectNet", arXiv 1708.03985.
"""
