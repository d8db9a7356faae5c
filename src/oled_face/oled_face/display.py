# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Shows the newest frame on every output, from a thread of its own."""

from __future__ import annotations

import logging
import math
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from oled_face.output import DesiredState, Log, Output, log_to_library
from oled_face.power_saving import Power, PowerSaving, PowerSavingConfig

# How often outputs are updated when no frame arrives: retries, power saving, test patterns.
TICK_S = 0.1
LINES_EVERY_S = 10.0  # one line of each level
_RECENT_FRAMES = 300
_NOTHING = object()

Notice = tuple[Callable[[], np.ndarray | None], float]
"""What makes the frame that is shown in place of others, and for how long, s."""


@dataclass
class Statistics:
    """
    What a display has done so far.

    Attributes:
        frames_in: frames that were offered.
        frames_shown: frames that were given to the outputs.
        frames_dropped: frames that were not, because of a newer one or a test pattern.
        frames_refused: frames that could not be converted.
        bytes_sent: bytes of frames that were sent to the panel, or would have been with a panel.
    """

    frames_in: int = 0
    frames_shown: int = 0
    frames_dropped: int = 0
    frames_refused: int = 0
    bytes_sent: int = 0


class DisplayWorker:
    """
    The writer thread between the source of frames and the outputs.

    Offering a frame never blocks: the newest one wins, and the ones it replaces are counted.
    Outputs are used in the thread only, so that a slow bus blocks nobody.

    Args:
        outputs: where frames go.
        power_saving: when the panel is dimmed and switched off.
        convert: turns what is offered into a frame, (height, width) uint8 of 0 and 255; called
            in the thread; raises ValueError to refuse it.
        clock: monotonic time, s.
        log: called with a level of `logging` and a line.

    Attributes:
        outputs: where frames go.
        statistics: counts so far.
        power: whether the panel is on now, and how bright.
        refusal: why the newest refused frame was refused; empty after a good one.
    """

    def __init__(
        self,
        outputs: Sequence[Output],
        power_saving: PowerSavingConfig | None = None,
        *,
        convert: Callable[[Any], np.ndarray] = np.asarray,
        clock: Callable[[], float] = time.monotonic,
        log: Log = log_to_library,
    ):
        self.outputs = tuple(outputs)
        self.statistics = Statistics()
        self.refusal = ''
        self._convert = convert
        self._clock = clock
        self._log = log
        self._power_saving = PowerSaving(power_saving or PowerSavingConfig(), clock())
        self.power = self._power_saving.power(clock())
        self._frame: np.ndarray | None = None
        self._is_asleep = False
        self._is_inverted = False
        self._patterns: deque[tuple[float, np.ndarray]] = deque()  # until when each is shown
        self._outranks_sleep = False  # what is shown in place of frames
        self._notice: Notice | None = None  # asked for, newest wins
        self._show_ms: deque[float] = deque(maxlen=_RECENT_FRAMES)
        self._said: dict[int, tuple[float, int]] = {}  # when a line was, and how many were not
        self._condition = threading.Condition()
        self._offered: Any = _NOTHING
        self._requests: deque[Callable[[], None]] = deque()
        self._is_closing = False
        self._thread = threading.Thread(target=self._run, name='oled_face_writer', daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def offer(self, frame: Any) -> None:
        """Make `frame` the next one to be shown. Never blocks."""
        with self._condition:
            self.statistics.frames_in += 1
            if self._offered is not _NOTHING:
                self.statistics.frames_dropped += 1
            self._offered = frame
            self._condition.notify()

    def sleep(self) -> None:
        """Keep the panel off until `wake`, also if frames arrive."""
        self._request(lambda: self._set_asleep(True))

    def wake(self) -> None:
        """End `sleep`, and light the panel also if power saving had switched it off."""
        self._request(lambda: self._set_asleep(False))

    def invert(self, inverted: bool) -> None:
        """Exchange lit and dark."""
        self._request(lambda: self._set_inverted(inverted))

    def set_power_saving(self, config: PowerSavingConfig) -> None:
        """Change when the panel is dimmed and switched off, and its contrast."""
        self._request(lambda: self._set_power_saving(config))

    def play(self, frames: Iterable[np.ndarray], each_s: float) -> None:
        """Show `frames` for `each_s` seconds each, then the newest frame again."""
        self._request(lambda: self._set_patterns(frames, each_s))

    def take_over(self, make: Callable[[], np.ndarray | None], for_s: float) -> None:
        """
        Show one frame for a while, then the newest one again; the last call counts. Never blocks.

        It lights a panel that power saving has switched off, and not one that `sleep` keeps dark.

        Args:
            make: called in the thread for the frame, (height, width) uint8 of 0 and 255; none to
                give the panel back now; raises ValueError to refuse.
            for_s: how long, s.
        """
        with self._condition:
            self._notice = make, for_s
            self._condition.notify()

    @property
    def is_taken_over(self) -> bool:
        """Whether something else than the newest frame is shown."""
        return bool(self._patterns)

    def close(self, timeout_s: float = 5.0) -> bool:
        """Close every output, and return whether that was done within `timeout_s`."""
        with self._condition:
            self._is_closing = True
            self._condition.notify()
        if not self._thread.is_alive():
            self._close_outputs()
            return True
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def step(self) -> None:
        """Carry out what was requested, take the newest frame, and update the outputs."""
        with self._condition:
            offered, self._offered = self._offered, _NOTHING
            requests, self._requests = self._requests, deque()
            notice, self._notice = self._notice, None
        for request in requests:
            request()
        if notice is not None:
            self._show_notice(*notice)
        begun_s = self._clock()
        is_new = offered is not _NOTHING and self._accept(offered)
        self._update_outputs()
        if is_new:
            self._show_ms.append(1e3 * (self._clock() - begun_s))

    def show_ms(self) -> np.ndarray:
        """Return how long each of the newest frames took to reach the outputs, ms."""
        return np.array(self._show_ms.copy())

    def _request(self, request: Callable[[], None]) -> None:
        with self._condition:
            self._requests.append(request)
            self._condition.notify()

    def _run(self) -> None:
        while self._wait():
            try:
                self.step()
            except Exception:
                self._say(logging.ERROR, f'unexpected error:\n{traceback.format_exc()}')
        self._close_outputs()

    def _wait(self) -> bool:
        """Wait for work or the next tick; return whether to go on."""
        with self._condition:
            self._condition.wait_for(
                lambda: (
                    self._is_closing
                    or self._requests
                    or self._notice
                    or self._offered is not _NOTHING
                ),
                TICK_S,
            )
            return not self._is_closing

    def _close_outputs(self) -> None:
        for output in self.outputs:
            output.close()

    def _accept(self, offered: Any) -> bool:
        """Make what was offered the newest frame; return whether it will be shown."""
        try:
            frame = self._convert(offered)
        except ValueError as error:
            self._refuse(error)
            return False
        self.refusal = ''
        self._frame = frame
        self._power_saving.note_frame(bool(frame.any()), self._clock())
        if self._patterns:
            self.statistics.frames_dropped += 1
            return False
        self.statistics.frames_shown += 1
        return True

    def _refuse(self, error: ValueError) -> None:
        self._say(logging.WARNING, f'refused a frame: {error}')
        self.refusal = str(error)
        self.statistics.frames_refused += 1

    def _show_notice(self, make: Callable[[], np.ndarray | None], for_s: float) -> None:
        try:
            frame = make()
        except ValueError as error:
            self._refuse(error)
            return
        self._end_patterns()
        if frame is not None:
            self._set_patterns([frame], for_s, outranks_sleep=False)

    def _end_patterns(self) -> None:
        """Before there was a frame the panel is dark again."""
        if self._patterns and self._frame is None:
            self._frame = np.zeros_like(self._patterns[-1][1])
        self._patterns.clear()

    def _say(self, level: int, line: str) -> None:
        """Log a line, unless there was one of its level lately: frames come many a second."""
        now_s = self._clock()
        said_s, left_out = self._said.get(level, (-math.inf, 0))
        if now_s < said_s + LINES_EVERY_S:
            self._said[level] = said_s, left_out + 1
            return
        self._said[level] = now_s, 0
        more = f' ({left_out} more of this kind since the last line)' if left_out else ''
        self._log(level, line + more)

    def _update_outputs(self) -> None:
        now_s = self._clock()
        if self._patterns and self._patterns[-1][0] <= now_s:
            self._end_patterns()
        while self._patterns and self._patterns[0][0] <= now_s:
            self._patterns.popleft()
        self.power = self._power(now_s)
        frame = self._patterns[0][1] if self._patterns else self._frame
        desired = DesiredState(frame, self.power, self._is_inverted)
        self.statistics.bytes_sent += sum(output.update(desired) for output in self.outputs)

    def _power(self, now_s: float) -> Power:
        if self._patterns:
            is_on = self._outranks_sleep or not self._is_asleep
            return Power(is_on, self._power_saving.config.contrast)
        power = self._power_saving.power(now_s)
        return replace(power, on=power.on and not self._is_asleep)

    # Requests, carried out in the thread.

    def _set_asleep(self, is_asleep: bool) -> None:
        self._is_asleep = is_asleep
        if not is_asleep:
            self._power_saving.stay_awake(self._clock())

    def _set_inverted(self, is_inverted: bool) -> None:
        self._is_inverted = is_inverted

    def _set_power_saving(self, config: PowerSavingConfig) -> None:
        self._power_saving.config = config

    def _set_patterns(
        self, frames: Iterable[np.ndarray], each_s: float, outranks_sleep: bool = True
    ) -> None:
        begun_s = self._clock()
        self._outranks_sleep = outranks_sleep
        self._patterns = deque(
            (begun_s + each_s * number, frame) for number, frame in enumerate(frames, start=1)
        )
