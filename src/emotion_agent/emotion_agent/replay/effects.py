# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
In which order the recorded robot took in what it received.

A recorder receives a camera image or an observation before the agent has processed it, and on a
busy machine the messages of two nodes in any order. The states say what was so: each names the
newest observation and the newest stimulus that it contains, and is published at once when it
takes something in.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from itertools import count
from typing import Any, NamedTuple, TypeAlias

from emotion_agent.logic import STATE, STIMULUS
from emotion_agent.replay.bag import Recorded
from emotion_agent.replay.messages import (
    ROUNDING_NS,
    BagMessages,
    MalformedMessage,
    header_stamp_ns,
)
from emotion_agent.replay.recorded_agent import Change
from emotion_agent.replay.sources import Names
from node_kit.time import to_nanoseconds

HELD_NS = 1_000_000_000  # what no recorded state names is taken in after this
LOOK_AHEAD_NS = 3_000_000_000  # messages were recorded out of order by no more than this

Order: TypeAlias = tuple[int, int, int]  # number of a state, whether it is itself, number
Effect: TypeAlias = tuple[int, int, Order, Recorded | Change]  # time in ns, rank, order, what
FACE, CHANGE, REST = range(3)  # ranks of what happens at the same time
BEFORE, ITSELF = range(2)


class Content(NamedTuple):
    """What a state may name as its newest."""

    stimulus: str  # '' = an observation
    stamp_ns: int


NOTHING = Content('', 0)


class Moment(NamedTuple):
    """When a state was published; those of one stamp have an order."""

    stamp_ns: int
    number: int


@dataclass
class Waiting:
    """An input of which it is not known yet when it was taken in."""

    event: Recorded
    content: Content = NOTHING  # NOTHING = no state can name it
    now_ns: int = 0  # stamp of the state that it came with, if it has the stamp of its arrival
    otherwise: Moment | None = None  # if no state to come says that it contains it
    is_held: bool = True  # until one does, for a while


class EffectOrder:
    """
    Puts the messages of a bag into the order of their effects.

    An input that a state names was taken in just before the first of those, at its stamp; a
    stimulus without a stamp of its own has that of its state. An observation that is older than a
    named one was taken in no later than that. Everything else was taken in between the states
    around it. States, faces and changes have stamps of their own.
    """

    def __init__(
        self, names: Names, messages: BagMessages, changes: Sequence[Change], start_ns: int
    ):
        """
        Begin.

        Args:
            names: of the topics.
            messages: the types.
            changes: what was done to the agent.
            start_ns: states and faces from before it cannot be had again.
        """
        self._names = names
        self._messages = messages
        self._start_ns = start_ns
        self._numbers = count()
        self._due: list[Effect] = []
        for change in changes:
            self._due.append((change.time_ns, CHANGE, self._itself(), change))
        heapify(self._due)
        self._waiting: list[Waiting] = []
        self._unmet: dict[Content, Moment] = {}  # named by a state, and not met in the bag yet
        self._published: dict[int, Moment] = {}  # the states of the last seconds by their stamps
        self._newest: set[Content] = set()  # what the state before names
        self._published_ns = 0
        self._observed: set[int] = set()

    def sorted(self, events: Iterable[Recorded]) -> Iterator[tuple[int, Recorded | Change]]:
        """Yield (time of the effect in ns, what has it)."""
        for event in events:
            self._meet(event)
            while self._due and self._due[0][0] < event.time_ns - LOOK_AHEAD_NS:
                time_ns, _, _, first = heappop(self._due)
                yield time_ns, first
        late = []
        for waiting in self._waiting:
            if waiting.otherwise:
                self._put_before(waiting.otherwise, waiting.event)
            else:
                late.append(waiting.event)
        for time_ns, _, _, last in sorted(self._due):
            yield time_ns, last
        for event in late:
            yield event.time_ns, event

    def _itself(self) -> Order:
        number = next(self._numbers)
        return number, ITSELF, number

    def _put_before(self, moment: Moment, event: Recorded) -> None:
        order = moment.number, BEFORE, next(self._numbers)
        heappush(self._due, (moment.stamp_ns, REST, order, event))

    def _meet(self, event: Recorded) -> None:
        stamp_ns = header_stamp_ns(event.data)
        names = self._names
        if event.topic in (names.state, names.face) and stamp_ns < self._start_ns:
            return
        if event.topic == names.state:
            self._meet_state(event, stamp_ns)
        elif event.topic != names.face:
            self._meet_input(event, stamp_ns)
        elif stamp_ns not in self._observed:
            # The others answer an observation: that comes of itself.
            heappush(self._due, (stamp_ns, FACE, self._itself(), event))

    def _meet_input(self, event: Recorded, stamp_ns: int) -> None:
        names = self._names
        waiting = Waiting(event)
        if event.topic in (names.image, names.compressed, names.affect):
            waiting.content = Content('', stamp_ns)
            self._observed.add(stamp_ns)
        elif event.topic in (names.causes, names.stimulus) and stamp_ns:
            waiting.content, waiting.now_ns = self._stimulus(event, stamp_ns), stamp_ns
        if moment := self._already_named(waiting.content):
            self._put_before(moment, event)
            return
        if waiting.now_ns in self._published:
            # Unless the clock stands still and the next state has that stamp as well.
            waiting.otherwise, waiting.is_held = self._published[waiting.now_ns], False
        self._waiting.append(waiting)

    def _already_named(self, content: Content) -> Moment | None:
        """The first state that contains an input and was recorded before it."""
        if named := _among(self._unmet, content):
            return self._unmet.pop(named)
        if content.stimulus or content == NOTHING:
            return None
        # Observations come in order: one that is named and not met yet comes after this one.
        later = (
            moment
            for named, moment in self._unmet.items()
            if not named.stimulus and named.stamp_ns > content.stamp_ns
        )
        return next(later, None)

    def _meet_state(self, event: Recorded, stamp_ns: int) -> None:
        order = self._itself()
        moment = Moment(stamp_ns, order[0])
        observation, stimulus = self._named_in(event)
        new = {observation, stimulus} - self._newest
        self._newest = {observation, stimulus}
        waiting, self._waiting = self._waiting, []
        for item in waiting:
            content, given_ns = item.content, item.event.time_ns
            between_ns = min(max(given_ns, self._published_ns + 1), stamp_ns)
            otherwise = item.otherwise or moment._replace(stamp_ns=between_ns)
            is_held = item.is_held and event.time_ns - given_ns < HELD_NS
            named = _among(new, content)
            if named or item.now_ns == stamp_ns:
                new -= {named}
                self._put_before(moment, item.event)
            elif item.now_ns > stamp_ns and is_held:  # no state is before what it contains
                item.otherwise = otherwise
                self._waiting.append(item)
            elif not content.stimulus and content.stamp_ns > observation.stamp_ns and is_held:
                self._waiting.append(item)
            else:
                self._put_before(otherwise, item.event)
        self._remember(moment, new - {NOTHING})
        heappush(self._due, (stamp_ns, REST, order, event))

    def _remember(self, moment: Moment, unmet: Iterable[Content]) -> None:
        if moment.stamp_ns < self._published_ns:  # the clock was set back
            self._unmet, self._published = {}, {}
        _forget(self._unmet, moment.stamp_ns - LOOK_AHEAD_NS)
        _forget(self._published, moment.stamp_ns - LOOK_AHEAD_NS)
        self._unmet |= dict.fromkeys(unmet, moment)
        self._published[moment.stamp_ns] = moment
        self._published_ns = moment.stamp_ns

    def _named_in(self, event: Recorded) -> tuple[Content, Content]:
        """The newest observation and the newest stimulus that a state contains."""
        try:
            state = self._messages.from_bytes(STATE, event.data)
        except MalformedMessage:
            return NOTHING, NOTHING
        return (
            Content('', to_nanoseconds(state.observation_stamp)),
            Content(state.last_stimulus, to_nanoseconds(state.last_change_stamp))
            if state.last_stimulus
            else NOTHING,
        )

    def _stimulus(self, event: Recorded, stamp_ns: int) -> Content:
        """A stimulus as a state names it."""
        try:
            name = self._messages.from_bytes(STIMULUS, event.data).name
        except MalformedMessage:
            return NOTHING
        return Content(name, stamp_ns)


def _among(named: Iterable[Content], content: Content) -> Content | None:
    """What states name that is this; their stamps of stimuli were numbers of seconds."""
    allowed_ns = ROUNDING_NS if content.stimulus else 0
    return next(
        (
            item
            for item in named
            if item.stimulus == content.stimulus
            and abs(item.stamp_ns - content.stamp_ns) <= allowed_ns
        ),
        None,
    )


def _forget(moments: dict[Any, Moment], before_ns: int) -> None:
    """Take out what is older; the oldest come first."""
    while moments:
        oldest = next(iter(moments))
        if moments[oldest].stamp_ns >= before_ns:
            return
        del moments[oldest]
