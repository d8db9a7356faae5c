# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Messages of the type `Event`: what is no stimulus but decides how the robot goes on."""

import json
from typing import Any

from emotion_agent.logic import EVENT, HEADER, TIME, Make
from node_kit.time import stamp_fields

# Kinds; emotion_msgs/Event has them all, but is not there without ROS.
RESET = 'reset'
TEMPERAMENT = 'temperament'
PARAMETERS = 'parameters'
SNAPSHOT = 'snapshot'
SESSION = 'session'
MARKER = 'marker'
SCRIPT = 'script'
KEY = 'key'
OF_A_STUDY = SESSION, MARKER, SCRIPT, KEY  # they do not act on the agent

AT_START = 'start'  # name of the first snapshot of a node that has just started


def make_event(
    make: Make, kind: str, stamp_ns: int, source: str, name: str = '', value: Any = None
) -> Any:
    """
    Return an `Event`.

    Args:
        make: makes messages.
        kind: one of the constants of the message.
        stamp_ns: when it took effect, ns.
        source: who says so.
        name: as the kind says.
        value: as the kind says, for JSON; None = nothing.
    """
    return make(
        EVENT,
        header=make(HEADER, stamp=make(TIME, **stamp_fields(stamp_ns))),
        kind=kind,
        name=name,
        value='' if value is None else json.dumps(value),
        source=source,
    )
