# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The parametric face as a decoder: its action units are the latent space."""

from __future__ import annotations

import numpy as np

from emotion_models.sketch.action_units import blend_action_units
from emotion_models.sketch.face import ParametricFace
from emotion_models.sketch.view import View


class ParametricDecoder:
    """
    Turns emotions into points of the space of action units, and those into pictures.

    Needs no weights, so it is always there; a learned decoder offers the same two methods.

    Args:
        face: what is drawn; the face of the robot by default.
    """

    pixels_per_unit = 20.0  # the longest way of a line when one action unit goes from 0 to 1

    def __init__(self, face: ParametricFace | None = None):
        self._face = face or ParametricFace()

    def encode(self, visible) -> np.ndarray:
        """Where a mixture of emotions (7,) in [0, 1] lies, (N_ACTION_UNITS,)."""
        return blend_action_units(visible)

    def decode(self, latent: np.ndarray, view: View) -> np.ndarray:
        """The picture, float32 (64, 128) in [0, 1]; units beyond [0, 1] are clipped."""
        return self._face.render(np.clip(latent, 0.0, 1.0), view)
