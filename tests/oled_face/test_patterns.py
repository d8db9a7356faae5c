# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from oled_face.patterns import PATTERNS, pattern


@pytest.mark.parametrize('name', PATTERNS)
@pytest.mark.parametrize(('width', 'height'), [(128, 64), (128, 32), (96, 16), (64, 48)])
def test_patterns_fit_every_panel(name, width, height):
    frame = pattern(name, width, height)

    assert frame.shape == (height, width)
    assert frame.dtype == np.uint8
    assert np.count_nonzero(frame) > 0


def test_border_lights_all_four_edges():
    frame = pattern('border')

    assert frame[0].all()
    assert frame[-1].all()
    assert frame[:, 0].all()
    assert frame[:, -1].all()
    assert not np.array_equal(frame, frame[::-1])
