# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What was read from an image is drawn into a copy of it, wherever the face is."""

import numpy as np
import pytest

from emotion_agent.reporting.annotation import annotate
from emotion_models.runtime import Face


def face(box, valence=0.5):
    expression = np.eye(8, dtype=np.float32)[1]
    return Face('f1', box, valence, 0.2, 0.9, expression, valence, 0.2)


@pytest.mark.parametrize(
    'box', [(20.0, 30.0, 40.0, 40.0), (-30.0, -30.0, 60.0, 60.0), (90.0, 100.0, 60.0, 60.0)]
)
@pytest.mark.parametrize('shape', [(120, 120, 3), (120, 120)])
def test_face_is_drawn_into_a_copy(box, shape):
    image = np.full(shape, 90, np.uint8)

    drawn = annotate(image, [face(box)])

    assert (image == 90).all()
    assert drawn.shape == (120, 120, 3)
    assert (drawn != 90).any()


def test_colour_tells_pleasure_from_displeasure():
    image = np.zeros((120, 120, 3), np.uint8)
    box = (20.0, 30.0, 60.0, 60.0)

    pleased, displeased = (annotate(image, [face(box, v)])[60, 20] for v in (0.8, -0.8))

    assert pleased[1] > pleased[2]
    assert displeased[2] > displeased[1]


def test_image_without_a_face_is_left_as_it_is():
    image = np.full((50, 60, 3), 90, np.uint8)

    np.testing.assert_array_equal(annotate(image, []), image)
