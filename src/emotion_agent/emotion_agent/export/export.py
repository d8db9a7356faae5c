# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Bags as a folder of tables, with a data dictionary and pictures of the face."""

import csv
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from emotion_agent.export.attention import Attention
from emotion_agent.export.columns import (
    DICTIONARY,
    TABLES,
    Happening,
    Place,
    SeenFace,
    columns_of,
    dictionary_rows,
)
from emotion_agent.export.courses import content_of, is_readable
from emotion_agent.export.pictures import AFTER_CAUSE_NS, MOST_PICTURES, FacePictures, Moment
from emotion_agent.export.sessions import Session, Sessions, json_object, messages_of
from emotion_agent.export.tables import TableFiles
from emotion_agent.logic import EVENT, STIMULUS
from emotion_agent.logic.events import MARKER, RESET, SCRIPT
from emotion_agent.replay.bag import Bag
from emotion_agent.replay.gaps import is_possible
from emotion_agent.replay.sources import Names, NothingToPlay, agent_namespaces, chosen_namespace
from emotion_agent.replay.writer import OutputError, writing
from node_kit.text import printable
from node_kit.time import to_nanoseconds

README = 'README.md'

Progress = Callable[[Bag], AbstractContextManager[Any]]
"""Makes what has a method `show`, to be called with each message."""


@dataclass
class Exported:
    """
    What an export did.

    Attributes:
        folder: where it is.
        bags: name of each bag in the tables -> names of its sessions.
        rows: table -> rows.
        pictures: files.
        remarks: what could not be read or drawn, one line each.
    """

    folder: Path
    bags: dict[str, list[str]] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    pictures: int = 0
    remarks: list[str] = field(default_factory=list)


def export(
    paths: Sequence[Path],
    folder: Path,
    namespace: str | None = None,
    pictures: str = 'events',
    with_parquet: bool = False,
    may_replace: bool = False,
    progress: Progress | None = None,
) -> Exported:
    """
    Write what bags hold into the tables of one folder, which is there once all went well.

    Messages are read one after the other, so that a bag may be longer than the memory is large.

    Args:
        paths: folders of bags, or .mcap and .db3 files.
        folder: for the tables.
        namespace: of the agent; None = the one that was recorded.
        pictures: one of `PICTURES`.
        with_parquet: Parquet beside CSV.
        may_replace: write into a folder that has files; those of the same names are replaced.
        progress: shows how far it is.

    Raises:
        OutputError: if the folder has files, or cannot be written.
        BagError: if a bag cannot be read.
        NothingToPlay: if a bag has nothing of the agent, or several agents and no `namespace`.
        ValueError: if a bag is given twice.
        ModuleNotFoundError: for Parquet, if pyarrow is not installed.
    """
    names = names_of(paths)
    _check_folder(folder, may_replace)
    done = Exported(folder)
    with writing(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        place = Path(tempfile.mkdtemp(prefix=f'.{folder.name}.', dir=folder.parent))
    try:
        with writing(folder), TableFiles(place, with_parquet) as tables:
            for path, name in zip(paths, names, strict=True):
                with Bag(path) as bag:
                    exporter = _BagExport(bag, name, namespace, tables, place, pictures, done)
                    exporter.run(progress)
            done.rows = dict(tables.counts)
        with writing(folder):
            _write_dictionary(place / 'dictionary.csv')
            (place / README).write_text(_readme(done, with_parquet), encoding='utf-8')
            _move(place, folder)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    return done


def names_of(paths: Sequence[Path]) -> list[str]:
    """
    Return a name for each bag: that of its file or folder, with folders above it where need be.

    Raises:
        ValueError: if a bag is given twice.
    """
    whole = [path.resolve() for path in paths]
    twice = [path for path, count in Counter(whole).items() if count > 1]
    if twice:
        raise ValueError(f'{twice[0]} is given twice; each bag goes into the tables once')
    names = [path.name for path in whole]
    for length in range(2, max((len(path.parts) for path in whole), default=0) + 1):
        counts = Counter(names)
        if len(counts) == len(names):
            break
        names = [
            '/'.join(path.parts[-length:]) if counts[name] > 1 else name
            for path, name in zip(whole, names, strict=True)
        ]
    return names


def _check_folder(folder: Path, may_replace: bool) -> None:
    if folder.is_file():
        raise OutputError(f'--to: expected a folder, got the file {folder}')
    if folder.is_dir() and any(folder.iterdir()) and not may_replace:
        raise OutputError(
            f'{folder} has files already; choose another folder, or --force to replace those of '
            'the same names'
        )


class _BagExport:
    """One bag into the tables."""

    def __init__(
        self,
        bag: Bag,
        name: str,
        namespace: str | None,
        tables: TableFiles,
        folder: Path,
        pictures: str,
        done: Exported,
    ):
        self._bag = bag
        self._name = name
        self._tables = tables
        self._done = done
        self._names = names = self._names_in(namespace)
        self._takers: dict[str, Callable[[int, Any], None]] = {
            names.affect: self._take_affect,
            names.state: self._take_state,
            names.causes: self._take_cause,
            names.events: self._take_event,
            names.face: self._take_face,
        }
        self._types = names.expected() | names.about()
        self._topics = [t for t in self._takers if is_readable(bag, t, self._types[t])]
        if not set(self._topics) - {names.events}:
            raise NothingToPlay(self._nothing())
        self._sessions = Sessions(bag, names)
        self._attention = Attention()
        self._columns = {table: [c.of for c in TABLES[table].columns] for table in TABLES}
        self._has_faces = names.face in self._topics
        draws = self._has_faces and pictures != 'none'
        moments = self._moments(pictures == 'causes') if draws else ()
        self._faces = FacePictures(folder, moments, done.pictures + 1)
        if self._has_faces and not draws:
            self._topics.remove(names.face)
        self._unusable = 0

    def run(self, progress: Progress | None) -> None:
        """Write all rows."""
        bag, done = self._bag, self._done
        if progress is None:
            self._take_all(lambda event: None)
        else:
            with progress(bag) as bar:
                self._take_all(bar.show)
        self._write_people(self._attention.rest())
        self._write_faces(self._faces.rest())
        sessions = self._sessions.all
        for session in sessions:
            self._write_row('sessions', self._place(session, session.start_ns), session)
        done.bags[self._name] = [session.name for session in sessions if session.name]
        done.pictures = self._faces.number - 1
        done.remarks += [f'{self._name}: {line}' for line in self._remarks()]

    def _names_in(self, namespace: str | None) -> Names:
        try:
            return Names(chosen_namespace(self._bag.topics, namespace))
        except NothingToPlay as error:
            raise NothingToPlay(f'{self._bag.path}: {error}') from None

    def _nothing(self) -> str:
        bag, names = self._bag, self._names
        wanted = ', '.join(topic for topic in self._takers if topic != names.events)
        namespaces = ', '.join(name or '/' for name in agent_namespaces(bag.topics))
        return (
            f'{bag.path} has nothing to export: expected one of {wanted}; recorded are '
            f'{", ".join(sorted(bag.topics))}; choose with --namespace (recorded: '
            f'{namespaces or "none found"})'
        )

    def _moments(self, with_causes: bool) -> Iterator[Moment]:
        names = self._names
        for event in messages_of(self._bag, names.events, EVENT):
            stamp_ns = to_nanoseconds(event.header.stamp)
            yield Moment(stamp_ns, stamp_ns, event.kind, event.name)
        for cause in messages_of(self._bag, names.causes, STIMULUS) if with_causes else ():
            stamp_ns = to_nanoseconds(cause.header.stamp)
            yield Moment(stamp_ns + AFTER_CAUSE_NS, stamp_ns, 'cause', cause.name)

    def _take_all(self, show: Callable[[Any], None]) -> None:
        for event in self._bag.messages(self._topics):
            if not is_possible(event.time_ns) or event.msgtype != self._types[event.topic]:
                self._unusable += 1
                continue
            message = content_of(self._bag, event)
            if message is None:
                self._unusable += 1
                continue
            show(event)
            self._takers[event.topic](event.time_ns, message)

    def _take_affect(self, time_ns: int, affect: Any) -> None:
        self._write('images', affect, affect)
        self._write_people(self._attention.observe(time_ns, affect))

    def _take_state(self, _: int, state: Any) -> None:
        self._write_people(self._attention.decide(state))
        self._write('state', state, state)

    def _take_cause(self, _: int, cause: Any) -> None:
        self._write('causes', cause, cause)

    def _take_event(self, _: int, event: Any) -> None:
        session = self._write('events', event, _happening(event))
        if session is not None:
            session.markers += event.kind == MARKER
            session.resets += event.kind == RESET

    def _take_face(self, _: int, face: Any) -> None:
        self._write_faces(self._faces.take(face))

    def _write_people(self, decided: Iterable[tuple[Any, str | None]]) -> None:
        for affect, attended in decided:
            for number, face in enumerate(affect.faces):
                is_attended = None if attended is None else face.face_id == attended
                self._write('people', affect, SeenFace(face, number, is_attended))

    def _write_faces(self, drawn: Iterable[tuple[Moment, Any]]) -> None:
        for moment, picture in drawn:
            self._write_at('faces', moment.stamp_ns, picture)

    def _write(self, table: str, message: Any, source: Any) -> Session | None:
        return self._write_at(table, to_nanoseconds(message.header.stamp), source)

    def _write_at(self, table: str, stamp_ns: int, source: Any) -> Session | None:
        """Write a row at its place; returns the session that it lies in."""
        session = self._sessions.at(stamp_ns)
        self._write_row(table, self._place(session, stamp_ns), source)
        if session is not None:
            session.rows[table] += 1
        return session

    def _place(self, session: Session | None, stamp_ns: int) -> Place:
        session = session or Session(start_ns=self._bag.start_ns)
        who = session.name, session.participant, session.condition
        return Place(*who, self._name, stamp_ns - session.start_ns, stamp_ns)

    def _write_row(self, table: str, place: Place, source: Any) -> None:
        first = len(columns_of(table)) - len(self._columns[table])
        self._tables.write(table, [*place[:first], *(of(source) for of in self._columns[table])])

    def _remarks(self) -> Iterator[str]:
        yield from dict.fromkeys(self._bag.damage)  # once, though it was read more than once
        if self._unusable:
            yield f'{self._unusable} messages are malformed or beyond limits'
        if not self._has_faces:
            yield f'no pictures: {self._names.face} was not recorded'
        elif self._faces.number > MOST_PICTURES:
            yield f'{self._faces.left_out} pictures left out: {MOST_PICTURES} are written at most'
        elif self._faces.left_out:
            yield f'{self._faces.left_out} events have no picture: no face was recorded before'


def _happening(event: Any) -> Happening:
    """An event with what it says of a script."""
    if event.kind not in (MARKER, SCRIPT):
        return Happening(event)
    told = json_object(event.value)
    script = event.name if event.kind == SCRIPT else told.get('script')
    state, at_s = told.get('state'), told.get('at_s')
    if isinstance(at_s, bool) or not isinstance(at_s, int | float):
        at_s = None
    return Happening(
        event,
        script if isinstance(script, str) else None,
        state if isinstance(state, str) else None,
        None if at_s is None else float(at_s),
    )


def _write_dictionary(path: Path) -> None:
    with path.open('w', newline='', encoding='utf-8') as file:
        csv.writer(file, lineterminator='\n').writerows([DICTIONARY, *dictionary_rows()])


def _readme(done: Exported, with_parquet: bool) -> str:
    """What the folder has, for whoever finds it."""
    formats = 'CSV and Parquet' if with_parquet else 'CSV'
    lines = [
        '# What was recorded',
        '',
        f'Tables in {formats}, written by `emotion-agent export`. Each column is explained in '
        '`dictionary.csv`, with unit and range.',
        '',
        'Each row begins with `session`, `participant`, `condition` and `bag`. `time_s` are the '
        'seconds since the start of the session, or of the bag in rows of no session; `stamp` is '
        'the same moment in UTC, to the nanosecond. Empty cells say that there was nothing.',
        '',
        '| table | rows | |',
        '| --- | --- | --- |',
        *(f'| `{name}` | {done.rows[name]} | {table.meaning} |' for name, table in TABLES.items()),
        '',
        '| bag | sessions |',
        '| --- | --- |',
        *(f'| {_cell(bag)} | {_cell(", ".join(s))} |' for bag, s in done.bags.items()),
    ]
    if done.remarks:
        lines += ['', 'Not read or not drawn:', '', *(f'- {printable(x)}' for x in done.remarks)]
    return '\n'.join([*lines, ''])


def _cell(text: str) -> str:
    return printable(text).replace('|', '\\|')


def _move(place: Path, folder: Path) -> None:
    """Move all files into a folder, each over the one of its name."""
    for file in sorted(place.rglob('*')):
        target = folder / file.relative_to(place)
        if file.is_dir():
            target.mkdir(parents=True, exist_ok=True)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            file.replace(target)
