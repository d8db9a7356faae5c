# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The first node that could not start is remembered with what it said."""

from emotion_agent.launching.refusals import Refusals
from node_kit.exit_status import CANNOT_START


def test_reason_is_the_line_of_the_first_node_that_refused():
    refusals = Refusals()
    for pid in (1, 2, 3):
        refusals.started(pid)
    refusals.heard('face-1', 'a line\ncannot start: rate_hz: too high\n')
    refusals.heard('state-2', 'cannot start: temperament: unknown\n')

    refusals.ended(2, 'state-2', CANNOT_START)
    refusals.ended(1, 'face-1', CANNOT_START)

    assert refusals.line == 'state-2 cannot start: temperament: unknown'
    assert refusals.running == {3}


def test_other_ends_are_no_refusal():
    refusals = Refusals()
    refusals.heard('face-1', 'cannot start: rate_hz: too high')

    for status in (0, 1, -2):
        refusals.ended(1, 'face-1', status)

    assert refusals.line == ''


def test_refusal_without_a_line_names_the_process():
    refusals = Refusals()

    refusals.ended(1, 'face-1', CANNOT_START)

    assert refusals.line == 'face-1 cannot start:'
