# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""An output that fails is named once, and comes back by itself."""

import errno
import logging

import numpy as np
import pytest
from panel_fakes import Chip, Clock, frame_of

from oled_face import PanelDriver, panel_for
from oled_face.errors import BusNotFound, OutputBroken, OutputFinished
from oled_face.output import DesiredState, Output
from oled_face.power_saving import Power
from oled_face.views.view import View

AWAKE, DIM, OFF = Power(True, 0xCF), Power(True, 0x30), Power(False, 0x30)
FRAME = frame_of((5, 10))


class Bench:
    """A panel on a bench: the bus can be taken away, and the panel unplugged."""

    def __init__(self):
        self.clock = Clock()
        self.chip = Chip(panel_for())
        self.has_bus = True
        self.opened = 0
        self.lines: list[tuple[int, str]] = []
        self.output = Output(
            'panel',
            self.open,
            clock=self.clock,
            log=lambda level, line: self.lines.append((level, line)),
        )

    def open(self):
        self.opened += 1
        if not self.has_bus:
            raise BusNotFound('/dev/i2c-1 not found')
        return PanelDriver(self.chip, clock=self.clock)

    def unplug(self) -> None:
        self.chip.faults = [0] * 1000

    def plug_in(self) -> None:
        self.chip.faults = []
        self.chip.power_on()

    @property
    def warnings(self) -> list[str]:
        return [line for level, line in self.lines if level >= logging.WARNING]


@pytest.fixture
def bench():
    return Bench()


def test_shows_and_counts(bench):
    assert bench.output.update(DesiredState(FRAME, AWAKE)) == 1034
    assert bench.output.update(DesiredState(FRAME, AWAKE)) == 0
    assert np.array_equal(bench.chip.picture(), FRAME != 0)
    assert bench.lines == []


def test_an_absent_bus_is_named_once_and_tried_every_5_s(bench):
    bench.has_bus = False

    for _ in range(100):
        bench.output.update(DesiredState(FRAME, AWAKE))
        bench.clock.advance(0.1)

    assert bench.warnings == ['panel: /dev/i2c-1 not found']
    assert bench.opened == 2
    assert bench.output.problem == '/dev/i2c-1 not found'


def test_a_panel_plugged_in_later_is_taken_within_6_s(bench):
    bench.has_bus = False
    bench.output.update(DesiredState(FRAME, AWAKE))
    bench.has_bus = True

    for _ in range(60):
        bench.clock.advance(0.1)
        bench.output.update(DesiredState(FRAME, AWAKE))

    assert np.array_equal(bench.chip.picture(), FRAME != 0)
    assert bench.lines[-1] == (logging.INFO, 'panel: works again')
    assert bench.output.problem == ''
    assert bench.output.reconnects == 1


def test_unplugged_and_plugged_in_again(bench):
    bench.output.update(DesiredState(frame_of(), AWAKE))
    bench.unplug()
    for _ in range(30):
        bench.clock.advance(0.1)
        bench.output.update(DesiredState(FRAME, DIM))
    assert len(bench.warnings) == 1

    bench.plug_in()
    for _ in range(60):
        bench.clock.advance(0.1)
        bench.output.update(DesiredState(FRAME, DIM, inverted=True))

    assert np.array_equal(bench.chip.picture(), FRAME == 0)
    assert bench.chip.contrast == DIM.contrast


def test_a_single_glitch_is_over_with_the_next_frame(bench):
    bench.output.update(DesiredState(frame_of(), AWAKE))
    bench.chip.faults = [None, 3]
    bench.output.update(DesiredState(FRAME, AWAKE))

    bench.output.update(DesiredState(FRAME, AWAKE))

    assert np.array_equal(bench.chip.picture(), FRAME != 0)
    assert bench.output.errors == 1


def test_a_bus_that_keeps_failing_does_not_fill_the_log(bench):
    """Opening works, and one of the next writes does not: again and again."""
    for number in range(500):
        bench.chip.faults = [None] * (number % 7) + [0]
        bench.output.update(DesiredState(frame_of((number % 128, 0)), AWAKE))
        bench.clock.advance(0.04)

    assert len(bench.warnings) <= 1 + 500 * 0.04 / 5


def test_wakes_only_after_the_new_picture_is_there(bench):
    bench.output.update(DesiredState(FRAME, AWAKE))
    bench.output.update(DesiredState(frame_of(), OFF))
    assert not bench.chip.is_on
    bench.chip.take()

    bench.output.update(DesiredState(FRAME, AWAKE))

    kinds = [(kind, payload.hex()) for kind, payload in bench.chip.take()]
    assert kinds == [('C', '210505220101'), ('D', '04'), ('C', '81cf'), ('C', 'af')]


def test_nothing_is_sent_while_nothing_changes(bench):
    bench.output.update(DesiredState(FRAME, DIM, inverted=True))
    bench.chip.take()

    for _ in range(10):
        bench.output.update(DesiredState(FRAME, DIM, inverted=True))

    assert bench.chip.take() == []


def test_is_set_up_before_the_first_frame_comes(bench):
    bench.output.update(DesiredState(None, AWAKE))

    assert bench.chip.is_on
    assert not bench.chip.picture().any()


def test_a_finished_output_stays_closed(bench):
    class Recording(View):
        closed = False

        def draw(self, lit, contrast):
            raise OutputFinished('recorded 1 s')

        def close(self):
            self.closed = True

    recording = Recording()
    opened = []
    output = Output(
        'gif',
        lambda: opened.append(1) or recording,
        log=lambda level, line: bench.lines.append((level, line)),
    )

    for _ in range(3):
        output.update(DesiredState(FRAME, AWAKE))

    assert len(opened) == 1
    assert recording.closed
    assert bench.lines == [(logging.INFO, 'gif: recorded 1 s')]


class Broken(View):
    """Fails with an error of a library, wherever it is told to."""

    def __init__(self, error: Exception, closing: Exception | None = None):
        super().__init__()
        self.error, self.closing = error, closing

    def draw(self, lit, contrast):
        raise self.error

    def close(self):
        if self.closing is not None:
            raise self.closing


class error(Exception):  # noqa: N801 - as that of lgpio
    pass


LIBRARIES = [error('GPIO busy'), RuntimeError('no pins'), KeyError(7), ValueError('a\nb')]


def raising(problem: Exception):
    raise problem


@pytest.mark.parametrize('problem', LIBRARIES, ids=repr)
@pytest.mark.parametrize('moment', ['opening', 'showing', 'closing'])
def test_whatever_an_output_raises_is_one_line_and_is_tried_again(bench, problem, moment):
    views = {
        'opening': lambda: raising(problem),
        'showing': lambda: Broken(problem),
        'closing': lambda: Broken(problem, closing=problem),
    }
    opened = []
    output = Output(
        'panel',
        lambda: opened.append(1) or views[moment](),
        clock=bench.clock,
        log=lambda level, line: bench.lines.append((level, line)),
    )

    for _ in range(100):
        output.update(DesiredState(FRAME, AWAKE))
        bench.clock.advance(0.1)
    output.close()

    text = ' '.join(str(problem).split())
    assert bench.warnings == [f'panel: {type(problem).__name__}: {text}']
    assert output.problem == f'{type(problem).__name__}: {text}'
    assert len(opened) > 1
    assert not [line for level, line in bench.lines if level == logging.INFO]


def test_a_recording_that_cannot_go_on_is_a_problem_and_not_begun_again(bench):
    opened = []
    output = Output(
        'gif',
        lambda: opened.append(1) or Broken(OutputBroken('cannot go on with face.gif')),
        clock=bench.clock,
        log=lambda level, line: bench.lines.append((level, line)),
    )

    for _ in range(100):
        output.update(DesiredState(FRAME, AWAKE))
        bench.clock.advance(1.0)

    assert bench.lines == [(logging.WARNING, 'gif: cannot go on with face.gif')]
    assert output.problem == 'cannot go on with face.gif'
    assert (len(opened), output.is_finished, output.errors) == (1, True, 1)


def test_a_recording_whose_end_cannot_be_written_is_a_problem(bench):
    class Recording(Broken):
        def draw(self, lit, contrast):
            pass

    output = Output(
        'gif',
        lambda: Recording(ValueError(), closing=OutputBroken('cut off')),
        log=lambda level, line: bench.lines.append((level, line)),
    )
    output.update(DesiredState(FRAME, AWAKE))

    output.close()

    assert output.problem == 'cut off'
    assert bench.lines == [(logging.WARNING, 'gif: cut off')]


@pytest.mark.parametrize('number', [errno.EIO, errno.ENXIO, errno.ETIMEDOUT])
def test_closing_an_unplugged_panel_is_quiet(bench, number):
    bench.output.update(DesiredState(FRAME, AWAKE))
    bench.chip.fault_number = number
    bench.unplug()

    bench.output.close()

    assert bench.warnings == []
