# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The texts of the panels."""

from time import localtime, strftime
from typing import Any

from emotion_agent.logic.emotion_state import FROM_FACES
from emotion_agent.neuromodulation import MODULATORS
from node_kit.time import to_seconds


def cause_line(cause: Any) -> str:
    """One line of the log for an accepted `Stimulus`: time, name, intensity, source."""
    at = strftime('%H:%M:%S', localtime(to_seconds(cause.header.stamp)))
    strength = '' if cause.intensity == 1.0 else f' × {cause.intensity:.2g}'
    return f'{at}  {cause.name}{strength}  ·  {source_text(cause.source)}'


def state_line(state: Any) -> str:
    """How long an `EmotionState` has had its dominant emotion, and the last stimulus."""
    lasting_s = to_seconds(state.header.stamp) - to_seconds(state.dominant_since)
    since = f'for {duration_text(max(0.0, lasting_s))}'
    if not state.last_stimulus:
        return since
    return f'{since}  ·  last: {state.last_stimulus} by {source_text(state.last_source)}'


def source_text(source: str) -> str:
    """The source of a stimulus; those of the state node itself come from faces in view."""
    return 'camera' if source == FROM_FACES else source or 'unknown'


def duration_text(duration_s: float) -> str:
    """A duration in s, min or h, rounded."""
    if duration_s < 60.0:
        return f'{duration_s:.0f} s'
    if duration_s < 3600.0:
        return f'{duration_s / 60.0:.0f} min'
    return f'{duration_s / 3600.0:.0f} h'


def doses_text(stimulus: Any) -> str:
    """The doses of a `StimulusInfo` at intensity 1, one line for each modulator."""
    lines = [
        f'{name} {dose:+.2g}'
        for name, dose in zip(MODULATORS, stimulus.doses, strict=True)
        if dose
    ]
    if stimulus.duration:
        lines.append(f'over {duration_text(stimulus.duration)}')
    return '\n'.join(lines)


def button_text(name: str) -> str:
    """The name of a stimulus without underscores."""
    return name.replace('_', ' ')
