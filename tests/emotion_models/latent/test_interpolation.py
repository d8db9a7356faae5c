# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from emotion_models.latent.interpolation import (
    KINDS,
    angle_between,
    circle,
    interpolate,
    lerp,
    projected_lerp,
    slerp,
)

torch = pytest.importorskip('torch')

E1, E2 = np.array([1.0, 0.0]), np.array([0.0, 1.0])
ON_SPHERE = [slerp, projected_lerp, circle]
X = np.array([0.6, 0.0, 0.8])
SIDE = np.array([0.0, 1.0, 0.0])
DELICATE = {
    'equal': (X, X),
    'nearly equal': (X, X + 1e-4 * SIDE),
    'closer than float32 can tell': (X, X + 1e-9 * SIDE),
    'opposite': (X, -X),
    'nearly opposite': (X, -X + 3e-5 * SIDE),
    'less nearly opposite': (X, -X + 3e-4 * SIDE),
    'one has no length': (0 * X, SIDE),
    'none has a length': (0 * X, 0 * X),
}
SHARES = (0.0, 0.25, 0.5, 0.9, 1.0)


def unit_vectors(count=1, dimensions=4):
    vectors = arrays(float, (count, dimensions), elements=st.floats(-1, 1))
    return vectors.filter(lambda v: (np.linalg.norm(v, axis=1) > 0.1).all()).map(
        lambda v: v / np.linalg.norm(v, axis=1, keepdims=True)
    )


@pytest.mark.parametrize(
    ('share', 'expected'),
    [(0.5, (0.707107, 0.707107)), (0.25, (0.923880, 0.382683)), (0.1, (0.987688, 0.156434))],
)
def test_right_angle(share, expected):
    np.testing.assert_allclose(slerp(E1, E2, share), expected, atol=1e-6)


@pytest.mark.parametrize(
    ('share', 'expected'), [(0.5, (0.866025, 0.5, 0)), (0.25, (0.965926, 0.258819, 0))]
)
def test_sixty_degrees(share, expected):
    goal = np.array([0.5, np.sqrt(0.75), 0])
    np.testing.assert_allclose(slerp([1, 0, 0], goal, share), expected, atol=1e-6)


def test_linear_midpoint_lies_within_the_sphere():
    assert np.linalg.norm(lerp(E1, E2, 0.5)) == pytest.approx(0.707107, abs=1e-6)


def test_projected_lerp_meets_slerp_half_way_only():
    np.testing.assert_allclose(projected_lerp(E1, E2, 0.5), slerp(E1, E2, 0.5), atol=1e-12)
    assert abs(projected_lerp(E1, E2, 0.25) - slerp(E1, E2, 0.25)).max() > 0.05


def test_circle_passes_goal_and_antipodes():
    points = circle(np.tile(E1, (4, 1)), np.tile(E2, (4, 1)), [0, 0.25, 0.5, 0.75])
    np.testing.assert_allclose(points, [E1, E2, -E1, -E2], atol=1e-12)


def test_circle_is_even_and_closed_from_any_angle():
    goal = np.array([np.cos(0.7), np.sin(0.7)])
    points = interpolate(E1, goal, 13, 'circle').points
    steps = angle_between(points[:-1], points[1:])
    np.testing.assert_allclose(steps, np.pi / 6, atol=1e-12)
    np.testing.assert_allclose(circle(E1, goal, 0.7 / (2 * np.pi)), goal, atol=1e-12)


@settings(max_examples=60, deadline=None)
@given(unit_vectors(), unit_vectors())
def test_slerp_keeps_ends_length_symmetry_and_speed(start, goal):
    shares = np.linspace(0, 1, 9)
    points = interpolate(start, goal, 9).points[0]

    np.testing.assert_allclose(points[[0, -1]], [start[0], goal[0]], atol=1e-9)
    np.testing.assert_allclose(np.linalg.norm(points, axis=1), 1, atol=1e-9)
    back = [slerp(goal[0], start[0], 1 - share) for share in shares]
    # Where ends are opposite to the last digit, rounding decides which side stands in.
    if angle_between(start, goal)[0] < np.pi - 1e-3:
        np.testing.assert_allclose(back, points, atol=1e-9)
    steps = angle_between(points[:-1], points[1:])
    np.testing.assert_allclose(steps, angle_between(start, goal)[0] / 8, atol=1e-4)


@settings(max_examples=40, deadline=None)
@given(unit_vectors(), unit_vectors(), arrays(float, (4, 4), elements=st.floats(-1, 1)))
def test_turning_both_ends_turns_what_lies_between(start, goal, matrix):
    rotation = np.linalg.qr(matrix + 3 * np.eye(4))[0]
    if angle_between(start, goal)[0] > np.pi - 1e-3:
        return  # the side that stands in for opposite ends is tied to the axes
    turned = slerp(start @ rotation, goal @ rotation, 0.3)
    np.testing.assert_allclose(turned, slerp(start, goal, 0.3) @ rotation, atol=1e-9)


@pytest.mark.parametrize('ends', DELICATE.values(), ids=DELICATE)
@pytest.mark.parametrize('rule', [*ON_SPHERE, lerp])
@pytest.mark.parametrize('dtype', [torch.float32, torch.float64])
def test_values_and_gradients_are_finite_and_alike(ends, rule, dtype):
    for share in SHARES:
        start, goal = (torch.tensor(end, dtype=dtype, requires_grad=True) for end in ends)
        point = rule(start, goal, share)
        point.sum().backward()

        assert point.dtype == dtype
        assert torch.isfinite(torch.stack([point, start.grad, goal.grad])).all()
        if rule in ON_SPHERE and all(np.any(end) for end in ends):
            assert point.norm().item() == pytest.approx(1, abs=1e-6)
        by_numpy = rule(start.detach().numpy(), goal.detach().numpy(), share)
        np.testing.assert_allclose(by_numpy, point.detach().numpy(), atol=1e-6)


@pytest.mark.parametrize('name', [name for name in DELICATE if 'length' not in name])
def test_delicate_ends_are_met(name):
    start, goal = (end.astype(np.float32) for end in DELICATE[name])
    np.testing.assert_allclose(slerp(start, goal, 0.0), start, atol=1e-6)
    np.testing.assert_allclose(slerp(start, goal, 1.0), goal, atol=1e-6)


def test_opposite_ends_are_joined_by_half_a_circle():
    points = interpolate(X, -X, 7).points
    np.testing.assert_allclose(angle_between(points[:-1], points[1:]), np.pi / 6, atol=1e-9)
    np.testing.assert_array_equal(points, interpolate(X, -X, 7).points)


def test_small_angle_survives_float32():
    start, goal = np.float32([1, 0]), np.float32([1, 1e-4])
    assert angle_between(start, goal) == pytest.approx(1e-4, rel=1e-3)
    assert angle_between(start, start) == 0.0
    assert angle_between(start, -start) == pytest.approx(np.pi)


def test_no_float32_vector_makes_nan_with_itself():
    vectors = np.random.default_rng(0).normal(size=(10_000, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    np.testing.assert_allclose(slerp(vectors, vectors, 0.3), vectors, atol=1e-6)


@pytest.mark.parametrize('rule', ON_SPHERE)
def test_gradients_are_right(rule):
    ends = torch.randn(2, 3, 5, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    start, goal = ends.requires_grad_()
    share = torch.tensor([0.2, 0.5, 0.8], dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(rule, (start, goal, share))


def test_length_changes_linearly_and_direction_by_the_arc():
    point = slerp(2 * E1, 4 * E2, 0.25)
    np.testing.assert_allclose(point, 2.5 * slerp(E1, E2, 0.25), atol=1e-12)
    np.testing.assert_allclose(slerp(0 * E1, 4 * E2, 0.25), E2, atol=1e-12)


@pytest.mark.parametrize('rule', ON_SPHERE)
def test_strict_refuses_other_lengths(rule):
    rule(E1, E2, 0.5, strict=True)
    with pytest.raises(ValueError, match=r'unit vectors, got a length that is off by 0\.5'):
        rule(E1, 1.5 * E2, 0.5, strict=True)
    with pytest.raises(ValueError, match='off by nan'):
        rule(E1, np.nan * E2, 0.5, strict=True)


def test_one_dimension_is_no_sphere():
    with pytest.raises(ValueError, match='at least two components'):
        slerp([1.0], [-1.0], 0.5)


@pytest.mark.parametrize('kind', KINDS)
def test_every_pair_of_a_batch_is_mixed_by_its_own_share(kind):
    vectors = np.random.default_rng(2).normal(size=(2, 3, 5))
    mixed = KINDS[kind](*vectors, [0.1, 0.5, 0.9])
    for pair in range(3):
        alone = KINDS[kind](vectors[0, pair], vectors[1, pair], (0.1, 0.5, 0.9)[pair])
        np.testing.assert_allclose(mixed[pair], alone, atol=1e-12)


def test_shares_go_with_the_leading_axes_of_image_codes():
    start, goal = torch.zeros(2, 3, 4, 4), torch.ones(2, 3, 4, 4)
    mixed = lerp(start, goal, torch.tensor([0.25, 0.75]))
    assert mixed[0].unique().item() == 0.25
    assert mixed[1].unique().item() == 0.75


@pytest.mark.parametrize(
    ('kind', 'expected'),
    [('spherical', np.pi / 2), ('circle', np.pi / 2), ('linear', 2**0.5), ('projected', 2**0.5)],
)
def test_extent_of_an_interpolation(kind, expected):
    points, extent = interpolate(np.stack([E1, E2]), np.stack([E2, E1]), 5, kind)
    assert points.shape == (2, 5, 2)
    np.testing.assert_allclose(extent, [expected] * 2)


def test_unknown_kind_is_named():
    with pytest.raises(ValueError, match="one of spherical, linear.*got 'cubic'"):
        interpolate(E1, E2, 5, 'cubic')


def test_numpy_users_need_no_torch():
    code = (
        'import sys, numpy as np; from emotion_models.latent.interpolation import interpolate; '
        'from emotion_models.latent import paths, routes; interpolate(np.eye(2)[0], np.eye(2)[1]);'
        'sys.exit("torch" in sys.modules)'
    )
    assert subprocess.run([sys.executable, '-c', code], check=False, timeout=60).returncode == 0
