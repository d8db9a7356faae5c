# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The sessions of a bag: from the event that begins one to the event that ends it."""

import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from emotion_agent.export.courses import content_of, is_readable
from emotion_agent.logic import EVENT
from emotion_agent.logic.events import SESSION, TEMPERAMENT
from emotion_agent.replay.bag import Bag
from emotion_agent.replay.sources import Names
from node_kit.time import to_nanoseconds


@dataclass
class Session:
    """
    One session, or a bag without any.

    Attributes:
        name: as its event says; '' = no session.
        participant: who took part.
        condition: of the study.
        notes: as they were given.
        start_ns: stamp of its first event, ns.
        end_ns: stamp of its last event, ns.
        is_ended: whether its end was recorded; None = no session.
        temperament: as it was named at the start; '' = not recorded.
        rows: table -> rows of it; filled as they are written.
        markers: number of them, as `resets`.
    """

    name: str = ''
    participant: str = ''
    condition: str = ''
    notes: str = ''
    start_ns: int = 0
    end_ns: int = 0
    is_ended: bool | None = None
    temperament: str = ''
    rows: Counter[str] = field(default_factory=Counter)
    markers: int = 0
    resets: int = 0


class Sessions:
    """
    Those of one bag.

    Attributes:
        all: in order of time; one without a name where the bag has no session.
    """

    def __init__(self, bag: Bag, names: Names):
        """Find them, in one pass over the events of a bag."""
        self.all: list[Session] = []
        temperaments = _temperament_at_first(bag, names)
        for event in messages_of(bag, names.events, EVENT):
            stamp_ns = to_nanoseconds(event.header.stamp)
            if event.kind == SESSION:
                self._take(event, stamp_ns)
            elif event.kind == TEMPERAMENT:
                temperaments.append((stamp_ns, event.name))
        if self.all and self.all[-1].is_ended is False:
            self.all[-1].end_ns = max(bag.end_ns, self.all[-1].start_ns)
        if not self.all:
            self.all.append(Session(start_ns=bag.start_ns, end_ns=bag.end_ns))
        self.all.sort(key=lambda session: session.start_ns)
        self._starts = [session.start_ns for session in self.all]
        for session in self.all:
            session.temperament = _newest(temperaments, session.start_ns)

    def _take(self, event: Any, stamp_ns: int) -> None:
        before = self.all[-1] if self.all else None
        if before and before.is_ended is False:
            before.end_ns, before.is_ended = max(stamp_ns, before.start_ns), not event.name
        if event.name:
            told = json_object(event.value)
            participant, condition, notes = (
                str(told.get(name, '')) for name in ('participant', 'condition', 'notes')
            )
            self.all.append(
                Session(event.name, participant, condition, notes, stamp_ns, is_ended=False)
            )

    def at(self, stamp_ns: int) -> Session | None:
        """Return the session that a stamp lies in, None = in none."""
        index = bisect_right(self._starts, stamp_ns) - 1
        session = self.all[max(index, 0)]
        if not session.name:
            return session  # of the whole bag, also of images from before its first message
        return session if index >= 0 and stamp_ns <= session.end_ns else None


def messages_of(bag: Bag, topic: str, msgtype: str) -> Iterator[Any]:
    """Yield the messages of a topic, without those that cannot be right."""
    if is_readable(bag, topic, msgtype):
        for recorded in bag.messages([topic]):
            if recorded.msgtype == msgtype and (message := content_of(bag, recorded)) is not None:
                yield message


def json_object(text: str) -> dict[str, Any]:
    """Return the JSON of an event; nothing where it is no JSON, or no object."""
    try:
        content = json.loads(text or '{}')
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def _temperament_at_first(bag: Bag, names: Names) -> list[tuple[int, str]]:
    """(stamp in ns, name) of what the first snapshot of the state says, if there is one."""
    snapshot = next(messages_of(bag, names.snapshot, EVENT), None)
    if snapshot is None:
        return []
    parameters = json_object(snapshot.value).get('parameters')
    named = parameters.get('temperament') if isinstance(parameters, dict) else None
    return [(to_nanoseconds(snapshot.header.stamp), named)] if isinstance(named, str) else []


def _newest(temperaments: list[tuple[int, str]], stamp_ns: int) -> str:
    """The temperament at a time; before the first one is named, that."""
    before = [name for set_ns, name in temperaments if set_ns <= stamp_ns]
    return before[-1] if before else temperaments[0][1] if temperaments else ''
