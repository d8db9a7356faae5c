# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Settings of the animation, in one place."""

from dataclasses import dataclass, fields
from math import isfinite

from emotion_models.drawing import THRESHOLD


@dataclass(frozen=True)
class AnimatorConfig:
    """
    How the face moves; every number may be changed, and 0 switches a liveliness off.

    Raises:
        ValueError: if a number is negative, not finite or contradicts another.
    """

    transition_s: float = 0.4  # time in which 99 % of a small change of expression is done
    change_px_s: float = 2500.0  # pixels that a large change may flip per second: it takes longer
    startle_s: float = 0.15  # the same for the start of a surprise

    blink_rate_per_min: float = 16.0  # at rest; people blink 15 to 17 times
    blink_arousal_gain: float = 0.5  # share added to the rate at arousal 1
    blink_gap_s: float = 1.0  # least time between the starts of two blinks
    gaze_blink_shift: float = 0.7  # a gaze shift of at least this much comes with a blink

    gaze_s: float = 0.12  # time in which 99 % of a gaze shift is done
    gaze_hold_s: float = 2.0  # a face that is not reported again is looked at for so long
    saccade_min_s: float = 0.5  # between two micro-saccades, at least
    saccade_max_s: float = 2.5  # at most
    saccade_size: float = 0.08  # standard deviation, share of the range of the pupil
    wander_size: float = 0.45  # how far the idle gaze wanders, share of the range of the pupil

    breathing: float = 0.02  # share by which the face grows and shrinks
    breathing_period_s: float = 3.4
    drift_px: float = 1.5  # slow wandering of the whole face, also against burn-in
    drift_period_s: float = 60.0

    mirror_s: float = 0.25  # time in which 99 % of a change of somebody's face is taken on
    mirror_hold_s: float = 0.5  # a person who is not seen is still mirrored for so long
    mirror_fade_s: float = 1.0  # and then 99 % of it is gone after this
    mirror_dead_band: float = 0.06  # change of an action unit that counts as noise

    zoom_out: float = 0.2  # how much smaller fear and sadness make the face, at most
    zoom_in: float = 0.6  # how much larger anger and surprise make it, at arousal and intensity 1

    sleep_after_s: float = 60.0  # without a stimulus and without a face
    off_after_s: float = 300.0

    threshold: float = THRESHOLD  # grey above which a pixel is lit
    hysteresis: float = (
        0.10  # a lit pixel stays lit down to threshold - hysteresis, and vice versa
    )
    visible_px: float = 0.25  # movement that makes a new drawing worth while

    def __post_init__(self):
        for field in fields(self):
            value = getattr(self, field.name)
            if not (isfinite(value) and value >= 0.0):
                raise ValueError(f'{field.name} must be a number >= 0, got {value!r}')
        for name in (
            'transition_s',
            'change_px_s',
            'startle_s',
            'mirror_s',
            'mirror_fade_s',
            'gaze_s',
            'blink_gap_s',
            'saccade_min_s',
            'breathing_period_s',
            'drift_period_s',
        ):
            if getattr(self, name) == 0.0:
                raise ValueError(f'{name} must be > 0, got 0')
        self._require_order('saccade_min_s', 'saccade_max_s')
        self._require_order('sleep_after_s', 'off_after_s')
        self._require_order('hysteresis', 'threshold')
        fastest = 60.0 / self.blink_gap_s
        if self.blink_rate_per_min * (1.0 + self.blink_arousal_gain) >= fastest:
            raise ValueError(
                f'blinks {self.blink_gap_s} s apart allow fewer than {fastest} per minute, got '
                f'blink_rate_per_min {self.blink_rate_per_min} and blink_arousal_gain '
                f'{self.blink_arousal_gain}'
            )

    def _require_order(self, smaller: str, larger: str) -> None:
        if getattr(self, smaller) > getattr(self, larger):
            raise ValueError(
                f'{smaller} must be <= {larger}, '
                f'got {getattr(self, smaller)!r} > {getattr(self, larger)!r}'
            )
