# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""One destination of frames, reopened whenever it fails."""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from oled_face.buses import BUS_ERRORS
from oled_face.errors import OledError, OutputBroken, OutputFinished
from oled_face.interface import Display
from oled_face.power_saving import Power

RETRY_S = 5.0

Log = Callable[[int, str], None]
log_to_library: Log = logging.getLogger('oled_face').log


@dataclass(frozen=True)
class DesiredState:
    """
    What an output should show.

    Attributes:
        frame: (height, width) uint8, 0 or 255; None = nothing yet.
        power: whether the panel is on, and how bright.
        inverted: whether lit and dark are exchanged.
    """

    frame: np.ndarray | None
    power: Power
    inverted: bool = False


class Output:
    """
    A display that may fail, disappear and come back.

    Whatever it raises fails this output alone. Each outage is logged in one line, and its end in
    another.

    Args:
        name: what the log calls it.
        open_display: makes the display.
        explain: turns what a display raised into an error that names the remedy.
        retry_s: seconds between attempts to open.
        clock: monotonic time, s.
        log: called with a level of `logging` and a line.

    Attributes:
        display: the display; None while it cannot be used.
        problem: what is wrong, with remedy; empty if nothing is.
        errors: failures so far.
        reconnects: recoveries so far.
        is_finished: whether it is closed for good.
    """

    def __init__(
        self,
        name: str,
        open_display: Callable[[], Display],
        *,
        explain: Callable[[Exception], Exception] = lambda error: error,
        retry_s: float = RETRY_S,
        clock: Callable[[], float] = time.monotonic,
        log: Log = log_to_library,
    ):
        self.name = name
        self.display: Display | None = None
        self.problem = ''
        self.errors = 0
        self.reconnects = 0
        self.is_finished = False
        self._open_display = open_display
        self._explain = explain
        self._retry_s = retry_s
        self._clock = clock
        self._log = log
        self._failed_at_s = -np.inf
        self._open_at_s = -np.inf
        self._is_on = True
        self._contrast: int | None = None
        self._is_inverted = False

    def update(self, desired: DesiredState) -> int:
        """
        Bring the display into the desired state, as far as it is not in it.

        Returns:
            Bytes on the bus.
        """
        if self.is_finished:
            return 0
        display = self.display or self._try_to_open()
        if display is None:
            return 0
        try:
            sent = self._apply(display, desired)
        except OutputFinished as end:
            self._finish(end)
        except Exception as error:
            # Most failures are single glitches, after which to try again at once.
            is_glitch = self._clock() - self._failed_at_s >= self._retry_s
            self._fail(error, pause_s=0.0 if is_glitch else self._retry_s)
        else:
            self._note_success()
            return sent
        return 0

    def close(self) -> None:
        """Close the display. Safe to call twice."""
        self.is_finished = True
        self._close_display()

    def _try_to_open(self) -> Display | None:
        if self._clock() < self._open_at_s:
            return None
        try:
            self.display = self._open_display()
        except Exception as error:
            self._fail(error, pause_s=self._retry_s)
            return None
        self._is_on, self._contrast, self._is_inverted = True, None, False
        return self.display

    def _apply(self, display: Display, desired: DesiredState) -> int:
        if self._is_on and not desired.power.on:
            display.sleep()
        sent = 0 if desired.frame is None else display.show(desired.frame)
        if desired.inverted != self._is_inverted:
            display.invert(desired.inverted)
        if desired.power.contrast != self._contrast:
            display.contrast(desired.power.contrast)
        if desired.power.on and not self._is_on:
            # Last, so that the picture from before the sleep does not appear.
            display.wake()
        self._is_on, self._contrast = desired.power.on, desired.power.contrast
        self._is_inverted = desired.inverted
        return sent

    def _note_success(self) -> None:
        if self.problem:
            self.reconnects += 1
            self._log(logging.INFO, f'{self.name}: works again')
            self.problem = ''

    def _fail(self, error: Exception, pause_s: float) -> None:
        self._failed_at_s = self._clock()
        self._open_at_s = self._failed_at_s + pause_s
        self.is_finished = isinstance(error, OutputBroken)
        self._close_display()
        self._note_problem(error)

    def _note_problem(self, error: Exception) -> None:
        self.errors += 1
        message = self._described(error)
        if message != self.problem:
            self._log(logging.WARNING, f'{self.name}: {message}')
        self.problem = message

    def _described(self, error: Exception) -> str:
        """What is wrong, in one line."""
        explained = self._explain(error)
        if not isinstance(explained, (OledError, *BUS_ERRORS)):
            trace = ''.join(traceback.format_exception(None, error, error.__traceback__))
            self._log(logging.DEBUG, f'{self.name}: {trace}')
            explained = OledError(f'{type(explained).__name__}: {explained}')
        return ' '.join(str(explained).split())

    def _finish(self, end: OutputFinished) -> None:
        self._log(logging.INFO, f'{self.name}: {end}')
        self.close()

    def _close_display(self) -> None:
        display, self.display = self.display, None
        try:
            if display is not None:
                display.close()
        except OutputBroken as error:
            self._note_problem(error)
        except Exception as error:
            self._log(logging.DEBUG, f'{self.name}: closing: {error}')
