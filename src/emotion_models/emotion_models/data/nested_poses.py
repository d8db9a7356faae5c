# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Poses from the nested dictionaries in which Human3.6M is often passed on."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from emotion_models.data.poses import JOINTS, Poses, make_poses
from emotion_models.data.safe_pickles import ArraysOnly
from emotion_models.limits import TABLE_BYTES, read_text
from emotion_models.reading import FileError, reading

LAYOUT = (
    'a pickle of {subject: {action: {sequence: {frame: joints (17, 3) in mm of the world}}}} and '
    'a JSON file of {"extrinsics": {subject: {camera: {"R": 3×3, "t": 3×1}}}}'
)


def load_nested(poses: str | Path, cameras: str | Path, every: int = 1) -> Poses:
    """
    Every pose seen from every camera of its subject.

    Joints are turned into the camera's axes (x right, y down, z away from the camera); where the
    camera stands does not matter, since the hip becomes the origin.

    Args:
        poses: pickle of nested dictionaries; instead of the innermost an array (F, 17, 3) will do.
        cameras: JSON file.
        every: step between the frames that are taken of a sequence.

    Raises:
        FileNotFoundError: if one of the files is not there.
        ValueError: if they are not laid out as expected.
    """
    if every < 1:
        raise ValueError(f'every must be a step of at least 1, got {every}')
    with reading(poses, LAYOUT), Path(poses).open('rb') as file:
        people = ArraysOnly(file).load()
    with reading(cameras, LAYOUT):
        facing = json.loads(read_text(Path(cameras), TABLE_BYTES))['extrinsics']
    with reading(f'{poses}, {cameras}', LAYOUT):
        parts = [
            (subject, action, camera, frames[::every], seen)
            for subject, action, sequence in _sequences(people)
            for frames, joints in [_frames(sequence)]
            for camera, seen in _from_cameras(joints[::every], facing[subject])
        ]
    if not parts:
        raise FileError(f'{poses} holds no poses; expected {LAYOUT}')
    subjects, actions, seen_by, frames, positions = zip(*parts, strict=True)
    lengths = [len(part) for part in positions]
    return make_poses(
        np.concatenate(positions),
        subject=np.repeat(subjects, lengths),
        action=np.repeat(actions, lengths),
        camera=np.repeat(seen_by, lengths),
        frame=np.concatenate(frames),
    )


def _sequences(people: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    for subject, actions in people.items():
        for action, sequences in actions.items():
            for sequence in sequences.values():
                yield subject, action, sequence


def _frames(sequence: Any) -> tuple[np.ndarray, np.ndarray]:
    """Numbers of the frames (F,) and joints (F, 17, 3) in metres."""
    if isinstance(sequence, Mapping):
        numbers = np.array([int(frame) for frame in sequence])
        joints = np.array(list(sequence.values()), float)
    else:
        joints = np.asarray(sequence, float)
        numbers = np.arange(len(joints))
    if joints.shape[1:] != (len(JOINTS), 3):
        raise ValueError(f'a sequence has the shape {joints.shape}')
    return numbers, joints / 1000


def _from_cameras(
    joints: np.ndarray, cameras: Mapping[str, Any]
) -> Iterator[tuple[str, np.ndarray]]:
    for camera, extrinsics in cameras.items():
        yield camera, joints @ np.array(extrinsics['R'], float).reshape(3, 3).T
