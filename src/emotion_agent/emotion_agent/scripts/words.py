# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What happens in a script, in words."""

from emotion_agent.scripts.player import Action, StateChange
from emotion_agent.scripts.script import (
    Coming,
    Gaze,
    Leaving,
    Marker,
    Saying,
    Script,
    ScriptedStimulus,
    Wait,
)

_ONE_AND_MORE = {
    'stimuli': ('stimulus', 'stimuli'),
    'people': ('person', 'people'),
    'gaze': ('gaze', 'gazes'),
    'speech': ('sentence', 'sentences'),
    'markers': ('marker', 'markers'),
    'waits': ('wait', 'waits'),
}


def in_words(action: Action) -> str:
    """Return what happens, such as `praise 0.5` or `anna comes`."""
    match action:
        case ScriptedStimulus(_, name, intensity, duration_s):
            share = '' if intensity == 1.0 else f' {intensity:g}'
            return name + share + ('' if duration_s is None else f' over {duration_s:g} s')
        case Coming(_, name):
            return f'{name} comes'
        case Leaving(_, name):
            return f'{name} leaves'
        case Gaze(_, point):
            return 'looks about' if point is None else f'looks at {point[0]:g}, {point[1]:g}'
        case Saying(_, wav, for_s):
            return f'speaks for {for_s:g} s' if wav is None else f'says {wav.name}'
        case Marker(_, text):
            return f'marker {text}'
        case Wait():
            limit = '' if action.at_most_s is None else f', at most {action.at_most_s:g} s'
            return f'waits for {action.words}{limit}'
        case StateChange(_, state):
            return state


def summary_of(script: Script) -> str:
    """Return what is in a script, in a line."""
    counts = {name: len(getattr(script, name)) for name in _ONE_AND_MORE}
    counted = ', '.join(
        f'{count} {_ONE_AND_MORE[name][count > 1]}' for name, count in counts.items() if count
    )
    return f'{script.name}: {script.duration_s:g} s; {counted or "nothing happens"}'
