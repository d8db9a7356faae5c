# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Between ROS time and seconds.

One conversion everywhere, so that a time computed live and the same time read from a bag are the
same number.
"""

from builtin_interfaces.msg import Time as TimeMessage
from rclpy.time import Time

_NANOSECONDS = 1_000_000_000


def to_seconds(time: Time | TimeMessage) -> float:
    """Return seconds since the epoch of `time`; exact to 0.25 µs around today's date."""
    if isinstance(time, Time):
        return time.nanoseconds / _NANOSECONDS
    return (time.sec * _NANOSECONDS + time.nanosec) / _NANOSECONDS


def to_message(seconds: float) -> TimeMessage:
    """Return the stamp nearest to `seconds` since the epoch, which must be >= 0."""
    sec, nanosec = divmod(round(seconds * _NANOSECONDS), _NANOSECONDS)
    return TimeMessage(sec=sec, nanosec=nanosec)


def is_zero(stamp: TimeMessage) -> bool:
    """Whether a stamp was left out."""
    return stamp.sec == 0 and stamp.nanosec == 0
