# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The newest item wins, and nothing ends the worker but closing it."""

import threading

from node_kit import LatestWorker

TIMEOUT_S = 10.0


class Gate:
    """Work that waits to be let through, and remembers what it worked on."""

    def __init__(self):
        self.started = threading.Semaphore(0)
        self.let_through = threading.Semaphore(0)
        self.items = []

    def __call__(self, item):
        self.started.release()
        assert self.let_through.acquire(timeout=TIMEOUT_S)
        self.items.append(item)


def test_newest_item_wins_and_superseded_ones_are_counted():
    gate = Gate()
    worker = LatestWorker(gate, 'test', on_error=print)

    worker.offer(0)
    assert gate.started.acquire(timeout=TIMEOUT_S)
    for item in (1, 2, 3):
        worker.offer(item)
    gate.let_through.release(2)
    assert gate.started.acquire(timeout=TIMEOUT_S)
    assert worker.close(TIMEOUT_S)

    assert gate.items == [0, 3]
    assert (worker.offered, worker.done, worker.dropped) == (4, 2, 2)


def test_exception_is_handed_on_and_work_goes_on():
    problems, done = [], threading.Event()

    def work(item):
        if item == 'bad':
            raise ValueError('bad item')
        done.set()

    failed = threading.Event()

    def note(problem):
        problems.append(str(problem))
        failed.set()

    worker = LatestWorker(work, 'test', note)
    worker.offer('bad')
    assert failed.wait(TIMEOUT_S)
    worker.offer('good')

    assert done.wait(TIMEOUT_S)
    assert worker.close(TIMEOUT_S)
    assert problems == ['bad item']
    assert (worker.failed, worker.done) == (1, 1)


def test_closing_drops_what_waits():
    gate = Gate()
    worker = LatestWorker(gate, 'test', on_error=print)
    worker.offer(0)
    assert gate.started.acquire(timeout=TIMEOUT_S)
    worker.offer(1)

    assert not worker.close(timeout_s=0.0)
    gate.let_through.release()

    assert worker.close(TIMEOUT_S)
    assert gate.items == [0]
