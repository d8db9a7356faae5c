# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""SQLite files are rows to read: none that computes them is read, and a signal ends a query."""

import os
import signal
import sqlite3
from threading import Timer

import apsw
import pytest
from bag_maker import Line
from rosbags.rosbag2 import StoragePlugin

from emotion_agent.logic import STIMULUS
from emotion_agent.replay.bag import Bag, BagError
from emotion_agent.replay.foreign_sqlite import make_safe, raise_interrupt
from emotion_agent.replay.salvage_sqlite import _definitions, _row

ENDLESS = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT'
COLUMNS = (
    'i AS id, i AS topic_id, i AS timestamp, i AS data, '
    'i AS topic_type, i AS encoding, i AS encoded_message_definition'
)


@pytest.fixture
def bag(maker, tmp_path):
    line = Line('/emotion/stimulus', STIMULUS, 0, maker.stimulus('praise', 0))
    return maker.write(tmp_path / 'bag', [line], StoragePlugin.SQLITE3)


@pytest.mark.parametrize('has_metadata', [True, False])
@pytest.mark.parametrize('table', ['messages', 'topics', 'message_definitions', 'schema'])
def test_a_bag_with_a_view_in_the_place_of_a_table_is_refused_with_its_name(
    bag, table, has_metadata
):
    (file,) = bag.glob('*.db3')
    with sqlite3.connect(file) as database:
        database.execute(f'ALTER TABLE {table} RENAME TO kept')
        database.execute(f'CREATE VIEW {table} AS SELECT * FROM kept')
    if not has_metadata:
        (bag / 'metadata.yaml').unlink()

    with pytest.raises(BagError, match=f"'{table}' is no table") as refused:
        Bag(bag)

    assert '\n' not in str(refused.value)


@pytest.mark.parametrize(
    'program',
    [
        'CREATE VIEW other AS SELECT 1',
        'CREATE VIRTUAL TABLE other USING rtree(id, low, high)',
        'CREATE TRIGGER other AFTER INSERT ON messages BEGIN SELECT 1; END',
    ],
)
@pytest.mark.parametrize('connect', [sqlite3.connect, apsw.Connection])
def test_nothing_that_computes_is_let_in_by_any_reader(bag, program, connect):
    (file,) = bag.glob('*.db3')
    with sqlite3.connect(file) as database:
        database.execute(program)

    with pytest.raises(ValueError, match="'other' is no table"):
        make_safe(connect(str(file)))


@pytest.fixture
def interrupted():
    timer = Timer(0.1, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    yield
    timer.join()


@pytest.mark.parametrize('connect', [sqlite3.connect, apsw.Connection])
def test_a_signal_ends_an_endless_query(connect, interrupted):
    database = connect(':memory:')
    make_safe(database)

    def count():
        try:
            database.execute(f'{ENDLESS} count(*) FROM n').fetchone()
        except sqlite3.DatabaseError as error:
            raise_interrupt(error)

    with pytest.raises(KeyboardInterrupt):
        count()


@pytest.mark.parametrize(
    'read', [_definitions, lambda database: _row(database, -1)], ids=['definitions', 'row']
)
def test_an_interrupt_is_not_taken_for_damage(read, interrupted):
    database = sqlite3.connect(':memory:')
    make_safe(database)
    for table in 'messages', 'message_definitions':
        database.execute(f'CREATE VIEW {table} AS {ENDLESS} {COLUMNS} FROM n WHERE i < 0')

    with pytest.raises(KeyboardInterrupt):
        read(database)
