# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What waits for a client that is slow."""

from node_kit.web.outbox import QUEUED, Outbox


def taken_from(outbox: Outbox) -> list[str]:
    return [outbox.take() for _ in range(len(outbox))]


def test_of_each_kind_the_newest_waits_in_the_order_of_the_first():
    outbox = Outbox()
    for number in range(1000):
        outbox.put_newest('state', f'state {number}')
        outbox.put_newest('face', f'face {number}')

    assert outbox.dropped == (2 * 999, 0)
    assert taken_from(outbox) == ['state 999', 'face 999']


def test_of_others_the_oldest_gives_way_and_is_counted():
    outbox = Outbox()
    for number in range(QUEUED + 3):
        outbox.put(f'cause {number}')
    outbox.put_newest('state', 'state')

    assert len(outbox) == QUEUED + 1
    assert outbox.dropped == (0, 3)
    assert taken_from(outbox) == [*(f'cause {number}' for number in range(3, QUEUED + 3)), 'state']
