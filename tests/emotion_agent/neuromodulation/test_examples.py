# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Courses computed once, to six digits, by an independent implementation of the same equations.

Time starts at 1000 s: a stamp of 0 would mean "now".
"""

import itertools

import pytest

from emotion_agent.neuromodulation import EMOTIONS, MODULATORS, EmotionEngine, load

START = 1000.0


def engine_with(**emotion):
    return EmotionEngine(load({'emotion': emotion}), now_s=START)


@pytest.fixture
def engine():
    return engine_with()


def read(engine, seconds):
    return engine.read(START + seconds)


def give(engine, name, seconds, **keywords):
    return engine.stimulate(name, stamp_s=START + seconds, now_s=START + seconds, **keywords)


def close(value):
    return pytest.approx(value, abs=1e-6)


def chemistry(values, names):
    return [values[MODULATORS.index(name)] for name in names.split()]


def feelings(reading, names):
    return [reading.emotions[EMOTIONS.index(name)] for name in names.split()]


def pad(reading):
    return [reading.valence, reading.arousal, reading.dominance]


PRAISE = [
    # seconds, deviation, mood, level (dopamine oxytocin serotonin), joy love power, PAD
    (
        0,
        (0.700000, 0.200000, 0.250000),
        (0.0, 0.0, 0.0),
        (0.723057, 0.317769, 0.509197),
        (0.588160, 0.247943, 0.280864),
        (0.656159, 0.350387, 0.379566),
    ),
    (
        1,
        (0.676155, 0.195432, 0.245705),
        (0.000794, 0.000228, 0.000286),
        (0.712673, 0.314221, 0.506745),
        (0.574014, 0.242494, 0.275985),
        (0.655739, 0.350182, 0.379860),
    ),
    (
        20,
        (0.350000, 0.125992, 0.176777),
        (0.011518, 0.003655, 0.004822),
        (0.542585, 0.259587, 0.466759),
        (0.342751, 0.157134, 0.196321),
        (0.449013, 0.239130, 0.269182),
    ),
    (
        60,
        (0.087500, 0.050000, 0.088388),
        (0.019504, 0.007190, 0.010348),
        (0.374618, 0.198558, 0.413971),
        (0.111492, 0.064931, 0.099235),
        (0.169880, 0.089780, 0.111549),
    ),
]


@pytest.mark.parametrize(('seconds', 'y', 'mood', 'level', 'emotion', 'point'), PRAISE)
def test_praise_dissolves(engine, seconds, y, mood, level, emotion, point):
    give(engine, 'praise', 0)

    reading = read(engine, seconds)

    names = 'dopamine oxytocin serotonin'
    assert chemistry(reading.deviation, names) == close(list(y))
    assert chemistry(reading.mood, names) == close(list(mood))
    assert chemistry(reading.levels, names) == close(list(level))
    assert feelings(reading, 'joy love power') == close(list(emotion))
    assert pad(reading) == close(list(point))


def test_visible_joy_fades_with_praise(engine):
    give(engine, 'praise', 0)

    joy = [read(engine, seconds).visible[EMOTIONS.index('joy')] for seconds in (0, 1, 20, 60)]

    assert joy == close([0.845398, 0.808743, 0.109935, 0.0])


def test_joy_is_named_until_it_falls_below_off(engine):
    give(engine, 'praise', 0)

    assert feelings(read(engine, 30.9035), 'joy') == pytest.approx([0.25], abs=1e-5)
    assert read(engine, 48.8958).dominant == 'joy'
    assert read(engine, 48.8960).dominant == 'neutral'
    assert read(engine, 60).dominant_since_s == pytest.approx(START + 48.8959, abs=1e-4)


def test_fear_inhibits_joy(engine):
    give(engine, 'praise', 0)
    before = read(engine, 5)
    assert chemistry(before.deviation, 'dopamine oxytocin serotonin') == close(
        [0.588627, 0.178180, 0.229251]
    )
    assert feelings(before, 'joy') == close([0.518811])

    give(engine, 'picked_up', 5)

    after = read(engine, 5)
    assert chemistry(
        after.deviation, 'adrenaline noradrenaline dopamine oxytocin serotonin'
    ) == close([0.8, 0.5, 0.138075, 0.076922, 0.080224])
    assert feelings(after, 'fear surprise mad joy') == close(
        [0.532755, 0.462117, 0.114319, 0.009870]
    )
    assert pad(after) == close([-0.184903, 0.626827, -0.229769])
    assert (after.dominant, after.dominant_since_s) == ('fear', START + 5)
    later = read(engine, 15)
    assert chemistry(later.deviation, 'adrenaline noradrenaline dopamine') == close(
        [0.336359, 0.049606, 0.097633]
    )
    assert feelings(later, 'fear') == close([0.254109])
    end = read(engine, 30)
    assert end.dominant == 'neutral'
    assert end.dominant_since_s == pytest.approx(START + 21.0657, abs=1e-4)


def test_loud_sounds_lose_their_effect(engine):
    noradrenaline, habituation = [], []
    for seconds in (0, 2, 4, 6):
        before = engine.snapshot(START + seconds, wall_time_s=0.0)['habituation']
        level, age_s = before.get('loud_sound', (0.0, 0.0))
        habituation.append(level * 2 ** (-age_s / 30))
        give(engine, 'loud_sound', seconds)
        noradrenaline += chemistry(read(engine, seconds).deviation, 'noradrenaline')

    assert habituation == close([0, 0.477421, 0.933282, 1.368557])
    assert [2**-level for level in habituation] == close([1, 0.718261, 0.523666, 0.387278])
    assert noradrenaline == close([1.0, 1.248471, 1.217267, 1.086046])


@pytest.mark.parametrize(
    ('seconds', 'y', 'sad'),
    [
        (10, (0.125642, -0.203989, -0.219797), 0.256944),
        (20, (0.212816, -0.337809, -0.388716), 0.426454),
        (35, (0.178956, -0.200863, -0.299741), 0.298068),
    ],
)
def test_low_battery_flows_in(engine, seconds, y, sad):
    give(engine, 'low_battery', 0)

    reading = read(engine, seconds)

    assert chemistry(reading.deviation, 'cortisol dopamine serotonin') == close(list(y))
    assert feelings(reading, 'sad') == close([sad])


@pytest.mark.parametrize('order', itertools.permutations(('praise', 'picked_up', 'insult')))
def test_one_instant_has_no_order(engine, order):
    give(engine, 'touch_gentle', 0)
    assert chemistry(read(engine, 3).deviation, 'cortisol oxytocin serotonin') == close(
        [-0.141360, 0.734409, 0.091059]
    )

    for name in order:
        give(engine, name, 3)

    assert read(engine, 3).deviation == close((0.8, -0.071258, 0.7, 0.7, 0.306598, 0.6, 0.172909))


def test_a_microsecond_apart_has_an_order(engine):
    give(engine, 'touch_gentle', 0)

    for position, name in enumerate(('praise', 'picked_up', 'insult')):
        give(engine, name, 3 + 1e-6 * position)

    names = 'adrenaline dopamine oxytocin noradrenaline serotonin endorphins'
    assert chemistry(read(engine, 3 + 2e-6).deviation, names) == close(
        [0.456967, 0.067429, 0.135628, 0.371675, -0.014197, 0.7]
    )


def test_ten_minutes_of_praise_leave_a_mood():
    engine = engine_with(stimuli={'praise': {'refractory_s': 0}})
    for repetition in range(30):
        give(engine, 'praise', 20 * repetition)

    after = read(engine, 600)
    assert chemistry(after.mood, 'dopamine oxytocin serotonin') == close(
        [0.286263, 0.120738, 0.197776]
    )
    assert chemistry(after.deviation, 'dopamine') == close([0.388025])
    later = read(engine, 1200)
    assert chemistry(later.mood, 'dopamine') == close([0.149821])
    assert feelings(later, 'joy') == close([0.151403])
    assert later.valence == close(0.214553)


@pytest.mark.parametrize(
    ('seen', 'set_point'),
    [
        ((-0.6, -0.4, 0.9), (0.033941, 0.016971, 0, -0.339411, 0.169706, 0.050912, -0.084853)),
        ((0.8, 0, 0.6), (0, 0, 0, 0.220617, 0.152735, 0, 0.135765)),
        ((0.8, 0.5, 1), (0, 0, 0, 0.589727, 0.241831, 0, 0.186676)),
        ((-0.7, 0.7, 0.8), (0.237588, 0.118794, 0, 0, 0, 0.356382, 0)),
    ],
)
def test_empathy_draws_to_a_set_point(engine, seen, set_point):
    engine.observe(*seen, now_s=START)

    snapshot = engine.snapshot(START, wall_time_s=0.0)

    assert snapshot['empathy']['e'] == close(list(set_point))


def test_an_uncertain_observation_is_none(engine):
    outcome = engine.observe(0.8, 0, 0.39, now_s=START)

    assert (outcome.accepted, outcome.reason) == (False, 'below_gate')
    assert engine.snapshot(START, wall_time_s=0.0)['empathy'] is None


def test_sadness_is_shared_while_it_is_seen(engine):
    for tenth in range(1200):
        engine.observe(-0.6, -0.4, 0.9, now_s=START + tenth / 10)

    after_10_s = engine_with()
    for tenth in range(101):
        after_10_s.observe(-0.6, -0.4, 0.9, now_s=START + tenth / 10)
    assert chemistry(read(after_10_s, 10).deviation, 'dopamine') == close([-0.099411])
    end = read(engine, 120)
    assert chemistry(end.deviation, 'dopamine') == close([-0.334108])
    assert feelings(end, 'sad love') == close([0.302558, 0.120535])


def test_a_glimpse_of_sadness_dissolves(engine):
    engine.observe(-0.6, -0.4, 0.9, now_s=START)

    assert chemistry(read(engine, 10).deviation, 'dopamine') == close([-0.017226])


def test_attack_hastens_only_what_the_observation_draws():
    engine = engine_with(empathy={'attack': 10.0})
    give(engine, 'insult', 0)
    engine.observe(0.8, 0.5, 1.0, now_s=START)

    reading = read(engine, 1)

    assert chemistry(reading.deviation, 'endorphins') == close([0.7 * 2 ** (-1 / 15)])
    assert chemistry(reading.deviation, 'dopamine') == close([0.589727 * (1 - 2 ** (-10 / 20))])


def test_capacity_bounds_a_flood_of_praise():
    engine = engine_with(stimuli={'praise': {'refractory_s': 0, 'habituation': {'step': 0}}})
    for repetition in range(50):
        give(engine, 'praise', 0.001 * repetition)

    full = read(engine, 0.049)

    names = 'dopamine oxytocin serotonin'
    assert chemistry(full.deviation, names) == [2.0, 2.0, 2.0]
    assert chemistry(full.levels, names) == close([0.974825, 0.969430, 0.976623])


def test_joy_from_the_capacity_fades_in_81_seconds():
    doses = {'dopamine': 2.0, 'serotonin': 2.0, 'oxytocin': 2.0}
    engine = engine_with(stimuli={'bliss': {'doses': doses}})
    give(engine, 'bliss', 0)

    assert feelings(read(engine, 80.85), 'joy')[0] > 0.25 > feelings(read(engine, 80.95), 'joy')[0]


def test_an_infusion_stops_at_the_capacity():
    # Ten of the largest doses at once: 20 units of serotonin over 10 s.
    doses = {'doses': {'serotonin': 2.0}, 'duration_s': 10.0}
    engine = engine_with(stimuli={f'serotonin_{i}': doses for i in range(10)})
    for i in range(10):
        give(engine, f'serotonin_{i}', 0)

    assert chemistry(read(engine, 4).deviation, 'serotonin') == [2.0]
    later = read(engine, 30)
    assert chemistry(later.deviation, 'serotonin') == close([1.414214])
    assert chemistry(later.mood, 'serotonin') == close([0.059903])


@pytest.mark.parametrize(
    ('name', 'strongest'),
    [
        ('praise', {'joy': 0.588, 'power': 0.281}),
        ('touch_gentle', {'love': 0.626, 'power': 0.119}),
        ('known_face', {'love': 0.612, 'joy': 0.402}),
        ('face_seen', {'joy': 0.318, 'surprise': 0.197}),
        ('face_lost', {'sad': 0.269}),
        ('scold', {'sad': 0.436, 'fear': 0.113}),
        ('insult', {'mad': 0.594, 'surprise': 0.100}),
        ('collision', {'surprise': 0.462, 'mad': 0.429}),
        ('picked_up', {'fear': 0.564, 'surprise': 0.462}),
        ('fall', {'fear': 0.564, 'surprise': 0.462}),
        ('threat_near', {'fear': 0.678, 'mad': 0.107}),
        ('loud_sound', {'surprise': 0.762, 'fear': 0.248}),
        ('novelty', {'surprise': 0.462, 'joy': 0.178}),
        ('blocked', {'mad': 0.530, 'surprise': 0.187}),
        ('goal_reached', {'joy': 0.644, 'power': 0.482}),
        ('goal_failed', {'sad': 0.585}),
        ('win', {'power': 0.674, 'joy': 0.334}),
        ('low_battery', {'sad': 0.426, 'fear': 0.130}),
        ('charging', {'power': 0.335, 'joy': 0.187}),
    ],
)
def test_each_stimulus_brings_its_emotions(engine, name, strongest):
    give(engine, name, 0)

    reading = read(engine, engine.stimuli[name].duration_s)

    strength = dict(zip(EMOTIONS, reading.emotions, strict=True))
    ranked = sorted(strength, key=strength.get, reverse=True)[: len(strongest)]
    assert ranked == list(strongest)
    assert [strength[emotion] for emotion in ranked] == pytest.approx(
        list(strongest.values()), abs=5e-4
    )


def test_the_lovheim_corner_of_rest_praise_and_a_shock(engine):
    assert read(engine, 0).lovheim == 'shame'
    give(engine, 'praise', 0)
    assert read(engine, 0).lovheim == 'joy'
    give(engine, 'loud_sound', 1)
    assert read(engine, 1).lovheim == 'interest'
