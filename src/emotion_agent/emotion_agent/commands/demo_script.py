# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What happens to the robot in the demo, and when."""

from emotion_agent.neuromodulation import load
from emotion_agent.resources.scripts import script_file
from emotion_agent.scripts.reading import read_script
from emotion_agent.scripts.script import Script, ScriptedStimulus

DURATION_S = 36.0
NO_SCRIPT = 'none'
# A person is in view for the first part of the time, then the stimuli follow one another.
PERSON_SHARE = 0.3
SCRIPT = (
    ('insult', 'blocked'),
    ('goal_failed', 'scold'),
    ('loud_sound',),
    ('win',),
    ('threat_near', 'fall'),
    ('touch_gentle', 'known_face'),
)


def built_in_script(duration_s: float) -> Script:
    """Return `SCRIPT` at even intervals over the time in which no person is in view."""
    person_s = PERSON_SHARE * duration_s
    slot_s = (duration_s - person_s) / len(SCRIPT)
    return Script(
        duration_s,
        tuple(
            ScriptedStimulus(person_s + number * slot_s, name, 1.0, None)
            for number, names in enumerate(SCRIPT)
            for name in names
        ),
    )


def open_script(name: str | None, duration_s: float | None) -> Script:
    """
    Return the script to follow.

    Args:
        name: `none`, that of a script that ships, a YAML file; None = the built-in one.
        duration_s: of the demo, s; None = that of the file, or 36 s.

    Raises:
        ConfigError: if the file cannot be read or names a stimulus that the library does not have.
    """
    if name == NO_SCRIPT:
        return Script(duration_s or DURATION_S, ())
    if name is None:
        return built_in_script(duration_s or DURATION_S)
    script = read_script(script_file(name))
    script.check_stimuli(load().stimuli, 'the library')
    # Nobody is there to press keys: it waits for nothing.
    return script._replace(duration_s=duration_s or script.duration_s, waits=())
