# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from emotion_models.latent.interpolation import angle_between
from emotion_models.latent.paths import path
from emotion_models.latent.sampling import sphere_points

torch = pytest.importorskip('torch')

AXES = np.eye(3)
ROUND = AXES[[0, 1, 2, 0]]


def test_path_passes_every_point_at_even_speed():
    points = path(ROUND, np.linspace(0, 1, 13))
    np.testing.assert_allclose(points[[0, 4, 8, 12]], ROUND, atol=1e-12)
    np.testing.assert_allclose(angle_between(points[:-1], points[1:]), np.pi / 8, atol=1e-12)


def test_longer_legs_take_longer():
    corners = [[0.0, 0.0], [1.0, 0.0], [1.0, 3.0]]
    np.testing.assert_allclose(path(corners, [0.25, 0.5], 'linear'), [[1, 0], [1, 1]])


def test_repeated_points_take_no_time():
    points = path(AXES[[0, 1, 1, 1, 2, 2]], [0.0, 0.5, 0.75, 1.0], 'linear')
    np.testing.assert_allclose(points, [AXES[0], AXES[1], (AXES[1] + AXES[2]) / 2, AXES[2]])
    np.testing.assert_allclose(path(AXES[[0, 0]], [0.0, 0.5, 1.0]), AXES[[0, 0, 0]])


@pytest.mark.parametrize('kind', ['spherical', 'linear', 'projected'])
def test_path_of_tensors_is_that_of_arrays_and_differentiable(kind):
    points = np.random.default_rng(0).normal(size=(5, 4)).astype(np.float32)
    tensors = torch.from_numpy(points).requires_grad_()
    walked = path(tensors, np.linspace(0, 1, 20), kind)
    walked.sum().backward()
    assert torch.isfinite(tensors.grad).all()
    np.testing.assert_allclose(
        path(points, np.linspace(0, 1, 20), kind), walked.detach().numpy(), atol=2e-6
    )


@pytest.mark.parametrize(('points', 'kind'), [(AXES[:1], 'spherical'), (AXES, 'circle')])
def test_what_is_no_path_is_refused(points, kind):
    with pytest.raises(ValueError, match='a path needs two or more points'):
        path(points, [0.5], kind)


def test_sphere_is_sampled_evenly_and_in_any_portions():
    points = sphere_points(4000, 3, np.random.default_rng(0))
    generator = np.random.default_rng(0)
    portions = [sphere_points(count, 3, generator) for count in (1, 1000, 2999)]

    np.testing.assert_array_equal(points, np.concatenate(portions))
    np.testing.assert_allclose(np.linalg.norm(points, axis=1), 1, atol=1e-6)
    # Every coordinate of a uniform point of the sphere in three dimensions is uniform.
    np.testing.assert_allclose(
        np.quantile(points, (0.25, 0.75), axis=0), [[-0.5] * 3, [0.5] * 3], atol=0.05
    )
