# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Human poses of 17 joints: the skeleton, and archives that hold them."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

JOINTS = (
    *('hip', 'rhip', 'rknee', 'rfoot', 'lhip', 'lknee', 'lfoot', 'spine', 'thorax', 'neck'),
    *('head', 'lshoulder', 'lelbow', 'lwrist', 'rshoulder', 'relbow', 'rwrist'),
)
"""The joints in our order by their usual names in Human3.6M; `neck` is the front of the face."""

BONES = tuple(
    (JOINTS.index(start), JOINTS.index(end))
    for chain in (
        'hip lhip lknee lfoot',
        'hip rhip rknee rfoot',
        'hip spine thorax neck head',
        'thorax head',
        'thorax lshoulder lelbow lwrist',
        'thorax rshoulder relbow rwrist',
    )
    for start, end in zip(chain.split(), chain.split()[1:], strict=False)
)
"""Pairs of joints with a bone between them."""

MIRRORED_JOINTS = tuple(
    JOINTS.index({'l': 'r', 'r': 'l'}[name[0]] + name[1:])
    if name[0] in 'lr' and name[1:] in {other[1:] for other in JOINTS if other != name}
    else index
    for index, name in enumerate(JOINTS)
)
"""For every joint the one on the other side; those in the middle are their own."""

LAYOUT = (
    'poses (N, 17, 3) in metres: an .npy array, or an .npz archive with poses and perhaps '
    'joint_names, subject, action, camera, frame, or sequence with sequence_names'
)


@dataclass(frozen=True)
class Poses:
    """
    Poses and what is known about each.

    Args:
        positions: joints in metres relative to the hip, in the order of `JOINTS`; float32,
            shape (N, 17, 3).
        subject: who, shape (N,) of text; empty text where unknown, as below.
        action: doing what, shape (N,) of text.
        camera: seen from where, shape (N,) of text.
        frame: number within the recording, shape (N,) of int; -1 where unknown.
    """

    positions: np.ndarray
    subject: np.ndarray
    action: np.ndarray
    camera: np.ndarray
    frame: np.ndarray

    def __len__(self) -> int:
        return len(self.positions)

    def take(self, which: np.ndarray) -> 'Poses':
        """Some of the poses, by their indices or by a mask (N,)."""
        return Poses(*(getattr(self, field.name)[which] for field in fields(self)))

    def save(self, path: str | Path) -> None:
        """Write an archive that `load_poses` reads."""
        known = {field.name: getattr(self, field.name) for field in fields(self)}
        np.savez_compressed(path, poses=known.pop('positions'), joint_names=JOINTS, **known)


def make_poses(positions: np.ndarray, **known: np.ndarray) -> Poses:
    """
    Poses around their hip, whatever is not known left empty.

    Args:
        positions: shape (N, 17, 3), metres, in the order of `JOINTS`.
        known: any of `subject`, `action`, `camera`, `frame`, shape (N,).
    """
    positions = np.asarray(positions, np.float32)
    count = len(positions)
    empty = {name: np.full(count, '') for name in ('subject', 'action', 'camera')}
    known = {**empty, 'frame': np.full(count, -1), **known}
    return Poses(positions - positions[:, :1], **known)


def load_poses(path: str | Path) -> Poses:
    """
    The poses of one file.

    Joints are brought into our order by their names, and the hip to the origin.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it is not laid out as expected.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f'no file {path.absolute()}; expected {LAYOUT}')
    if path.suffix == '.npy':
        return make_poses(_checked(np.load(path), path))
    with np.load(path) as archive:
        arrays = {key: archive[key] for key in archive.files}
    if 'poses' not in arrays:
        raise ValueError(f'{path} holds {", ".join(sorted(arrays))}; expected {LAYOUT}')
    positions = _checked(arrays['poses'], path)
    if 'joint_names' in arrays:
        positions = positions[:, _joint_order(arrays['joint_names'].tolist(), path)]
    known = {key: arrays[key] for key in ('subject', 'action', 'camera', 'frame') if key in arrays}
    if 'sequence' in arrays:
        known = {**_from_sequences(arrays['sequence'], arrays['sequence_names']), **known}
    return make_poses(positions, **known)


def _checked(positions: np.ndarray, path: Path) -> np.ndarray:
    if positions.ndim != 3 or positions.shape[1:] != (len(JOINTS), 3):
        raise ValueError(f'{path} holds poses of shape {positions.shape}; expected {LAYOUT}')
    if not np.isfinite(positions).all():
        raise ValueError(f'{path} holds positions that are not finite; leave those poses out')
    return positions


def _joint_order(names: Sequence[str], path: Path) -> list[int]:
    if sorted(names) != sorted(JOINTS):
        raise ValueError(
            f'{path} names the joints {" ".join(names)}; expected {" ".join(JOINTS)} in any order'
        )
    return [names.index(name) for name in JOINTS]


def _from_sequences(sequence: np.ndarray, names: np.ndarray) -> dict[str, np.ndarray]:
    """Subject, action and frame where a sequence is called `subject_action_trial`."""
    parts = [[*name.split('_'), ''][:2] for name in names.tolist()]
    subjects, actions = np.array(parts).T
    starts = np.flatnonzero(np.diff(sequence, prepend=-1))
    lengths = np.diff(np.append(starts, len(sequence)))
    frame = np.arange(len(sequence)) - np.repeat(starts, lengths)
    return {'subject': subjects[sequence], 'action': actions[sequence], 'frame': frame}
