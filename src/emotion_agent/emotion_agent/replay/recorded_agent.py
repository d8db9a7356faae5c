# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What a bag says of the agent that was recorded: how it stood, and what was changed in it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from emotion_agent.logic import emotion_state
from emotion_agent.logic.events import AT_START, PARAMETERS, RESET, SNAPSHOT, TEMPERAMENT
from emotion_agent.replay.bag import Bag
from emotion_agent.replay.chunks import EVENT_CHARACTERS
from emotion_agent.replay.messages import MalformedMessage
from emotion_agent.replay.missed import missed_observations, start_of
from emotion_agent.replay.sources import Names
from node_kit.limits import BeyondLimit
from node_kit.time import to_nanoseconds

STATE_NODE = emotion_state.NODE
_FIELD_OF_TYPE = {1: 'bool_value', 2: 'integer_value', 3: 'double_value', 4: 'string_value'}


class Change(NamedTuple):
    """Something that was done to the agent while it was recorded."""

    time_ns: int
    node: str
    kind: str  # of an `Event`
    name: str = ''
    value: Any = None


@dataclass
class RecordedAgent:
    """
    The agent of a bag.

    Attributes:
        parameters: node -> what was set at the start of the recording; of older bags nothing.
        snapshot: content of the first snapshot; None where there is none.
        snapshot_ns: its stamp, ns.
        changes: in order of time; those before the snapshot are part of it.
        missed: stamps of observations that were recorded and did not reach the state, ns.
        problems: what could not be understood, one line each.
    """

    parameters: dict[str, dict[str, Any]] = field(default_factory=dict)
    snapshot: Mapping[str, Any] | None = None
    snapshot_ns: int = 0
    changes: list[Change] = field(default_factory=list)
    missed: frozenset[int] = frozenset()
    problems: list[str] = field(default_factory=list)

    @property
    def temperament(self) -> Mapping[str, Any] | None:
        """Content of the temperament at the start; None where it was not recorded."""
        return self.snapshot and self.snapshot.get('temperament')


def read_agent(bag: Bag, names: Names) -> RecordedAgent:
    """Return what a bag says of the agent in a namespace."""
    agent = RecordedAgent()
    _read_parameters(bag, names, agent)
    changes = [*agent.changes, *_events(bag, names, agent)]
    snapshots = [change for change in changes if change.kind == SNAPSHOT]
    if snapshots:
        first = snapshots[0]
        agent.snapshot, agent.snapshot_ns = first.value, first.time_ns
        agent.parameters[STATE_NODE] = dict(first.value['parameters'])
        again = [change for change in snapshots[1:] if change.name == AT_START]
        starts = (start_of(change.time_ns, change.value) for change in (first, *again))
        agent.missed = missed_observations(bag, names, list(filter(None, starts)))
    agent.changes = sorted(
        (
            change
            for change in changes
            if change.time_ns > agent.snapshot_ns
            and (change.kind != SNAPSHOT or change.name == AT_START)
        ),
        key=lambda change: change.time_ns,
    )
    return agent


def _read_parameters(bag: Bag, names: Names, agent: RecordedAgent) -> None:
    """The first parameters of each node, and what is other in those that follow."""
    known: dict[str, dict[str, Any]] = {}
    prefix = names['']
    for time_ns, message in _messages(bag, names.parameters, names.about(), agent):
        node = message.node.removeprefix(prefix)
        values = dict(_values(message))
        if node not in known:
            agent.parameters[node] = values
        elif node != STATE_NODE:  # which says so itself in its events, with exact stamps
            changed = {
                name: value for name, value in values.items() if known[node].get(name) != value
            }
            agent.changes.append(Change(time_ns, node, PARAMETERS, value=changed))
        known[node] = values


def _values(message: Any) -> Iterator[tuple[str, Any]]:
    """(name, value) of the parameters of a message that are no lists."""
    for parameter in message.new_parameters:
        if name := _FIELD_OF_TYPE.get(parameter.value.type):
            yield parameter.name, getattr(parameter.value, name)


def _events(bag: Bag, names: Names, agent: RecordedAgent) -> Iterator[Change]:
    """All that the state says of itself, of the kinds that decide how it goes on."""
    for topic in (names.snapshot, names.events):
        for time_ns, message in _messages(bag, topic, names.about(), agent):
            if message.kind not in (RESET, TEMPERAMENT, PARAMETERS, SNAPSHOT):
                continue
            try:
                value = _content(message.value)
            except (ValueError, RecursionError) as error:
                agent.problems.append(f'{topic}: not understood: {error}')
                continue
            is_whole = isinstance(value, dict) and (
                message.kind != SNAPSHOT or isinstance(value.get('parameters'), dict)
            )
            if not is_whole:
                agent.problems.append(f'{topic}: not understood: {message.value[:40]}')
                continue
            yield Change(time_ns, message.source, message.kind, message.name, value)


def _content(text: str) -> Any:
    """What the JSON of an event stands for."""
    if len(text) > EVENT_CHARACTERS:
        raise BeyondLimit(f'{len(text)} characters, at most {EVENT_CHARACTERS} are read')
    return json.loads(text or '{}')


def _messages(
    bag: Bag, topic: str, types: Mapping[str, str], agent: RecordedAgent
) -> Iterator[tuple[int, Any]]:
    """(stamp in ns, message) of a topic that has the type it should have."""
    if topic not in bag.topics:
        return
    if problem := bag.topics[topic].problem:
        agent.problems.append(f'{topic}: {problem}')
        return
    for event in bag.messages([topic]):
        if event.msgtype != types[topic]:
            continue
        try:
            message = bag.types.from_bytes(event.msgtype, event.data)
        except MalformedMessage as error:
            agent.problems.append(f'{topic}: {error}')
            continue
        stamp = message.header.stamp if hasattr(message, 'header') else message.stamp
        yield to_nanoseconds(stamp), message
