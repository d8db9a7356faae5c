# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
How far a feature is from a person's own neutral: people differ at rest.

The median of what was seen of a person so far is subtracted. Whoever smiles for longer than they
were neutral before has a smile for neutral. An experiment (docs/results/temporal.md): the robot
has no such features.
"""

import numpy as np

FROM_NEUTRAL = '_from_neutral'
"""How the name of such a feature ends, after that of the feature itself."""
EVERY_S = 0.5
"""How often a reading counts for the median."""
KNOWN_S = 600.0
"""For how long it counts."""
FADE_S = 5.0, 20.0
"""Of a person: none of the median is subtracted before, all of it after."""


def base_of(feature: str) -> str:
    """The feature of which one says how far it is from neutral; any other is its own base."""
    return feature.removesuffix(FROM_NEUTRAL)


def from_own_neutral(rows: np.ndarray, stamps_s: np.ndarray, padded: np.ndarray) -> np.ndarray:
    """
    A feature of one person without what was usual of them until then.

    Args:
        rows: of the feature, float32 (L, D).
        stamps_s: of the frames, ascending, in seconds, (L,).
        padded: frames without an observation of their own, which do not count, bool (L,).

    Returns:
        float32 (L, D), each row from it and those before alone.
    """
    seen = np.flatnonzero(~padded)
    if not len(seen):
        return rows.copy()
    since_s = stamps_s - stamps_s[seen[0]]
    found, kept = rows.copy(), round(KNOWN_S / EVERY_S)
    turns = np.floor(since_s[seen] / EVERY_S)
    counting = seen[np.diff(turns, prepend=-1) > 0]
    share = np.clip((since_s - FADE_S[0]) / (FADE_S[1] - FADE_S[0]), 0, 1).astype(np.float32)
    for number, first in enumerate(counting, 1):
        last = counting[number] if number < len(counting) else len(rows)
        if share[last - 1]:
            usual = np.median(rows[counting[max(0, number - kept) : number]], 0)
            found[first:last] -= share[first:last, None] * usual
    return found
