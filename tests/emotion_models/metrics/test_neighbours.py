# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import subprocess
import sys

import numpy as np
import pytest

from emotion_models.metrics import neighbours
from emotion_models.metrics.coverage import mean_distance
from emotion_models.metrics.distances import pose_distance
from emotion_models.metrics.neighbours import nearest


def joints_at(places):
    poses = np.zeros((len(places), 17, 3))
    poses[..., 0] = np.array(places)[:, None]
    return poses


def brute_force(queries, poses, distance):
    distances = np.stack([pose_distance(query, poses, distance) for query in queries])
    return distances.min(1), distances.argmin(1)


def test_mean_distance_per_joint_and_flat():
    interpolation = joints_at([0, 0.25, 0.5, 0.75, 1])[None]
    data = joints_at([0, 1])

    per_joint = mean_distance(interpolation, data)
    flat = mean_distance(interpolation, data, 'flat')

    np.testing.assert_allclose(per_joint.distances, [0, 0.25, 0.5, 0.25, 0], atol=1e-12)
    assert per_joint.report()['mean'] == pytest.approx(0.2)
    assert flat.report()['mean'] == pytest.approx(0.824621, abs=1e-6)
    assert flat.report()['distance'] == 'flat'


def test_one_joint_far_away_counts_differently():
    still, moved = np.zeros((1, 17, 3)), np.zeros((1, 17, 3))
    moved[0, 9, 1] = 17
    assert nearest(still, moved)[0] == pytest.approx([1])
    assert nearest(still, moved, 'flat')[0] == pytest.approx([17])


def smooth_poses(count, seed):
    """Poses on a curved surface of few dimensions, as decoders make them."""
    surface = np.random.default_rng(9).normal(size=(4, 51))
    codes = np.random.default_rng(seed).normal(size=(count, 4))
    return np.tanh(codes @ surface).reshape(count, 17, 3).astype(np.float32)


def scattered_poses(count, seed):
    return np.random.default_rng(seed).normal(size=(count, 17, 3))


@pytest.mark.parametrize('distance', ['per_joint', 'flat'])
@pytest.mark.parametrize(
    ('queries', 'poses'),
    [
        (smooth_poses(300, 1), smooth_poses(1500, 2)),
        (scattered_poses(300, 1), scattered_poses(1500, 2)),
        (smooth_poses(300, 1) + 50, smooth_poses(1500, 2) + 50),
        (1e3 * scattered_poses(300, 1), 1e3 * smooth_poses(1500, 2)),
        (scattered_poses(40, 1)[:, :2], scattered_poses(70, 2)[:, :2]),
        (scattered_poses(5, 1)[:, :, :2], scattered_poses(1, 2)[:, :, :2]),
    ],
    ids=['smooth', 'scattered', 'far from the origin', 'millimetres', 'two joints', 'one pose'],
)
def test_nearest_is_what_brute_force_finds(queries, poses, distance):
    distances, indices = nearest(queries, poses, distance)
    expected, places = brute_force(queries, poses, distance)

    np.testing.assert_allclose(distances, expected, rtol=1e-12)
    np.testing.assert_array_equal(indices, places)


def test_sizes_of_blocks_change_nothing(monkeypatch):
    queries, poses = smooth_poses(300, 1), smooth_poses(900, 2)
    whole = nearest(queries, poses)
    for name, size in {'ROWS': 7, 'COLUMNS': 50, 'CANDIDATES': 11}.items():
        monkeypatch.setattr(neighbours, name, size)

    np.testing.assert_array_equal(nearest(queries, poses), whole)


def test_poses_are_at_zero_from_themselves_and_the_first_of_equals_is_found():
    poses = smooth_poses(500, 3)
    distances, indices = nearest(poses, np.concatenate([poses, poses]))
    np.testing.assert_array_equal(distances, 0)
    np.testing.assert_array_equal(indices, np.arange(500))


def test_little_is_measured_where_bounds_are_close():
    queries, poses = smooth_poses(256, 1), smooth_poses(5000, 2)
    limbs, joints = neighbours.make_bounds(queries, poses)

    by_limbs = neighbours.find_candidates(limbs, slice(0, 256), queries, poses)
    by_joints = neighbours.find_candidates(joints, slice(0, 256), queries, poses)

    assert by_joints.mean() < by_limbs.mean() < neighbours.FEW
    assert by_joints.sum() < 3 * len(queries)


@pytest.mark.parametrize('distance', ['per_joint', 'flat'])
def test_few_pairs_are_measured(distance, monkeypatch):
    """How much time that saves is printed by tests/benchmarks/bench_acai.py."""
    queries, poses = smooth_poses(300, 1), smooth_poses(3000, 2)
    measured = []

    def counting(*pair):
        distances = pose_distance(*pair)
        measured.append(distances.size)
        return distances

    monkeypatch.setattr(neighbours, 'pose_distance', counting)
    nearest(queries, poses, distance)

    assert len(queries) <= sum(measured) < 20 * len(queries)


def test_scikit_learn_finds_the_same():
    metrics = pytest.importorskip('sklearn.metrics')
    queries, poses = smooth_poses(10, 1), smooth_poses(200, 2)

    def metric(first, second):
        return np.sqrt(((first - second).reshape(17, 3) ** 2).sum(1)).mean()

    for distance, same in (('per_joint', metric), ('flat', 'euclidean')):
        indices, distances = metrics.pairwise_distances_argmin_min(
            queries.reshape(10, -1).astype(float),
            poses.reshape(200, -1).astype(float),
            metric=same,
        )
        found = nearest(queries, poses, distance)
        np.testing.assert_allclose(found[0], distances, rtol=1e-6)
        np.testing.assert_array_equal(found[1], indices)


def test_memory_is_bounded():
    """Their distances alone would take 640 MB; Python with NumPy takes about 50."""
    code = (
        'import numpy as np; from emotion_models.metrics.neighbours import nearest;'
        'poses = np.random.default_rng(0).normal(size=(200_000, 1, 2)).astype(np.float32);'
        'nearest(poses[:800], poses);'
        # Not ru_maxrss, which a child takes over from its parent.
        'rows = open("/proc/self/status").read().splitlines();'
        'print([row.split()[1] for row in rows if row.startswith("VmHWM")][0])'
    )
    done = subprocess.run(
        [sys.executable, '-c', code], check=True, timeout=100, capture_output=True, text=True
    )
    assert int(done.stdout) < 600_000


@pytest.mark.parametrize(
    ('queries', 'poses', 'message'),
    [
        (np.zeros((2, 17, 3)), np.zeros((0, 17, 3)), 'at least one pose'),
        (np.zeros((2, 16, 3)), np.zeros((2, 17, 3)), r'got \(2, 16, 3\) and \(2, 17, 3\)'),
        (np.full((2, 17, 3), np.nan), np.zeros((2, 17, 3)), 'finite poses'),
    ],
)
def test_poses_that_cannot_be_compared_are_refused(queries, poses, message):
    with pytest.raises(ValueError, match=message):
        nearest(queries, poses)


def test_no_query_has_no_neighbour():
    distances, indices = nearest(np.zeros((0, 17, 3)), np.zeros((4, 17, 3)))
    assert distances.shape == indices.shape == (0,)
