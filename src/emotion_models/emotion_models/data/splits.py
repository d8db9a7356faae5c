# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Which samples are held out, as a function of the seed."""

from collections.abc import Sequence

import numpy as np


def random_parts(count: int, sizes: Sequence[int], seed: int) -> list[np.ndarray]:
    """
    Indices in a random order, cut into parts.

    Args:
        count: of samples.
        sizes: of all parts but the last, which is the rest.
        seed: of the order.
    """
    order = np.random.default_rng(seed).permutation(count)
    return np.split(order, np.cumsum(sizes))


def split_groups(groups: np.ndarray, shares: Sequence[float], seed: int) -> list[np.ndarray]:
    """
    Indices of samples, ascending, such that no group is in two parts.

    Args:
        groups: whom or what each sample shows, shape (N,).
        shares: of the groups, for all parts but the last, which has the rest.
        seed: of the choice.
    """
    names = np.unique(groups)
    sizes = [round(share * len(names)) for share in shares]
    chosen = random_parts(len(names), sizes, seed)
    return [np.flatnonzero(np.isin(groups, names[part])) for part in chosen]
