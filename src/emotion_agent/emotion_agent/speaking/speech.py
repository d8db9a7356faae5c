# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A mouth that moves in time with a sound."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from threading import Event, Thread
from time import monotonic

from emotion_agent.speaking.player import Playing

LISTENED_TO_S = (
    5.0  # whoever draws the mouth is found within this time, also where the network is slow
)
_LOOK_S = 0.02


class Speech:
    """
    Something that is being said, in a thread of its own.

    Openings that come late, as the computer is busy, are left out: the mouth stays in time.

    Attributes:
        sent: openings that were sent so far, with the one that shuts the mouth at the end.
        problem: why nothing was heard or seen, one line; '' = it was.
    """

    def __init__(
        self,
        openings: Sequence[float],
        rate_hz: float,
        move: Callable[[float], None],
        is_listened_to: Callable[[], bool],
        start_sound: Callable[[], Playing] | None = None,
        delay_s: float = 0.0,
        report: Callable[[str], None] = lambda problem: None,
    ):
        """
        Begin to speak.

        Args:
            openings: how far the mouth is open, in [0, 1].
            rate_hz: of them.
            move: gets each in its time, and 0 at the end.
            is_listened_to: whether somebody draws the mouth; awaited for `LISTENED_TO_S`.
            start_sound: starts the sound; none = there is none.
            delay_s: from the start of the sound until it is heard, s.
            report: gets a line about what failed.
        """
        self._openings, self._rate_hz, self._move = openings, rate_hz, move
        self._is_listened_to, self._start_sound = is_listened_to, start_sound
        self._delay_s, self._report = delay_s, report
        self._ended = Event()
        self.sent, self.problem = 0, ''
        self._thread = Thread(target=self._run, name='speech', daemon=True)
        self._thread.start()

    @property
    def is_done(self) -> bool:
        """Whether everything was said, or it was stopped."""
        return not self._thread.is_alive()

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until it is done, s; return whether it is."""
        self._thread.join(timeout_s)
        return self.is_done

    def stop(self) -> None:
        """Fall silent and shut the mouth; does nothing where it is done."""
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        sound: Playing | None = None
        try:
            self._await_listener()
            if self._start_sound is not None and not self._ended.is_set():
                sound = self._start_sound()
            self._speak(sound)
            self._send(0.0)
            self._await_end_of(sound)
        except OSError as error:
            self._fail(f'nothing is heard: {_in_one_line(error)}')
        except Exception as error:  # of functions of the caller: any
            self._fail(f'it could not be said: {_in_one_line(error)}')
        finally:
            if sound is not None and not sound.is_over:
                sound.stop()

    def _await_listener(self) -> None:
        end_s = monotonic() + LISTENED_TO_S
        while not self._is_listened_to():
            if monotonic() >= end_s:
                self._fail('no face_sketcher draws the mouth')
                return
            if self._ended.wait(_LOOK_S):
                return

    def _speak(self, sound: Playing | None) -> None:
        """Send the openings, each in its time, until the sound fails."""
        start_s = monotonic() + self._delay_s
        for number, opening in enumerate(self._openings):
            due_s = start_s + number / self._rate_hz
            if self._ended.wait(max(0.0, due_s - monotonic())) or (sound and sound.problem):
                return
            if monotonic() < due_s + 1.0 / self._rate_hz:
                self._send(float(opening))
        self._ended.wait(max(0.0, start_s + len(self._openings) / self._rate_hz - monotonic()))

    def _await_end_of(self, sound: Playing | None) -> None:
        while sound is not None and not sound.is_over and not self._ended.wait(_LOOK_S):
            pass
        if sound is not None and sound.problem:
            self._fail(f'nothing is heard: {sound.problem}')

    def _send(self, opening: float) -> None:
        self._move(opening)
        self.sent += 1

    def _fail(self, problem: str) -> None:
        self.problem = problem
        with suppress(Exception):  # whoever cannot be told still finds it in `problem`
            self._report(problem)


def _in_one_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), '') or type(error).__name__
