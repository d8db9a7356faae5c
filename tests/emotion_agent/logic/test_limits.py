# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What a message says sets neither the length of a line nor how long a stimulus lasts."""

from types import SimpleNamespace

import pytest

from emotion_agent.logic import STIMULUS, TEXT, emotion_state
from emotion_agent.neuromodulation.outcome import MOST_EVENTS
from emotion_agent.neuromodulation.sections import SPAN_S
from emotion_agent.replay.agent import OfflineAgent
from emotion_agent.replay.messages import BagMessages
from emotion_agent.replay.parameters import TABLES
from emotion_agent.replay.sources import Choice, Names
from node_kit.limits import LINE_CHARACTERS, NAME_CHARACTERS
from node_kit.settings import checked
from node_kit.time import stamp_fields, to_nanoseconds

NOW_NS = 1_700_000_000_000_000_000
LONG = 'x' * 2_000_000


class Keeper:
    """A state keeper with what it sends and says."""

    def __init__(self):
        self.now_ns = NOW_NS
        self.make = BagMessages().make
        self.states, self.causes, self.said = [], [], []
        self.keeper = emotion_state.StateKeeper(
            checked(emotion_state.TABLE, {}),
            self.make,
            lambda: self.now_ns,
            self.states.append,
            self.causes.append,
            lambda event: None,
            lambda kind, line: self.said.append((kind, line)),
        )

    def stimulate(self, **fields):
        fields = {'name': 'low_battery', 'intensity': 1.0, 'duration': -1.0, **fields}
        self.keeper.stimulate(self.make(STIMULUS, **fields))


@pytest.mark.parametrize(
    ('given_s', 'counts_s'), [(-1.0, -1.0), (0.0, 0.0), (5.5, 5.5), (1e9, SPAN_S.high)]
)
def test_a_cause_has_the_duration_that_counted(given_s, counts_s):
    robot = Keeper()
    robot.stimulate(duration=given_s)

    assert robot.causes[0].duration == counts_s
    assert robot.keeper.counters['clipped'] == (given_s > SPAN_S.high)


def test_lines_are_of_a_kind_and_short_whatever_is_sent():
    robot = Keeper()
    robot.stimulate(name=LONG, source=LONG)
    robot.stimulate(intensity=float('nan'), source=LONG)
    robot.keeper.stimulate_by_text(robot.make(TEXT, data=LONG))
    robot.keeper.stimulate_by_text(robot.make(TEXT, data=f'praise:{LONG}'))
    robot.now_ns -= 3_600_000_000_000
    robot.keeper.observe(
        robot.make(
            'emotion_msgs/msg/FaceAffectArray',
            header=SimpleNamespace(stamp=SimpleNamespace(sec=NOW_NS // 10**9, nanosec=0)),
            faces=[],
        )
    )

    assert [kind for kind, _ in robot.said] == [
        *('unknown', 'invalid', 'unknown', 'malformed_text', 'out_of_time')
    ]
    assert all(len(line) < LINE_CHARACTERS for _, line in robot.said)


@pytest.mark.parametrize(('late_s', 'sent'), [(0.0, 1), (0.9, 1), (1.1, 0), (9.0, 0)])
def test_an_observation_that_is_late_waits_for_the_next_state(late_s, sent):
    robot = Keeper()
    robot.now_ns += 20 * 10**9
    stamp_ns = robot.now_ns - round(late_s * 1e9)
    header = SimpleNamespace(stamp=SimpleNamespace(**stamp_fields(stamp_ns)))
    face = robot.make('emotion_msgs/msg/FaceAffect', face_id='a', valence=0.8, confidence=0.9)
    robot.keeper._settings['face_events'] = False

    robot.keeper.observe(
        robot.make('emotion_msgs/msg/FaceAffectArray', header=header, faces=[face])
    )
    assert len(robot.states) == sent
    assert robot.keeper.changes == 1
    robot.keeper.tick()

    assert to_nanoseconds(robot.states[-1].observation_stamp) == stamp_ns


def test_a_flood_is_one_kind_of_line_and_is_counted():
    robot = Keeper()
    for number in range(MOST_EVENTS + 5):
        robot.now_ns += 1000
        robot.stimulate(name='collision' if number % 2 else 'praise')

    assert robot.keeper.counters['crowded'] == 5
    assert {kind for kind, _ in robot.said} == {'refractory', 'crowded'}


def test_a_replay_takes_what_the_nodes_take():
    messages = BagMessages()
    names = Names('emotion', 'camera/image_raw')
    agent = OfflineAgent(
        {node: checked(table, {}) for node, table in TABLES.items()},
        names,
        Choice('stimuli', [names.stimulus]),
        messages,
        lambda topic, time_ns, data: None,
        NOW_NS,
    )

    for source in ('x' * NAME_CHARACTERS, 'x' * (NAME_CHARACTERS + 1)):
        cause = messages.make(STIMULUS, name='praise', intensity=1.0, duration=-1.0, source=source)
        agent.receive(names.stimulus, messages.to_bytes(STIMULUS, cause))

    assert agent.malformed == {names.stimulus: 1}
    assert agent.keeper.counters['accepted'] == 1
