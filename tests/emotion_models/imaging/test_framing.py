# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from emotion_models.imaging.framing import Framing


def test_the_square_lies_about_the_box_scaled_by_its_mean_side():
    centre, side = Framing(side=1.2, down=0.1).square_about(np.array([10.0, 20.0, 40.0, 60.0]))

    assert centre == pytest.approx((30.0, 55.0))
    assert side == pytest.approx(60.0)
