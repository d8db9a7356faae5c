# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The parametric face as a decoder: its action units are the latent space."""

from __future__ import annotations

import numpy as np

from emotion_models.drawing.action_units import N_ACTION_UNITS, blend_action_units
from emotion_models.drawing.face import ParametricFace
from emotion_models.drawing.identity import Identity
from emotion_models.drawing.view import View


class ParametricDecoder:
    """
    Turns emotions into points of the space of action units, and those into pictures.

    A point is the action units and the identity in one vector: what is walked in a change of
    expression, or of the face itself. Needs no weights, so it is always there; a learned decoder
    offers the same methods.

    Args:
        identity: whose face it is; the robot's own by default.
    """

    # The longest way of a line when an action unit goes from 0 to 1, and a proportion from its
    # least to its largest value.
    pixels_per_unit = np.concatenate(
        [np.full(N_ACTION_UNITS, 20.0), np.maximum(Identity.spans(), 3.0)]
    )

    def __init__(self, identity: Identity | None = None):
        self.identity = identity or Identity.default()

    def encode(self, visible, affect: np.ndarray | None = None) -> np.ndarray:
        """
        Where a mixture of emotions (7,) in [0, 1] lies, (N_ACTION_UNITS + N_IDENTITY,).

        Its valence and arousal, `affect`, play no part in a drawing from action units.
        """
        return np.concatenate([blend_action_units(visible), self.identity.as_vector()])

    def action_units_of(self, visible: np.ndarray, affect: np.ndarray) -> np.ndarray:
        """The action units (21,) of a mixture of emotions (7,); `affect` plays no part in them."""
        return blend_action_units(visible)

    def place(self, units: np.ndarray, affect: np.ndarray, identity: np.ndarray) -> np.ndarray:
        """The point of action units (21,) and a vector of identity (16,)."""
        return np.concatenate([units, identity])

    def decode(self, latent: np.ndarray, view: View) -> np.ndarray:
        """The picture, float32 (64, 128) in [0, 1]; numbers that cannot be drawn are clipped."""
        units, identity = np.split(np.asarray(latent), [N_ACTION_UNITS])
        return ParametricFace(Identity.from_vector(identity)).render(units, view)
