# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
How changes of expression are timed: a row for each, and which of them blink.

Times are counted in frames of 1/25 s. Animators move the parts of a face one after another, let
them swing back before they start and past where they stop (Johnston & Thomas, The Illusion of
Life, 1981), and hide what cannot be bent behind a blink.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import NamedTuple

from emotion_agent.animation.springs import damping_of_overshoot, frequency_of_rise

FRAME_S = 0.04
NEUTRAL = 'neutral'

DELAYS = MappingProxyType(
    {'pupils': 0, 'brows': 1, 'eyes': 1, 'head': 1, 'shading': 1, 'mouth': 2}
)
"""Frames after which a part begins to move."""

SIGNS_LEAVE, SIGNS_AFTER, SIGNS_COME = 2, 2, 4
"""Frames in which tear and blush leave, that they wait for the pose, and in which they come."""

SETTLED_AFTER = 6
"""Frames after 90 % of the way in which a change is over."""


class Timing(NamedTuple):
    """
    A change to an expression.

    Args:
        rise: frames after which the mouth, which starts last, has done 90 % of its way.
        overshoot: past the goal, share of the way.
        swing: frames in which parts move the other way before they start.
        swung: which parts, and by what share of their way.
        shrinking: by how much the face is smaller in that time.
        last: a part that starts when the others have come, and overshoots alone.
        sooner: frames by which every part starts sooner, none before the change.
    """

    rise: float
    overshoot: float = 0.0
    swing: float = 0.0
    swung: MappingProxyType[str, float] = MappingProxyType({})
    shrinking: float = 0.0
    last: str = ''
    sooner: float = 0.0


TIMINGS = MappingProxyType(
    {
        'surprise': Timing(3.8, 0.12, sooner=1),
        'fear': Timing(5.5, 0.03),
        'mad': Timing(6.5, 0.08, 2, MappingProxyType({'brows': 0.1}), shrinking=0.02),
        'joy': Timing(7.4, 0.06, 3, MappingProxyType({'eyes': 0.15, 'mouth': 0.15})),
        'power': Timing(
            10.5, 0.048, 2, MappingProxyType({'eyes': 0.12, 'mouth': 0.12}), last='brows'
        ),
        'love': Timing(15.5),
        'sad': Timing(19.5, swing=4),
    }
)
"""By the expression that a change leads to; that back to neutral follows from the way in."""

SUDDEN = frozenset({'surprise', 'fear'})
"""Expressions that come from outside: nothing is put before them, and no blink hides them."""

_LEAST_TO_NEUTRAL, _BACK = 14.5, 1.5
# Of joy the corners of the mouth are back long before the smile is.
_BACK_FROM = MappingProxyType({'joy': 18.0})

_PUPILS = MappingProxyType({'love': 'heart'})
_MOUTHS = MappingProxyType(
    {
        NEUTRAL: 'line',
        'love': 'line',
        'power': 'line',
        'joy': 'open',
        'surprise': 'open',
        'mad': 'open',
        'fear': 'wavy',
        'sad': 'frown',
    }
)


def timing_of(goal: str, start: str) -> Timing:
    """The row of a change from one expression to another."""
    if goal in TIMINGS:
        return TIMINGS[goal]
    way_in = TIMINGS[start].rise if start in TIMINGS else 0.0
    return Timing(_BACK_FROM.get(start, max(_LEAST_TO_NEUTRAL, _BACK * way_in)))


def may_be_exchanged(start: str, goal: str) -> bool:
    """Whether pupils or mouths differ in kind, so that the change may hide behind a blink."""
    if start == goal or {start, goal} & SUDDEN:
        return False
    return _MOUTHS[start] != _MOUTHS[goal] or _PUPILS.get(start) != _PUPILS.get(goal)


def pull_of(rise_frames: float, overshoot: float, tempo: float) -> tuple[float, float]:
    """ω in 1/s and ζ of a part that does 90 % of its way in so many frames."""
    damping = damping_of_overshoot(overshoot)
    return frequency_of_rise(max(1.0, rise_frames) * FRAME_S / tempo, damping), damping
