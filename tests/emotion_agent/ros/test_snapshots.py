# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""When the state is written, and what is said where that is not possible."""

import errno
import os
import threading
from time import monotonic, sleep

import pytest

from emotion_agent.ros import snapshots
from emotion_agent.ros.snapshots import Progress, SnapshotWriter

LONG_S = 1e6
TIMEOUT_S = 30.0


class Disk:
    """What was written, in the order of writing; it can be full, or slow."""

    def __init__(self):
        self.written = []
        self.problem: Exception | None = None
        self.attempts = 0
        self.is_free = threading.Event()
        self.is_free.set()

    def save(self, path, snapshot) -> None:
        self.attempts += 1
        assert self.is_free.wait(TIMEOUT_S)
        if self.problem is not None:
            raise self.problem
        self.written.append(snapshot['events'])


class Bench:
    def __init__(self, tmp_path):
        self.disk = Disk()
        self.events = self.changes = 0
        self.lines = []
        self.writer = SnapshotWriter(
            tmp_path / 'state.json',
            lambda: {'events': self.events},
            lambda: Progress(self.events, self.changes),
            self.lines.append,
            self.disk.save,
        )

    def happen(self) -> None:
        self.events += 1
        self.changes += 1

    def wait_until(self, condition) -> None:
        end_s = monotonic() + TIMEOUT_S
        while not condition():
            assert monotonic() < end_s
            sleep(0.001)


@pytest.fixture
def bench(tmp_path):
    bench = Bench(tmp_path)
    yield bench
    bench.disk.is_free.set()
    bench.writer.close()


def test_what_happened_is_written_at_the_next_tick(bench):
    bench.happen()
    bench.writer.tick(LONG_S)

    bench.wait_until(lambda: bench.disk.written == [1])


def test_what_is_only_seen_is_written_now_and_then(bench, monkeypatch):
    for _ in range(10):
        bench.changes += 1
        bench.writer.tick(LONG_S)
    assert bench.disk.attempts == 0

    monkeypatch.setattr(snapshots, 'monotonic', lambda: monotonic() + LONG_S)
    bench.writer.tick(LONG_S)

    bench.wait_until(lambda: bench.disk.written == [0])


def test_nothing_is_written_while_nothing_changes(bench):
    for _ in range(10):
        bench.writer.tick(0.0)

    assert bench.disk.attempts == 0


def test_a_slow_disk_holds_nobody_up_and_gets_the_newest(bench):
    bench.disk.is_free.clear()
    for _ in range(10):
        bench.happen()
        bench.writer.tick(LONG_S)
    bench.wait_until(lambda: bench.disk.attempts)
    bench.disk.is_free.set()

    bench.wait_until(lambda: bench.disk.written and bench.disk.written[-1] == 10)
    assert len(bench.disk.written) <= 2


def test_the_newest_is_never_replaced_by_one_that_waited(bench):
    bench.happen()
    bench.writer.tick(LONG_S)
    bench.happen()

    assert bench.writer.save_now()
    bench.writer.close()

    assert bench.disk.written == sorted(bench.disk.written)
    assert bench.disk.written[-1] == 2


@pytest.mark.parametrize(
    ('problem', 'words'),
    [
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), 'No space left on device'),
        (OSError(errno.EROFS, os.strerror(errno.EROFS)), 'Read-only file system'),
        (ValueError('nan'), "ValueError('nan')"),
    ],
)
def test_a_disk_that_cannot_be_written_is_one_line_and_is_tried_again(bench, problem, words):
    bench.disk.problem = problem
    bench.happen()
    bench.writer.tick(LONG_S)
    bench.wait_until(lambda: words in bench.writer.problem)
    assert not bench.writer.save_now()
    attempts = bench.disk.attempts
    bench.happen()
    bench.writer.tick(LONG_S)  # not at every event
    assert bench.disk.attempts == attempts
    assert len(bench.lines) == 1

    bench.disk.problem = None
    bench.writer.tick(0.0)

    bench.wait_until(lambda: bench.disk.written == [2])
    bench.wait_until(lambda: bench.writer.problem == '')
