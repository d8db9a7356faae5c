# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Where two bags differ, topic by topic, messages of the same stamp beside each other."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from math import inf, isinf
from typing import Any

import numpy as np

from emotion_agent.replay.bag import Bag, Recorded
from emotion_agent.replay.messages import BagMessages, MalformedMessage
from node_kit.time import to_nanoseconds

Key = tuple[int, int]  # stamp in ns, how many of this stamp came before


@dataclass
class Difference:
    """
    How one topic differs.

    Attributes:
        topic: its name.
        counts: messages in the first and in the second bag.
        only: messages whose stamp only the first, only the second bag has.
        unequal: messages of the same stamp that differ.
        first_ns: stamp of the first message that differs or is missing.
        start_ns: where both bags begin, to count from.
        largest: field -> largest difference of its number, of bytes how many differ at most;
            infinite for what is no number.
    """

    topic: str
    counts: tuple[int, int]
    start_ns: int
    only: tuple[int, int] = (0, 0)
    unequal: int = 0
    first_ns: int | None = None
    largest: dict[str, float] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.unequal or any(self.only))

    def __str__(self) -> str:
        first_s = max(0, (self.first_ns or 0) - self.start_ns) / 1e9
        lines = [
            f'{self.topic}: {self.counts[0]} and {self.counts[1]} messages, {self.unequal} of '
            f'the same stamp differ, {self.only[0]} are only in the first, {self.only[1]} only '
            f'in the second; the first difference is at {first_s:.3f} s'
        ]
        lines += [
            f'    {name}: {"differs" if isinf(value) else f"{value:.6g}"}'
            for name, value in sorted(self.largest.items(), key=lambda item: -item[1])
        ]
        return '\n'.join(lines)


def compare(
    first: Bag,
    second: Bag,
    tolerance: float = 0.0,
    topics: Collection[str] = (),
    ignored: Collection[str] = (),
) -> list[Difference]:
    """
    Find where two bags differ.

    Args:
        first: a bag.
        second: another one.
        tolerance: numbers that differ by no more are the same.
        topics: only these; none = all of both bags.
        ignored: fields that may differ, such as `processing_ms`.

    Returns:
        The topics that differ, sorted by name.
    """
    messages = first.types
    names = sorted(set(topics) or {*first.topics, *second.topics})
    start_ns = min(first.start_ns, second.start_ns)
    found = []
    for topic in names:
        difference = _compare_topic(messages, first, second, topic, tolerance, ignored, start_ns)
        if difference:
            found.append(difference)
    return found


def _compare_topic(
    messages: BagMessages,
    first: Bag,
    second: Bag,
    topic: str,
    tolerance: float,
    ignored: Collection[str],
    start_ns: int,
) -> Difference:
    kept = dict(_by_stamp(messages, first, topic))
    count, unequal, only_second = 0, 0, 0
    differing: list[int] = []
    largest: dict[str, float] = defaultdict(float)
    total = len(kept)
    for key, event in _by_stamp(messages, second, topic):
        count += 1
        other = kept.pop(key, None)
        if other is None:
            only_second += 1
            differing.append(key[0])
        elif other.data != event.data or other.msgtype != event.msgtype:
            found = {
                name: value
                for name, value in _differences(messages, other, event)
                if value > tolerance and name not in ignored
            }
            unequal += bool(found)
            differing += [key[0]] if found else []
            for name, value in found.items():
                largest[name] = max(largest[name], value)
    differing += [stamp_ns for stamp_ns, _ in kept]
    return Difference(
        topic,
        (total, count),
        start_ns,
        (len(kept), only_second),
        unequal,
        min(differing, default=None),
        dict(largest),
    )


def _by_stamp(messages: BagMessages, bag: Bag, topic: str) -> Iterator[tuple[Key, Recorded]]:
    seen: dict[int, int] = defaultdict(int)
    for event in bag.messages([topic]):
        stamp_ns = _stamp_ns(messages, event)
        yield (stamp_ns, seen[stamp_ns]), event
        seen[stamp_ns] += 1


def _stamp_ns(messages: BagMessages, event: Recorded) -> int:
    """Of the header where there is one, else when it was recorded."""
    try:
        message = messages.from_bytes(event.msgtype, event.data)
        return to_nanoseconds(message.header.stamp)
    except (AttributeError, KeyError, MalformedMessage):
        return event.time_ns


def _differences(
    messages: BagMessages, first: Recorded, second: Recorded
) -> Iterator[tuple[str, float]]:
    """(field, how much) of two messages that are not the same bytes."""
    try:
        pair = [messages.from_bytes(event.msgtype, event.data) for event in (first, second)]
    except (KeyError, MalformedMessage):
        yield 'bytes', inf
        return
    yield from _unequal('', *pair)


def _unequal(path: str, a: Any, b: Any) -> Iterator[tuple[str, float]]:
    if is_dataclass(a) and type(a) is type(b):
        if hasattr(a, 'sec') and hasattr(a, 'nanosec'):
            yield path, abs(to_nanoseconds(a) - to_nanoseconds(b)) / 1e9
            return
        for item in fields(a):
            name = f'{path}.{item.name}' if path else item.name
            yield from _unequal(name, getattr(a, item.name), getattr(b, item.name))
    elif isinstance(a, np.ndarray) and isinstance(b, np.ndarray) and a.shape == b.shape:
        if a.dtype == np.uint8:
            yield f'{path} (bytes that differ)', float(np.count_nonzero(a != b))
        elif a.size:
            yield path, float(np.abs(a.astype(float) - b.astype(float)).max())
    elif isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        for one, other in zip(a, b, strict=True):
            yield from _unequal(f'{path}[]', one, other)
    elif isinstance(a, (int, float)) and isinstance(b, (int, float)):
        yield path, abs(float(a) - float(b))
    elif not _is_same(a, b):
        yield path, inf


def _is_same(a: Any, b: Any) -> bool:
    if isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
        return bool(np.array_equal(a, b))
    return a == b
