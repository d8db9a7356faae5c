# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Observations that are in a bag and did not reach the recorded agent, which had just started."""

from collections.abc import Iterator, Mapping, Sequence
from math import inf
from typing import Any, NamedTuple

from emotion_agent.logic import AFFECT, STATE, STIMULUS
from emotion_agent.logic.emotion_state import FROM_FACES
from emotion_agent.neuromodulation import ConfigError, load
from emotion_agent.neuromodulation.face_follower import FACE_SEEN
from emotion_agent.replay.bag import Bag, Recorded
from emotion_agent.replay.messages import ROUNDING_NS, BagMessages, MalformedMessage
from emotion_agent.replay.sources import Names, is_recorded
from node_kit.time import to_nanoseconds


class Start(NamedTuple):
    """
    An agent that follows nobody begins to look.

    Every observation that it answers it names, as long as that is so.
    """

    time_ns: int
    observation_ns: int  # stamp of the newest one that it answered before, 0 = none
    p_min: float  # confidence up to which it answers none


def start_of(time_ns: int, snapshot: Mapping[str, Any]) -> Start | None:
    """Return the start that a snapshot is of; None if it follows somebody, or cannot be read."""
    try:
        if snapshot['faces']['face_id'] is not None:
            return None
        p_min = load(snapshot['temperament']).empathy.p_min
        return Start(time_ns, int(snapshot['observation_ns']), p_min)
    except (KeyError, TypeError, ValueError, ConfigError):
        return None


def missed_observations(bag: Bag, names: Names, starts: Sequence[Start]) -> frozenset[int]:
    """
    Return the stamps of the observations that a starting agent would have answered and did not.

    The first one that it names is the first one that it received. What it would not have answered
    in any case is not among them: under other parameters it may be.

    Args:
        bag: the recording.
        names: of the topics.
        starts: in order of time.
    """
    if not starts or not is_recorded(bag.topics, names.state):
        return frozenset()
    missed = set[int]()
    unnamed: list[tuple[int, float]] = []  # stamp in ns and confidence, since the last one named
    waiting, start = list(starts), None
    for time_ns, observed, named_ns in _observations(bag, names):
        if observed is not None:
            unnamed.append(observed)
            continue
        if waiting and time_ns >= waiting[0].time_ns:
            start = waiting.pop(0)
        if start and named_ns > start.observation_ns:
            missed |= _answerable(unnamed, start, named_ns - ROUNDING_NS)
            start = None
        unnamed = [item for item in unnamed if item[0] > named_ns + ROUNDING_NS]
    return frozenset(missed | _answerable(unnamed, start, inf) if start else missed)


def _answerable(unnamed: Sequence[tuple[int, float]], start: Start, before_ns: float) -> set[int]:
    return {
        stamp_ns
        for stamp_ns, confidence in unnamed
        if start.observation_ns < stamp_ns < before_ns and confidence > start.p_min
    }


def _observations(bag: Bag, names: Names) -> Iterator[tuple[int, tuple[int, float] | None, int]]:
    """(time in ns, stamp and confidence of one that came in or None, stamp of a named one)."""
    expected = {names.affect: AFFECT, names.state: STATE, names.causes: STIMULUS}
    topics = [name for name in expected if name in bag.topics and not bag.topics[name].problem]
    for event in bag.messages(topics):
        if event.msgtype == expected[event.topic]:
            try:
                yield from _read(event, bag.types)
            except MalformedMessage:
                continue


def _read(
    event: Recorded, messages: BagMessages
) -> Iterator[tuple[int, tuple[int, float] | None, int]]:
    message = messages.from_bytes(event.msgtype, event.data)
    if event.msgtype == AFFECT:
        surest = max((face.confidence for face in message.faces), default=0.0)
        yield event.time_ns, (to_nanoseconds(message.header.stamp), surest), 0
    elif event.msgtype == STATE:
        yield event.time_ns, None, to_nanoseconds(message.observation_stamp)
    elif message.source == FROM_FACES and message.name == FACE_SEEN:
        yield event.time_ns, None, to_nanoseconds(message.header.stamp)
