# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Moving bodies from a kinematic chain: poses that need no recording."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from emotion_models.data.data_set import DataSet, Parts
from emotion_models.data.poses import (
    JOINTS,
    MIRRORED_JOINTS,
    Poses,
    make_poses,
    parts_by_subject,
)

SUBJECTS = 6
FRAMES = 64
"""Poses of one sequence."""
FRAMES_PER_S = 5
ACTIONS = ('walk', 'reach', 'sit', 'bend', 'dance')

# Joint: (parent, offset in metres in the parent's frame). x to the body's left, y up, z forwards.
CHAIN = {
    'hip': (None, (0, 0, 0)),
    'spine': ('hip', (0, 0.24, 0)),
    'thorax': ('spine', (0, 0.25, 0)),
    'neck': ('thorax', (0, 0.12, 0.05)),
    'head': ('neck', (0, 0.11, -0.02)),
    'lhip': ('hip', (0.13, 0, 0)),
    'lknee': ('lhip', (0, -0.44, 0)),
    'lfoot': ('lknee', (0, -0.45, 0)),
    'lshoulder': ('thorax', (0.15, -0.02, 0)),
    'lelbow': ('lshoulder', (0, -0.28, 0)),
    'lwrist': ('lelbow', (0, -0.25, 0)),
    'rhip': ('hip', (-0.13, 0, 0)),
    'rknee': ('rhip', (0, -0.44, 0)),
    'rfoot': ('rknee', (0, -0.45, 0)),
    'rshoulder': ('thorax', (-0.15, -0.02, 0)),
    'relbow': ('rshoulder', (0, -0.28, 0)),
    'rwrist': ('relbow', (0, -0.25, 0)),
}

# Least and greatest turn of what hangs on a joint about x, y and z, in degrees, on the left side:
# a positive turn about x bends forward what stands and backward what hangs; one about z lifts the
# left arm or leg to its side.
LIMITS_DEG = {
    'hip': ((-10, 40), (-30, 30), (-15, 15)),
    'spine': ((-10, 35), (-25, 25), (-15, 15)),
    'thorax': ((-25, 30), (-40, 40), (-20, 20)),
    'lhip': ((-110, 25), (-15, 25), (-5, 35)),
    'lknee': ((0, 120), (0, 0), (0, 0)),
    'lshoulder': ((-150, 45), (-40, 40), (0, 120)),
    'lelbow': ((-140, 0), (-40, 40), (0, 0)),
}

# What an action leans to (share of the way from 0 to a limit) and how far it swings, per joint.
POSTURES: dict[str, dict[str, tuple[tuple[float, float, float], float]]] = {
    'walk': {'lhip': ((-0.1, 0, 0), 0.3), 'lknee': ((0.2, 0, 0), 0.2)},
    'reach': {'lshoulder': ((-0.5, 0, 0.2), 0.4), 'lelbow': ((-0.2, 0, 0), 0.3)},
    'sit': {'lhip': ((-0.75, 0, 0.1), 0.1), 'lknee': ((0.75, 0, 0), 0.15)},
    'bend': {'hip': ((0.6, 0, 0), 0.3), 'spine': ((0.6, 0, 0), 0.3), 'lhip': ((-0.4, 0, 0), 0.2)},
    'dance': {'lshoulder': ((0, 0, 0.5), 0.5), 'lhip': ((0, 0, 0.2), 0.4)},
}
CALM = ((0.0, 0.0, 0.0), 0.15)


@dataclass(frozen=True)
class GeneratedPoses(DataSet):
    """
    Poses of the kinematic chain; its last two persons choose checkpoints and are reported on. A
    batch is an array (B, 17, 3).

    Args:
        count: number of poses.
    """

    CONTENT = 'poses of a kinematic chain, split by person'
    ORIGIN: ClassVar[dict[str, str]] = {
        'name': 'poses of a kinematic chain',
        'source': 'emotion_models.data.generated_poses',
        'terms': 'generated here, Apache-2.0',
    }

    count: int = 16_384

    def load_parts(self, seed: int) -> Parts:
        """Generate and split."""
        poses = generate_poses(self.count, seed)
        return parts_by_subject(poses, [f'G{SUBJECTS - 1}'], [f'G{SUBJECTS}'])


def generate_poses(count: int, seed: int) -> Poses:
    """
    Poses of `SUBJECTS` people in smooth actions; the same people for every seed.

    Bone lengths differ between the people and never within one. Every joint swings slowly about
    the posture of its action and stays within `LIMITS_DEG`. Sequences of `FRAMES` poses go
    round the people and the actions.

    Args:
        count: number of poses.
        seed: of everything random.

    Returns:
        Poses with subject, action and frame; x to the body's left, y up, z forwards.
    """
    sequences = -(-count // FRAMES)
    subject = np.arange(sequences) % SUBJECTS
    action = np.arange(sequences) // SUBJECTS % len(ACTIONS)
    generator = np.random.default_rng(seed)
    positions = [
        place_joints(move(ACTIONS[which], generator), 0.9 + 0.2 * person / (SUBJECTS - 1))
        for person, which in zip(subject, action, strict=True)
    ]
    poses = make_poses(
        np.concatenate(positions),
        subject=np.repeat([f'G{person + 1}' for person in subject], FRAMES),
        action=np.repeat([ACTIONS[which] for which in action], FRAMES),
        frame=np.tile(np.arange(FRAMES), sequences),
    )
    return poses.take(np.arange(count))


def move(action: str, generator: np.random.Generator) -> dict[str, np.ndarray]:
    """Angles in radians about x, y and z of every joint that turns, (FRAMES, 3) each."""
    angles = {}
    for name, limits in LIMITS_DEG.items():
        lean, swing = POSTURES[action].get(name, CALM)
        low, high = np.radians(limits).T
        centre = np.where(np.array(lean) < 0, -low, high) * lean
        for side in dict.fromkeys((name, JOINTS[MIRRORED_JOINTS[JOINTS.index(name)]])):
            turn = centre + swing * (high - low) * _smooth_noise(generator)
            # About y and z a right limb turns the other way than a left one.
            signs = np.array([1, 1, 1]) if side == name else np.array([1, -1, -1])
            angles[side] = np.clip(turn, low, high) * signs
    return angles


def place_joints(angles: dict[str, np.ndarray], size: float) -> np.ndarray:
    """
    Forward kinematics.

    Args:
        angles: radians about x, then y, then z, (T, 3) for each joint that turns.
        size: factor on the lengths of all bones.

    Returns:
        Positions in metres with the hip at the origin, (T, 17, 3) in the order of `JOINTS`.
    """
    frames = len(next(iter(angles.values())))
    at: dict[str, np.ndarray] = {}
    facing: dict[str, np.ndarray] = {}
    for name, (parent, offset) in CHAIN.items():
        turn = _rotations(angles.get(name, np.zeros((frames, 3))))
        if parent is None:
            at[name], facing[name] = np.zeros((frames, 3)), turn
        else:
            # The pelvis is rigid and upright: what is turned at the hip is the trunk above it.
            hangs_on_pelvis = name in {'lhip', 'rhip'}
            frame = np.eye(3)[None] if hangs_on_pelvis else facing[parent]
            at[name] = at[parent] + size * (frame @ np.array(offset, float))
            facing[name] = frame @ turn
    return np.stack([at[name] for name in JOINTS], 1)


def _smooth_noise(generator: np.random.Generator, waves: int = 3) -> np.ndarray:
    """Sums of slow sines, (FRAMES, 3), nearly always within -0.5..0.5, a new one per axis."""
    seconds = np.arange(FRAMES)[:, None, None] / FRAMES_PER_S
    frequencies = generator.uniform(0.05, 0.5, (3, waves))  # Hz
    phases = generator.uniform(0, 2 * np.pi, (3, waves))
    waves_now = np.sin(2 * np.pi * frequencies * seconds + phases)
    return 0.5 * waves_now.mean(2) * np.sqrt(waves)


def _rotations(angles: np.ndarray) -> np.ndarray:
    """Matrices (T, 3, 3) that turn about x, then y, then z."""
    matrix = np.eye(3)[None]
    for axis, angle in enumerate(angles.T):
        first, second = (axis + 1) % 3, (axis + 2) % 3
        turn = np.tile(np.eye(3), (len(angle), 1, 1))
        turn[:, first, first] = turn[:, second, second] = np.cos(angle)
        turn[:, second, first] = np.sin(angle)
        turn[:, first, second] = -np.sin(angle)
        matrix = turn @ matrix
    return matrix
