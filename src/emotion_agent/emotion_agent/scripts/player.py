# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Plays a script in time: which of its entries are due. Nothing but calls and times.

    player = ScriptPlayer(script)
    player.start(now_s=0.0)
    for action in player.advance(now_s=12.5): ...
"""

import math
from collections import deque
from typing import NamedTuple

from emotion_agent.scripts.script import EVENT, KEY, STIMULUS, Entry, Feeling, Script, Wait

IDLE, PLAYING, PAUSED, WAITING, ENDED = '', 'playing', 'paused', 'waiting', 'ended'


class StateChange(NamedTuple):
    """The script plays, pauses, waits or ends from here on."""

    at_s: float  # of the script
    state: str


Action = Entry | StateChange
"""What `advance` returns: entries of the script that happen, and changes of its state."""


class ScriptPlayer:
    """
    Plays one script, once.

    Every method that takes the time first lets happen what is due by then; what is due is returned
    by the next `advance`. Times never go back; one that does counts as the newest before. However
    the time is cut into calls, the same actions come in the same order, each once.

    While it waits or is paused its clock stands; people stay in view as they are, and so does the
    gaze.

    Attributes:
        script: that is played.
    """

    def __init__(self, script: Script):
        self.script = script
        self._entries: deque[Entry] = deque(script.entries())
        self._due: list[Action] = []
        self._now_s = 0.0
        self._is_started = self._is_ended = False
        self._paused_at_s: float | None = None
        self._in_pauses_s = 0.0  # how long it was paused so far
        self._zero_s = 0.0  # running time, that is time without pauses, at which its clock was 0
        self._position_s = 0.0
        self._wait: Wait | None = None
        self._wait_began_s = 0.0  # running time

    @property
    def state(self) -> str:
        """`IDLE`, `PLAYING`, `PAUSED`, `WAITING` or `ENDED`."""
        if not self._is_started or self._is_ended:
            return ENDED if self._is_ended else IDLE
        if self._paused_at_s is not None:
            return PAUSED
        return PLAYING if self._wait is None else WAITING

    @property
    def position_s(self) -> float:
        """Where it is, s of the script."""
        return self._position_s

    @property
    def waits_for(self) -> str:
        """What it waits for, also while it is paused, such as `key yes`; '' = nothing."""
        return self._wait.words if self._wait else ''

    @property
    def wait(self) -> Wait | None:
        """The wait that is on."""
        return self._wait

    @property
    def next(self) -> Entry | None:
        """What comes next; None = only the end."""
        return self._entries[0] if self._entries and not self._is_ended else None

    @property
    def people(self) -> dict[str, Feeling]:
        """Id -> what is seen in the face of everybody in view; nobody before and afterwards."""
        return self.script.people_at(self._position_s) if self._is_running else {}

    @property
    def gaze(self) -> tuple[float, float, float] | None:
        """The point that the face is to look at; None = it looks about."""
        return self.script.gaze_at(self._position_s) if self._is_running else None

    def start(self, now_s: float, from_s: float = 0.0) -> None:
        """
        Begin.

        Args:
            now_s: on any clock that goes forward.
            from_s: of the script; what happens before is left out, but whoever is in view then is
                in view, and the face looks where it looks then.

        Raises:
            ValueError: if it was started before, or the script is not that long.
        """
        if self._is_started:
            raise ValueError('expected a player that was not started, got one that was')
        if not 0.0 <= from_s <= self.script.duration_s:
            raise ValueError(
                f'expected a start at 0 to {self.script.duration_s:g} s, the length of the '
                f'script, got {from_s:g}'
            )
        self._is_started = True
        self._now_s, self._zero_s, self._position_s = now_s, now_s - from_s, from_s
        while self._entries and self._entries[0].at_s < from_s:
            self._entries.popleft()
        self._tell()

    def advance(self, now_s: float) -> list[Action]:
        """Return what is due and was not returned before, in order."""
        self._go_to(now_s)
        due, self._due = self._due, []
        return due

    def pause(self, now_s: float) -> bool:
        """Let the clock stand; False if it is not running, or paused already."""
        self._go_to(now_s)
        if not self._is_running or self._paused_at_s is not None:
            return False
        self._paused_at_s = self._now_s
        self._tell()
        return True

    def resume(self, now_s: float) -> bool:
        """Go on after a pause; False if it is not paused."""
        self._go_to(now_s)
        if not self._is_running or self._paused_at_s is None:
            return False
        self._in_pauses_s += self._now_s - self._paused_at_s
        self._paused_at_s = None
        self._tell()
        return True

    def skip(self, now_s: float) -> bool:
        """
        End the wait that is on, or go to the next entry, or to the end where there is none.

        In a pause that entry alone happens, and the pause goes on. False if it is not running.
        """
        self._go_to(now_s)
        if not self._is_running:
            return False
        if self._wait is not None:
            self._end_wait(self._running_s)
        elif self._entries:
            self._zero_s = self._running_s - self._entries[0].at_s
            self._take()
        else:
            self._end(self.script.duration_s)
        return True

    def stop(self, now_s: float) -> bool:
        """End it here; False if it is not running."""
        self._go_to(now_s)
        if not self._is_running:
            return False
        self._end(self._position_s)
        return True

    def key(self, name: str, now_s: float) -> bool:
        """Whether it waited for this key, and goes on; not in a pause."""
        return self._answer(KEY, '', name, now_s)

    def event(self, kind: str, name: str, now_s: float) -> bool:
        """Whether it waited for this event, by its kind and name, and goes on."""
        return self._answer(EVENT, kind, name, now_s)

    def stimulus(self, name: str, now_s: float) -> bool:
        """Whether it waited until this stimulus was accepted, and goes on."""
        return self._answer(STIMULUS, '', name, now_s)

    @property
    def _is_running(self) -> bool:
        return self._is_started and not self._is_ended

    @property
    def _running_s(self) -> float:
        now_s = self._now_s if self._paused_at_s is None else self._paused_at_s
        return now_s - self._in_pauses_s

    def _answer(self, on: str, kind: str, name: str, now_s: float) -> bool:
        self._go_to(now_s)
        wait = self._wait
        is_awaited = (
            self.state == WAITING
            and wait is not None
            and wait.on == on
            and wait.kind in ('', kind)
            and wait.name in ('', name)
        )
        if is_awaited:
            self._end_wait(self._running_s)
        return is_awaited

    def _go_to(self, now_s: float) -> None:
        """Let everything happen that is due by then; in a pause that is nothing."""
        self._now_s = max(self._now_s, now_s)
        while self._is_running and self._paused_at_s is None:
            running_s = self._running_s
            if self._wait is not None:
                limit_s = self._wait.at_most_s
                ends_s = self._wait_began_s + (math.inf if limit_s is None else limit_s)
                if running_s < ends_s:
                    return
                self._end_wait(ends_s)
            elif running_s < self._zero_s + self._next_s:
                self._position_s = max(self._position_s, running_s - self._zero_s)
                return
            elif self._entries:
                self._take()
            else:
                self._end(self.script.duration_s)

    @property
    def _next_s(self) -> float:
        return self._entries[0].at_s if self._entries else self.script.duration_s

    def _take(self) -> None:
        """Let the next entry happen."""
        entry = self._entries.popleft()
        self._position_s = entry.at_s
        if isinstance(entry, Wait):
            self._wait, self._wait_began_s = entry, self._zero_s + entry.at_s
            if self._paused_at_s is None:
                self._tell()
        else:
            self._due.append(entry)

    def _end_wait(self, running_s: float) -> None:
        self._wait = None
        self._zero_s = running_s - self._position_s
        if self._paused_at_s is None:
            self._tell()

    def _end(self, position_s: float) -> None:
        self._position_s, self._wait, self._is_ended = position_s, None, True
        self._tell()

    def _tell(self) -> None:
        self._due.append(StateChange(self._position_s, self.state))
