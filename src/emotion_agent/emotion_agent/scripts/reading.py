# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
A script from its YAML file, checked as a whole; `docs/scripts.md` explains the grammar.

Every `_read…` raises `ConfigError` with the place in the file, what was expected and what came.
"""

from collections.abc import Callable
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any, TypeVar

from emotion_agent.neuromodulation import ConfigError
from emotion_agent.neuromodulation.sections import SPAN_S
from emotion_agent.neuromodulation.yaml_tree import (
    SIGNED_UNIT,
    UNIT,
    Range,
    Tree,
    listed,
    normalised,
    read_yaml,
)
from emotion_agent.scripts.people import WIZARD
from emotion_agent.scripts.script import (
    AWAITED,
    EVENT,
    KEY,
    Feeling,
    Gaze,
    Marker,
    PlayedPerson,
    Saying,
    Script,
    ScriptedStimulus,
    Wait,
)
from emotion_agent.speaking.envelope import LONGEST_BABBLE_S
from emotion_agent.speaking.wav import WavError, read_wav
from node_kit.limits import NAME_CHARACTERS, shown

MOST_ENTRIES = 1000  # of each list
MOST_SPEECH = 100  # each file is read once before anything is played
BABBLE_S = Range(0.1, LONGEST_BABBLE_S)
MOST_AT_ONCE = 10  # people in view
KEY_CHARACTERS = 20
FACE_ID_CHARACTERS = 100
SOMEBODY = 'played'  # id of a person without one
ABOUT = 'about'

T = TypeVar('T')


def read_script(path: str | Path) -> Script:
    """
    Read a script; WAV files lie relative to its folder.

    Raises:
        ConfigError: naming the place in the file.
    """
    path = Path(path)
    tree = Tree(normalised(read_yaml(path)), path.name)
    lists = Script._fields[1:-1]
    tree.expect_keys(('duration_s', *lists))
    duration_s = tree.number('duration_s', SPAN_S)
    if not any(key in tree.value for key in lists):
        raise ConfigError(f'{tree.path}: nothing happens; expected one of {", ".join(lists)}')
    within = Range(0.0, duration_s)
    return Script(
        duration_s,
        stimuli=_sorted(_entries(tree, 'stimuli', lambda entry: _stimulus(entry, within))),
        people=_people(tree, within),
        gaze=_sorted(_entries(tree, 'gaze', lambda entry: _gaze(entry, within))),
        speech=_sorted(
            _entries(
                tree, 'speech', lambda entry: _saying(entry, within, path.parent), MOST_SPEECH
            )
        ),
        markers=_sorted(_entries(tree, 'markers', lambda entry: _marker(entry, within))),
        waits=_sorted(_entries(tree, 'waits', lambda entry: _wait(entry, within))),
        name=path.stem,
    )


def _entries(tree: Tree, key: str, read: Callable[[Tree], T], most: int = MOST_ENTRIES) -> list[T]:
    entries = tree.value.get(key, [])
    if not isinstance(entries, list):
        raise ConfigError(f'{tree.at(key)}: expected a list, got {shown(entries)}')
    if len(entries) > most:
        raise ConfigError(f'{tree.at(key)}: expected at most {most}, got {len(entries)}')
    return [read(Tree(entry, f'{tree.at(key)}[{n}]')) for n, entry in enumerate(entries)]


def _sorted(entries: list[Any]) -> tuple[Any, ...]:
    """By time; what happens at the same time stays as in the file."""
    return tuple(sorted(entries, key=lambda entry: entry.at_s))


def _stimulus(tree: Tree, within: Range) -> ScriptedStimulus:
    tree.expect_keys(ScriptedStimulus._fields)
    return ScriptedStimulus(
        at_s=tree.number('at_s', within),
        name=_text(tree, 'name'),
        intensity=tree.number('intensity', UNIT, default=1.0),
        duration_s=tree.number('duration_s', SPAN_S) if 'duration_s' in tree.value else None,
    )


def _people(tree: Tree, within: Range) -> tuple[PlayedPerson, ...]:
    people = _entries(tree, 'people', lambda entry: _person(entry, within))
    for (one, first), (other, second) in combinations(enumerate(people), 2):
        if first.id == second.id and first.from_s < second.to_s and second.from_s < first.to_s:
            raise ConfigError(
                f'{tree.at("people")}[{other}]: {first.id!r} is in view already, as people[{one}] '
                'until that one leaves; change the times, or give an id'
            )
    for number, person in enumerate(people):
        together = [who for who in people if who.from_s <= person.from_s < who.to_s]
        if len(together) > MOST_AT_ONCE:
            raise ConfigError(
                f'{tree.at("people")}[{number}]: expected at most {MOST_AT_ONCE} people in view, '
                f'got {len(together)}'
            )
    return tuple(sorted(people, key=lambda person: person.from_s))


def _person(tree: Tree, within: Range) -> PlayedPerson:
    tree.expect_keys(PlayedPerson._fields)
    from_s = tree.number('from_s', within)
    to_s = tree.number('to_s', Range(from_s, within.high))
    if to_s == from_s:
        raise ConfigError(f'{tree.at("to_s")}: expected > from_s ({from_s:g}), got {to_s:g}')
    tree.get('course')
    in_view = Range(from_s, to_s)
    course = _entries(tree, 'course', lambda entry: _feeling(entry, in_view))
    if not course:
        raise ConfigError(f'{tree.at("course")}: expected at least one {{at_s, valence, arousal}}')
    for number, (one, other) in enumerate(pairwise(course), start=1):
        if other.at_s <= one.at_s:
            raise ConfigError(
                f'{tree.at("course")}[{number}].at_s: expected > {one.at_s:g}, the one before, '
                f'got {other.at_s:g}; write a course in the order of time'
            )
    return PlayedPerson(from_s, to_s, _person_id(tree), tuple(course))


def _person_id(tree: Tree) -> str:
    if 'id' not in tree.value:
        return SOMEBODY
    name = _text(tree, 'id', FACE_ID_CHARACTERS)
    if not name[0].isalpha() or name == WIZARD:
        raise ConfigError(
            f'{tree.at("id")}: expected a name that begins with a letter and is not '
            f'{WIZARD}, got {shown(name)}'
        )
    return name


def _feeling(tree: Tree, within: Range) -> Feeling:
    tree.expect_keys(Feeling._fields)
    return Feeling(
        tree.number('at_s', within),
        tree.number('valence', SIGNED_UNIT),
        tree.number('arousal', SIGNED_UNIT),
    )


def _gaze(tree: Tree, within: Range) -> Gaze:
    if 'look' in tree.value:
        tree.expect_keys(('at_s', 'look'))
        if tree.value['look'] != ABOUT:
            raise ConfigError(
                f'{tree.at("look")}: expected {ABOUT}, or x and y instead of it, got '
                f'{shown(tree.value["look"])}'
            )
        return Gaze(tree.number('at_s', within), None)
    tree.expect_keys(('at_s', 'x', 'y', 'z', 'look'))
    point = (
        tree.number('x', SIGNED_UNIT),
        tree.number('y', SIGNED_UNIT),
        tree.number('z', UNIT, default=0.0),
    )
    return Gaze(tree.number('at_s', within), point)


def _saying(tree: Tree, within: Range, folder: Path) -> Saying:
    tree.expect_keys(Saying._fields)
    at_s = tree.number('at_s', within)
    if ('wav' in tree.value) == ('for_s' in tree.value):
        raise ConfigError(f'{tree.path}: expected wav, a file, or for_s, a time, and not both')
    if 'for_s' in tree.value:
        return Saying(at_s, None, tree.number('for_s', BABBLE_S))
    wav = folder / _text(tree, 'wav')
    try:
        read_wav(wav)
    except WavError as error:
        raise ConfigError(f'{tree.at("wav")}: {error}') from None
    return Saying(at_s, wav, 0.0)


def _marker(tree: Tree, within: Range) -> Marker:
    tree.expect_keys(Marker._fields)
    return Marker(tree.number('at_s', within), _text(tree, 'text'))


def _wait(tree: Tree, within: Range) -> Wait:
    on = tree.text('for')
    if on not in AWAITED:
        raise ConfigError(
            f'{tree.at("for")}: {shown(on)} cannot be awaited; {listed(AWAITED, on)}'
        )
    names = {KEY: ('key',), EVENT: ('kind', 'name')}.get(on, ('name',))
    tree.expect_keys(('at_s', 'for', *names, 'at_most_s'))
    return Wait(
        tree.number('at_s', within),
        on,
        _key(tree) if on == KEY else _optional(tree, 'name'),
        _optional(tree, 'kind'),
        tree.number('at_most_s', SPAN_S) if 'at_most_s' in tree.value else None,
    )


def _key(tree: Tree) -> str:
    """The name of a key; YAML reads yes and no as true and false, and digits as numbers."""
    key = tree.value.get('key', '')
    if isinstance(key, bool):
        return 'yes' if key else 'no'
    if isinstance(key, float):
        return f'{key:g}'
    return _optional(tree, 'key', KEY_CHARACTERS)


def _optional(tree: Tree, key: str, most: int = NAME_CHARACTERS) -> str:
    return _text(tree, key, most) if key in tree.value else ''


def _text(tree: Tree, key: str, most: int = NAME_CHARACTERS) -> str:
    text = tree.text(key)
    if not text.strip() or len(text) > most or not text.isprintable():
        raise ConfigError(
            f'{tree.at(key)}: expected 1 to {most} characters in one line, got {shown(text)}'
        )
    return text
