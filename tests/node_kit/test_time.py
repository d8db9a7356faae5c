# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Seconds and stamps are the same number both ways."""

from builtin_interfaces.msg import Time as TimeMessage
from hypothesis import given
from hypothesis import strategies as st
from rclpy.time import Time

from node_kit.time import is_zero, to_message, to_seconds

NANOSECONDS = st.integers(0, 2**31 * 10**9 - 1)


@given(NANOSECONDS)
def test_clock_and_message_give_the_same_number(nanoseconds):
    time = Time(nanoseconds=nanoseconds)

    assert to_seconds(time) == to_seconds(time.to_msg())


@given(NANOSECONDS)
def test_seconds_survive_a_message(nanoseconds):
    seconds = to_seconds(Time(nanoseconds=nanoseconds))

    assert abs(to_seconds(to_message(seconds)) - seconds) < 5e-7


def test_zero_is_told_from_the_smallest_time():
    assert is_zero(TimeMessage())
    assert not is_zero(TimeMessage(nanosec=1))
