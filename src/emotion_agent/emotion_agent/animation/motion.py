# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What life adds to the expression of a face at one instant."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from emotion_models.drawing.action_units import NEUTRAL
from emotion_models.drawing.view import View


class Letter(NamedTuple):
    """The letter Z that floats up from a sleeper: its left upper corner, and its size, px."""

    x: int
    y: int
    size: int


class Motion(NamedTuple):
    """
    What moves by itself, on top of the expression.

    Args:
        view: look and framing; its shifts are whole pixels, its zoom is a factor of the
            expression's, its tilt is added to the expression's.
        units: added to the action units of the expression, (21,); a face without parts
            leaves them out.
        letter: of sleep; none = none.
    """

    view: View
    units: np.ndarray = NEUTRAL
    letter: Letter | None = None
