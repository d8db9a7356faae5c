# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Human poses of 17 joints: the skeleton, and what is known about each pose."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from emotion_models.data.data_set import InMemory, Parts

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

HELD_OUT_PART = 0.2
"""Part of the poses, the last ones, that is held out where no subjects are named."""


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


def parts_by_subject(
    poses: Poses, held_out_subjects: Sequence[str] = (), tested_subjects: Sequence[str] = ()
) -> Parts:
    """
    Positions (N, 17, 3) to train with, to choose checkpoints by, and to report on.

    Held-out poses are in a random order, always the same: neighbours in a recording are alike,
    and what is compared within a batch is not to be.

    Args:
        poses: all of them.
        held_out_subjects: who chooses checkpoints; none named = the last fifth of the poses.
        tested_subjects: who is reported on; none named = the second half of what is held out.

    Raises:
        ValueError: if a subject has no poses or is named twice, or one part would be empty.
    """
    named = [*held_out_subjects, *tested_subjects]
    if unknown := set(named) - set(poses.subject):
        present = ', '.join(sorted(set(poses.subject.tolist()) - {''})) or 'none are noted'
        raise ValueError(f'no poses of {", ".join(sorted(unknown))}; subjects: {present}')
    if twice := sorted(set(held_out_subjects) & set(tested_subjects)):
        raise ValueError(f'{", ".join(twice)} is named as held out and as tested; name it once')
    if tested_subjects and not held_out_subjects:
        raise ValueError('tested_subjects needs held_out_subjects, by whom checkpoints are chosen')
    is_tested = np.isin(poses.subject, list(tested_subjects))
    is_held = np.isin(poses.subject, list(held_out_subjects))
    if not held_out_subjects:
        is_held = np.arange(len(poses)) >= round((1 - HELD_OUT_PART) * len(poses))
    if not tested_subjects:
        held = np.flatnonzero(is_held)
        is_tested[held[len(held) // 2 :]] = True
        is_held &= ~is_tested
    parts = {
        'training': poses.positions[~(is_held | is_tested)],
        'validation': in_mixed_order(poses.positions[is_held]),
        'test': in_mixed_order(poses.positions[is_tested]),
    }
    if empty := [name for name, part in parts.items() if not len(part)]:
        raise ValueError(
            f'{len(poses)} poses, of which nothing is left for {", ".join(empty)}; hold out '
            'fewer, or give more'
        )
    return {name: InMemory(part) for name, part in parts.items()}


def in_mixed_order(positions: np.ndarray) -> np.ndarray:
    """The same rows in a random order that depends on their number alone."""
    return positions[np.random.default_rng(len(positions)).permutation(len(positions))]


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
