# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
from collections import Counter
from itertools import islice

import numpy as np

from emotion_agent.commands.face_courses import EXPRESSIONS, rest
from emotion_agent.commands.gallery import COURSES, course_frames, transitions
from emotion_models.runtime.parametric_decoder import ParametricDecoder


def tiles(frame):
    """The eight faces of a frame."""
    height, width = frame.shape
    return frame.reshape(2, height // 2, 4, width // 4).swapaxes(1, 2).reshape(8, -1)


def test_changes_are_shown_from_one_expression_to_all_others_and_back():
    shown = [tiles(frame) for frame in islice(transitions(ParametricDecoder(), 'surprise'), 60)]
    itself = EXPRESSIONS.index('surprise')

    lit = np.array([(pictures == 255).sum(axis=1) for pictures in shown])
    changed = np.abs(lit[-1] - lit[0]) / lit[0]
    assert changed.argmin() == itself
    assert np.delete(changed, itself).min() > 0.02


def test_a_course_is_shown_twice_as_large():
    frame = next(course_frames(ParametricDecoder(), rest(0.1)))

    assert frame.shape == (128, 256)
    np.testing.assert_array_equal(frame[::2, ::2], frame[1::2, 1::2])


class Gapless(ParametricDecoder):
    """A face whose brows run into its eyes."""

    def decode(self, latent, view):
        grey = super().decode(latent, view)
        grey[8:20, 26:40] = 1.0
        return grey


def test_faults_of_pixels_are_counted():
    faults, seen = Counter(), Counter()
    for decoder, counter in ((ParametricDecoder(), faults), (Gapless(), seen)):
        for _ in course_frames(decoder, rest(0.05), counter):
            pass

    assert faults
    assert not any(faults.values())
    assert seen['brow_eye'] > 0


def test_the_page_of_the_gallery_shows_every_course(repository):
    page = (repository / 'docs/gallery/README.md').read_text()

    assert all(f'({name}.gif)' in page for name in COURSES)
