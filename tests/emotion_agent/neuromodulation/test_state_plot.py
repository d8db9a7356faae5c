# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Scripts played offline, and the pictures of states."""

from types import SimpleNamespace

import pytest

from emotion_agent.neuromodulation import EMOTIONS, MODULATORS, ConfigError, EmotionEngine, load
from emotion_agent.reporting.state_plot import (
    COLOURS,
    course_of,
    draw_script,
    plot_state,
    read_script,
    run_script,
)

SCRIPT = """
duration_s: 20
stimuli:
  - {at_s: 12.05, name: picked_up}
  - {at_s: 3, name: praise, intensity: 0.5}
  - {at_s: 3.1, name: praise}
  - {at_s: 5, name: charging, duration_s: 4}
"""


@pytest.fixture
def script_file(tmp_path):
    path = tmp_path / 'visit.yaml'
    path.write_text(SCRIPT)
    return path


def as_message(reading):
    """What arrives as an EmotionState, whose stamp has two parts and whose numbers have names."""
    seconds = int(reading.stamp_s)
    stamp = SimpleNamespace(sec=seconds, nanosec=round((reading.stamp_s - seconds) * 1e9))
    numbers = dict(zip(MODULATORS, reading.levels, strict=True))
    numbers |= dict(zip(EMOTIONS, reading.emotions, strict=True))
    return SimpleNamespace(
        header=SimpleNamespace(stamp=stamp),
        valence=reading.valence,
        arousal=reading.arousal,
        dominant=reading.dominant,
        **numbers,
    )


def assert_is_png(path):
    assert path.read_bytes().startswith(b'\x89PNG')


def test_a_script_plays_in_the_order_of_time(script_file):
    readings, stimuli = run_script(load(), read_script(script_file), step_s=0.5)

    # The second praise is within the refractory time of the first.
    assert stimuli == [(3.0, 'praise'), (5.0, 'charging'), (12.05, 'picked_up')]
    assert [reading.stamp_s for reading in readings] == sorted(r.stamp_s for r in readings)
    assert (readings[0].stamp, readings[-1].stamp) == (0.0, 20.0)
    engine = EmotionEngine(load(), now_s=0.0)
    engine.stimulate('praise', 0.5, now_s=3.0)
    engine.stimulate('praise', now_s=3.1)
    engine.stimulate('charging', duration_s=4, now_s=5.0)
    engine.stimulate('picked_up', now_s=12.05)
    assert readings[-1] == engine.read(20.0)


@pytest.mark.parametrize(
    ('text', 'message'),
    [
        ('stimuli: []', 'visit.yaml.duration_s: missing'),
        ('duration_s: 9', 'visit.yaml.stimuli: missing'),
        ('{duration_s: 9, stimuli: praise}', 'visit.yaml.stimuli: expected a list'),
        ('{duration_s: 9, stimuli: [praise]}', 'visit.yaml.stimuli[0]: expected a mapping'),
        (
            '{duration_s: 9, stimuli: [{at_s: 10, name: praise}]}',
            'visit.yaml.stimuli[0].at_s: expected a number in [0, 9], got 10',
        ),
        (
            '{duration_s: 9, stimuli: [{at_s: 1, name: praise, force: 2}]}',
            'visit.yaml.stimuli[0].force: unknown key',
        ),
    ],
)
def test_a_mistake_in_a_script_is_named_with_its_place(tmp_path, text, message):
    path = tmp_path / 'visit.yaml'
    path.write_text(text)

    with pytest.raises(ConfigError) as caught:
        read_script(path)

    assert str(caught.value).startswith(message)


def test_a_script_with_an_unknown_stimulus_is_refused(tmp_path):
    path = tmp_path / 'visit.yaml'
    path.write_text('{duration_s: 9, stimuli: [{at_s: 1, name: prase}]}')

    with pytest.raises(ConfigError, match="'prase'; did you mean 'praise'"):
        run_script(load(), read_script(path))


def test_readings_and_messages_give_the_same_course(script_file):
    readings, stimuli = run_script(load(), read_script(script_file), step_s=1.0)

    ours, theirs = (
        course_of(readings, stimuli),
        course_of(list(map(as_message, readings)), stimuli),
    )

    assert ours.seconds == pytest.approx(theirs.seconds, abs=1e-9)
    assert (ours.levels == theirs.levels).all()
    assert (ours.emotions == theirs.emotions).all()
    assert ours.dominant == theirs.dominant


def test_time_starts_at_the_first_state_and_stimuli_outside_are_left_out():
    engine = EmotionEngine(load(), now_s=1.7e9)
    readings = [engine.read(1.7e9 + 10), engine.read(1.7e9 + 20)]

    course = course_of(readings, [(1.7e9 + 5, 'praise'), (1.7e9 + 15, 'insult')])

    assert course.seconds.tolist() == [0.0, 10.0]
    assert course.stimuli == ((5.0, 'insult'),)


def test_no_state_is_an_error():
    with pytest.raises(ValueError, match='at least one state'):
        course_of([], [])


def test_everything_has_a_colour():
    assert set(COLOURS) == {*EMOTIONS, *MODULATORS, 'neutral'}


@pytest.mark.parametrize('temperaments', [1, 2])
def test_a_script_is_drawn(tmp_path, script_file, temperaments):
    pytest.importorskip('matplotlib')
    plain = tmp_path / 'plain.yaml'
    plain.write_text('emotion: {}')

    draw_script(script_file, {f't{i}': plain for i in range(temperaments)}, tmp_path / 'visit.png')

    assert_is_png(tmp_path / 'visit.png')


def test_a_single_state_is_drawn(tmp_path):
    pytest.importorskip('matplotlib')

    plot_state([EmotionEngine(load(), 0.0).read(0.0)], [], tmp_path / 'rest.png')

    assert_is_png(tmp_path / 'rest.png')
