# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
From action units to curves: where every line of the face runs.

Face coordinates: pixels of the panel at zoom 1, origin at the centre of the panel, x to the right,
y down. Curves are float arrays (N, 2). What an action unit of 1 moves is written beside it, so the
expressions are tuned here and in the table of emotions, nowhere else.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from emotion_models.drawing.action_units import ActionUnits, as_action_units
from emotion_models.drawing.identity import Identity
from emotion_models.drawing.view import PUPIL_PX, TEAR_FALL_PX, VERGENCE_PX, WIDTH, View

EYE_LINE = -3.0  # y of the centres of the eyes
PARALLAX_PX = np.array([2.2, 1.4])  # how far a gaze of 1 turns the face; pupils go twice as far on

_EDGE_PX = 30.6  # nothing is drawn farther than this above and below the centre of the panel
_APART_PX = 2.2  # between eyes and mouth, mouth and nose
_BROW_APART_PX = 3.0  # between brows and eyes, so that a face drawn smaller keeps it
_SMALLEST_PX = 1.15  # radius of the smallest highlight or dark pupil

_U = np.linspace(0.0, 1.0, 29)  # along a lid or a lip, from left to right
_PARABOLA = 4.0 * _U * (1.0 - _U)
_ELLIPSE = np.sqrt(_PARABOLA)
_ACROSS = -np.cos(np.pi * _U)  # along a lid: close together at the corners, where it is steep
_TREMBLE = np.cos(6.0 * np.pi * (_U - 0.5)) * np.minimum(1.0, 3.0 * _PARABOLA)
_V = np.linspace(0.0, 1.0, 9)  # along a brow, from the nose outward
_BROW_TAPER = np.interp(_V, [0.0, 0.15, 0.5, 1.0], [0.85, 1.0, 0.95, 0.55])

_TURN = np.linspace(0.0, 2.0 * np.pi, 32, endpoint=False)
CIRCLE = np.stack([np.sin(_TURN), -np.cos(_TURN)], axis=1)  # starts at the top, clockwise


def _superellipse(power: float) -> np.ndarray:
    """The circle with flatter sides, which end in more than one or two pixels."""
    return CIRCLE / (np.abs(CIRCLE) ** power).sum(axis=1, keepdims=True) ** (1.0 / power)


def _heart() -> np.ndarray:
    """Two round lobes and a tip; it starts at the notch, clockwise, as many points as CIRCLE."""
    centre, radius, tip = np.array([0.49, -0.36]), 0.51, np.array([0.0, 0.95])
    notch = np.arctan2(-np.sqrt(radius**2 - centre[0] ** 2), -centre[0])
    to_tip = tip - centre
    tangent = np.arctan2(to_tip[1], to_tip[0]) - np.arccos(radius / np.hypot(*to_tip))
    angle = np.linspace(notch, tangent, len(CIRCLE) // 2 - 2)
    lobe = centre + radius * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    side = np.concatenate([lobe, (lobe[-1] + tip)[None] / 2.0])
    mirrored = side[:0:-1] * (-1.0, 1.0)
    bottom = tip + np.array([(0.04, -0.02), (0.0, 0.0), (-0.04, -0.02)])
    return np.concatenate([side, bottom, mirrored])


_HEART = _heart()
_ROUND = _superellipse(2.5)
_SMALL_ROUND = _superellipse(2.15)  # which would look square
_DROP = CIRCLE.copy()
_DROP[[-2, -1, 0, 1, 2]] = [(-0.4, -0.9), (-0.15, -1.35), (0.0, -2.0), (0.15, -1.35), (0.4, -0.9)]

_NOSE = np.array([(-3.0, -0.6), (-1.5, 0.6), (1.5, 0.6), (3.0, -0.6)])
CHEEK = np.array([50.0, 15.0])
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
    pupil: np.ndarray  # (32, 2), closed: white on the dark of an outlined eye
    hole: np.ndarray | None  # (32, 2), closed: dark in that pupil or in a filled eye
    glint: np.ndarray | None  # (32, 2), closed: white in a dark pupil
    dark: np.ndarray | None  # (58, 2), closed: what is not filled between the lids
    fill: float  # [0, 1]
    heart: float  # [0, 1], how much of a heart the pupil is


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
    line = 0.6 * _line_weight(identity) + _BROW_APART_PX
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


@lru_cache(maxsize=8)
def _lid_shapes(
    units: ActionUnits, identity: Identity, side: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The open upper and lower lid and where they meet, (29,) each, in half heights."""
    _, oblique = _brow_raise(units, side)
    inwardness = (1.0 - side * _ACROSS) / 2.0  # 1 at the nose, 0 at the temple
    power = identity.eye_roundness + 0.5 * identity.eye_fill
    bulge = (1.0 - np.abs(_ACROSS) ** power) ** (1.0 / power)

    frown = max(0.0, units.brow_lowerer) * (1.0 - min(1.0, oblique))
    lid = 1.0 + 0.28 * units.upper_lid_raiser - 0.3 * units.lid_tightener
    scowl = lid - frown * (0.15 + 0.75 * inwardness)
    sorrow = lid - oblique * (0.1 + 0.75 * (1.0 - inwardness)) * (
        1.0 - max(0.0, units.upper_lid_raiser)
    )
    # A lid that is lowered cuts the eye in a straight line instead of making it flatter.
    cut = np.minimum(np.minimum(scowl, sorrow), lid)
    upper = np.minimum(max(1.0, lid) * bulge, 0.35 * cut * bulge + 0.65 * cut)
    # Laughter lifts the lower lid past a straight line in little time.
    laughter = _ramp(units.cheek_raiser, 0.26, 0.4)
    lifted = 0.9 * units.cheek_raiser + 1.6 * laughter + 0.45 * units.lid_tightener
    lower = (1.0 + 0.1 * units.upper_lid_raiser - lifted) * bulge
    arc = np.minimum(upper - 0.34, 0.66 * bulge * max(0.3, lid))  # what a smile leaves of an eye
    lower = np.maximum(lower, -np.maximum(arc, 0.0))
    lower = np.maximum(lower, -upper)  # never cross
    crease = (0.45 - 0.95 * laughter) * bulge  # below the middle, in laughter above it
    return upper, lower, crease


@lru_cache(maxsize=8)  # brows, eyes, mouth and tear of a picture all ask
def _lids(
    units: ActionUnits, identity: Identity, blink: float, side: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Columns of the lids, rows of the upper and of the lower one, (29,) each, before the gaze."""
    upper, lower, crease = _lid_shapes(units, identity, side)
    closed = 1.0 - (1.0 - units.eyes_closed) * (1.0 - blink)
    half_height = identity.eye_height / 2.0
    upper_y = EYE_LINE + half_height * (closed * crease - (1.0 - closed) * upper)
    # The lower lid follows late: a pupil below half-closed lids keeps its distance from it.
    lower_y = EYE_LINE + half_height * (closed**2 * crease + (1.0 - closed**2) * lower)
    half_width = identity.eye_width / 2.0 + 1.25 * blink
    x = side * identity.eye_distance / 2.0 + half_width * _ACROSS
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
    lids = _lids(units, identity, view.blink, side)
    still = _lids(units, identity, 0.0, side)  # a blink cuts a pupil and does not move it
    heart = _ramp(units.heart, 0.12, 0.28)
    centre, radius, heart = _pupil(units, identity, view, side, still, heart)
    across = _across(lids, centre, radius)
    opening = across.lower - across.upper
    # Where the lids leave little of an eye, it is one white shape.
    narrow = 1.0 - _ramp(opening, 0.35 * identity.eye_height, 0.75 * identity.eye_height)
    laughter = narrow * _ramp(units.cheek_raiser, 0.1, 0.6)
    anger = narrow * _ramp(_frown(units, side), 0.55, 0.95)
    darkness = identity.eye_fill + (1.0 - identity.eye_fill) * anger
    fill = max(darkness, identity.eye_fill + (1.0 - identity.eye_fill) * laughter)
    upper, lower = _curve(lids[0], lids[1]), _curve(lids[0], lids[2])
    dark = _unfilled(upper, lower, centre, radius, fill, heart)
    hole = glint = None
    if dark is None:  # a white eye has a dark pupil
        darkness = max(darkness, 0.4 if heart >= 0.5 else 0.3 + 0.4 * anger)
    elif heart >= 0.5:
        darkness = 0.0
    if laughter < 0.5 or identity.eye_fill >= 0.3:
        hole, glint = _hole(darkness, radius, heart, centre, (still, lids, across), laughter)
    pupil = centre + radius * _heart_or(_ROUND, heart, 1.08)
    if heart > 0.0 and view.blink > 0.0:
        highest, lowest = _between(lids, pupil[:, 0])
        pupil[:, 1] = np.minimum(np.maximum(pupil[:, 1], highest), lowest)
    return Eye(
        upper,
        lower,
        pupil,
        hole,
        glint,
        dark,
        fill,
        heart,
    )


def _heart_or(circle: np.ndarray, heart: float, scale: float) -> np.ndarray:
    """A shape from a circle at 0 to a heart at 1."""
    return circle + heart * (scale * _HEART - circle) if heart > 0.0 else circle


def _frown(units: ActionUnits, side: int) -> float:
    """Lowered brows without the raised inner ends of sorrow."""
    _, oblique = _brow_raise(units, side)
    return units.brow_lowerer * (1.0 - min(1.0, oblique))


_Lids = tuple[np.ndarray, np.ndarray, np.ndarray]


def _between(lids: _Lids, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows of the upper and of the lower lid in these columns."""
    return np.interp(x, lids[0], lids[1]), np.interp(x, lids[0], lids[2])


class _Across(NamedTuple):
    """Rows of the lids where a pupil is."""

    upper: float  # at its middle
    lower: float
    lowest_upper: float  # from one side of it to the other
    highest_lower: float


def _across(lids: _Lids, centre: np.ndarray, radius: float) -> _Across:
    # Between the sides an upper lid is not lower, a lower one not higher, or it is at the middle.
    upper, lower = _between(lids, centre[0] + radius * _SIDES)
    uppers, lowers = upper.tolist(), lower.tolist()
    return _Across(uppers[1], lowers[1], max(uppers), min(lowers))


def _pupil(
    units: ActionUnits, identity: Identity, view: View, side: int, lids: _Lids, heart: float
) -> tuple[np.ndarray, float, float]:
    """Centre and radius of a pupil, and how much of a heart it is: one is whole between lids."""
    size = identity.pupil_radius + PUPIL_PX * view.pupil_size * (0.5 + 0.5 * (view.pupil_size < 0))
    radius = size * (1.0 - 0.3 * units.upper_lid_raiser * (1.0 - heart))
    reach = identity.eye_width / 2.0 - radius - 2.0
    turn = 2.0 * PARALLAX_PX[0] * view.gaze_x - side * VERGENCE_PX * view.vergence
    x = side * identity.eye_distance / 2.0 + min(reach, max(-reach, turn))
    y = EYE_LINE + 2.0 * PARALLAX_PX[1] * view.gaze_y
    if heart > 0.0:
        margin = _LID_BAND_PX
        if identity.eye_fill < 0.25:  # a white one keeps its distance from the line of the lid
            margin += 1.6 + 4.0 * max(0.0, 1.0 - view.zoom)
        upper, lower = _between(lids, x + _LOBES * radius)
        top, bottom = float(upper.max()) + margin, float(lower[1:-1].max()) - margin
        fitting = max(1.0, min(radius, 0.5 * (bottom - top)))
        radius += heart * (fitting - radius)
        held = min(max(y, top + 0.95 * fitting), bottom - 1.03 * fitting)
        y += heart * (held - y)
        heart *= _ramp(fitting, 4.6, 5.2)  # a smaller one has no notch
    return np.array([x, y]), radius, heart


_ENDS = np.array([-1.0, 1.0])
_SIDES = np.array([-1.0, 0.0, 1.0])
_LOBES = np.array([-0.9, -0.5, 0.0, 0.5, 0.9])
_LID_BAND_PX = 1.3  # white between the curve of a lid and a dark pupil


def _unfilled(
    upper: np.ndarray,
    lower: np.ndarray,
    centre: np.ndarray,
    radius: float,
    fill: float,
    heart: float,
) -> np.ndarray | None:
    """What stays dark between the lids, shrinking toward the pupil until that covers it."""
    scale = 1.0 - fill / 0.25
    least = radius + 2.2
    if scale < 0.75 + 0.13 * heart or scale * (upper[-1, 0] - upper[0, 0]) / 2.0 < least:
        return None
    return centre + scale * (np.concatenate([upper, lower[::-1]]) - centre)


def _hole(
    fill: float,
    radius: float,
    heart: float,
    centre: np.ndarray,
    lids: tuple[_Lids, _Lids, _Across],
    laughter: float,
) -> tuple[np.ndarray | None, np.ndarray | None]:
    """The dark highlight of a white pupil, which becomes a dark pupil; and its white highlight."""
    spot = 0.33 * radius * (1.0 - heart)
    dark = (0.9 + 0.1 * heart) * radius
    grown = fill + heart * (max(0.0, min(1.0, 0.6 + fill)) - fill) * (fill >= 0.3)
    size = spot + (dark - spot) * grown
    place = centre - 0.34 * radius * max(0.0, 1.0 - 4.0 * fill)
    if size < _SMALLEST_PX * (1.0 + heart):
        return None, None
    still, shut, across = lids
    if fill < 0.3:
        upper, lower = _between(shut, place[0] + size * _LOBES)
        place[1] = max(place[1], upper.max() + size + 2.6)  # below the line of the lid
        highest = min(centre[1] - 0.1 * radius, lower.min() - size - 2.4)
        if heart > 0.0 or place[1] > highest:
            return None, None
        return place + size * _SMALL_ROUND, None
    size *= 1.0 - _ramp(laughter, 0.0, 0.7)
    opening = across if still is shut else _across(still, place, size)
    if heart == 0.0:  # so that much of it is seen
        inside = _LID_BAND_PX + 0.3 * size
        least, most = opening.upper + inside, opening.lower - inside
        place[1] = min(max(place[1], least), most) if least < most else 0.5 * (least + most)
    whole = place + size * _heart_or(_ROUND if size > 5.5 else _SMALL_ROUND, heart, 1.05)
    reach = 1.1 * size + _LID_BAND_PX
    is_clear = across.lowest_upper < place[1] - reach and across.highest_lower > place[1] + reach
    hole = whole if is_clear and size >= _LOWEST_PX else _cut(whole, shut)
    if hole is None:
        return None, None
    bright = 0.31 * size * _ramp(fill, 0.4, 0.8) * (1.0 - heart)
    return hole, _glint(place, size, bright, None if is_clear else shut)


def _cut(shape: np.ndarray, lids: _Lids) -> np.ndarray | None:
    """What the lids leave of a dark pupil; they stay whole. None where it would be a speck."""
    upper, lower = _between(lids, shape[:, 0])
    least, most = upper + _LID_BAND_PX, lower - _LID_BAND_PX
    cut = shape.copy()
    cut[:, 1] = np.maximum(least, np.minimum(shape[:, 1], np.maximum(least, most)))
    height = cut[:, 1] - cut[_MIRRORED, 1]
    return cut if height.max() >= _LOWEST_PX and np.ptp(cut[:, 0]) >= _LOWEST_PX else None


_LOWEST_PX = 2.8  # height of the lowest dark pupil
_MIRRORED = (len(_TURN) // 2 - np.arange(len(_TURN))) % len(_TURN)  # the point below or above


def _glint(place: np.ndarray, size: float, bright: float, lids: _Lids | None) -> np.ndarray | None:
    """The light in a dark pupil, whole and with dark about it, or none; lids that are near."""
    if size < 5.5 or bright < _SMALLEST_PX:
        return None
    x, y = place[0] - 0.28 * size, place[1] - 0.28 * size
    if lids is not None:
        upper, lower = _between(lids, x + bright * _ENDS)
        around = bright + 1.6 + _LID_BAND_PX
        y = max(y, max(upper.tolist()) + around)
        if y > place[1] - 0.12 * size or y + around > min(lower.tolist()):
            return None
    return np.array([x, y]) + bright * _SMALL_ROUND


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

    line = mouth_line(units, identity)
    x = left_x + (right_x - left_x) * _U
    between = left_y + (right_y - left_y) * _U
    middle = between + (middle_y - (left_y + right_y) / 2.0) * _PARABOLA
    roundness = min(1.0, max(0.0, max(jaw, units.lip_stretcher, frown) * (1.0 - gladness)))
    # Stretched lips tremble as one line: two parallel waves would look like thick lips.
    opened = identity.lip_gap + 3.2 * units.lips_part + 13.0 * units.jaw_drop
    opened -= 8.0 * max(0.0, units.lip_stretcher)
    gap = least = 0.0
    if opened >= _OPEN_PX:  # so far apart that it is dark between the lips
        steepest = np.abs(np.diff(middle[3:-3])).max() / (x[1] - x[0])
        dark = _DARK_PX + 0.5 * (1.0 - roundness)
        least = (line + dark) * math.hypot(1.0, steepest)
        gap = max(opened + 1.6 * _ramp(opened, 1.8, 2.9), least)
    else:
        waves = 3.4 * units.lip_stretcher * min(1.0, width / 42.0)
        middle = middle + waves * _ramp(waves, 0.5, 1.0) * _TREMBLE  # seen as waves or not at all
    upward = gap * (0.45 + 0.3 * min(1.0, max(0.0, frown))) * (1.0 - min(1.0, gladness))
    profile = _PARABOLA + roundness * (_ELLIPSE - _PARABOLA)
    upper_y = middle - upward * profile
    lower_y = middle + (gap - upward) * profile
    # Inside the panel and below the eyes: moved as one, so that it keeps its shape.
    ceiling = _EDGE_PX - 0.5 * line - PARALLAX_PX[1] * view.gaze_y
    up = max(0.0, lower_y.max() - ceiling)
    upper_y, lower_y = upper_y - up, lower_y - up
    apart = 0.5 * line + lid_lines(identity)[1] / 2.0 + _APART_PX
    down = 0.0
    if upper_y.min() < EYE_LINE + 0.6 * identity.eye_height + apart:  # else below any lid
        beside = x[:, None] + _NEARBY
        lids = [np.interp(k * beside, *_lower_lid(units, identity, view, k)) for k in (-1, 1)]
        down = max(0.0, float(np.max(np.maximum(*lids) - upper_y[:, None])) + apart)
    lower_y = np.minimum(lower_y + down, ceiling)
    upper_y = np.minimum(upper_y + down, lower_y)
    if gap > 0.0 and (lower_y - upper_y).max() < least - 0.1:
        lower_y = upper_y  # one line
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


_DARK_PX = 2.3  # the least dark between lips that are apart
_OPEN_PX = 2.3  # lips that would be less apart are together


def mouth_line(units: ActionUnits, identity: Identity) -> float:
    """Width of the line of the lips: heavier when pressed, never a bar."""
    weight = identity.line_weight * (1.0 + 0.15 * identity.eye_fill)
    pressed = weight * (1.0 + 0.3 * max(0.0, units.lip_pressor)) + 0.3 * identity.lip_gap
    return min(2.5, pressed)


def lid_lines(identity: Identity) -> tuple[float, float]:
    """Width of the line of an upper and of a lower lid."""
    weight = _line_weight(identity)
    return 1.2 * weight, (0.8 + 0.2 * identity.eye_fill) * weight


def teeth(mouth: Mouth, units: ActionUnits, identity: Identity) -> np.ndarray | None:
    """The upper row that a smile uncovers, a closed shape (58, 2) below the upper lip."""
    gap = mouth.lower_lip[:, 1] - mouth.upper_lip[:, 1]
    shown = 4.0 * units.lip_corner_puller * min(1.0, 2.0 * units.lips_part)
    shown = min(shown, gap.max() - mouth_line(units, identity) - _DARK_PX - 0.8)
    if shown <= 1.0:
        return None
    lower_edge = mouth.upper_lip.copy()
    lower_edge[:, 1] += np.minimum(gap, shown)
    return np.concatenate([mouth.upper_lip, lower_edge[::-1]])


def cheek_strokes(units: ActionUnits, view: View, side: int) -> list[np.ndarray]:
    """
    The blush of a cheek, strokes of (2, 2): all of them on both cheeks, or none.

    A face that comes near has them farther in, so that they stay on the panel, or has none.

    Args:
        units: what the face does.
        view: framing.
        side: -1 for the left of the picture, 1 for the right.
    """
    if units.blush < 0.3:
        return []
    grown = 0.7 + 0.3 * _ramp(units.blush, 0.3, 0.6)
    reach = (WIDTH / 2.0 - 2.0) / view.zoom - _BLUSH_X[-1] - 4.0
    if reach < 40.0:
        return []
    cheek = np.array([side * min(CHEEK[0], reach), CHEEK[1]])
    return [cheek + (place, 0.0) + grown * _STROKE * (side, 1.0) for place in _BLUSH_X]


def marks(
    units: ActionUnits, identity: Identity, mouth: Mouth, view: View | None = None
) -> list[np.ndarray]:
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
    for side in (-1, 1):
        lines += cheek_strokes(units, view or View(), side)
    return lines


def tear_drop(
    units: ActionUnits, identity: Identity, view: View | None = None
) -> np.ndarray | None:
    """A drop below the right eye, closed (32, 2), if there is one; it falls with `tear_fall`."""
    if units.tear < 0.3:
        return None
    view = view or View()
    size = 2.1 + 1.0 * _ramp(units.tear, 0.3, 0.6)
    x = identity.eye_distance / 2.0 + 7.0
    if units.blush >= 0.3:
        x = min(x, CHEEK[0] - 13.0)
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
