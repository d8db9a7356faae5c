# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What may come on /clock."""

from rosgraph_msgs.msg import Clock

from node_kit.time import LATEST_S


def problem_of(message: Clock) -> str:
    """Return why a time cannot be used, '' = it can."""
    time = message.clock
    if time.sec < 0 or time.sec > LATEST_S or time.nanosec >= 10**9:
        return (
            f'ignored {time.sec} s and {time.nanosec} ns on /clock; '
            f'expected 0 to {LATEST_S} s and less than 1000000000 ns'
        )
    return ''
