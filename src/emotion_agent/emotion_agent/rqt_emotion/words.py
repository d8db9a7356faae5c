# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What the panel says in words."""

from time import localtime, strftime
from typing import Any

from emotion_agent.logic.emotion_state import FROM_FACES
from emotion_agent.neuromodulation import MODULATORS
from node_kit.time import to_seconds


def cause_line(cause: Any) -> str:
    """One line of the log for an accepted `Stimulus`: when, what, how strong, by whom."""
    at = strftime('%H:%M:%S', localtime(to_seconds(cause.header.stamp)))
    strength = '' if cause.intensity == 1.0 else f' × {cause.intensity:.2g}'
    return f'{at}  {cause.name}{strength}  ·  {by(cause.source)}'


def feeling_line(state: Any) -> str:
    """What lies behind the dominant emotion of an `EmotionState`: since when, and why."""
    lasting = to_seconds(state.header.stamp) - to_seconds(state.dominant_since)
    since = f'for {duration(max(0.0, lasting))}'
    if not state.last_stimulus:
        return since
    return f'{since}  ·  last: {state.last_stimulus} by {by(state.last_source)}'


def by(source: str) -> str:
    """Who stimulated; the faces in view are stimuli themselves."""
    return 'sight' if source == FROM_FACES else source or 'somebody'


def duration(seconds: float) -> str:
    """A time span as people say it."""
    if seconds < 60.0:
        return f'{seconds:.0f} s'
    if seconds < 3600.0:
        return f'{seconds / 60.0:.0f} min'
    return f'{seconds / 3600.0:.0f} h'


def doses_text(stimulus: Any) -> str:
    """What a `StimulusInfo` does at full intensity, one line for each modulator it doses."""
    lines = [
        f'{name} {dose:+.2g}'
        for name, dose in zip(MODULATORS, stimulus.doses, strict=True)
        if dose
    ]
    if stimulus.duration:
        lines.append(f'over {duration(stimulus.duration)}')
    return '\n'.join(lines)


def button_text(name: str) -> str:
    """The name of a stimulus as a person reads it."""
    return name.replace('_', ' ')
