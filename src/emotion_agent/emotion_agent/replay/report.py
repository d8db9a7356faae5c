# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What a replay did: a table of the states, a picture, and a few lines to read."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from emotion_agent.logic.events import PARAMETERS
from emotion_agent.neuromodulation import COUNTERS, EMOTIONS, MODULATORS
from emotion_agent.replay.gaps import GAP_S, Gap
from emotion_agent.replay.parameters import TABLES, Given
from emotion_agent.replay.people import Person
from emotion_agent.replay.recorded_agent import Change, RecordedAgent
from emotion_agent.replay.run import Outcome
from emotion_agent.replay.writer import writing
from emotion_models.drawing.parts import FACIAL_UNITS
from node_kit.suggestions import did_you_mean
from node_kit.time import to_nanoseconds, to_seconds

NUMBERS = (
    *MODULATORS,
    *EMOTIONS,
    'neutral',
    *(f'visible_{name}' for name in EMOTIONS),
    'visible_valence',
    'visible_arousal',
    'intensity',
    'valence',
    'arousal',
    'dominance',
)
TEXTS = ('dominant', 'last_stimulus', 'last_source', 'attended_face')
PERSON = 'person_valence', 'person_arousal'
UNITS = tuple(f'unit_{name}' for name in FACIAL_UNITS)


def write_table(states: Sequence[Any], path: Path, people: Sequence[Person | None] = ()) -> None:
    """
    Write a line of CSV for each state: its stamp and that of the observation in s, the rest.

    Args:
        states: messages.
        path: of the file.
        people: of each state, the person who is attended to; the table has columns of them where
            somebody was seen, and of action units where somebody has them.

    Raises:
        OutputError: if it cannot be written.
    """
    people = people or [None] * len(states)
    names = PERSON if any(people) else ()
    units = UNITS if any(person and person.units is not None for person in people) else ()
    with writing(path), path.open('w', newline='', encoding='utf-8') as file:
        table = csv.writer(file)
        table.writerow(['stamp_s', 'observation_stamp_s', *NUMBERS, *TEXTS, *names, *units])
        for state, person in zip(states, people, strict=True):
            seen = _rounded((person.valence, person.arousal), 7) if person else [''] * len(names)
            done = person.units if person and person.units is not None else None
            table.writerow(
                [
                    _seconds(state.header.stamp),
                    _seconds(state.observation_stamp),
                    *_rounded((getattr(state, name) for name in NUMBERS), 7),
                    *(getattr(state, name) for name in TEXTS),
                    *seen,
                    *([''] * len(units) if done is None else _rounded(done, 4)),
                ]
            )


def _rounded(numbers: Iterable[float], digits: int) -> list[str]:
    return [f'{number:.{digits}g}' for number in numbers]


def _seconds(stamp: Any) -> str:
    sec, nanosec = divmod(to_nanoseconds(stamp), 1_000_000_000)
    return f'{sec}.{nanosec:09d}'


def draw(outcome: Outcome, path: Path, title: str) -> None:
    """
    Draw the states over time, and the person who is attended to.

    Raises:
        ModuleNotFoundError: if matplotlib is not installed.
        OutputError: if it cannot be written.
    """
    from emotion_agent.reporting.course import course_of
    from emotion_agent.reporting.plots import plot_state

    with writing(path):
        course = course_of(outcome.states, outcome.stimuli, outcome.people)
        plot_state(course, path, outcome.config, title)


def about_the_agent(
    recorded: RecordedAgent, given: Given, settings: Mapping[str, Mapping[str, Any]]
) -> list[str]:
    """Return what the bag says of the agent, and what is used instead of it, in lines."""
    lines = [f'note     {line}' for line in (*given.remarks, *recorded.problems)]
    for node, table in TABLES.items():
        before = recorded.parameters.get(node, {})
        special = [
            f'{setting.name} {settings[node][setting.name]!r}'
            for setting in table
            if setting.name in before
            and setting.name not in given.values[node]
            and before[setting.name] != setting.default
        ]
        if special:
            lines.append(f'recorded {node}: {", ".join(special)}')
        lines += [
            f'given    {node}: {name} {value!r}'
            + (f', recorded {before[name]!r}' if name in before else '')
            for name, value in given.values[node].items()
        ]
    return lines


def summary(outcome: Outcome) -> list[str]:
    """Return what was played, published and skipped, in lines."""
    choice = outcome.choice
    begun = (
        'where the recorded agent stood'
        if outcome.resumed
        else 'at rest: no snapshot to go on from'
    )
    lines = [
        f'began    {begun}',
        f'played   {outcome.bag_s:.1f} s from {choice.origin}: {_counted(outcome.played)}',
        *_jumped(outcome),
        f'wrote    {_counted(outcome.published)}',
        f'dominant {_shares(outcome)} of the time',
    ]
    lines += [f'changed  {_change(outcome, change)}' for change in outcome.done]
    lines += [
        f'skipped  {_change(outcome, change)}: other parameters were given'
        for change in outcome.not_done
    ]
    lines += [f'skipped  {topic}: {reason}' for topic, reason in sorted(choice.skipped.items())]
    lines += [f'skipped  {line}' for line in outcome.damage]
    lines += [
        f'ignored  {count} {name}{f": {COUNTERS[name]}" if name in COUNTERS else ""}'
        for name, count in outcome.ignored.items()
    ]
    lines += [
        f'unknown  {name!r}, {count} times: no stimulus of the temperament {outcome.temperament}'
        f'{did_you_mean(name, outcome.config.stimuli)}'
        for name, count in outcome.unknown.items()
    ]
    speed = f'{outcome.bag_s / outcome.took_s:.0f} times faster than it was'
    if outcome.images:
        speed += f', {outcome.images / outcome.took_s:.0f} camera images a second'
    return [*lines, f'took     {outcome.took_s:.1f} s, {speed}']


def _jumped(outcome: Outcome) -> list[str]:
    if not outcome.gaps:
        return []
    gaps = 'a gap' if len(outcome.gaps) == 1 else f'{len(outcome.gaps)} gaps'
    return [f'jumped   {gaps} of {Gap(0, sum(end - begin for begin, end in outcome.gaps))}']


def _change(outcome: Outcome, change: Change) -> str:
    """When a recorded change was made, and which."""
    at_s = (change.time_ns - outcome.start_ns) / 1e9
    if change.kind == PARAMETERS:
        what = ', '.join(f'{name} {value!r}' for name, value in change.value.items())
    else:
        what = f'{change.kind} {change.name}'.strip()
    return f'at {at_s:.3f} s {change.node}: {what}'


def _counted(counts: dict[str, int]) -> str:
    return ', '.join(f'{count} {topic}' for topic, count in sorted(counts.items())) or 'nothing'


def _shares(outcome: Outcome) -> str:
    """How much of the time each emotion was the dominant one, the longest first."""
    held_s: dict[str, float] = defaultdict(float)
    for state, following in pairwise(outcome.states):
        time_s = to_seconds(following.header.stamp) - to_seconds(state.header.stamp)
        if time_s <= GAP_S:
            held_s[state.dominant] += time_s
    whole_s = sum(held_s.values()) or 1.0
    longest_first = sorted(held_s.items(), key=lambda item: -item[1])
    return ', '.join(f'{name} {time_s / whole_s:.0%}' for name, time_s in longest_first)
