# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Settings of the animation, in one place: what each means, its range, and the presets."""

from __future__ import annotations

from dataclasses import Field, dataclass, field, fields
from math import isfinite
from typing import Any, NamedTuple

from emotion_models.drawing import THRESHOLD

PRESETS = ('lively', 'calm', 'minimal')


class Range(NamedTuple):
    """What a setting means, and the numbers that it may be."""

    meaning: str
    low: float
    high: float


def _number(default: float, meaning: str, low: float, high: float) -> Any:
    return field(default=default, metadata={'range': Range(meaning, low, high)})


@dataclass(frozen=True)
class AnimatorConfig:
    """
    How the face moves; the defaults are the preset `lively`, see `AnimatorConfig.preset`.

    Raises:
        ValueError: if a number is out of its range or contradicts another.
    """

    tempo: float = _number(1.0, 'speed of changes of expression', 0.25, 4.0)
    glide_s: float = _number(
        0.4,
        'seconds in which 99 % of a small change, or of a face without parts, is done',
        0.05,
        5,
    )
    anticipation: float = _number(1.0, 'movement the other way before a change', 0, 1.5)
    overshoot: float = _number(1.0, 'movement past the goal; 0 = none', 0, 1)
    exchange: float = _number(
        0.8,
        'share of changes that happen behind shut lids, where mouth or pupils differ in kind and '
        'no blink was just before',
        0,
        1,
    )

    blink_rate: float = _number(16, 'blinks a minute at rest', 0, 30)
    blink_arousal: float = _number(0.5, 'share that is added to that at arousal 1', 0, 1)
    blink_gap_s: float = _number(1.0, 'least seconds between two blinks', 0.5, 10)
    double_blinks: float = _number(0.1, 'share of blinks that come twice', 0, 1)

    glances: float = _number(1.0, 'size of glances, share of the way of a pupil', 0, 1)
    glance_least_s: float = _number(0.4, 'shortest look at one point, s', 0.1, 10)
    glance_most_s: float = _number(2.0, 'longest look at one point, s', 0.1, 30)
    at_person: float = _number(0.7, 'share of looks that go to a person who is there', 0, 1)
    person_s: float = _number(
        2.0, 'seconds for which a person who is not reported is there', 0, 60
    )
    head_px: float = _number(1.0, 'how far the head follows a gaze, px', 0, 4)

    breath_px: float = _number(1, 'how far the face rises with a breath, px', 0, 4)
    breath_s: float = _number(4.0, 'seconds of a breath at rest', 1, 20)
    drift_px: float = _number(2, 'farthest slow wandering that spares the panel, px', 0, 4)

    laughter: float = _number(1, 'laughing in strong joy', 0, 1)
    tears: float = _number(1, 'tears that fall in strong sadness', 0, 1)
    trembling: float = _number(1, 'trembling in strong fear', 0, 1)
    heartbeat: float = _number(1, 'beating pupils in strong love', 0, 1)
    scowling: float = _number(1, 'twitching lid and slow lean in strong anger', 0, 1)
    smirking: float = _number(1, 'one brow that rises in strong power', 0, 1)
    sighing: float = _number(1, 'sighs and looks about at rest', 0, 1)
    dozing: float = _number(1, 'lids that grow heavy before sleep', 0, 1)
    snoring: float = _number(1, 'letters Z that float up in sleep', 0, 1)

    lean_back: float = _number(0.2, 'how much smaller fear and sadness make the face', 0, 0.5)
    lean_in: float = _number(0.6, 'how much larger anger and surprise make it', 0, 1.2)

    mirror_s: float = _number(0.25, 'seconds in which 99 % of a change of a person is taken on',
                              0.05, 5)  # fmt: skip
    mirror_hold_s: float = _number(
        0.5, 'seconds for which a person out of view is mirrored', 0, 60
    )
    mirror_fade_s: float = _number(1.0, 'seconds in which that ends', 0.05, 60)
    mirror_dead_band: float = _number(0.06, 'change of an action unit that counts as noise', 0, 1)

    speech_s: float = _number(0.08, 'seconds in which 99 % of a change of the voice is drawn',
                              0.02, 1)  # fmt: skip
    speech_hold_s: float = _number(
        0.3, 'seconds after which speech without messages ends', 0.05, 5
    )

    sleep_after_s: float = _number(
        60, 'seconds without stimulus and face until it sleeps', 1, 86400
    )
    off_after_s: float = _number(300, 'seconds until the panel is switched off', 1, 864000)

    threshold: float = _number(THRESHOLD, 'grey above which a pixel is lit', 0.05, 0.95)
    hysteresis: float = _number(
        0.1, 'a lit pixel stays lit down to threshold - hysteresis', 0, 0.5
    )

    def __post_init__(self):
        for entry in fields(self):
            value, limits = getattr(self, entry.name), limits_of(entry)
            if not (isfinite(value) and limits.low <= value <= limits.high):
                raise ValueError(
                    f'{entry.name} must be in {limits.low:g}..{limits.high:g}, got {value!r}'
                )
        self._require_order('glance_least_s', 'glance_most_s')
        self._require_order('sleep_after_s', 'off_after_s')
        self._require_order('hysteresis', 'threshold')
        fastest = 60.0 / self.blink_gap_s
        if self.blink_rate * (1.0 + self.blink_arousal) >= fastest:
            raise ValueError(
                f'blinks {self.blink_gap_s} s apart allow fewer than {fastest:g} a minute, got '
                f'blink_rate {self.blink_rate} and blink_arousal {self.blink_arousal}'
            )

    @classmethod
    def preset(cls, name: str = 'lively', **own: float) -> AnimatorConfig:
        """
        The settings of a preset, with those of one's own.

        Args:
            name: `lively`; `calm`: slower, with rarer blinks, smaller glances and without loops;
                `minimal`: changes of expression, blinks and sleep alone.
            own: numbers instead of the preset's.

        Raises:
            ValueError: if there is no such preset, or as the class.
        """
        if name not in PRESETS:
            raise ValueError(f'preset must be one of {", ".join(PRESETS)}; got {name!r}')
        return cls(**{**_OF_PRESETS[name], **own})

    def _require_order(self, smaller: str, larger: str) -> None:
        if getattr(self, smaller) > getattr(self, larger):
            raise ValueError(
                f'{smaller} must be <= {larger}, '
                f'got {getattr(self, smaller)!r} > {getattr(self, larger)!r}'
            )


def limits_of(entry: Field) -> Range:
    """What a field of `AnimatorConfig` means, and its range."""
    return entry.metadata['range']


def differ(a: AnimatorConfig, b: AnimatorConfig, *names: str) -> bool:
    """Whether one of these settings is another."""
    return any(getattr(a, name) != getattr(b, name) for name in names)


_LOOPS = (
    'laughter', 'tears', 'trembling', 'heartbeat', 'scowling', 'smirking', 'sighing',
)  # fmt: skip
_OF_PRESETS: dict[str, dict[str, float]] = {
    'lively': {},
    'calm': {
        'tempo': 0.75,
        'anticipation': 0.0,
        'overshoot': 0.4,
        'blink_rate': 12.0,
        'glances': 0.5,
        'glance_most_s': 4.0,
        'breath_s': 5.0,
        **dict.fromkeys(_LOOPS, 0.0),
    },
    'minimal': {
        'anticipation': 0.0,
        'overshoot': 0.0,
        'exchange': 0.0,
        'blink_rate': 10.0,
        'double_blinks': 0.0,
        'glances': 0.0,
        'head_px': 0.0,
        'breath_px': 0.0,
        'dozing': 0.0,
        'snoring': 0.0,
        **dict.fromkeys(_LOOPS, 0.0),
    },
}
