# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What the node `session` does with sessions of a study and the marks in them."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from emotion_agent.logic import SESSION_STATUS, TIME, Clock, Make
from emotion_agent.logic.events import MARKER, SESSION, make_event
from node_kit.limits import NAME_CHARACTERS, NOTE_CHARACTERS, shown
from node_kit.settings import Setting
from node_kit.suggestions import did_you_mean
from node_kit.time import stamp_fields

NODE = 'session'
PERSON_CHARACTERS = 64  # of a participant and of a condition

TABLE = (
    Setting('folder', '', 'of the sessions, each with a folder of its own, DATE_TIME_PARTICIPANT; '
            'empty = ROS_HOME/emotion_agent/sessions', fixed=True),
    Setting('script_folder', '', 'folder of your own scripts, NAME.yaml; they go before shipped '
            'ones of the same name; empty = none', fixed=True),
)  # fmt: skip


class SessionRefused(ValueError):
    """What is asked for cannot be done. The message says why, in one line."""


@dataclass(frozen=True)
class Session:
    """
    One session of a study.

    Attributes:
        name: date, time and participant, which is also that of its folder.
        participant: who takes part.
        condition: of the study; may be empty.
        notes: free text; may be empty.
        folder: the bag; empty before it was begun.
        since_ns: when it was begun, ns; 0 before.
    """

    name: str
    participant: str
    condition: str
    notes: str
    folder: str = ''
    since_ns: int = 0

    @property
    def value(self) -> dict[str, str]:
        """What its event has as JSON."""
        return {
            'participant': self.participant,
            'condition': self.condition,
            'notes': self.notes,
            'folder': self.folder,
        }


class ScriptStatus(Protocol):
    """
    Where a script is that is played.

    Attributes:
        name: of the script; empty = none was played.
        state: `playing`, `paused`, `waiting` or `ended`; empty = none was played.
        at_s: where it is, s of its own clock.
        duration_s: how long it is, s.
        waits_for: in words; empty = it does not wait.
        is_running: whether its clock goes on, or stands for a while.
    """

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def state(self) -> str: ...  # noqa: D102
    @property
    def at_s(self) -> float: ...  # noqa: D102
    @property
    def duration_s(self) -> float: ...  # noqa: D102
    @property
    def waits_for(self) -> str: ...  # noqa: D102
    @property
    def is_running(self) -> bool: ...  # noqa: D102


class SessionKeeper:
    """
    Keeps the one session that may run, and says on `events` what happens in it.

    A session is prepared, and then either begun or given up, as its recording takes some time to
    begin.

    Attributes:
        running: the session; None = none.
    """

    def __init__(
        self, make: Make, clock: Clock, send_event: Callable[[Any], None], source: str = NODE
    ):
        """
        Args:
            make: makes messages.
            clock: the time, ns.
            send_event: gets every `Event`.
            source: of the events.
        """
        self._source = source
        self._make = make
        self._clock = clock
        self._send_event = send_event
        self._prepared: Session | None = None
        self.running: Session | None = None

    def prepare(self, participant: str, condition: str, notes: str, today: str) -> Session:
        """
        Return a session that can be begun.

        Args:
            participant: 1 to 64 characters of one line.
            condition: up to 64 characters of one line.
            notes: up to 1000 characters.
            today: date and time, for its name.

        Raises:
            SessionRefused: if there is one already, or a text is none of these.
        """
        if self.running is not None:
            raise SessionRefused(f'session {self.running.name} runs; stop it first')
        if self._prepared is not None:
            raise SessionRefused(f'session {self._prepared.name} is about to begin')
        participant = checked_text('participant', participant, PERSON_CHARACTERS, least=1)
        condition = checked_text('condition', condition, PERSON_CHARACTERS)
        notes = checked_text('notes', notes, NOTE_CHARACTERS, lines='\n\t')
        name = f'{today}_{file_name(participant)}'
        self._prepared = Session(name, participant, condition, notes)
        return self._prepared

    def give_up(self) -> None:
        """Do not begin what was prepared."""
        self._prepared = None

    def begin(self, name: str, folder: str) -> Session:
        """
        Begin what was prepared.

        Args:
            name: of its folder, which may have got a number.
            folder: the whole path.
        """
        assert self._prepared is not None
        now_ns = self._clock()
        self.running = replace(self._prepared, name=name, folder=folder, since_ns=now_ns)
        self._prepared = None
        self._tell(SESSION, now_ns, name, self.running.value)
        return self.running

    def end(self) -> Session:
        """
        End the session.

        Raises:
            SessionRefused: if none runs.
        """
        if (session := self.running) is None:
            raise SessionRefused('no session runs')
        self._tell(SESSION, self._clock(), '', session.value)
        self.running = None
        return session

    def mark(self, text: str, script: ScriptStatus) -> str:
        """
        Say a mark of the experimenter.

        Args:
            text: 1 to 200 characters of one line.
            script: that is played.

        Returns:
            The mark.

        Raises:
            SessionRefused: if the text is none of these.
        """
        text = checked_text('text', text, NAME_CHARACTERS, least=1)
        place = {'script': script.name, 'at_s': script.at_s} if script.is_running else None
        self._tell(MARKER, self._clock(), text, place)
        return text

    def tell(self, kind: str, name: str, value: Mapping[str, Any] | None = None) -> None:
        """Say what happens in a script."""
        self._tell(kind, self._clock(), name, value)

    def status(
        self, script: ScriptStatus, scripts: Collection[str], temperaments: Collection[str]
    ) -> Any:
        """
        Return a `SessionStatus`.

        Args:
            script: that is played.
            scripts: names of those that can be played.
            temperaments: names of those that can be set.
        """
        session = self.running or Session('', '', '', '')
        return self._make(
            SESSION_STATUS,
            session=session.name,
            participant=session.participant,
            condition=session.condition,
            folder=session.folder,
            since=self._make(TIME, **stamp_fields(session.since_ns)),
            script=script.name,
            script_state=script.state,
            script_at_s=script.at_s,
            script_duration_s=script.duration_s,
            waits_for=script.waits_for,
            scripts=sorted(scripts),
            temperaments=sorted(temperaments),
        )

    def _tell(self, kind: str, now_ns: int, name: str, value: Mapping[str, Any] | None) -> None:
        self._send_event(make_event(self._make, kind, now_ns, self._source, name, value))


def checked_text(what: str, text: str, most: int, least: int = 0, lines: str = '') -> str:
    """
    Return a text without spaces around it.

    Args:
        what: it is, for the message.
        text: from outside.
        most: characters.
        least: characters.
        lines: characters that are taken although they steer a terminal.

    Raises:
        SessionRefused: saying what is expected.
    """
    text = text.strip()
    if not least <= len(text) <= most:
        bounds = f'{least} to {most}' if least else f'at most {most}'
        raise SessionRefused(f'{what}: expected {bounds} characters, got {len(text)}')
    if not all(char.isprintable() or char in lines for char in text):
        kind = 'text' if lines else 'text of one line'
        raise SessionRefused(
            f'{what}: expected {kind} without control characters, got {shown(text)}'
        )
    return text


def checked_name(what: str, name: str, known: Collection[str]) -> str:
    """
    Return one of the names that there are, and no path.

    Raises:
        SessionRefused: naming those that there are.
    """
    if name in known:
        return name
    expected = f'expected one of {", ".join(sorted(known))}' if known else 'there is none'
    raise SessionRefused(f'{what}: {expected}; got {shown(name)}{did_you_mean(name, known)}')


def file_name(text: str) -> str:
    """Return what of a text can be a part of the name of a file everywhere."""
    return re.sub(r'[^A-Za-z0-9_-]+', '-', text).strip('-') or 'participant'
