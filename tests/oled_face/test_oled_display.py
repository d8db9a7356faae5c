# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The writer thread: newest frame wins, and nobody waits for the bus."""

import logging
import threading
import time

import numpy as np
import pytest
from oled_fakes import Chip, Clock, frame_of

from oled_face import FastMono, panel_for
from oled_face.care import CareConfig
from oled_face.contract import Display
from oled_face.display import DisplayWorker
from oled_face.output import Output

FRAME = frame_of((5, 10))
TIMEOUT_S = 10.0


def wait_until(condition) -> None:
    end = time.monotonic() + TIMEOUT_S
    while not condition():
        assert time.monotonic() < end, 'waited in vain'
        time.sleep(0.001)


class Desk:
    """A worker that is stepped by hand, on a clock that is turned by hand."""

    def __init__(self, **options):
        self.clock = Clock()
        self.chip = Chip(panel_for())
        self.lines = []
        self.worker = DisplayWorker(
            [Output('panel', lambda: FastMono(self.chip, clock=self.clock), clock=self.clock)],
            clock=self.clock,
            log=lambda level, line: self.lines.append((level, line)),
            **options,
        )

    def show(self, frame) -> None:
        self.worker.offer(frame)
        self.worker.step()

    def sees(self, frame) -> bool:
        return np.array_equal(self.chip.picture(), frame != 0)


def test_newest_frame_wins_and_the_rest_is_counted():
    desk = Desk()
    for x in range(10):
        desk.worker.offer(frame_of((x, 0)))

    desk.worker.step()

    assert desk.sees(frame_of((9, 0)))
    statistics = desk.worker.statistics
    assert (statistics.frames_in, statistics.frames_shown, statistics.frames_dropped) == (10, 1, 9)
    assert statistics.bytes_sent == 1034
    assert len(desk.worker.show_ms()) == 1


def test_rests_when_idle_and_wakes_with_light():
    desk = Desk(care=CareConfig(dim_s=15.0, idle_s=30.0))
    desk.show(FRAME)
    desk.clock.advance(16)
    desk.worker.step()
    assert (desk.chip.is_on, desk.chip.contrast) == (True, 0x30)
    desk.clock.advance(15)
    desk.worker.step()
    assert not desk.chip.is_on
    desk.show(frame_of())
    assert not desk.chip.is_on

    desk.show(FRAME)

    assert (desk.chip.is_on, desk.chip.contrast) == (True, 0xCF)
    assert desk.sees(FRAME)


def test_sleep_lasts_until_wake():
    desk = Desk()
    desk.show(FRAME)
    desk.worker.sleep()
    desk.show(FRAME)
    assert not desk.chip.is_on

    desk.worker.wake()
    desk.worker.step()

    assert desk.sees(FRAME)


def test_wake_also_ends_the_rest_of_an_idle_panel():
    desk = Desk()
    desk.show(FRAME)
    desk.clock.advance(60)
    desk.worker.step()
    assert not desk.chip.is_on

    desk.worker.wake()
    desk.worker.step()

    assert desk.sees(FRAME)


def test_patterns_play_in_turn_then_the_newest_frame_is_back():
    desk = Desk()
    first, second, later = frame_of((1, 1)), frame_of((2, 2)), frame_of((3, 3))
    desk.show(FRAME)
    desk.worker.sleep()

    desk.worker.play([first, second], each_s=1.5)
    desk.worker.step()
    assert desk.sees(first)
    desk.show(later)
    assert desk.sees(first)
    desk.clock.advance(1.5)
    desk.worker.step()
    assert desk.sees(second)
    desk.worker.wake()
    desk.clock.advance(1.5)
    desk.worker.step()

    assert desk.sees(later)
    assert desk.worker.statistics.frames_dropped == 1


def test_inverts_and_changes_contrast():
    desk = Desk()
    desk.show(FRAME)

    desk.worker.invert(True)
    desk.worker.set_care(CareConfig(contrast=0x80))
    desk.worker.step()

    assert desk.chip.contrast == 0x80
    assert np.array_equal(desk.chip.picture(), FRAME == 0)


def test_refuses_what_cannot_be_converted_and_goes_on():
    def convert(frame):
        if frame is None:
            raise ValueError('expected a frame, got None')
        return frame

    desk = Desk(convert=convert)
    desk.show(None)
    desk.show(None)

    assert desk.lines == [(logging.WARNING, 'refused a frame: expected a frame, got None')]
    assert desk.worker.statistics.frames_refused == 2
    assert desk.worker.refusal
    desk.show(FRAME)
    assert desk.sees(FRAME)
    assert not desk.worker.refusal


def test_a_defect_ends_neither_thread_nor_display():
    desk = Desk(convert=lambda frame: frame['missing'] if isinstance(frame, dict) else frame)
    desk.worker.start()
    desk.worker.offer({})
    wait_until(lambda: desk.lines)

    desk.worker.offer(FRAME)
    wait_until(lambda: desk.sees(FRAME))

    assert desk.worker.close()
    assert desk.lines[0][0] == logging.ERROR
    assert 'KeyError' in desk.lines[0][1]


def test_close_switches_the_panel_off():
    desk = Desk()
    desk.worker.start()
    desk.worker.offer(FRAME)
    wait_until(lambda: desk.sees(FRAME))

    assert desk.worker.close()

    assert not desk.chip.is_on
    assert desk.chip.is_closed


class SlowPanel(Display):
    """A panel on a bus that takes 93 ms for a frame."""

    def __init__(self, frame_s: float = 0.093):
        self.frame_s = frame_s
        self.shown = -1
        self.calls = 0

    def show(self, frame) -> int:
        number = int(frame[0, 0])
        if number == self.shown:
            return 0
        time.sleep(self.frame_s)
        self.calls += 1
        self.shown = number
        return 1034

    def sleep(self):
        raise AssertionError('frames come all the time')

    wake = sleep

    def contrast(self, level):
        pass

    def invert(self, inverted):
        pass

    def close(self):
        pass


def stream_to_a_slow_bus(seconds: float, rate_hz: float = 50.0):
    """Return the panel, the worker and how long offering each frame took, s."""
    panel = SlowPanel()
    worker = DisplayWorker([Output('panel', lambda: panel)])
    worker.start()
    pace = threading.Event()
    offer_s = []
    count = round(seconds * rate_hz)
    for number in range(count):
        begun = time.perf_counter()
        worker.offer(np.full((64, 128), number % 250 + 1, np.uint8))
        offer_s.append(time.perf_counter() - begun)
        pace.wait(1 / rate_hz)
    last = (count - 1) % 250 + 1
    wait_until(lambda: panel.shown == last)
    assert worker.close()
    return panel, worker, offer_s


def assert_kept_up(panel, worker, offer_s):
    statistics = worker.statistics
    # Not the longest: on a busy machine any thread may have to wait for its turn.
    assert np.percentile(offer_s, 95) < 0.005
    assert statistics.frames_in == statistics.frames_shown + statistics.frames_dropped
    assert statistics.frames_shown == panel.calls
    assert statistics.frames_dropped > statistics.frames_shown


def test_a_slow_bus_blocks_nobody():
    assert_kept_up(*stream_to_a_slow_bus(seconds=2.0))


@pytest.mark.soak
@pytest.mark.timeout(180)
def test_a_slow_bus_blocks_nobody_for_a_minute():
    assert_kept_up(*stream_to_a_slow_bus(seconds=60.0))


@pytest.mark.soak
@pytest.mark.timeout(1200)
def test_an_hour_of_random_frames_keeps_memory_and_shadow():
    """90 000 frames, an hour at 25 Hz, as fast as possible."""
    import tracemalloc

    generator = np.random.default_rng(0)
    panel = panel_for()
    chip = Chip(panel)
    chip.sent = DeafList()
    oled = FastMono(chip, panel)
    frame = frame_of()
    tracemalloc.start()
    for number in range(90_000):
        top, left = generator.integers(0, 60), generator.integers(0, 110)
        block = generator.random((generator.integers(1, 5), generator.integers(1, 18)))
        frame[top : top + block.shape[0], left : left + block.shape[1]] = 255 * (block < 0.5)
        oled.show(frame)
        if number == 1000:
            settled = tracemalloc.get_traced_memory()[0]
        if number % 1000 == 0:
            assert np.array_equal(chip.picture(), frame != 0)
    assert np.array_equal(chip.picture(), frame != 0)
    assert tracemalloc.get_traced_memory()[0] - settled < 100_000
    tracemalloc.stop()


class DeafList(list):
    """Keeps nothing."""

    def append(self, item):
        """Forget it."""
