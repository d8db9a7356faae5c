# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Points of faces with given measures, and small archives of photographs that have them."""

import numpy as np

from emotion_models.data.face_points import NEEDED

# A face in distances between the eyes, y down, by number in the mesh.
EYE = {'left': (-0.5, (33, 133)), 'right': (0.5, (362, 263))}
LIDS = {'left': (159, 145), 'right': (386, 374)}
BROWS = {
    'inner': {-1: (107, 55, 66, 65), 1: (336, 285, 296, 295)},
    'outer': {-1: (70, 63, 46, 53), 1: (300, 293, 276, 283)},
}


def face(
    corners=0.0, slope=0.0, width=0.8, gap=0.02, brow=0.3, outer=0.3, opening=0.1, nose_x=0.0
):
    """Points (len(NEEDED), 2) of a face with these measures."""
    points = {number: (x, 0.0) for x, numbers in EYE.values() for number in numbers}
    for (middle, ends), (upper, lower) in zip(EYE.values(), LIDS.values(), strict=True):
        points |= {ends[0]: (middle - 0.2, 0.0), ends[1]: (middle + 0.2, 0.0)}
        points |= {upper: (middle, -opening / 2), lower: (middle, opening / 2)}
    for side in (-1, 1):
        points |= dict.fromkeys(BROWS['inner'][side], (0.25 * side, -brow))
        points |= dict.fromkeys(BROWS['outer'][side], (0.75 * side, -outer))
    rise = corners * width
    points |= {61: (-width / 2, 1 - rise), 291: (width / 2, 1 - rise - slope * width)}
    points |= {13: (0.0, 1 - gap / 2), 14: (0.0, 1 + gap / 2), 17: (0.0, 1.15), 152: (0.0, 1.7)}
    points |= {234: (-1.0, 0.5), 454: (1.0, 0.5), 1: (nose_x, 0.5), 2: (nose_x, 0.6)}
    for number in NEEDED:  # the rest: lids at the middle of their eye, the outline in the middle
        eye = -0.5 if number < 249 else 0.5
        points.setdefault(number, (eye, 0.0) if number in _lids() else (0.0, 0.5))
    return np.array([points[number] for number in NEEDED])


def _lids():
    return {7, 144, 153, 154, 155, 157, 158, 160, 161, 163, 173, 246} | {
        249, 373, 380, 381, 382, 384, 385, 387, 388, 390, 398, 466
    }  # fmt: skip


def write_photos(folder, count=64):
    """Archives of faces and of their points, paths; a third each is neutral, happy, surprised."""
    generator = np.random.default_rng(0)
    names = ('neutral', 'happiness', 'surprise', 'sadness', 'anger', 'disgust', 'fear')
    names += ('contempt', 'unknown', 'not_a_face')
    kinds = np.arange(count) % 3
    images = generator.integers(110, 140, (count, 48, 48), dtype=np.uint8)
    images[:, 14:20, 10:18] = images[:, 14:20, 30:38] = 40
    points = np.zeros((len(NEEDED), 3, count), np.int16)
    for number, kind in enumerate(kinds):
        images[number, 32 : 36 + 4 * kind, 12 + 6 * (kind == 2) : 36 - 6 * (kind == 2)] = 240
        wobble = 0.02 * generator.standard_normal(4)
        drawn = face(
            corners=0.1 * (kind == 1) + wobble[0],
            width=0.8 + 0.2 * (kind == 1) + wobble[1],
            gap=0.04 + 0.3 * (kind == 2) + abs(wobble[2]),
            brow=0.3 + 0.1 * (kind == 2) + wobble[3],
        )
        points[:, :2, number] = 100 * (24 + 12 * drawn)
    votes = np.zeros((count, len(names)), np.uint8)
    votes[np.arange(count), kinds] = 9
    votes[:, 3] = 1
    paths = folder / 'photos.npz', folder / 'points.npz'
    np.savez(paths[0], images=images, votes=votes, vote_names=names)
    found = np.ones(count, bool)
    np.savez(paths[1], points=points, mesh_index=np.array(NEEDED), found=found)
    return paths
