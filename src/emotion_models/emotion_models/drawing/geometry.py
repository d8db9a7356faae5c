# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
From action units to curves: where every line of the face runs.

Face coordinates: pixels of the panel at zoom 1, origin at the centre of the panel, x to the right,
y down. Curves are float arrays (N, 2). What an action unit of 1 moves is written beside it, so the
expressions are tuned here and in the table of emotions, nowhere else.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from emotion_models.drawing.action_units import ActionUnits, as_action_units
from emotion_models.drawing.identity import Identity
from emotion_models.drawing.view import VERGENCE_PX, View

EYE_LINE = -4.0  # y of the centres of the eyes

_U = np.linspace(0.0, 1.0, 29)  # along a lid or a lip, from left to right
_PARABOLA = 4.0 * _U * (1.0 - _U)
_ELLIPSE = np.sqrt(_PARABOLA)
_TREMBLE = np.sin(2.0 * np.pi * 3.5 * _U)
_V = np.linspace(0.0, 1.0, 9)  # along a brow, from the nose outward
_BROW_TAPER = np.interp(_V, [0.0, 0.15, 0.5, 1.0], [0.75, 1.0, 0.95, 0.45])

_TURN = np.linspace(0.0, 2.0 * np.pi, 24, endpoint=False)
CIRCLE = np.stack([np.sin(_TURN), -np.cos(_TURN)], axis=1)  # starts at the top, clockwise
_HEART = np.stack(
    [
        np.sin(_TURN) ** 3,
        (5 * np.cos(2 * _TURN) + 2 * np.cos(3 * _TURN) + np.cos(4 * _TURN) - 13 * np.cos(_TURN))
        / 16.0
        - 0.15,
    ],
    axis=1,
)
_DROP = CIRCLE.copy()
_DROP[[-1, 0, 1]] = [(-0.1, -1.35), (0.0, -2.1), (0.1, -1.35)]

_NOSE = np.array([(-3.0, 8.0), (-1.5, 9.2), (1.5, 9.2), (3.0, 8.0)])
_FURROW = np.array([(3.0, -16.0), (4.0, -9.0)])
_TUCK = np.array([(0.0, 0.0), (1.0, 1.5), (1.0, 3.5)])  # from a corner of the mouth
_CHIN = np.array([(-6.0, 10.0), (-3.0, 8.5), (3.0, 8.5), (6.0, 10.0)])  # from the mouth
_CHEEK_X = 49.0
_BLUSH = [np.array([(x + 1.5, 10.0), (x - 1.5, 16.0)]) for x in (-6.0, 0.0, 6.0)]


class Eye(NamedTuple):
    """One eye; both lids run from left to right and meet at the corners."""

    upper_lid: np.ndarray  # (29, 2)
    lower_lid: np.ndarray  # (29, 2)
    pupil: np.ndarray  # (24, 2), closed
    highlight: tuple[float, float, float]  # x, y, radius


class Mouth(NamedTuple):
    """Upper and lower edge of the gap between the lips, both from left to right."""

    upper_lip: np.ndarray  # (29, 2)
    lower_lip: np.ndarray  # (29, 2)


def _curve(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    curve = np.empty((len(x), 2))
    curve[:, 0], curve[:, 1] = x, y
    return curve


def _brow_raise(units: ActionUnits, side: int) -> tuple[float, float]:
    """How far the outer end of a brow is raised, and how much more its inner end is."""
    outer = units.outer_brow_raiser_left if side < 0 else units.outer_brow_raiser_right
    return outer, max(0.0, units.inner_brow_raiser - outer)


def brow_outline(units: ActionUnits, identity: Identity, side: int) -> np.ndarray:
    """
    A brow as a closed shape (18, 2), strong toward the nose and thin at its outer end.

    Args:
        units: what the face does.
        identity: whose face it is.
        side: -1 for the left of the picture, 1 for the right.
    """
    outer_raiser, oblique = _brow_raise(units, side)
    # Raised and lowered at once, the inner end goes up and the brows come together.
    lowered = units.brow_lowerer * (1.0 - 0.8 * units.inner_brow_raiser)
    top = identity.brow_height - (identity.asymmetry if side > 0 else 0.0)
    middle = identity.eye_distance / 2.0 + 1.0

    inner_x = middle - identity.brow_length / 2.0 - 5.0 * units.brow_lowerer
    outer_x = middle + identity.brow_length / 2.0
    inner_y = top - 3.0 * units.inner_brow_raiser - 3.0 * oblique + 11.0 * lowered
    arch_y = top - 3.5 - 6.5 * outer_raiser + 3.5 * lowered + 1.0 * oblique
    outer_y = top + 2.5 - 3.0 * outer_raiser - 3.0 * lowered + 8.0 * oblique

    x = inner_x + (outer_x - inner_x) * _V
    y = (1 - _V) ** 2 * inner_y + 2 * _V * (1 - _V) * arch_y + _V**2 * outer_y
    thickness = identity.brow_thickness * (1.0 + 0.25 * lowered) * _BROW_TAPER
    slope = (outer_y - inner_y) / (outer_x - inner_x)
    offset = 0.5 * thickness / np.sqrt(1.0 + slope**2)  # at right angles to the whole brow
    above = _curve(side * (x + slope * offset), y - offset)
    below = _curve(side * (x - slope * offset), y + offset)
    return np.concatenate([above, below[::-1]])


def eye_curves(units: ActionUnits, identity: Identity, view: View, side: int) -> Eye:
    """
    Lids, pupil and highlight of one eye; a pupil behind the lids is not cut here.

    Args:
        units: what the face does.
        identity: whose face it is.
        view: gaze, vergence and blink.
        side: -1 for the left of the picture, 1 for the right.
    """
    _, oblique = _brow_raise(units, side)
    closed = 1.0 - (1.0 - units.eyes_closed) * (1.0 - view.blink)
    half_height = identity.eye_height / 2.0
    half_width = identity.eye_width / 2.0
    centre_x = side * identity.eye_distance / 2.0

    inwardness = (1.0 - side * (2.0 * _U - 1.0)) / 2.0  # 1 at the nose, 0 at the temple
    bulge = (1.0 - np.abs(2.0 * _U - 1.0) ** identity.eye_roundness) ** (
        1.0 / identity.eye_roundness
    )
    scowl = 1.0 - 0.8 * units.brow_lowerer * (1.0 - oblique) * inwardness
    sorrow = 1.0 - 0.9 * oblique * (1.0 - inwardness) * (1.0 - units.upper_lid_raiser)
    upper = (1.0 + 0.3 * units.upper_lid_raiser - 0.2 * units.lid_tightener) * scowl * sorrow
    lifted = 1.9 * units.cheek_raiser + 0.4 * units.lid_tightener
    lower = np.maximum(1.0 + 0.1 * units.upper_lid_raiser - lifted, -0.75 * upper)  # never cross
    crease = 0.45 - 0.9 * units.cheek_raiser  # where the lids meet
    upper_y = EYE_LINE + half_height * bulge * (closed * crease - (1.0 - closed) * upper)
    # The lower lid follows late: a pupil below half-closed lids keeps its distance from it.
    lower_y = EYE_LINE + half_height * bulge * (closed**2 * crease + (1.0 - closed**2) * lower)
    x = centre_x + half_width * (2.0 * _U - 1.0)

    radius = identity.pupil_radius * (1.0 - 0.35 * units.upper_lid_raiser - 0.05 * units.heart)
    reach = half_width - radius - 2.0
    turn = view.gaze_x * reach - side * VERGENCE_PX * view.vergence
    pupil_x = centre_x + min(reach, max(-reach, turn))
    pupil_y = EYE_LINE + view.gaze_y * max(0.0, half_height - radius + 1.0)
    shape = CIRCLE + units.heart * (_HEART - CIRCLE)
    return Eye(
        _curve(x, upper_y),
        _curve(x, lower_y),
        np.array([pupil_x, pupil_y]) + radius * shape,
        (pupil_x - 0.35 * radius, pupil_y - 0.35 * radius, (0.36 - 0.36 * units.heart) * radius),
    )


def mouth_curves(units: ActionUnits, identity: Identity) -> Mouth:
    """
    The gap between the lips: corners by AU 12, 14, 15, 20, 23, its opening by AU 25 and 26.

    Args:
        units: what the face does.
        identity: whose face it is.
    """
    smile = units.lip_corner_puller
    width = identity.mouth_width * (
        1.0
        + 0.3 * smile
        + 0.3 * units.lip_stretcher
        - 0.15 * units.lip_tightener
        - 0.15 * units.lip_pressor
        - 0.55 * units.jaw_drop * (1.0 - smile) * (1.0 - units.lip_stretcher)
    )
    left_x = -width / 2.0 - 2.0 * units.dimpler_left
    right_x = width / 2.0 + 2.0 * units.dimpler_right
    middle_y = (
        identity.mouth_height - 5.0 * smile * units.jaw_drop - 3.0 * units.lip_corner_depressor
    )
    corner_y = identity.mouth_height - 7.0 * smile + 5.0 * units.lip_corner_depressor
    left_y = corner_y - 5.0 * units.dimpler_left
    right_y = corner_y - 5.0 * units.dimpler_right

    gap = identity.lip_gap + 3.0 * units.lips_part + 13.5 * units.jaw_drop
    upward = gap * 0.45 * (1.0 - smile)
    roundness = max(units.jaw_drop, units.lip_stretcher) * (1.0 - smile)
    profile = _PARABOLA + roundness * (_ELLIPSE - _PARABOLA)

    x = left_x + (right_x - left_x) * _U
    between = left_y + (right_y - left_y) * _U
    middle = between + (middle_y - (left_y + right_y) / 2.0) * _PARABOLA
    middle += 1.9 * units.lip_stretcher * (1.0 - 0.6 * units.jaw_drop) * _TREMBLE
    upper_y = middle - upward * profile
    lower_y = middle + (gap - upward) * profile
    return Mouth(_curve(x, upper_y), _curve(x, lower_y))


def teeth(mouth: Mouth, units: ActionUnits) -> np.ndarray:
    """The upper row that a smile uncovers, a closed shape (58, 2) below the upper lip."""
    gap = mouth.lower_lip[:, 1] - mouth.upper_lip[:, 1]
    shown = 4.0 * units.lip_corner_puller * min(1.0, 2.0 * units.lips_part)
    lower_edge = mouth.upper_lip.copy()
    lower_edge[:, 1] += np.minimum(gap, shown)
    return np.concatenate([mouth.upper_lip, lower_edge[::-1]])


def marks(units: ActionUnits, identity: Identity, mouth: Mouth) -> list[np.ndarray]:
    """
    The short lines that come with an action: furrow, blush, tucked lips, chin; and the nose.

    Each grows from its middle with the action, so that none appears at once.

    Returns:
        Those that are there, each (K, 2).
    """
    lines = [
        _grown(_NOSE, identity.nose),
        _grown(_CHIN + np.array([0.0, identity.mouth_height]), 2.5 * units.chin_raiser),
    ]
    blush = (units.blush - 0.2) / 0.4
    for side in (-1, 1):
        flip = np.array([side, 1.0])
        outer_raiser, _ = _brow_raise(units, side)
        frown = units.brow_lowerer - max(units.inner_brow_raiser, outer_raiser)
        lines.append(_grown(flip * _FURROW, (frown - 0.45) / 0.35))
        corner = mouth.upper_lip[0 if side < 0 else -1]
        lines.append(_grown(corner + flip * _TUCK, units.lip_pressor))
        cheek = np.array([side * _CHEEK_X, 0.0])
        lines += [_grown(cheek + stroke, blush) for stroke in _BLUSH]
    return [line for line in lines if line is not None]


def tear_drop(units: ActionUnits, identity: Identity) -> np.ndarray | None:
    """A drop below the right eye, closed (24, 2), if there is one."""
    size = min(1.0, (units.tear - 0.3) / 0.3)
    if size <= 0.0:
        return None
    return (identity.eye_distance / 2.0 + 8.0, 14.0) + (1.4 + 1.8 * size) * _DROP


def _grown(line: np.ndarray, amount: float) -> np.ndarray | None:
    """The line shortened about its middle to `amount` of its length, None if nothing is left."""
    if amount < 0.1:
        return None
    middle = line.mean(axis=0)
    return middle + min(1.0, amount) * (line - middle)


def mouth_corners(action_units, identity: Identity, view: View | None = None) -> np.ndarray:
    """
    Where the corners of the mouth are drawn.

    Args:
        action_units: (N_ACTION_UNITS,).
        identity: whose face it is.
        view: framing; the default is zoom 1.

    Returns:
        (2, 2): x, y of the left and of the right corner in pixels of the panel, y down.
    """
    matrix = (view or View()).matrix()
    lip = mouth_curves(as_action_units(action_units), identity).upper_lip
    return lip[[0, -1]] @ matrix[:, :2].T + matrix[:, 2]
