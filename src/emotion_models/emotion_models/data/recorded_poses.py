# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Recorded poses: an archive or an array of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from emotion_models.data.archives import check_rows, load_array, load_arrays
from emotion_models.data.data_set import DataSet, Parts, check_file
from emotion_models.data.poses import (
    JOINTS,
    Poses,
    make_poses,
    parts_by_subject,
)
from emotion_models.reading import FileError

LAYOUT = (
    'poses (N, 17, 3) in metres: an .npy array, or an .npz archive with poses and perhaps '
    'joint_names, subject, action, camera, frame, or sequence with sequence_names'
)


KNOWN: tuple[str, ...] = ('subject', 'action', 'camera', 'frame')

FARTHEST_M = 10.0
"""From the hip to any joint; a tall person's hand is 1.5 m from it."""


@dataclass(frozen=True)
class RecordedPoses(DataSet):
    """
    The poses of one file, whole subjects of them held out; a batch is an array (B, 17, 3).

    Args:
        path: file as `load_poses` reads it.
        held_out_subjects: who chooses checkpoints; none named = the last fifth of the poses.
        tested_subjects: who is reported on; none named = the second half of what is held out.
        every: use one pose of this many in the file; neighbours in a recording are alike.
    """

    CONTENT = 'recorded poses, split by subject'
    LAYOUT = LAYOUT
    ORIGIN: ClassVar[dict[str, str]] = {
        'name': 'recorded poses of 17 joints',
        'source': 'the file named under data',
        'terms': 'those of the recordings; Human3.6M (Ionescu et al., IEEE TPAMI 36(7), 2014) is '
        'for academic research only',
    }

    path: str
    held_out_subjects: Sequence[str] = ()
    tested_subjects: Sequence[str] = ()
    every: int = 1

    def load_parts(self, seed: int) -> Parts:
        """Read the file and split it; nothing is random."""
        poses = load_poses(self.path)
        poses = poses.take(np.arange(0, len(poses), self.every))
        return parts_by_subject(poses, self.held_out_subjects, self.tested_subjects)


def load_poses(path: str | Path) -> Poses:
    """
    The poses of one file.

    Joints are brought into our order by their names, and the hip to the origin.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it is not laid out as expected.
    """
    path = check_file(path, LAYOUT)
    if path.suffix == '.npy':
        return make_poses(_checked(load_array(path, LAYOUT), path))
    arrays = load_arrays(path, LAYOUT)
    if 'poses' not in arrays:
        raise FileError(
            f'{path} holds {", ".join(sorted(arrays)) or "nothing"}; expected {LAYOUT}'
        )
    positions = _checked(arrays['poses'], path)
    if 'joint_names' in arrays:
        positions = positions[:, _joint_order(arrays['joint_names'].tolist(), path)]
    known = {key: arrays[key] for key in KNOWN if key in arrays}
    if 'sequence' in arrays:
        known = {**_from_sequences(arrays, path), **known}
    check_rows(path, LAYOUT, poses=positions, **known)
    return make_poses(positions, **known)


def _checked(positions: np.ndarray, path: Path) -> np.ndarray:
    if positions.ndim != 3 or positions.shape[1:] != (len(JOINTS), 3):
        raise FileError(f'{path} holds poses of shape {positions.shape}; expected {LAYOUT}')
    if positions.dtype.kind not in 'iuf' or not np.isfinite(positions).all():
        raise FileError(f'{path} holds positions that are not finite; leave those poses out')
    reach = np.linalg.norm(positions - positions[:, :1], axis=2).max(initial=0)
    if reach > FARTHEST_M:
        raise FileError(
            f'{path} has joints up to {reach:.4g} from the hip, which no person has in metres; '
            'divide millimetres by 1000'
        )
    return positions


def _joint_order(names: Sequence[str], path: Path) -> list[int]:
    if sorted(map(str, names)) != sorted(JOINTS):
        raise FileError(
            f'{path} names the joints {" ".join(map(str, names))}; expected {" ".join(JOINTS)} '
            'in any order'
        )
    return [names.index(name) for name in JOINTS]


def _from_sequences(arrays: Mapping[str, np.ndarray], path: Path) -> dict[str, np.ndarray]:
    """Subject, action and frame where a sequence is called `subject_action_trial`."""
    sequence, names = arrays['sequence'], arrays.get('sequence_names', np.array([]))
    is_place = sequence.ndim == 1 and sequence.dtype.kind in 'iu' and names.ndim == 1
    if not is_place or sequence.min(initial=0) < 0 or sequence.max(initial=-1) >= len(names):
        raise FileError(
            f'{path}: sequence must hold places in sequence_names, got {sequence.dtype} '
            f'{sequence.shape} and {len(names)} names; expected {LAYOUT}'
        )
    parts = [[*str(name).split('_'), ''][:2] for name in names.tolist()]
    subjects, actions = np.array(parts).T
    starts = np.flatnonzero(np.diff(sequence, prepend=-1))
    lengths = np.diff(np.append(starts, len(sequence)))
    frame = np.arange(len(sequence)) - np.repeat(starts, lengths)
    return {'subject': subjects[sequence], 'action': actions[sequence], 'frame': frame}
