# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Both pupils have a highlight, or neither."""

import cv2
import numpy as np
import pytest

from emotion_agent.animation.highlights import equalise_highlights

LEFT, RIGHT = (32, 28), (96, 28)


def face(*lit):
    """White eyes with dark pupils, a mouth with dark inside, a tear, and highlights."""
    picture = np.zeros((64, 128), np.uint8)
    for centre in (LEFT, RIGHT):
        cv2.circle(picture, centre, 12, 255, -1)
        cv2.circle(picture, centre, 7, 0, -1)
    cv2.ellipse(picture, (64, 52), (14, 6), 0, 0, 360, 255, 2)
    picture[52:54, 62:65] = 255  # a tongue
    picture[44:47, 105:107] = 255  # a tear, in no eye
    for x, y in lit:
        picture[y - 3 : y - 1, x - 3 : x - 1] = 255
    return picture


@pytest.mark.parametrize('lit', [(), (LEFT, RIGHT)])
def test_equal_eyes_stay_as_they_are(lit):
    picture = face(*lit)
    equalise_highlights(picture)

    np.testing.assert_array_equal(picture, face(*lit))


@pytest.mark.parametrize('lit', [LEFT, RIGHT])
def test_a_highlight_in_one_eye_alone_goes_and_nothing_else(lit):
    picture = face(lit)
    equalise_highlights(picture)

    np.testing.assert_array_equal(picture, face())


def test_a_dark_panel_and_a_panel_that_is_lit_throughout_have_none():
    for value in (0, 255):
        picture = np.full((64, 128), value, np.uint8)
        equalise_highlights(picture)
        assert (picture == value).all()
