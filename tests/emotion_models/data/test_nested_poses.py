# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import json
import pickle

import numpy as np
import pytest

from emotion_models.data.nested_poses import load_nested


def some_positions(count=6):
    positions = np.random.default_rng(0).normal(size=(count, 17, 3)).astype(np.float32)
    return positions - positions[:, :1]


def quarter_turn_and_identity():
    return {
        'S1': {
            'front': {'R': np.eye(3).tolist(), 't': [[1000.0], [0.0], [5000.0]]},
            'side': {'R': [[0, -1, 0], [1, 0, 0], [0, 0, 1]], 't': [[0], [0], [0]]},
        }
    }


def test_nested_dictionaries_are_seen_from_each_camera(tmp_path):
    world = some_positions() * 1000 + 300
    nested = {'S1': {'Walking': {'s1': {10 * frame: world[frame] for frame in range(6)}}}}
    (tmp_path / 'poses.pkl').write_bytes(pickle.dumps(nested))
    (tmp_path / 'cameras.json').write_text(json.dumps({'extrinsics': quarter_turn_and_identity()}))

    poses = load_nested(tmp_path / 'poses.pkl', tmp_path / 'cameras.json', every=2)

    assert poses.camera.tolist() == ['front'] * 3 + ['side'] * 3
    assert poses.frame.tolist() == [0, 20, 40] * 2
    assert poses.positions[:3] == pytest.approx(some_positions()[::2], abs=1e-4)
    assert poses.positions[3:, :, 0] == pytest.approx(-poses.positions[:3, :, 1], abs=1e-4)
    assert poses.positions[3:, :, 1] == pytest.approx(poses.positions[:3, :, 0], abs=1e-4)


class Harmful:
    def __reduce__(self):
        return print, ('run',)


@pytest.mark.parametrize(
    ('nested', 'words'),
    [
        (Harmful(), 'wants to run builtins.print'),
        ({'S1': {'Walking': {'s1': np.zeros((4, 16, 3))}}}, r'shape \(4, 16, 3\)'),
        ({'S9': {'Walking': {'s1': np.zeros((4, 17, 3))}}}, "'S9'"),
        ({}, 'holds no poses'),
        ([1, 2], 'expected a pickle'),
    ],
)
def test_other_pickles_are_refused(nested, words, tmp_path, capsys):
    (tmp_path / 'poses.pkl').write_bytes(pickle.dumps(nested))
    (tmp_path / 'cameras.json').write_text(json.dumps({'extrinsics': quarter_turn_and_identity()}))

    with pytest.raises(ValueError, match=words):
        load_nested(tmp_path / 'poses.pkl', tmp_path / 'cameras.json')

    assert capsys.readouterr().out == ''
