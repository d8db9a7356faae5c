# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Ten minutes of a camera that shows faces, none, and what is not a picture, at changing sizes."""

import gc
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from emotion_models.runtime import AffectEstimator

TEN_MINUTES = 18_000
FRAME_S = 1 / 30
SCENE_FRAMES = 60
MOST_GROWTH_MB = 8
SIZES = ((240, 320), (120, 160), (300, 200), (480, 640))
NO_PICTURES = (
    None,
    np.zeros((0, 0, 3), np.uint8),
    np.zeros((48, 64, 4), np.uint8),
    np.zeros((48, 64), np.float32),
    b'not decoded',
)


class Camera:
    """Scenes of two seconds, each of another kind; the same every time."""

    def __init__(self, paste_face):
        self._paste_face = paste_face
        self._generator = np.random.default_rng(0)

    def frame(self, index):
        scene, step = divmod(index, SCENE_FRAMES)
        height, width = SIZES[scene // 5 % len(SIZES)]
        ground = np.full((height, width, 3), 90 + scene % 60, np.uint8)
        if self._generator.random() < 0.02:
            return NO_PICTURES[index % len(NO_PICTURES)]
        match scene % 5:
            case 0:
                return ground
            case 1:
                return self._generator.integers(0, 256, ground.shape, dtype=np.uint8)
            case 2:
                return self._torn(self._with_faces(ground, step, 1))
            case kind:
                return self._with_faces(ground, step, kind - 2)

    def _with_faces(self, ground, step, count):
        height, width = ground.shape[:2]
        side = height // 3
        for face in range(count):
            x = width * (face + 1) // (count + 1) + width // 20 * np.sin(step / 9)
            ground = self._paste_face(ground, x, height / 2, side)
        return ground

    def _torn(self, image):
        """As after lost packets: a part shifted, the rest grey."""
        rows = len(image)
        torn, lost = np.sort(self._generator.integers(0, rows, 2))
        image[torn:lost] = np.roll(image[torn:lost], 37, axis=1)
        image[lost:] = 128
        return image


def resident_mb():
    gc.collect()
    pages = int(Path('/proc/self/statm').read_text().split()[1])
    return pages * 4096 / 1e6


@pytest.mark.parametrize(
    'frames', [600, pytest.param(TEN_MINUTES, marks=[pytest.mark.soak, pytest.mark.timeout(1800)])]
)
def test_whatever_the_camera_shows_nothing_grows_and_every_frame_counts(frames, paste_face):
    estimator = AffectEstimator(detector='haar', max_faces=3)
    camera = Camera(paste_face)
    counts = Counter()

    for index in range(frames):
        if index == frames // 6:
            warm_mb = resident_mb()
        jump_back_s = 5.0 if index % 1000 == 999 else 0.0
        try:
            faces = estimator(camera.frame(index), index * FRAME_S - jump_back_s)
        except (TypeError, ValueError):
            counts['refused'] += 1
            continue
        counts['with faces' if faces else 'without'] += 1
        assert len(faces) <= 3
        assert len({face.id for face in faces}) == len(faces)
        for face in faces:
            numbers = [face.valence, face.arousal, face.confidence, *face.box, *face.expression]
            assert np.isfinite(numbers).all()
            assert 0 <= face.confidence <= 1

    print(f'\n{frames} frames: {dict(counts)}; {resident_mb():.0f} MB at the end')
    assert counts.total() == frames
    assert counts['refused'] > 0.01 * frames
    assert counts['with faces'] > 0.25 * frames
    assert counts['without'] > 0.25 * frames
    assert resident_mb() - warm_mb < MOST_GROWTH_MB
