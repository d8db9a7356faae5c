# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The writer thread: the newest frame wins, and nobody waits for the bus."""

import logging
import threading
import time
from collections import deque

import numpy as np
import pytest
from panel_fakes import Chip, Clock, frame_of

from oled_face import PanelDriver, panel_for
from oled_face.display import DisplayWorker
from oled_face.interface import Display
from oled_face.output import Output
from oled_face.power_saving import PowerSavingConfig
from oled_face.views.view import View

FRAME = frame_of((5, 10))
TIMEOUT_S = 10.0


def wait_until(condition) -> None:
    end = time.monotonic() + TIMEOUT_S
    while not condition():
        assert time.monotonic() < end, f'nothing happened within {TIMEOUT_S} s'
        time.sleep(0.001)


class Bench:
    """A worker whose steps and clock the test controls."""

    def __init__(self, **options):
        self.clock = Clock()
        self.chip = Chip(panel_for())
        self.lines = []
        self.worker = DisplayWorker(
            [Output('panel', lambda: PanelDriver(self.chip, clock=self.clock), clock=self.clock)],
            clock=self.clock,
            log=lambda level, line: self.lines.append((level, line)),
            **options,
        )

    def show(self, frame) -> None:
        self.worker.offer(frame)
        self.worker.step()

    def sees(self, frame) -> bool:
        return np.array_equal(self.chip.picture(), frame != 0)


@pytest.mark.parametrize('number', [0, 1, 2])
def test_an_output_that_fails_with_any_error_leaves_the_others_alone(number):
    class Counter(View):
        frames = 0

        def draw(self, lit, contrast):
            self.frames += 1

    class Failing(View):
        def draw(self, lit, contrast):
            raise RuntimeError('no pins')

    clock, views = Clock(), [Counter() for _ in range(3)]
    views[number] = Failing()
    outputs = [Output(str(i), lambda view=view: view, clock=clock) for i, view in enumerate(views)]
    worker = DisplayWorker(outputs, clock=clock)

    for column in range(125):
        worker.offer(frame_of((column, 0)))
        worker.step()
        clock.advance(0.04)

    assert [view.frames for view in views if isinstance(view, Counter)] == [125, 125]
    assert [output.problem for output in outputs].count('') == 2
    assert outputs[number].problem == 'RuntimeError: no pins'


def test_newest_frame_wins_and_the_rest_is_counted():
    bench = Bench()
    for x in range(10):
        bench.worker.offer(frame_of((x, 0)))

    bench.worker.step()

    assert bench.sees(frame_of((9, 0)))
    statistics = bench.worker.statistics
    assert (statistics.frames_in, statistics.frames_shown, statistics.frames_dropped) == (10, 1, 9)
    assert statistics.bytes_sent == 1034
    assert len(bench.worker.show_ms()) == 1


def test_idle_panel_is_dimmed_and_switched_off_until_a_lit_frame():
    bench = Bench(power_saving=PowerSavingConfig(dim_s=15.0, idle_s=30.0))
    bench.show(FRAME)
    bench.clock.advance(16)
    bench.worker.step()
    assert (bench.chip.is_on, bench.chip.contrast) == (True, 0x30)
    bench.clock.advance(15)
    bench.worker.step()
    assert not bench.chip.is_on
    bench.show(frame_of())
    assert not bench.chip.is_on

    bench.show(FRAME)

    assert (bench.chip.is_on, bench.chip.contrast) == (True, 0xCF)
    assert bench.sees(FRAME)


def test_sleep_lasts_until_wake():
    bench = Bench()
    bench.show(FRAME)
    bench.worker.sleep()
    bench.show(FRAME)
    assert not bench.chip.is_on

    bench.worker.wake()
    bench.worker.step()

    assert bench.sees(FRAME)


def test_wake_also_lights_an_idle_panel():
    bench = Bench()
    bench.show(FRAME)
    bench.clock.advance(60)
    bench.worker.step()
    assert not bench.chip.is_on

    bench.worker.wake()
    bench.worker.step()

    assert bench.sees(FRAME)


def test_patterns_play_in_turn_then_the_newest_frame_is_back():
    bench = Bench()
    first, second, later = frame_of((1, 1)), frame_of((2, 2)), frame_of((3, 3))
    bench.show(FRAME)
    bench.worker.sleep()

    bench.worker.play([first, second], each_s=1.5)
    bench.worker.step()
    assert bench.sees(first)
    bench.show(later)
    assert bench.sees(first)
    bench.clock.advance(1.5)
    bench.worker.step()
    assert bench.sees(second)
    bench.worker.wake()
    bench.clock.advance(1.5)
    bench.worker.step()

    assert bench.sees(later)
    assert bench.worker.statistics.frames_dropped == 1


def test_inverts_and_changes_contrast():
    bench = Bench()
    bench.show(FRAME)

    bench.worker.invert(True)
    bench.worker.set_power_saving(PowerSavingConfig(contrast=0x80))
    bench.worker.step()

    assert bench.chip.contrast == 0x80
    assert np.array_equal(bench.chip.picture(), FRAME == 0)


def test_refuses_what_cannot_be_converted_and_goes_on():
    def convert(frame):
        if frame is None:
            raise ValueError('expected a frame, got None')
        return frame

    bench = Bench(convert=convert)
    bench.show(None)
    bench.show(None)

    assert bench.lines == [(logging.WARNING, 'refused a frame: expected a frame, got None')]
    assert bench.worker.statistics.frames_refused == 2
    assert bench.worker.refusal
    bench.show(FRAME)
    assert bench.sees(FRAME)
    assert not bench.worker.refusal


def test_whatever_is_refused_is_one_line_in_ten_seconds():
    def convert(frame):
        raise ValueError(f'expected a frame, got {frame}')

    bench = Bench(convert=convert)
    for number in range(500):
        bench.show(number)
    bench.clock.now_s += 11.0
    bench.show('the last')

    assert [line for _, line in bench.lines] == [
        'refused a frame: expected a frame, got 0',
        'refused a frame: expected a frame, got the last '
        '(499 more of this kind since the last line)',
    ]
    assert bench.worker.statistics.frames_refused == 501


def test_an_unexpected_error_ends_neither_thread_nor_display():
    bench = Bench(convert=lambda frame: frame['missing'] if isinstance(frame, dict) else frame)
    bench.worker.start()
    bench.worker.offer({})
    wait_until(lambda: bench.lines)

    bench.worker.offer(FRAME)
    wait_until(lambda: bench.sees(FRAME))

    assert bench.worker.close()
    assert bench.lines[0][0] == logging.ERROR
    assert 'KeyError' in bench.lines[0][1]


def test_close_switches_the_panel_off():
    bench = Bench()
    bench.worker.start()
    bench.worker.offer(FRAME)
    wait_until(lambda: bench.sees(FRAME))

    assert bench.worker.close()

    assert not bench.chip.is_on
    assert bench.chip.is_closed


class SlowPanel(Display):
    """A panel whose bus takes as long as the test says."""

    def __init__(self, wait_for_the_bus):
        self.wait_for_the_bus = wait_for_the_bus
        self.shown: list[int] = []

    def show(self, frame) -> int:
        number = int(frame[0, 0])
        if self.shown[-1:] == [number]:
            return 0
        self.wait_for_the_bus()
        self.shown.append(number)
        return 1034

    def sleep(self):
        raise AssertionError('frames arrive all the time')

    wake = sleep

    def contrast(self, level):
        pass

    def invert(self, inverted):
        pass

    def close(self):
        pass


def numbered(number: int) -> np.ndarray:
    return np.full((64, 128), number % 250 + 1, np.uint8)


def test_a_stuck_bus_blocks_nobody():
    is_writing, may_write = threading.Event(), threading.Event()
    panel = SlowPanel(lambda: is_writing.set() or may_write.wait(TIMEOUT_S))
    worker = DisplayWorker([Output('panel', lambda: panel)])
    worker.start()
    worker.offer(numbered(0))
    assert is_writing.wait(TIMEOUT_S)

    for number in range(1, 100):
        worker.offer(numbered(number))
    assert panel.shown == []
    may_write.set()

    wait_until(lambda: len(panel.shown) == 2)
    assert worker.close()
    assert panel.shown == [1, 100]
    statistics = worker.statistics
    assert (statistics.frames_in, statistics.frames_shown, statistics.frames_dropped) == (
        100,
        2,
        98,
    )


@pytest.mark.soak
@pytest.mark.timeout(180)
def test_a_slow_bus_blocks_nobody_for_a_minute():
    """Frames at 50 Hz, 93 ms for each on the bus."""
    panel = SlowPanel(lambda: time.sleep(0.093))
    worker = DisplayWorker([Output('panel', lambda: panel)])
    worker.start()
    pace, offer_s = threading.Event(), []
    for number in range(3000):
        begun_s = time.perf_counter()
        worker.offer(numbered(number))
        offer_s.append(time.perf_counter() - begun_s)
        pace.wait(0.02)

    wait_until(lambda: panel.shown[-1] == numbered(2999)[0, 0])
    assert worker.close()
    statistics = worker.statistics
    assert np.median(offer_s) < 0.093 / 10
    assert statistics.frames_in == statistics.frames_shown + statistics.frames_dropped == 3000
    assert statistics.frames_shown == len(panel.shown)
    assert statistics.frames_dropped > statistics.frames_shown


@pytest.mark.soak
@pytest.mark.timeout(1200)
def test_an_hour_of_random_frames_keeps_memory_and_shadow():
    """90 000 frames, an hour at 25 Hz, as fast as possible."""
    import tracemalloc

    generator = np.random.default_rng(0)
    panel = panel_for()
    chip = Chip(panel)
    chip.sent = deque(maxlen=1)
    oled = PanelDriver(chip, panel)
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


NOTICE = frame_of((7, 7))


def test_a_notice_takes_the_panel_over_and_the_newest_frame_comes_back():
    bench = Bench()
    bench.show(FRAME)
    bench.worker.take_over(lambda: FRAME, 5.0)
    bench.worker.take_over(lambda: NOTICE, 5.0)  # the last call counts
    bench.worker.step()
    assert bench.sees(NOTICE)
    assert bench.worker.is_taken_over
    later = frame_of((3, 3))
    bench.clock.advance(4.9)
    bench.show(later)
    assert bench.sees(NOTICE)

    bench.clock.advance(0.1)
    bench.worker.step()

    assert bench.sees(later)
    assert not bench.worker.is_taken_over


def test_an_empty_notice_gives_the_panel_back_at_once():
    bench = Bench()
    bench.show(FRAME)
    bench.worker.take_over(lambda: NOTICE, 5.0)
    bench.worker.step()
    bench.worker.take_over(lambda: None, 5.0)
    bench.worker.step()

    assert bench.sees(FRAME)


def test_after_a_notice_before_any_frame_the_panel_is_dark():
    bench = Bench()
    bench.worker.take_over(lambda: NOTICE, 5.0)
    bench.worker.step()
    assert bench.sees(NOTICE)
    bench.clock.advance(6.0)
    bench.worker.step()

    assert not bench.chip.picture().any()


def test_a_notice_lights_an_idle_panel_for_its_time_and_not_one_that_sleeps():
    bench = Bench(power_saving=PowerSavingConfig(dim_s=0.0, idle_s=30.0))
    bench.show(FRAME)
    bench.clock.advance(31.0)
    bench.worker.step()
    assert not bench.chip.is_on

    bench.worker.take_over(lambda: NOTICE, 5.0)
    bench.worker.step()
    assert bench.sees(NOTICE)
    bench.worker.sleep()
    bench.worker.step()
    assert not bench.chip.is_on
    bench.worker.take_over(lambda: NOTICE, 5.0)
    bench.worker.step()
    assert not bench.chip.is_on
    bench.worker.wake()
    bench.worker.step()
    assert bench.sees(NOTICE)

    bench.clock.advance(31.0)
    bench.worker.step()
    assert not bench.chip.is_on


def test_a_notice_that_cannot_be_made_is_refused_in_a_line_and_changes_nothing():
    def make():
        raise ValueError('no picture')

    bench = Bench()
    bench.show(FRAME)
    bench.worker.take_over(make, 5.0)
    bench.worker.step()

    assert bench.sees(FRAME)
    assert bench.lines == [(logging.WARNING, 'refused a frame: no picture')]
    assert bench.worker.statistics.frames_refused == 1
