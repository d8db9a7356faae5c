# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A robot that is switched off and on again goes on as it was."""

import errno
import functools
import json
import math
import operator
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotion_agent.neuromodulation import (
    MODULATORS,
    EmotionEngine,
    load,
    load_snapshot,
    save_snapshot,
)
from emotion_agent.neuromodulation.snapshot_file import SNAPSHOT_BYTES
from emotion_agent.neuromodulation.snapshot_shape import SHAPE

START = 1000.0
WALL = 1.7e9
CONFIG = load({'emotion': {'stimuli': {'sigh': {'doses': {'dopamine': -0.6}, 'delay_s': 9}}}})
NAMES = sorted(CONFIG.stimuli)
LIFE = [(0, 'praise'), (1, 'low_battery'), (2, 'loud_sound'), (3, 'sigh'), (3.5, 'loud_sound')]
histories = st.lists(st.tuples(st.floats(0, 20), st.sampled_from(NAMES)), max_size=20)

json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.floats(), st.integers(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
KEYS = sorted(EmotionEngine(CONFIG, START).snapshot(START, WALL))


def lived(history=LIFE):
    engine = EmotionEngine(CONFIG, START)
    now_s = START
    for wait, name in history:
        now_s += wait
        engine.stimulate(name, now_s=now_s)
    engine.observe(0.7, 0.3, 0.9, now_s=now_s)
    return engine, now_s


def restored(snapshot, now_s=50.0, off_s=0.0, config=CONFIG):
    engine = EmotionEngine(config, now_s)
    problems = engine.restore(snapshot, now_s, WALL + off_s)
    return engine, problems


@given(histories)
def test_restored_at_once_the_state_is_the_same_bit_by_bit(history):
    engine, now_s = lived(history)
    snapshot = json.loads(json.dumps(engine.snapshot(now_s, WALL)))

    again, problems = restored(snapshot)

    before, after = engine.read(now_s), again.read(50.0)
    assert (after.deviation, after.mood) == (before.deviation, before.mood)
    assert (after.emotions, after.dominant) == (before.emotions, before.dominant)
    kept = again.snapshot(50.0, WALL)['habituation']
    assert set(kept) == set(snapshot['habituation'])
    for name, level_and_age in kept.items():
        assert level_and_age == pytest.approx(snapshot['habituation'][name], abs=1e-9)
    assert problems == []


@given(histories, st.floats(0, 3600))
def test_being_switched_off_equals_waiting(history, off_s):
    engine, now_s = lived(history)

    again, _ = restored(engine.snapshot(now_s, WALL), off_s=off_s)

    waiting, restarted = engine.read(now_s + off_s), again.read(50.0)
    assert restarted.deviation == pytest.approx(waiting.deviation, abs=1e-6)
    assert restarted.mood == pytest.approx(waiting.mood, abs=1e-6)
    assert restarted.dominant == waiting.dominant


def test_what_flows_waits_and_is_seen_goes_on():
    engine, now_s = lived()

    again, _ = restored(engine.snapshot(now_s, WALL))

    for further in (0.5, 1.9, 2.1, 7, 20, 60):
        waiting, after = engine.read(now_s + further), again.read(50.0 + further)
        assert after.deviation == pytest.approx(waiting.deviation, abs=1e-9)
        assert after.mood == pytest.approx(waiting.mood, abs=1e-9)


def test_a_snapshot_of_more_than_a_day_is_not_used():
    engine, now_s = lived()

    again, problems = restored(engine.snapshot(now_s, WALL), off_s=86401)

    assert again.read(50.0).deviation == (0.0,) * 7
    assert again.read(50.0).mood == (0.0,) * 7
    assert problems == ['off for 86401 s, longer than snapshot.max_age_s: starts at rest']


@pytest.mark.parametrize('wall_time_s', [WALL + 5, math.inf, math.nan, 'noon', None])
def test_an_impossible_time_switched_off_is_taken_as_none(wall_time_s):
    engine, now_s = lived()
    snapshot = {**engine.snapshot(now_s, WALL), 'wall_time_s': wall_time_s}

    again, problems = restored(snapshot)

    assert again.read(50.0).deviation == engine.read(now_s).deviation
    assert len(problems) == 1


def test_modulators_are_matched_by_name():
    snapshot = {
        'modulators': ['serotonin', 'melatonin', 'dopamine', 'oxytocin'],
        'y': [0.1, 0.2, 0.3, math.nan],
        'mu': [0.01, 0.02, 0.03],
        'wall_time_s': WALL,
        'config_sha256': CONFIG.sha256,
    }

    engine, problems = restored(snapshot)

    reading = engine.read(50.0)
    named = dict(zip(MODULATORS, reading.deviation, strict=True))
    assert (named['serotonin'], named['dopamine'], named['oxytocin']) == (0.1, 0.3, 0.0)
    assert named['adrenaline'] == 0.0
    assert reading.mood[3] == 0.03
    assert problems == ['y.oxytocin: expected a finite number, got nan: taken as 0']


def test_another_configuration_is_told_and_bounds_the_state():
    engine, now_s = lived()
    small = CONFIG.with_changes({'emotion': {'capacity': 0.5}})

    again, problems = restored(engine.snapshot(now_s, WALL), config=small)

    assert all(abs(y) <= 0.5 for y in again.read(50.0).deviation)
    assert problems == ['made under another configuration: used where it still fits']


@given(st.dictionaries(st.sampled_from(KEYS), json_values))
def test_any_snapshot_is_survived(damage):
    engine, now_s = lived()
    snapshot = {**engine.snapshot(now_s, WALL), **damage}

    again, _ = restored(snapshot)

    for later in (50.0, 60.0, 1000.0):
        reading = again.read(later)
        assert all(abs(y) <= 2 for y in reading.deviation)
        assert all(abs(mood) <= 2 + 1e-12 for mood in reading.mood)
        assert all(0 <= e <= 1 for e in reading.emotions)


def test_a_file_brings_the_snapshot_back(tmp_path):
    engine, now_s = lived()
    path = tmp_path / 'new_folder' / 'emotion.json'

    save_snapshot(path, engine.snapshot(now_s, WALL))
    save_snapshot(path, engine.snapshot(now_s, WALL))

    assert load_snapshot(path) == engine.snapshot(now_s, WALL)
    assert [file.name for file in path.parent.iterdir()] == ['emotion.json']


def test_no_file_is_no_snapshot(tmp_path):
    assert load_snapshot(tmp_path / 'emotion.json') is None


def test_every_part_of_a_snapshot_has_a_shape():
    engine, now_s = lived()

    assert set(engine.snapshot(now_s, WALL)) == set(SHAPE)


def test_a_snapshot_of_an_earlier_version_may_lack_something(tmp_path):
    engine, now_s = lived()
    for key in SHAPE:
        snapshot = {**engine.snapshot(now_s, WALL), 'later': [None]}
        del snapshot[key]
        save_snapshot(tmp_path / 'emotion.json', snapshot)

        assert load_snapshot(tmp_path / 'emotion.json') == snapshot


@pytest.mark.parametrize(
    ('content', 'words'),
    [
        ('{"y": [0.1, 1e308]}', 'y[1]: expected a number, got 1e+308'),
        (f'{{"mu": [{10**400}]}}', 'mu[0]: expected a number, got 1000'),
        ('{"wall_time_s": true}', 'wall_time_s: expected a number, got True'),
        ('{"y": [NaN]}', 'y[0]: expected a number, got nan'),
        ('{"y": 3}', 'y: expected a list, got 3'),
        ('{"pending": [{"name": ["joy"]}]}', "pending[0].name: expected a text, got ['joy']"),
        ('[1]', '(expected a mapping, got [1])'),
        ('{"pending": [7]}', 'pending[0]: expected a mapping, got 7'),
        ('{"habituation": {"praise": [1, "2"]}}', "habituation.praise[1]: expected a number"),
        ('{"empathy": {"e": {}}}', 'empathy.e: expected a list, got {}'),
        ('{"dominant": null}', 'dominant: expected a text, got None'),
    ],
)  # fmt: skip
def test_a_file_with_the_wrong_types_is_moved_aside_with_one_line(
    tmp_path, caplog, content, words
):
    path = tmp_path / 'emotion.json'
    path.write_text(content)

    assert load_snapshot(path) is None

    assert (tmp_path / 'emotion.json.bad').read_text() == content
    assert len(caplog.messages) == 1
    assert words in caplog.text


@pytest.mark.parametrize('content', [b'{"y": [', b'[1, 2]', b'', b'\xff\xfe', b'[' * 100_000])
def test_a_corrupt_file_is_moved_aside(tmp_path, caplog, content):
    path = tmp_path / 'emotion.json'
    path.write_bytes(content)

    assert load_snapshot(path) is None

    assert (tmp_path / 'emotion.json.bad').read_bytes() == content
    assert not path.exists()
    assert 'is not a snapshot' in caplog.text


def test_a_failed_write_leaves_the_old_file(tmp_path):
    path = tmp_path / 'emotion.json'
    save_snapshot(path, {'y': []})

    with pytest.raises(ValueError, match='not JSON compliant'):
        save_snapshot(path, {'y': [math.nan]})

    assert load_snapshot(path) == {'y': []}


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / 'disk').mkdir()
    path = tmp_path / 'emotion.json'
    path.symlink_to(tmp_path / 'disk' / 'state.json')

    save_snapshot(path, {'y': []})

    assert path.is_symlink()
    assert load_snapshot(path) == {'y': []}


def test_a_pipe_is_moved_aside_and_nobody_waits_for_it(tmp_path, caplog):
    path = tmp_path / 'emotion.json'
    os.mkfifo(path)

    assert load_snapshot(path) is None

    assert (tmp_path / 'emotion.json.bad').is_fifo()
    assert 'a pipe' in caplog.text


def test_what_is_more_than_a_snapshot_can_be_is_not_read(tmp_path, caplog):
    path = tmp_path / 'emotion.json'
    with path.open('wb') as file:
        file.truncate(120_000_000)

    assert load_snapshot(path) is None

    assert (tmp_path / 'emotion.json.bad').stat().st_size == 120_000_000
    assert f'more than {SNAPSHOT_BYTES} bytes' in caplog.text


@pytest.mark.parametrize('kind', ['folder', 'device'])
def test_what_is_no_file_is_left_alone(tmp_path, kind):
    path = tmp_path / 'emotion.json'
    if kind == 'folder':
        path.mkdir()
    else:
        path.symlink_to('/dev/null')
    before = path.lstat().st_ino

    with pytest.raises(OSError, match='else than a file'):
        load_snapshot(path)
    with pytest.raises(OSError, match='else than a file'):
        save_snapshot(path, {})

    assert path.lstat().st_ino == before
    assert [file.name for file in tmp_path.iterdir()] == ['emotion.json']


@pytest.mark.parametrize('snapshot', [{'y': [math.nan]}, {'y': object()}])
def test_a_write_that_fails_leaves_nothing_behind(tmp_path, snapshot):
    with pytest.raises((ValueError, TypeError)):
        save_snapshot(tmp_path / 'emotion.json', snapshot)

    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / 'emotion.json'
    save_snapshot(path, {'y': []})

    def full(number):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, 'fsync', full)

    with pytest.raises(OSError, match='No space left'):
        save_snapshot(path, {'y': [1.0]})

    assert load_snapshot(path) == {'y': []}
    assert [file.name for file in tmp_path.iterdir()] == ['emotion.json']


def test_what_a_killed_process_left_half_written_is_removed(tmp_path):
    path = tmp_path / 'emotion.json'
    save_snapshot(path, {'y': []})
    (tmp_path / 'emotion.json.123.partial').write_text('{"y": [')
    (tmp_path / 'other.json.123.partial').write_text('{"y": [')

    assert load_snapshot(path) == {'y': []}

    assert sorted(file.name for file in tmp_path.iterdir()) == [
        'emotion.json',
        'other.json.123.partial',
    ]


def places(value, place=()):
    """Where something stands in a snapshot, from the outside in."""
    if place:
        yield place
    lists = enumerate(value) if isinstance(value, list) else ()
    for key, inner in value.items() if isinstance(value, dict) else lists:
        yield from places(inner, (*place, key))


def with_damage(snapshot, place, value):
    damaged = json.loads(json.dumps(snapshot))
    *outer, last = place
    functools.reduce(operator.getitem, outer, damaged)[last] = value
    return damaged


@pytest.mark.parametrize(
    'value',
    [None, True, '', 'joy', [], [[]], {}, {'name': []}, 0, -1, 1e308, -1e308, 10**400, -(10**400),
     math.nan, math.inf, -math.inf],
    ids=lambda value: repr(value)[:10],
)  # fmt: skip
def test_damage_of_any_type_at_any_place_gives_a_state_that_can_be_saved(value):
    engine, now_s = lived([*LIFE, (0.1, 'praise')])
    engine.stimulate('low_battery', duration_s=30.0, source='test', now_s=now_s)
    whole = engine.snapshot(now_s, WALL)
    assert all(whole[key] for key in ('infusions', 'pending', 'habituation', 'empathy'))
    short = {**whole, 'y': whole['y'][:2], 'mu': whole['mu'][:2]}  # all numbers are alike

    for place in places(short):
        again, _ = restored(with_damage(whole, place, value))
        for later in (50.0, 1000.0):
            reading = again.read(later)
            assert all(map(math.isfinite, (*reading.deviation, *reading.mood, *reading.emotions)))
            assert all(abs(y) <= 2 for y in reading.deviation)
            assert abs(reading.dominant_since_s) < 1e10
        json.dumps(again.snapshot(1000.0, WALL), allow_nan=False)
