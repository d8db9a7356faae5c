# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
From action units to curves: where every line of the face runs.

Face coordinates: pixels of the panel at zoom 1, origin at the centre of the panel, x to the right,
y down. Curves are float arrays (N, 2). What an action unit of 1 moves is written beside it, so the
expressions are tuned here and in the table of emotions, nowhere else.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from emotion_models.drawing.action_units import ActionUnits, as_action_units
from emotion_models.drawing.identity import Identity
from emotion_models.drawing.view import PUPIL_PX, TEAR_FALL_PX, VERGENCE_PX, View

EYE_LINE = -3.0  # y of the centres of the eyes
PARALLAX_PX = np.array([2.2, 1.4])  # how far a gaze of 1 turns the face; pupils go twice as far on

_EDGE_PX = 30.6  # nothing is drawn farther than this above and below the centre of the panel
_APART_PX = 2.2  # between brows and eyes, eyes and mouth, mouth and nose
_SMALLEST_PX = 1.15  # radius of the smallest highlight or dark pupil

_U = np.linspace(0.0, 1.0, 29)  # along a lid or a lip, from left to right
_PARABOLA = 4.0 * _U * (1.0 - _U)
_ELLIPSE = np.sqrt(_PARABOLA)
_TREMBLE = np.cos(6.0 * np.pi * (_U - 0.5)) * np.minimum(1.0, 3.0 * _PARABOLA)
_V = np.linspace(0.0, 1.0, 9)  # along a brow, from the nose outward
_BROW_TAPER = np.interp(_V, [0.0, 0.15, 0.5, 1.0], [0.85, 1.0, 0.95, 0.55])

_TURN = np.linspace(0.0, 2.0 * np.pi, 24, endpoint=False)
CIRCLE = np.stack([np.sin(_TURN), -np.cos(_TURN)], axis=1)  # starts at the top, clockwise
_HEART = np.stack(
    [
        np.sin(_TURN) ** 3,
        (5 * np.cos(2 * _TURN) + 2 * np.cos(3 * _TURN) + np.cos(4 * _TURN) - 13 * np.cos(_TURN))
        / 16.0
        - 0.1,
    ],
    axis=1,
)
_ROUND = CIRCLE / (np.abs(CIRCLE) ** 2.25).sum(axis=1, keepdims=True) ** (1 / 2.25)  # no tips
_DROP = CIRCLE.copy()
_DROP[[-1, 0, 1]] = [(-0.15, -1.35), (0.0, -2.0), (0.15, -1.35)]

_NOSE = np.array([(-3.0, -0.6), (-1.5, 0.6), (1.5, 0.6), (3.0, -0.6)])
_CHEEK = np.array([50.0, 15.0])
_BLUSH_X = (-5.5, 0.0, 5.5)
_STROKE = np.array([(1.3, -2.8), (-1.3, 2.8)])


class Eye(NamedTuple):
    """
    One eye; both lids run from left to right and meet at the corners.

    From outlines to filled eyes `fill` grows from 0 to 1: the white of the eye spreads from the
    lids inward until it meets the pupil, whose dark highlight becomes a dark pupil.
    """

    upper_lid: np.ndarray  # (29, 2)
    lower_lid: np.ndarray  # (29, 2)
    pupil: np.ndarray  # (24, 2), closed: white on the dark of an outlined eye
    hole: np.ndarray | None  # (24, 2), closed: dark in that pupil or in a filled eye
    glint: np.ndarray | None  # (24, 2), closed: white in a dark pupil
    dark: np.ndarray | None  # (58, 2), closed: what is not filled between the lids
    fill: float  # [0, 1]
    is_clear: bool  # whether the lids leave the hole whole


class Mouth(NamedTuple):
    """Upper and lower edge of the gap between the lips, both from left to right."""

    upper_lip: np.ndarray  # (29, 2)
    lower_lip: np.ndarray  # (29, 2)


def _curve(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    curve = np.empty((len(x), 2))
    curve[:, 0], curve[:, 1] = x, y
    return curve


def _ramp(value: float, low: float, high: float) -> float:
    """0 below `low`, 1 above `high`, smooth between."""
    share = min(1.0, max(0.0, (value - low) / (high - low)))
    return share * share * (3.0 - 2.0 * share)


def _brow_raise(units: ActionUnits, side: int) -> tuple[float, float]:
    """How far the outer end of a brow is raised, and how much more its inner end is."""
    outer = units.outer_brow_raiser_left if side < 0 else units.outer_brow_raiser_right
    return outer, max(0.0, units.inner_brow_raiser - max(0.0, outer))


def face_shift(view: View) -> np.ndarray:
    """How far a gaze turns the whole face, (2,) in pixels; the curves below are before it."""
    return PARALLAX_PX * (view.gaze_x, view.gaze_y)


def brow_outline(
    units: ActionUnits, identity: Identity, side: int, view: View | None = None
) -> np.ndarray:
    """
    A brow as a closed shape (18, 2), strong toward the nose and thinner at its outer end.

    It stays inside the panel and keeps its distance from the upper lid.

    Args:
        units: what the face does.
        identity: whose face it is.
        side: -1 for the left of the picture, 1 for the right.
        view: gaze and blink; the default looks straight ahead.
    """
    view = view or View()
    outer_raiser, oblique = _brow_raise(units, side)
    # Raised and lowered at once, the inner end goes up and the brows come together.
    lowered = units.brow_lowerer * (1.0 - 0.8 * max(0.0, units.inner_brow_raiser))
    top = identity.brow_height - (identity.asymmetry if side > 0 else 0.0) + view.blink
    middle = identity.eye_distance / 2.0 + 1.0

    inner_x = middle - identity.brow_length / 2.0 - 4.0 * units.brow_lowerer
    outer_x = middle + identity.brow_length / 2.0
    inner_y = top - 3.0 * units.inner_brow_raiser - 3.5 * oblique + 11.0 * lowered
    arch_y = top - 3.0 - 6.5 * outer_raiser + 3.5 * lowered + 1.0 * oblique
    outer_y = top + 2.0 - 3.0 * outer_raiser - 3.0 * lowered + 6.0 * oblique

    x = inner_x + (outer_x - inner_x) * _V
    y = (1 - _V) ** 2 * inner_y + 2 * _V * (1 - _V) * arch_y + _V**2 * outer_y
    thickness = identity.brow_thickness * (1.0 + 0.2 * lowered + 0.35 * identity.eye_fill)
    half = 0.5 * thickness * _BROW_TAPER
    lid_x, lid_y, _ = _lids(units, identity, view.blink, side)
    lid_x = lid_x if side > 0 else -lid_x[::-1]
    lid_y = lid_y if side > 0 else lid_y[::-1]
    line = 0.6 * _line_weight(identity) + _APART_PX
    near = np.interp(x[:, None] + _NEARBY, lid_x, lid_y).min(axis=1)  # the eye is round
    y = np.minimum(y, near - line - half)
    y = np.maximum(y, half - _EDGE_PX - PARALLAX_PX[1] * view.gaze_y)
    slope = np.arctan((y[-1] - y[0]) / (outer_x - inner_x))
    lean, drop = np.sin(slope) * half, np.cos(slope) * half  # at right angles to the whole brow
    outline = np.empty((2 * len(_V), 2))
    outline[: len(_V), 0], outline[len(_V) :, 0] = side * (x + lean), (side * (x - lean))[::-1]
    outline[: len(_V), 1], outline[len(_V) :, 1] = y - drop, (y + drop)[::-1]
    return outline


_NEARBY = np.array([-3.0, 0.0, 3.0])


def _line_weight(identity: Identity) -> float:
    """Width of the lines about the eyes and of the mouth: heavier beside filled eyes."""
    return identity.line_weight * (1.0 + 0.3 * identity.eye_fill)


@lru_cache(maxsize=8)  # brows, eyes, mouth and tear of a picture all ask
def _lids(
    units: ActionUnits, identity: Identity, blink: float, side: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Columns of the lids, rows of the upper and of the lower one, (29,) each, before the gaze."""
    _, oblique = _brow_raise(units, side)
    closed = 1.0 - (1.0 - units.eyes_closed) * (1.0 - blink)
    half_height = identity.eye_height / 2.0
    half_width = identity.eye_width / 2.0 + 1.25 * blink
    across = 2.0 * _U - 1.0
    inwardness = (1.0 - side * across) / 2.0  # 1 at the nose, 0 at the temple
    power = identity.eye_roundness + 0.5 * identity.eye_fill
    bulge = (1.0 - np.abs(across) ** power) ** (1.0 / power)

    frown = max(0.0, units.brow_lowerer) * (1.0 - min(1.0, oblique))
    lid = 1.0 + 0.28 * units.upper_lid_raiser - 0.3 * units.lid_tightener
    scowl = lid - frown * (0.15 + 0.75 * inwardness)
    sorrow = lid - oblique * (0.1 + 0.75 * (1.0 - inwardness)) * (
        1.0 - max(0.0, units.upper_lid_raiser)
    )
    # A lid that is lowered cuts the eye in a straight line instead of making it flatter.
    cut = np.minimum(np.minimum(scowl, sorrow), lid)
    upper = np.minimum(max(1.0, lid) * bulge, 0.35 * cut * bulge + 0.65 * cut)
    cheek = max(0.0, units.cheek_raiser)
    lifted = 2.3 * units.cheek_raiser + 0.45 * units.lid_tightener
    lower = (1.0 + 0.1 * units.upper_lid_raiser - lifted) * bulge
    arc = np.minimum(upper - 0.34, 0.66 * bulge * max(0.3, lid))  # what a smile leaves of an eye
    lower = np.maximum(lower, -np.maximum(arc, 0.0 * upper))
    lower = np.maximum(lower, -upper)  # never cross
    crease = (0.45 - 1.0 * min(1.0, cheek)) * bulge  # where the lids meet
    upper_y = EYE_LINE + half_height * (closed * crease - (1.0 - closed) * upper)
    # The lower lid follows late: a pupil below half-closed lids keeps its distance from it.
    lower_y = EYE_LINE + half_height * (closed**2 * crease + (1.0 - closed**2) * lower)
    x = side * identity.eye_distance / 2.0 + half_width * across
    return x, upper_y, np.maximum(lower_y, upper_y)


def eye_curves(units: ActionUnits, identity: Identity, view: View, side: int) -> Eye:
    """
    Lids, pupil and highlight of one eye; a pupil behind the lids is not cut here.

    Args:
        units: what the face does.
        identity: whose face it is.
        view: gaze, vergence, blink and size of the pupils.
        side: -1 for the left of the picture, 1 for the right.
    """
    x, upper_y, lower_y = _lids(units, identity, view.blink, side)
    half_width, half_height = identity.eye_width / 2.0, identity.eye_height / 2.0
    heart = _ramp(units.heart, 0.15, 0.4)
    size = identity.pupil_radius + PUPIL_PX * view.pupil_size * (0.5 + 0.5 * (view.pupil_size < 0))
    radius = size * (1.0 - 0.3 * units.upper_lid_raiser * (1.0 - heart))
    radius += heart * (min(radius, half_height - 2.8) - radius)  # its notch stays below the lid
    reach = half_width - radius - 2.0
    turn = 2.0 * PARALLAX_PX[0] * view.gaze_x - side * VERGENCE_PX * view.vergence
    offset_x = min(reach, max(-reach, turn))
    offset_y = 2.0 * PARALLAX_PX[1] * view.gaze_y
    centre = np.array([side * identity.eye_distance / 2.0 + offset_x, EYE_LINE + offset_y])

    column = min(28, max(0, round(14.0 + 14.0 * offset_x / half_width)))
    opening = lower_y[column] - upper_y[column]
    # Where the lids leave little of an eye, it is one white shape without a pupil.
    narrow = 1.0 - _ramp(opening, 0.35 * identity.eye_height, 0.75 * identity.eye_height)
    solid = narrow * _solidity(units, side)
    fill = identity.eye_fill + (1.0 - identity.eye_fill) * solid
    lids = _curve(x, upper_y), _curve(x, lower_y)
    shape = _ROUND + heart * (1.08 * _HEART - _ROUND)
    hole = glint = None
    if solid < 0.5 or identity.eye_fill >= 0.3:
        lids_y = upper_y[column], lower_y[column]
        hole, glint = _hole(identity, radius, heart, centre, lids_y, solid)
    return Eye(
        *lids,
        centre + radius * shape,
        hole,
        glint,
        _unfilled(*lids, centre, radius, fill),
        fill,
        hole is not None
        and hole[:, 1].min() > upper_y[column] + 1.2
        and hole[:, 1].max() < lower_y[column] - 1.0,
    )


def _solidity(units: ActionUnits, side: int) -> float:
    """How much of an outlined eye laughter or anger fill, where they leave it narrow."""
    _, oblique = _brow_raise(units, side)
    frown = units.brow_lowerer * (1.0 - min(1.0, oblique))
    return max(_ramp(units.cheek_raiser, 0.1, 0.6), _ramp(frown, 0.55, 0.95))


def _unfilled(
    upper: np.ndarray, lower: np.ndarray, centre: np.ndarray, radius: float, fill: float
) -> np.ndarray | None:
    """What stays dark between the lids, shrinking toward the pupil until that covers it."""
    scale = 1.0 - fill / 0.25
    if scale * np.abs(upper[[0, -1], 0] - centre[0]).max() < radius + 2.2:
        return None
    return centre + scale * (np.concatenate([upper, lower[::-1]]) - centre)


def _hole(
    identity: Identity,
    radius: float,
    heart: float,
    centre: np.ndarray,
    lids: tuple[float, float],
    solid: float,
) -> tuple[np.ndarray | None, np.ndarray | None]:
    """The dark highlight of a white pupil, which becomes a dark pupil; and its white highlight."""
    fill = identity.eye_fill
    spot = 0.33 * radius * (1.0 - heart)
    dark = (0.88 + 0.12 * heart) * radius
    grown = fill + heart * (min(1.0, 2.0 * fill) - fill)
    size = spot + (dark - spot) * grown
    place = centre - 0.34 * radius * max(0.0, 1.0 - 4.0 * fill)
    upper, lower = lids
    if fill >= 0.3:  # a dark pupil gives way to the lids, so that they stay whole
        size = min(size, 0.6 * (lower - upper) - 0.8) * (1.0 - _ramp(solid, 0.0, 0.7))
        if size < min(2.6, spot + (dark - spot) * grown):
            return None, None
        place[1] = min(max(place[1], upper + 0.7 * size), lower - 0.7 * size)
    if size < _SMALLEST_PX * (1.0 + heart):
        return None, None
    if fill < 0.3 and (place[1] - size - 1.4 < upper or place[1] + size + 1.4 > lower):
        return None, None
    share = heart * _ramp(fill, 0.0, 0.3)
    hole = place + size * (_ROUND + share * (1.05 * _HEART - _ROUND))
    bright = 0.31 * size * _ramp(fill, 0.4, 0.8) * (1.0 - heart)
    spot_y = place[1] - 0.28 * size
    if size < 5.2 or bright < _SMALLEST_PX or spot_y - bright - 2.0 < upper:
        return hole, None
    return hole, np.array([place[0] - 0.28 * size, spot_y]) + bright * _ROUND


def mouth_curves(units: ActionUnits, identity: Identity, view: View | None = None) -> Mouth:
    """
    The gap between the lips: corners by AU 12, 14, 15, 20, 23, its opening by AU 25 and 26.

    At rest it is a soft curve. It stays inside the panel and below the eyes.

    Args:
        units: what the face does.
        identity: whose face it is.
        view: gaze and blink; the default looks straight ahead.
    """
    view = view or View()
    smile, frown = units.lip_corner_puller, units.lip_corner_depressor
    gladness = max(0.0, smile)
    jaw = max(0.0, units.jaw_drop)
    width = identity.mouth_width * (
        1.0
        + 0.3 * smile
        + 0.3 * units.lip_stretcher
        - 0.18 * units.lip_tightener
        - 0.18 * units.lip_pressor
        - 0.55
        * jaw
        * (1.0 - min(1.0, gladness))
        * (1.0 - min(1.0, max(0.0, frown)))
        * (1.0 - min(1.0, max(0.0, units.lip_stretcher)))
    )
    width = min(76.0, max(13.0, width))
    left_x = -width / 2.0 - 2.0 * units.dimpler_left
    right_x = width / 2.0 + 2.0 * units.dimpler_right
    still = 1.0 - min(1.0, max(0.0, jaw, units.lips_part, units.lip_tightener, units.lip_pressor))
    rest = 1.3 * max(still, min(1.0, gladness))  # the soft curve of a mouth at rest
    middle_y = (
        identity.mouth_height
        + rest
        + 1.5 * gladness
        - 5.5 * gladness * jaw
        - 3.0 * frown
        - 1.5 * units.chin_raiser
    )
    corner_y = identity.mouth_height - rest - 6.5 * smile + 5.0 * frown
    left_y = corner_y - 4.5 * units.dimpler_left
    right_y = corner_y - 4.5 * units.dimpler_right

    gap = _lip_gap(identity.lip_gap + 3.2 * units.lips_part + 13.0 * units.jaw_drop)
    upward = gap * (0.45 + 0.3 * min(1.0, max(0.0, frown))) * (1.0 - min(1.0, gladness))
    roundness = max(jaw, units.lip_stretcher, frown, 0.0) * (1.0 - gladness)
    profile = _PARABOLA + min(1.0, max(0.0, roundness)) * (_ELLIPSE - _PARABOLA)

    x = left_x + (right_x - left_x) * _U
    between = left_y + (right_y - left_y) * _U
    middle = between + (middle_y - (left_y + right_y) / 2.0) * _PARABOLA
    middle = middle + 1.7 * units.lip_stretcher * (1.0 - 0.6 * jaw) * _TREMBLE
    upper_y = middle - upward * profile
    lower_y = middle + (gap - upward) * profile
    # Inside the panel and below the eyes: moved as one, so that it keeps its shape.
    line = 0.5 * mouth_line(units, identity)
    ceiling = _EDGE_PX - line - PARALLAX_PX[1] * view.gaze_y
    up = max(0.0, lower_y.max() - ceiling)
    upper_y, lower_y = upper_y - up, lower_y - up
    apart = line + lid_lines(identity)[1] / 2.0 + _APART_PX
    down = 0.0
    if upper_y.min() < EYE_LINE + 0.6 * identity.eye_height + apart:  # else below any lid
        beside = x[:, None] + _NEARBY
        lids = [np.interp(k * beside, *_lower_lid(units, identity, view, k)) for k in (-1, 1)]
        down = max(0.0, float(np.max(np.maximum(*lids) - upper_y[:, None])) + apart)
    lower_y = np.minimum(lower_y + down, ceiling)
    upper_y = np.minimum(upper_y + down, lower_y)
    return Mouth(_curve(x, upper_y), _curve(x, lower_y))


def _lower_lid(
    units: ActionUnits, identity: Identity, view: View, side: int
) -> tuple[np.ndarray, np.ndarray]:
    """Columns and rows of a lower lid, mirrored to the right; beside the eye far above."""
    x, _, y = _lids(units, identity, view.blink, side)
    x, y = (x, y) if side > 0 else (-x[::-1], y[::-1])
    beyond = np.array([-40.0])
    return (
        np.concatenate([[x[0] - 3.0], x, [x[-1] + 3.0]]),
        np.concatenate([beyond, y, beyond]),
    )


def _lip_gap(gap: float) -> float:
    """Lips are together, or so far apart that it is seen: a line, and no bar."""
    gap = max(0.0, gap)
    opened = _ramp(gap, 1.8, 2.9)
    return gap * (0.15 + 0.85 * opened) + 1.6 * opened


def mouth_line(units: ActionUnits, identity: Identity) -> float:
    """Width of the line of the lips: heavier when pressed."""
    weight = identity.line_weight * (1.0 + 0.15 * identity.eye_fill)
    return weight * (1.0 + 0.3 * max(0.0, units.lip_pressor)) + 0.3 * identity.lip_gap


def lid_lines(identity: Identity) -> tuple[float, float]:
    """Width of the line of an upper and of a lower lid."""
    weight = _line_weight(identity)
    return 1.2 * weight, (0.8 + 0.2 * identity.eye_fill) * weight


def teeth(mouth: Mouth, units: ActionUnits) -> np.ndarray | None:
    """The upper row that a smile uncovers, a closed shape (58, 2) below the upper lip."""
    gap = mouth.lower_lip[:, 1] - mouth.upper_lip[:, 1]
    shown = 4.0 * units.lip_corner_puller * min(1.0, 2.0 * units.lips_part)
    if shown <= 0.0:
        return None
    lower_edge = mouth.upper_lip.copy()
    lower_edge[:, 1] += np.minimum(gap, shown)
    return np.concatenate([mouth.upper_lip, lower_edge[::-1]])


def marks(units: ActionUnits, identity: Identity, mouth: Mouth) -> list[np.ndarray]:
    """
    The short lines of a face: blush, whole on both cheeks or not at all, and the nose.

    Returns:
        Those that are there, each (K, 2).
    """
    lines = []
    if identity.nose >= 0.25:
        over = np.abs(mouth.upper_lip[:, 0]) <= 6.0
        line = 0.5 * mouth_line(units, identity) + 0.5 * identity.line_weight
        lowest = mouth.upper_lip[over, 1].min() - line - _APART_PX - 0.6
        y = min(EYE_LINE + identity.nose_length, lowest)
        lines.append(np.array([0.0, y]) + _NOSE * (identity.nose, 1.0))
    if units.blush >= 0.3:
        grown = 0.7 + 0.3 * _ramp(units.blush, 0.3, 0.6)
        for side in (-1, 1):
            cheek = _CHEEK * (side, 1.0)
            lines += [cheek + (place, 0.0) + grown * _STROKE * (side, 1.0) for place in _BLUSH_X]
    return lines


def tear_drop(
    units: ActionUnits, identity: Identity, view: View | None = None
) -> np.ndarray | None:
    """A drop below the right eye, closed (24, 2), if there is one; it falls with `tear_fall`."""
    if units.tear < 0.3:
        return None
    view = view or View()
    size = 2.1 + 1.0 * _ramp(units.tear, 0.3, 0.6)
    x = identity.eye_distance / 2.0 + 7.0
    lid = np.interp(x, *_lower_lid(units, identity, view, 1))
    y = max(lid, EYE_LINE + 4.0) + 2.0 * size + _line_weight(identity) + _APART_PX
    y = min(y + TEAR_FALL_PX * view.tear_fall, _EDGE_PX - size - PARALLAX_PX[1] * view.gaze_y)
    return np.array([x, y]) + size * _DROP


def mouth_corners(action_units, identity: Identity, view: View | None = None) -> np.ndarray:
    """
    Where the corners of the mouth are drawn.

    Args:
        action_units: (N_ACTION_UNITS,).
        identity: whose face it is.
        view: gaze and framing; the default is zoom 1.

    Returns:
        (2, 2): x, y of the left and of the right corner in pixels of the panel, y down.
    """
    view = view or View()
    matrix = view.matrix()
    lip = mouth_curves(as_action_units(action_units), identity, view).upper_lip + face_shift(view)
    return lip[[0, -1]] @ matrix[:, :2].T + matrix[:, 2]
