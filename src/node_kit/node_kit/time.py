# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Conversion between ROS time and seconds.

The same conversion everywhere, so that a live time and the same time from a bag are the same
number. Only `to_message` needs ROS.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from builtin_interfaces.msg import Time as TimeMessage
    from rclpy.time import Time

_NANOSECONDS = 1_000_000_000
LATEST_S = 2**31 - 1 - 2 * 86400
"""Stamps have 32 bits for their seconds; those of a day ahead must fit, too."""


def to_nanoseconds(time: 'Time | TimeMessage') -> int:
    """Return nanoseconds since the epoch, of a time of rclpy or a stamp, also one from a bag."""
    stamp: Any = time
    if hasattr(stamp, 'nanoseconds'):
        return stamp.nanoseconds
    return stamp.sec * _NANOSECONDS + stamp.nanosec


def to_seconds(time: 'Time | TimeMessage') -> float:
    """Return seconds since the epoch of `time`; exact to 0.25 µs around today's date."""
    return to_nanoseconds(time) / _NANOSECONDS


def stamp_fields(nanoseconds: int) -> dict[str, int]:
    """Return the fields of the stamp of `nanoseconds` since the epoch, which must be >= 0."""
    sec, nanosec = divmod(nanoseconds, _NANOSECONDS)
    return {'sec': sec, 'nanosec': nanosec}


def from_seconds(time_s: float) -> int:
    """Return the nanoseconds nearest to `time_s`."""
    return round(time_s * _NANOSECONDS)


def to_message(time_s: float) -> 'TimeMessage':
    """Return the stamp nearest to `time_s` since the epoch, which must be >= 0."""
    from builtin_interfaces.msg import Time as TimeMessage

    return TimeMessage(**stamp_fields(from_seconds(time_s)))


def is_zero(stamp: 'TimeMessage') -> bool:
    """Whether a stamp is 0, which means that it was not set."""
    return stamp.sec == 0 and stamp.nanosec == 0
