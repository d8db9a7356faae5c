# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Nearest poses beside scikit-learn's brute force: processor time and peak memory, one thread.

Every search runs in a process of its own, which is what its memory is measured of. Poses are
those of the generated chain; with structure as bad as can be (normal noise) no bound of limbs
helps, and every joint of every pair is compared. The largest search takes a minute or two.
"""

import json
import os
import resource
import subprocess
import sys
import time

import numpy as np

from emotion_models.data.generated_poses import generate_poses
from emotion_models.metrics.neighbours import nearest

SMALL, MIDDLE, LARGE = 2_000, 20_000, 100_000


def per_joint(first: np.ndarray, second: np.ndarray) -> float:
    """The metric as scikit-learn takes it: two flat poses to one number."""
    return np.sqrt(((first - second).reshape(17, 3) ** 2).sum(1)).mean()


def scikit_learn(queries: np.ndarray, poses: np.ndarray, distance: str) -> np.ndarray:
    """Distances to the nearest poses, by brute force."""
    from sklearn.neighbors import NearestNeighbors

    metric = per_joint if distance == 'per_joint' else 'euclidean'
    search = NearestNeighbors(n_neighbors=1, algorithm='brute', metric=metric)
    search.fit(poses.reshape(len(poses), -1))
    return search.kneighbors(queries.reshape(len(queries), -1))[0][:, 0]


def ours(queries: np.ndarray, poses: np.ndarray, distance: str) -> np.ndarray:
    """The same, by the search of the metrics."""
    return nearest(queries, poses, distance)[0]


SEARCHES = {'scikit-learn': scikit_learn, 'ours': ours}


def make_poses(kind: str, count: int, seed: int) -> np.ndarray:
    """Poses that people could take, or noise: float32, shape (count, 17, 3)."""
    if kind == 'noise':
        return np.random.default_rng(seed).normal(size=(count, 17, 3)).astype(np.float32)
    return generate_poses(count, seed).positions


def measure_here(search: str, distance: str, kind: str, count: int) -> dict[str, float]:
    """One search in this process: seconds, MB at most, and the mean distance as a check."""
    queries, poses = (make_poses(kind, count, seed) for seed in (1, 2))
    SEARCHES[search](queries[:10], poses[:10], distance)  # imports and first calls
    begun = time.process_time()
    distances = SEARCHES[search](queries, poses, distance)
    return {
        'seconds': time.process_time() - begun,
        'megabytes': resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000,
        'mean': float(distances.mean()),
    }


def measure(*arguments: object) -> dict[str, float]:
    """`measure_here` in a new process."""
    command = [sys.executable, __file__, *map(str, arguments)]
    environment = os.environ | {'OMP_NUM_THREADS': '1', 'OPENBLAS_NUM_THREADS': '1'}
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, env=environment)
    return json.loads(done.stdout)


def compare(title: str, distance: str, count: int, limit: str) -> None:
    """Print both searches and their ratio."""
    theirs, own = (measure(search, distance, 'people', count) for search in SEARCHES)
    if not np.isclose(theirs['mean'], own['mean'], rtol=1e-5):
        raise SystemExit(f'{title}: mean distances differ: {theirs["mean"]} and {own["mean"]}')
    print(f'{title}, {count} × {count} poses:')
    for name, figures in zip(SEARCHES, (theirs, own), strict=True):
        print(f'  {name:13} {figures["seconds"]:8.2f} s {figures["megabytes"]:6.0f} MB')
    print(f'  ours takes {own["seconds"] / theirs["seconds"]:.4f} of the time ({limit})')


def main() -> None:
    """Print every comparison."""
    compare('flat distance', 'flat', MIDDLE, 'limit 1.25')
    compare('per-joint distance', 'per_joint', SMALL, 'limit 0.05')
    for kind in ('people', 'noise'):
        count = LARGE if kind == 'people' else MIDDLE
        own = measure('ours', 'per_joint', kind, count)
        print(
            f'per-joint distance, {kind}, {count} × {count} poses: {own["seconds"]:.0f} s, '
            f'{1e9 * own["seconds"] / count**2:.1f} ns a pair, {own["megabytes"]:.0f} MB '
            '(limit 2000 MB)'
        )


if __name__ == '__main__':
    if len(sys.argv) > 1:
        print(json.dumps(measure_here(*sys.argv[1:4], int(sys.argv[4]))))
    else:
        main()
