# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""However time is cut into calls, everything in a script happens once, in order, in its time."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emotion_agent.scripts.player import (
    ENDED,
    IDLE,
    PAUSED,
    PLAYING,
    WAITING,
    ScriptPlayer,
    StateChange,
)
from emotion_agent.scripts.script import (
    Coming,
    Feeling,
    Gaze,
    Leaving,
    Marker,
    PlayedPerson,
    Script,
    ScriptedStimulus,
    Wait,
)

LENGTH_S = 60.0
KEY = Wait(20.0, 'key', 'yes', '', None)
TIMES = st.sampled_from([0.0, 0.1, 7.3, 20.0, 59.9, LENGTH_S]) | st.floats(0.0, LENGTH_S)


def praise(at_s: float) -> ScriptedStimulus:
    return ScriptedStimulus(at_s, 'praise', 1.0, None)


@st.composite
def scripts(draw, waits=True):
    """Scripts with entries at like times, and waits that end by themselves."""
    times = st.lists(TIMES, max_size=4).map(sorted)
    limits = st.sampled_from([0.0, 0.1, 3.0])
    return Script(
        LENGTH_S,
        stimuli=tuple(praise(at_s) for at_s in draw(times)),
        markers=tuple(Marker(at_s, f'm{n}') for n, at_s in enumerate(draw(times))),
        gaze=tuple(Gaze(at_s, (0.5, 0.0, 0.0)) for at_s in draw(times)),
        waits=tuple(Wait(at_s, 'key', '', '', draw(limits)) for at_s in draw(times) if waits),
        people=(PlayedPerson(1.0, 30.0, 'anna', (Feeling(1.0, 0.5, 0.5),)),),
    )


def entries(actions):
    return [action for action in actions if not isinstance(action, StateChange)]


def happening(script):
    return [entry for entry in script.entries() if not isinstance(entry, Wait)]


@settings(max_examples=60, deadline=None)
@given(scripts(), st.lists(st.floats(0.0, 150.0), max_size=30).map(sorted), st.floats(-9.0, 1e9))
def test_any_cutting_of_time_gives_the_same_actions(script, cuts, begun_s):
    at_once, in_parts = ScriptPlayer(script), ScriptPlayer(script)
    at_once.start(begun_s)
    in_parts.start(begun_s)

    actions = []
    for cut_s in (*cuts, 150.0):
        actions += in_parts.advance(begun_s + cut_s)

    assert actions == at_once.advance(begun_s + 150.0)
    assert entries(actions) == happening(script)
    assert actions[-1] == StateChange(LENGTH_S, ENDED)
    assert not in_parts.advance(begun_s + 1e6)


@settings(max_examples=60, deadline=None)
@given(scripts(), st.floats(0.0, LENGTH_S))
def test_what_is_before_the_start_is_left_out_and_nothing_else(script, from_s):
    player = ScriptPlayer(script)
    player.start(0.0, from_s)

    assert entries(player.advance(1e3)) == [e for e in happening(script) if e.at_s >= from_s]


@settings(max_examples=60, deadline=None)
@given(
    scripts(waits=False),
    st.lists(st.tuples(st.floats(0.0, 30.0), st.floats(0.0, 10.0)), max_size=4),
)
def test_a_pause_shifts_what_comes_later_and_loses_nothing(script, pauses):
    player, now_s, played_s, actions = ScriptPlayer(script), 0.0, 0.0, []
    player.start(now_s)
    for after_s, length_s in pauses:
        now_s += after_s
        played_s = min(played_s + after_s, LENGTH_S)
        player.pause(now_s)
        actions += player.advance(now_s)
        assert not player.advance(now_s + length_s)
        now_s += length_s
        player.resume(now_s)
        assert player.position_s == pytest.approx(played_s, abs=1e-6)
        assert all(entry.at_s <= played_s + 1e-6 for entry in entries(actions))
    actions += player.advance(now_s + LENGTH_S)

    assert entries(actions) == happening(script)


@settings(max_examples=60, deadline=None)
@given(scripts(), st.data())
def test_whoever_controls_it_every_action_comes_once_and_in_order(script, data):
    player, now_s, actions = ScriptPlayer(script), 5.0, []
    player.start(now_s)
    for _ in range(data.draw(st.integers(0, 12))):
        now_s += data.draw(st.sampled_from([0.0, 0.1, 2.9, 13.0]))
        control = data.draw(st.sampled_from(['pause', 'resume', 'skip', 'key', 'advance']))
        if control == 'key':
            player.key('k', now_s)
        elif control == 'advance':
            actions += player.advance(now_s)
        else:
            getattr(player, control)(now_s)
    player.resume(now_s)
    actions += player.advance(now_s + 1e3)

    assert entries(actions) == happening(script)
    assert [action.at_s for action in actions] == sorted(action.at_s for action in actions)
    assert actions[-1].state == ENDED


def test_the_order_of_what_happens_at_the_same_time():
    script = Script(
        9.0,
        stimuli=(praise(4.0),),
        people=(
            PlayedPerson(1.0, 4.0, 'anna', (Feeling(1.0, 0.0, 0.0),)),
            PlayedPerson(4.0, 5.0, 'bert', (Feeling(4.0, 0.0, 0.0),)),
        ),
        gaze=(Gaze(4.0, None),),
        markers=(Marker(4.0, 'first'), Marker(4.0, 'second')),
        waits=(Wait(4.0, 'key', '', '', 1.0),),
    )
    player = ScriptPlayer(script)
    player.start(0.0)

    assert player.advance(4.5)[2:] == [
        Marker(4.0, 'first'),
        Marker(4.0, 'second'),
        Gaze(4.0, None),
        Leaving(4.0, 'anna'),
        Coming(4.0, 'bert'),
        praise(4.0),
        StateChange(4.0, WAITING),
    ]


def test_its_clock_stands_while_it_waits():
    player = ScriptPlayer(Script(30.0, (praise(21.0),), waits=(KEY,)))
    player.start(100.0)

    assert player.advance(500.0) == [StateChange(0.0, PLAYING), StateChange(20.0, WAITING)]
    assert (player.state, player.position_s, player.waits_for) == (WAITING, 20.0, 'key yes')
    assert not player.key('no', 600.0)
    assert player.key('yes', 700.0)
    assert player.advance(700.9) == [StateChange(20.0, PLAYING)]
    assert player.advance(701.0) == [praise(21.0)]
    assert player.waits_for == ''


def test_a_wait_is_over_in_its_time_unless_it_is_paused():
    player = ScriptPlayer(Script(30.0, waits=(KEY._replace(at_most_s=5.0),)))
    player.start(0.0)
    player.advance(22.0)
    player.pause(22.0)

    assert (player.state, player.waits_for) == (PAUSED, 'key yes')
    assert not player.key('yes', 90.0)
    player.resume(100.0)
    assert player.state == WAITING
    player.advance(102.9)
    assert player.state == WAITING
    player.advance(104.0)
    assert (player.state, player.position_s) == (PLAYING, 21.0)


@pytest.mark.parametrize(
    ('wait', 'answer'),
    [
        (Wait(1.0, 'event', 'ready', 'marker', None), ('event', 'marker', 'ready')),
        (Wait(1.0, 'event', '', 'reset', None), ('event', 'reset', '')),
        (Wait(1.0, 'stimulus', 'face_seen', '', None), ('stimulus', 'face_seen')),
        (Wait(1.0, 'key', '', '', None), ('key', 'x')),
    ],
)
def test_what_it_waits_for_ends_a_wait_and_nothing_else_does(wait, answer):
    player = ScriptPlayer(Script(30.0, waits=(wait,)))
    player.start(0.0)
    player.advance(2.0)

    for method, *words in (('event', 'marker', 'other'), ('stimulus', 'fall'), ('key', 'other')):
        if wait.name or method != answer[0]:
            assert not getattr(player, method)(*words, 2.0)
    method, *words = answer
    assert getattr(player, method)(*words, 2.0)
    assert player.state == PLAYING


def test_skipping_goes_to_the_next_entry_and_at_last_to_the_end():
    player = ScriptPlayer(Script(30.0, (praise(5.0), praise(25.0)), waits=(KEY,)))
    player.start(0.0)

    places = []
    for now_s in (1.0, 2.0, 3.0, 4.0, 5.0):
        assert player.skip(now_s)
        places.append((player.state, player.position_s))
    assert places == [
        (PLAYING, 5.0),
        (WAITING, 20.0),
        (PLAYING, 21.0 - 1.0),
        (PLAYING, 25.0),
        (ENDED, 30.0),
    ]
    assert entries(player.advance(5.0)) == [praise(5.0), praise(25.0)]
    assert not player.skip(6.0)


def test_people_and_the_gaze_stay_while_it_waits_and_end_with_it():
    anna = PlayedPerson(10.0, 40.0, 'anna', (Feeling(10.0, 0.0, 0.2), Feeling(30.0, 1.0, -0.2)))
    script = Script(50.0, people=(anna,), gaze=(Gaze(15.0, (0.5, 0.1, 0.0)), Gaze(35.0, None)),
                    waits=(KEY,))  # fmt: skip
    player = ScriptPlayer(script)
    assert (player.state, player.people, player.gaze) == (IDLE, {}, None)
    player.start(0.0, from_s=16.0)

    player.advance(99.0)
    assert player.people == {'anna': Feeling(20.0, 0.5, 0.0)}
    assert player.gaze == (0.5, 0.1, 0.0)
    player.key('yes', 99.0)
    player.advance(99.0 + 15.0)
    assert (player.people['anna'].valence, player.gaze) == (1.0, None)
    player.advance(99.0 + 20.0)
    assert player.people == {}
    player.stop(120.0)
    assert (player.state, player.people) == (ENDED, {})


def test_a_player_plays_once():
    player = ScriptPlayer(Script(9.0))
    with pytest.raises(ValueError, match='0 to 9 s'):
        player.start(0.0, 10.0)
    player.start(0.0)
    with pytest.raises(ValueError, match='not started'):
        player.start(0.0)
    assert player.stop(1.0)
    assert player.advance(2.0) == [StateChange(0.0, PLAYING), StateChange(1.0, ENDED)]
    assert not player.stop(2.0)
    assert not player.pause(2.0)
