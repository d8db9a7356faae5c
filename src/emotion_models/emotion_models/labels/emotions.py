# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The seven emotions: their order everywhere, their place in valence-arousal-dominance space."""

import numpy as np

EMOTIONS = ('fear', 'mad', 'joy', 'love', 'sad', 'surprise', 'power')

# (valence, arousal, dominance) in [-1, 1]: Russell & Mehrabian 1977 as used in ALMA for fear, mad,
# joy, sad and surprise; love and power are moved toward the norms of Warriner et al. 2013.
EMOTION_VAD = np.array(
    [
        (-0.64, 0.60, -0.43),
        (-0.51, 0.59, 0.25),
        (0.76, 0.48, 0.35),
        (0.70, 0.10, 0.20),
        (-0.63, -0.27, -0.33),
        (0.40, 0.67, -0.13),
        (0.40, 0.30, 0.60),
    ]
)
EMOTION_VAD.setflags(write=False)


def check_emotions(strengths) -> np.ndarray:
    """
    The strengths as float64 (7,).

    Args:
        strengths: one number in [0, 1] per emotion, in the order of `EMOTIONS`.

    Raises:
        ValueError: if the shape is not (7,) or a number is not finite or outside [0, 1].
    """
    strengths = np.asarray(strengths, dtype=float)
    if strengths.shape != (len(EMOTIONS),):
        raise ValueError(
            f'expected one number for each of {", ".join(EMOTIONS)}, got {strengths.shape}'
        )
    if not np.all((strengths >= 0.0) & (strengths <= 1.0)):
        raise ValueError(f'emotions must lie in [0, 1], got {strengths.tolist()}; clip them first')
    return strengths


def emotion_vad(strengths) -> np.ndarray:
    """
    Valence, arousal and dominance of a mixture of emotions: Σ E·anchor / max(1, Σ E).

    Args:
        strengths: (7,) in [0, 1].

    Returns:
        (3,) in [-1, 1]: a convex mixture of the anchors and the origin.
    """
    strengths = check_emotions(strengths)
    return strengths @ EMOTION_VAD / max(1.0, strengths.sum())
