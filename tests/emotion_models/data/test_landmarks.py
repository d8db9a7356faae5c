# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from emotion_models.data.landmarks import corner_heights

# Two eyes 20 pixels apart, a mouth 16 wide and 4 high whose corners stand `lift` above its middle.
GROUPS = ['left_eye', 'right_eye', 'lips', 'lips', 'lips', 'lips', 'nose']


def face(lift, turn_deg=0.0, scale=1.0):
    points = np.array(
        [(10, 0), (-10, 0), (-8, 20 - lift), (8, 20 - lift), (0, 18), (0, 22), (0, 10)], float
    )
    angle = np.radians(turn_deg)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    flat = scale * points @ turn.T + 24
    return np.concatenate([flat, np.zeros((7, 1))], 1)


def save(path, faces, **changes):
    arrays = {
        'points': (100 * np.stack(faces, 2)).astype(np.int16),
        'group': np.array(GROUPS),
        'found': np.ones(len(faces), bool),
    } | changes
    np.savez(path, **{key: value for key, value in arrays.items() if value is not None})
    return path


def test_corners_are_measured_in_distances_between_the_eyes(tmp_path):
    path = save(tmp_path / 'points.npz', [face(1), face(-1), face(1, 25), face(1, scale=2)])

    assert corner_heights(path) == pytest.approx([0.05, -0.05, 0.05, 0.05], abs=2e-3)


def test_where_no_face_was_found_nothing_is_known(tmp_path):
    faces = [face(1), np.zeros((7, 3))]
    path = save(tmp_path / 'points.npz', faces, found=np.array([True, False]))

    assert np.isnan(corner_heights(path)).tolist() == [False, True]


def test_what_is_missing_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match='expected an .npz archive with points'):
        corner_heights(tmp_path / 'none.npz')
    with pytest.raises(ValueError, match='has no group; expected'):
        corner_heights(save(tmp_path / 'points.npz', [face(0)], group=None))
