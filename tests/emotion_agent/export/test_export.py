# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Bags as tables: every number as in the bag, rows in their sessions, one line for what fails."""

import csv
import json
import re
from collections import Counter
from dataclasses import fields

import cv2
import numpy as np
import pytest
from bag_maker import START_NS, Line
from rosbags.rosbag2 import StoragePlugin

from emotion_agent.commands.cli import main
from emotion_agent.export.columns import FIRST, TABLES, columns_of
from emotion_agent.logic import AFFECT, EVENT, IMAGE, STATE, STIMULUS, TEXT
from emotion_agent.replay.bag import Bag
from emotion_agent.replay.messages import BagMessages
from emotion_models.drawing.parts import FACIAL_UNITS
from emotion_models.labels.expressions import EXPRESSIONS
from node_kit.time import to_nanoseconds

FACE = 'emotion_msgs/msg/FaceAffect'
NESTED = {
    '__msgtype__',
    'header',
    'deviation',
    'mood',
    'faces',
    'roi',
    'expression',
    'action_units',
}
NOT_EXPORTED = {'proportions'}
RENAMED = {'duration': 'duration_s'}


def random_numbers(message, rng, spans=(-1.0, 1.0)):
    """Fill all that is a number of 32 bits with numbers that need all of them."""
    for item in fields(message):
        value = getattr(message, item.name)
        if isinstance(value, float):
            setattr(message, item.name, float(np.float32(rng.uniform(*spans))))
        elif isinstance(value, np.ndarray) and value.dtype == np.float32:
            value[:] = rng.uniform(*spans, len(value))
    return message


def life(maker, seconds=10.0, prefix='/emotion', people=('anna', 'ben'), units=True):
    """A person or two in front of a robot, with all that is exported of it."""
    rng = np.random.default_rng(7)
    for index in range(round(seconds * 5)):
        at_s = index / 5
        faces = []
        for name in people:
            face = random_numbers(maker.messages.make(FACE, face_id=name), rng)
            if units:
                face.action_units = rng.uniform(0, 1, len(FACIAL_UNITS)).astype(np.float32)
            face.proportions = np.full(6, 0.98765432, np.float32)
            faces.append(face)
        if index % 10 == 9:
            faces = []
        affect = maker.affect(at_s, faces=faces, processing_ms=float(np.float32(rng.uniform())))
        yield Line(f'{prefix}/human_affect', AFFECT, at_s + 0.01, affect)
        state = random_numbers(maker.state(at_s + 0.02, attended_face=people[-1]), rng)
        state.observation_stamp = affect.header.stamp
        state.dominant, state.last_stimulus = 'joy', 'praise'
        state.last_change_stamp = state.dominant_since = affect.header.stamp
        yield Line(f'{prefix}/state', STATE, at_s + 0.02, state)
        yield Line(f'{prefix}/face_image', IMAGE, at_s + 0.03, maker.drawn(at_s + 0.03, index))
        if index % 12 == 3:
            cause = maker.stimulus('praise', at_s, intensity=float(np.float32(rng.uniform())))
            yield Line(f'{prefix}/emotion_state/causes', STIMULUS, at_s + 0.04, cause)


def event(maker, at_s, *what):
    return Line('/emotion/events', EVENT, at_s + 0.005, maker.event(at_s, *what))


def by_time(lines):
    return sorted(lines, key=lambda line: line.at_s)


ANNA = {'participant': 'anna', 'condition': 'warm', 'notes': 'left-handed,\n"tired"'}
BEN = {'participant': 'ben', 'condition': 'cold', 'notes': ''}


def study(maker):
    """Two sessions within a bag, the second one without its end."""
    return [
        event(maker, 1.0, 'session', 'one', ANNA),
        event(maker, 1.5, 'temperament', 'touchy', {'much': [1, 2]}),
        event(maker, 2.0, 'marker', 'hello, "you"', {'script': 'day', 'at_s': 0.1}),
        event(maker, 3.0, 'script', 'day', {'state': 'waiting', 'at_s': 2.5}),
        event(maker, 4.0, 'session', ''),
        event(maker, 6.0, 'session', 'two', BEN),
        event(maker, 7.0, 'reset'),
    ]


@pytest.fixture
def bag(maker, tmp_path):
    return maker.write(tmp_path / 'monday', by_time([*life(maker), *study(maker)]))


@pytest.fixture
def export(tmp_path, capfd):
    """Run `emotion-agent export`; returns (status, what it said, tables: name -> rows)."""

    def run(*arguments, to='tables'):
        folder = tmp_path / to
        status = main(['export', *map(str, arguments), '--to', str(folder)])
        said = capfd.readouterr()
        return status, said.out + said.err, tables_in(folder) if status == 0 else {}

    return run


def tables_in(folder):
    return {name: rows_of(folder / f'{name}.csv') for name in TABLES}


def rows_of(path):
    with path.open(newline='', encoding='utf-8') as file:
        return list(csv.DictReader(file))


def recorded(bag, topic):
    with Bag(bag) as opened:
        return [
            opened.types.from_bytes(event.msgtype, event.data)
            for event in opened.messages([f'/emotion/{topic}'])
        ]


def stamp_of(row, name='stamp'):
    whole, nanoseconds = re.fullmatch(r'(.*)\.(\d{9})Z', row[name]).groups()
    return int(np.datetime64(whole, 's').astype(int)) * 10**9 + int(nanoseconds)


def assert_equal(row, message, names):
    """All fields of a message that are numbers or texts are what the row says, to the bit."""
    for name in names:
        value, cell = getattr(message, name), row[RENAMED.get(name, name)]
        if isinstance(value, float):
            assert np.float32(cell) == np.float32(value), name
        elif isinstance(value, int | str):
            assert cell == str(value), name
        else:
            assert stamp_of(row, name) == to_nanoseconds(value), name


def flat_fields(message):
    names = BagMessages().fields(message.__msgtype__)
    return [name for name in names if name not in NESTED | NOT_EXPORTED]


def test_every_number_is_that_of_the_bag(bag, export):
    from emotion_agent.neuromodulation import MODULATORS

    _, _, tables = export(bag)

    for topic, table in (
        ('state', 'state'),
        ('emotion_state/causes', 'causes'),
        ('events', 'events'),
    ):
        messages = recorded(bag, topic)
        assert len(messages) == len(tables[table]) > 3
        for row, message in zip(tables[table], messages, strict=True):
            assert stamp_of(row) == to_nanoseconds(message.header.stamp)
            assert_equal(row, message, flat_fields(message))
            for list_name in ('deviation', 'mood') if table == 'state' else ():
                cells = [row[f'{list_name}_{name}'] for name in MODULATORS]
                assert (np.float32(cells) == getattr(message, list_name)).all()
    seen = [(affect, face) for affect in recorded(bag, 'human_affect') for face in affect.faces]
    assert len(seen) == len(tables['people']) == 90
    for row, (affect, face) in zip(tables['people'], seen, strict=True):
        assert stamp_of(row) == to_nanoseconds(affect.header.stamp)
        assert_equal(row, face, flat_fields(face))
        expression = [row[f'expression_{name.lower()}'] for name in EXPRESSIONS]
        units = [row[f'unit_{name}'] for name in FACIAL_UNITS]
        assert (np.float32(expression) == face.expression).all()
        assert (np.float32(units) == face.action_units).all()
    for row, affect in zip(tables['images'], recorded(bag, 'human_affect'), strict=True):
        assert_equal(row, affect, ('image_width', 'image_height', 'processing_ms'))
        assert int(row['faces']) == len(affect.faces)


def test_proportions_of_faces_stay_in_the_bag(bag, export, tmp_path):
    export(bag)

    assert not any('0.98765' in path.read_text() for path in (tmp_path / 'tables').glob('*.csv'))


def test_rows_lie_in_the_session_of_their_stamp(bag, export):
    _, _, tables = export(bag)

    for table in TABLES.keys() - {'sessions'}:
        for row in tables[table]:
            after_s = (stamp_of(row) - START_NS) / 1e9
            expected = ('one', 1.0) if 1 <= after_s <= 4 else ('two', 6.0) if after_s >= 6 else ''
            name, start_s = expected or ('', 0.01)  # when the first message was recorded
            assert (row['session'], row['bag']) == (name, 'monday')
            assert float(row['time_s']) == pytest.approx(after_s - start_s, abs=1e-9)
            who = {'one': ('anna', 'warm'), 'two': ('ben', 'cold'), '': ('', '')}[name]
            assert (row['participant'], row['condition']) == who
    assert {row['session'] for row in tables['people']} == {'', 'one', 'two'}


def test_sessions_are_described_and_counted(bag, export):
    _, said, tables = export(bag)

    one, two = tables['sessions']
    assert 'monday: one, two' in said
    assert one['notes'] == r'left-handed,\n"tired"'
    assert (stamp_of(one, 'start') - START_NS, stamp_of(one, 'end') - START_NS) == (1e9, 4e9)
    assert (one['duration_s'], one['ended'], one['markers']) == ('3.000000000', 'TRUE', '1')
    assert (two['ended'], two['resets'], two['temperament']) == ('FALSE', '1', 'touchy')
    for table in TABLES.keys() - {'sessions'}:
        found = Counter(row['session'] for row in tables[table])
        assert [int(row[f'{table}_rows']) for row in (one, two)] == [found['one'], found['two']]


def test_events_say_where_their_script_stood(bag, export):
    _, _, tables = export(bag)

    marker, script = tables['events'][2:4]
    assert (marker['script'], marker['script_state'], marker['script_at_s']) == ('day', '', '0.1')
    assert (script['script'], script['script_state'], script['script_at_s']) == (
        *('day', 'waiting', '2.5'),
    )
    assert json.loads(tables['events'][1]['value']) == {'much': [1, 2]}


def test_attended_is_whom_the_first_state_with_the_image_names(maker, tmp_path, export):
    def seen(at_s):
        return Line('/emotion/human_affect', AFFECT, at_s, maker.affect(at_s))

    def state(at_s, contains_s, attended):
        fields = {'attended_face': attended, 'observation_stamp': maker.header(contains_s).stamp}
        return Line('/emotion/state', STATE, at_s, maker.state(at_s, **fields))

    lines = [
        seen(0.0),
        state(0.1, 0.0, 'anna'),
        seen(0.2),
        state(0.3, 0.0, 'anna'),
        state(0.4, 0.2, 'ben'),
        seen(0.5),
        state(3.0, 0.2, 'anna'),  # which does not contain it, and nothing comes in time
        seen(3.1),
    ]

    _, _, tables = export(maker.write(tmp_path / 'bag', lines))

    assert [row['attended'] for row in tables['people']] == ['TRUE', 'FALSE', 'TRUE', 'TRUE']


def test_without_a_state_nobody_knows_who_is_attended_to(maker, tmp_path, export):
    lines = [Line('/emotion/human_affect', AFFECT, 0.0, maker.affect(0.0))]

    _, said, tables = export(maker.write(tmp_path / 'bag', lines))

    assert 'no pictures: /emotion/face_image was not recorded' in said
    assert [row['attended'] for row in tables['people']] == ['']
    assert tables['people'][0]['unit_jaw_drop'] == ''  # not recorded
    assert [(row['session'], row['people_rows']) for row in tables['sessions']] == [('', '1')]


def test_pictures_show_the_face_at_each_event(bag, export, tmp_path):
    _, _, tables = export(bag)

    drawn = {to_nanoseconds(m.header.stamp): m.data[0] for m in recorded(bag, 'face_image')}
    assert [row['kind'] for row in tables['faces']] == [row['kind'] for row in tables['events']]
    for row in tables['faces']:
        newest = max(stamp for stamp in drawn if stamp <= stamp_of(row))
        assert stamp_of(row, 'drawn') == newest
        picture = cv2.imread(str(tmp_path / 'tables' / row['file']), cv2.IMREAD_UNCHANGED)
        assert picture.shape == (64, 128) == (int(row['height']), int(row['width']))
        assert (picture == drawn[newest]).all()


def test_a_moment_without_a_face_is_counted_and_too_many_pictures_are_not_written(
    maker, tmp_path, export, monkeypatch
):
    lines = [event(maker, at_s, 'marker', 'here') for at_s in (0.0, 2.5, 4.0, 5.0)]
    lines += [Line('/emotion/face_image', IMAGE, s, maker.drawn(s, 9)) for s in (3.0, 4.5)]
    bag = maker.write(tmp_path / 'bag', by_time(lines))

    _, said, tables = export(bag)
    assert '1 events have no picture' in said
    assert [row['file'][-9:] for row in tables['faces']] == [
        *('00001.png', '00001.png', '00002.png'),
    ]

    monkeypatch.setattr('emotion_agent.export.pictures.MOST_PICTURES', 1)
    monkeypatch.setattr('emotion_agent.export.export.MOST_PICTURES', 1)
    _, said, tables = export(bag, to='few')
    assert len(tables['faces']) == 2
    assert '2 pictures left out: 1 are written at most' in said


def test_pictures_of_causes_show_the_answer_and_none_are_none(bag, export, tmp_path):
    _, _, tables = export(bag, '--pictures', 'causes')
    _, _, without = export(bag, '--pictures', 'none', to='without')

    causes = [row for row in tables['faces'] if row['kind'] == 'cause']
    assert [row['stamp'] for row in causes] == [row['stamp'] for row in tables['causes']]
    assert all(7.5e8 < stamp_of(r, 'drawn') - stamp_of(r) <= 1e9 for r in causes)
    assert without['faces'] == []
    assert not (tmp_path / 'without' / 'faces').exists()


def test_every_column_is_in_the_dictionary(bag, export, tmp_path):
    export(bag)

    listed = {(row['table'], row['column']) for row in rows_of(tmp_path / 'tables/dictionary.csv')}
    written = set()
    for path in (tmp_path / 'tables').glob('*.csv'):
        header = next(csv.reader(path.open(encoding='utf-8')))
        assert len(header) == len(set(header))
        if path.stem != 'dictionary':
            assert header[:4] == [column.name for column in FIRST]
            written |= {(path.stem, name) for name in header}
    assert listed == written
    for table in TABLES:
        for column in columns_of(table):
            assert len(column.meaning) > 5, column
            assert bool(column.unit) == (column.kind not in ('text', 'boolean')), column


@pytest.mark.parametrize(
    ('msgtype', 'table'),
    [(STATE, 'state'), (STIMULUS, 'causes'), (FACE, 'people'), (EVENT, 'events')],
)
def test_no_field_of_a_message_is_forgotten(msgtype, table):
    names = {column.name for column in columns_of(table)}
    expected = set(BagMessages().fields(msgtype)) - NESTED - NOT_EXPORTED

    assert {RENAMED.get(name, name) for name in expected} <= names


def test_several_bags_become_one_table(maker, bag, tmp_path, export):
    other = maker.write(tmp_path / 'b' / 'monday', by_time(life(maker, 2.0, units=False)))

    _, _, tables = export(bag, other)

    parent = bag.parent.name
    assert [row['bag'] for row in tables['sessions']] == [
        *[f'{parent}/monday'] * 2,
        'b/monday',
    ]
    assert Counter(row['bag'] for row in tables['state']) == {
        f'{parent}/monday': 50,
        'b/monday': 10,
    }


@pytest.mark.parametrize('storage', [StoragePlugin.MCAP, StoragePlugin.SQLITE3])
def test_a_bag_without_its_end_is_salvaged(maker, tmp_path, export, storage):
    bag = maker.write(tmp_path / 'bag', by_time([*life(maker), *study(maker)]), storage)
    _, _, whole = export(bag, to='whole')
    (bag / 'metadata.yaml').unlink()
    file = next(bag.iterdir())
    if storage == StoragePlugin.MCAP:  # without its index
        file.write_bytes(file.read_bytes()[:-2000])

    status, said, tables = export(bag)

    assert status == 0
    assert 'skipped  bag: the recording has no metadata.yaml' in said
    assert tables['sessions'] == whole['sessions']
    assert tables['people'] == whole['people']


def test_messages_that_cannot_be_right_are_counted(maker, tmp_path, export):
    lines = [
        *by_time(life(maker, 1.0)),
        Line('/emotion/emotion_state/causes', STIMULUS, 2.0, maker.stimulus('x' * 5000, 2.0)),
        Line('/emotion/events', EVENT, 3.0, maker.event(3.0, 'session', 'odd', ['no object'])),
    ]

    _, said, tables = export(maker.write(tmp_path / 'bag', lines))

    assert '1 messages are malformed or beyond limits' in said
    assert [row['participant'] for row in tables['sessions']] == ['']


def test_a_folder_with_files_is_left_alone_unless_forced(bag, export, tmp_path):
    folder = tmp_path / 'tables'
    folder.mkdir()
    (folder / 'mine.txt').write_text('mine')
    (folder / 'state.csv').write_text('old')

    refused = export(bag)
    assert refused[0] == 2
    assert 'tables has files already' in refused[1]
    assert (folder / 'state.csv').read_text() == 'old'

    status, _, tables = export(bag, '--force')
    assert status == 0
    assert len(tables['state']) == 50
    assert (folder / 'mine.txt').read_text() == 'mine'
    assert not list(tmp_path.glob('.tables*'))


def test_what_cannot_be_exported_is_one_line_and_leaves_nothing(maker, tmp_path, bag, export):
    text = Line('/chatter', TEXT, 0.0, maker.messages.make(TEXT, data='hi'))
    others = maker.write(tmp_path / 'others', [text])
    both = maker.write(
        tmp_path / 'both', by_time([*life(maker, 1.0), *life(maker, 1.0, prefix='/left')])
    )
    cases = [
        (
            (others,),
            r'others has nothing to export: expected one of /emotion/human_affect.*/chatt',
        ),
        ((bag, others), r'others has nothing to export'),
        ((both,), r'both: the bag is of several agents.*emotion, left'),
        ((bag, '--namespace', 'right'), r'expected one of /right.*recorded: emotion'),
        ((bag, bag), r'monday is given twice'),
        ((tmp_path / 'no',), r'there is no bag'),
    ]
    for arguments, said in cases:
        status, line, _ = export(*arguments, to='nothing')
        assert status == 2
        assert re.search(said, line), line
        assert line.count('\n') == 1
    assert {path.name for path in tmp_path.iterdir()} == {'others', 'both', 'monday'}
    assert export(both, '--namespace', '/left/')[0] == 0


def test_pandas_reads_it_as_it_is(bag, export, tmp_path):
    pandas = pytest.importorskip('pandas')
    _, _, tables = export(bag)

    people = pandas.read_csv(tmp_path / 'tables' / 'people.csv')

    assert people.attended.dtype == bool
    assert people.valence.dtype == float
    stamps = pandas.to_datetime(people.stamp).astype('int64')
    assert stamps.tolist() == [stamp_of(row) for row in tables['people']]


def test_parquet_has_the_same_numbers(bag, export, tmp_path):
    parquet = pytest.importorskip('pyarrow.parquet')
    _, _, tables = export(bag, '--parquet')

    for name, rows in tables.items():
        table = parquet.read_table(tmp_path / 'tables' / f'{name}.parquet')
        assert table.column_names == [column.name for column in columns_of(name)]
        assert table.num_rows == len(rows)
    state = parquet.read_table(tmp_path / 'tables' / 'state.parquet')
    joy = [np.float32(row['joy']) for row in tables['state']]
    assert (state['joy'].to_numpy() == joy).all()
    stamps = state['stamp'].cast('int64').to_pylist()
    assert stamps == [stamp_of(row) for row in tables['state']]


def test_parquet_without_pyarrow_says_what_to_install(bag, tmp_path, monkeypatch):
    from node_kit.programs import what_to_install

    monkeypatch.setitem(__import__('sys').modules, 'pyarrow', None)

    with pytest.raises(ModuleNotFoundError) as error:
        main(['export', str(bag), '--to', str(tmp_path / 'tables'), '--parquet'])
    assert 'pyarrow' in (what_to_install(error.value) or '')
    assert [path.name for path in tmp_path.iterdir()] == ['monday']
