# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
The nearest of many poses, exactly, in bounded memory.

The mean distance of joints is not a matrix product, and takes a root for every joint of every
pair. But the sum of the distances of the joints of a limb is never less than the distance of their
sums, so a pose of as many points as it has limbs gives a lower bound of the distance at a third
of the cost. Few pairs have a bound below the best distance known; only those are measured. Where
a limb's joints move too differently for that, the bound is taken of the joints themselves.
"""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from threadpoolctl import threadpool_info, threadpool_limits

from emotion_models.metrics.distances import check_distance, pose_distance

ROWS = 256
COLUMNS = 512
"""Pairs of `ROWS` × `COLUMNS` poses are bounded at a time: they stay in the cache."""
BLOCK = 2**26
"""Bounds that are kept at a time, 5 bytes each."""
LIMB = 3.5
"""Joints of a limb, on average: neighbours in the list are neighbours on the body."""
FEW = 0.05
"""Part of the pairs up to which measuring them costs less than a closer bound."""
CANDIDATES = 2**14
"""Pairs that are measured at a time."""


def nearest(
    queries: np.ndarray, poses: np.ndarray, distance: str = 'per_joint'
) -> tuple[np.ndarray, np.ndarray]:
    """
    The nearest pose of each query.

    Args:
        queries: shape (N, J, C), finite.
        poses: where to look, shape (M, J, C), finite.
        distance: `per_joint` or `flat`, as in `pose_distance`.

    Returns:
        Distances, float64 (N,), and indices, int (N,), the lowest where several are nearest.

    Raises:
        ValueError: for other shapes, values that are not finite, or another `distance`.
    """
    queries, poses = _checked(queries, poses, distance)
    bounds = make_bounds(queries, poses)
    distances = np.empty(len(queries))
    indices = np.empty(len(queries), int)

    def search(block: slice) -> None:
        bound = bounds[0]
        hits = find_candidates(bound, block, queries, poses)
        if bound is not bounds[-1] and np.count_nonzero(hits) > FEW * hits.size:
            bounds[:] = bounds[-1:]  # neither will it serve the other blocks
            hits = find_candidates(bounds[0], block, queries, poses)
        distances[block], indices[block] = _measure(hits, queries[block], poses)

    # As many threads as linear algebra would take, each with products of its own.
    threads = max((pool['num_threads'] for pool in threadpool_info()), default=1)
    rows = max(1, min(ROWS, BLOCK // (threads * len(poses))))
    blocks = [slice(first, first + rows) for first in range(0, len(queries), rows)]
    with threadpool_limits(1), ThreadPoolExecutor(threads) as pool:
        list(pool.map(search, blocks))
    return distances, indices


def _checked(queries, poses, distance: str) -> tuple[np.ndarray, np.ndarray]:
    check_distance(distance)
    queries, poses = np.asarray(queries), np.asarray(poses)
    if queries.ndim != 3 or not len(poses) or queries.shape[1:] != poses.shape[1:]:
        raise ValueError(
            'neighbours need queries (N, J, C) and at least one pose (M, J, C) of the same '
            f'joints, got {queries.shape} and {poses.shape}'
        )
    if not (np.isfinite(queries).all() and np.isfinite(poses).all()):
        raise ValueError('neighbours need finite poses, got some with nan or infinity')
    if distance == 'flat':  # all coordinates are one joint's
        return queries.reshape(len(queries), 1, -1), poses.reshape(len(poses), 1, -1)
    return queries, poses


def make_bounds(queries: np.ndarray, poses: np.ndarray) -> 'list[_Bound]':
    """Cheap bounds first, the distances themselves last."""
    joints = queries.shape[1]
    parts = dict.fromkeys((round(joints / LIMB), joints))
    centre = poses.mean(0, dtype=float)
    queries, poses = (np.float32(points - centre) for points in (queries, poses))
    return [
        _Bound(np.array_split(np.arange(joints), count), queries, poses)
        for count in parts
        if count
    ]


def find_candidates(
    bound: '_Bound', block: slice, queries: np.ndarray, poses: np.ndarray
) -> np.ndarray:
    """Which poses may be the nearest of some queries: bool, (rows, M), at least one in a row."""
    bounds, guesses = bound.between(block)
    best = pose_distance(queries[block, None], poses[guesses]).min(1)
    return bounds <= np.float32(best + bound.slack)[:, None]


def _measure(
    hits: np.ndarray, queries: np.ndarray, poses: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The least distance of each row of candidates, and the first column that has it."""
    rows, columns = np.divmod(np.flatnonzero(hits), hits.shape[1])  # nonzero takes longer
    distances = np.empty(len(rows))
    for first in range(0, len(rows), CANDIDATES):
        part = slice(first, first + CANDIDATES)
        distances[part] = pose_distance(queries[rows[part]], poses[columns[part]])
    least = np.minimum.reduceat(distances, np.searchsorted(rows, np.arange(len(hits))))
    is_least = distances == least[rows]
    _, first_of_row = np.unique(rows[is_least], return_index=True)
    return least, columns[is_least][first_of_row]


class _Bound:
    """
    Lower bounds of the distances of many pairs, up to `slack`, as matrix products.

    A squared distance is `[−2p, |p|², 1] · [q, 1, |q|²]`.

    Args:
        limbs: which joints are added up to one point; single joints give the distance itself.
        queries: float32, shape (N, J, C), about the origin.
        poses: float32, shape (M, J, C).
    """

    def __init__(self, limbs: list[np.ndarray], queries: np.ndarray, poses: np.ndarray):
        left, right = (
            np.stack([points[:, limb].sum(1) / points.shape[1] for limb in limbs])
            for points in (queries, poses)
        )  # (L, N, C), (L, M, C)
        squares = [(points**2).sum(-1, keepdims=True) for points in (left, right)]
        ones = [np.ones_like(square) for square in squares]
        self._left = np.concatenate([-2 * left, squares[0], ones[0]], -1)
        self._right = np.concatenate([right, ones[1], squares[1]], -1).transpose(0, 2, 1)
        # Rounding errs by up to eps·(C + 2)·(|p| + |q|)² in a square; its root by the root of it.
        reach = sum(np.sqrt(square.max((1, 2), initial=0)) for square in squares).sum()
        self.slack = float(np.sqrt(np.finfo(np.float32).eps * (left.shape[-1] + 2)) * reach)

    def between(self, block: slice) -> tuple[np.ndarray, np.ndarray]:
        """Bounds of some queries, (rows, M), and in each tile of columns the least one's place."""
        left, right = self._left[:, block], self._right
        bounds = np.empty((left.shape[1], right.shape[2]), np.float32)
        places = []
        for first in range(0, bounds.shape[1], COLUMNS):
            columns = slice(first, first + COLUMNS)
            tile = bounds[:, columns]
            _root_product(left[0], right[0, :, columns], tile)
            one = np.empty_like(tile)
            for points, others in zip(left[1:], right[1:, :, columns], strict=True):
                _root_product(points, others, one)
                tile += one
            places.append(first + tile.argmin(1))
        return bounds, np.stack(places, 1)


def _root_product(points: np.ndarray, others: np.ndarray, out: np.ndarray) -> None:
    np.matmul(points, others, out=out)
    np.abs(out, out=out)  # rounding may leave a square of 0 below 0
    np.sqrt(out, out=out)
