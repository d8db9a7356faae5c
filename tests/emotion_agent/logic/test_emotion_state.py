# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Stimuli, faces and time in, states out; a clock that is set back resets only what it must."""

import gc
from types import SimpleNamespace

import numpy as np
import pytest

from emotion_agent.logic import STIMULUS, TIME, emotion_state
from emotion_agent.logic import face_sketcher as sketching
from emotion_agent.logic.affect_estimator import ImageStream
from emotion_agent.neuromodulation import EMOTIONS
from emotion_agent.replay.messages import BagMessages
from emotion_models.labels.emotions import emotion_vad
from node_kit.settings import checked
from node_kit.time import stamp_fields, to_nanoseconds

START_NS = 1_700_000_000_000_000_000
LOOP_NS = 8_000_000_000
STILL = {'life.preset': 'minimal', 'life.blink_rate': 0.0, 'life.drift_px': 0.0}


def person(face_id='a', size=9, confidence=0.9):
    return SimpleNamespace(
        face_id=face_id,
        roi=SimpleNamespace(width=size, height=size, x_offset=0, y_offset=0),
        valence=0.8,
        arousal=0.2,
        confidence=confidence,
    )


class Robot:
    """A state keeper and a sketcher on one clock, with what they say."""

    def __init__(self, **settings):
        self.now_ns = START_NS
        self.messages = BagMessages()
        self.states, self.causes, self.events, self.faces = [], [], [], []

        def clock():
            return self.now_ns

        self.sketcher = sketching.Sketcher(
            checked(sketching.TABLE, STILL),
            self.messages.make,
            clock,
            lambda drawn: self.faces.append(drawn.image),
            print,
        )
        self.settings = checked(emotion_state.TABLE, settings)
        self.keeper = emotion_state.StateKeeper(
            self.settings,
            self.messages.make,
            clock,
            self._tell,
            self.causes.append,
            self.events.append,
            print,
        )

    def _tell(self, state):
        self.states.append(state)
        self.sketcher.take_state(state)

    def stamp(self, after_ns=0):
        return self.messages.make(TIME, **stamp_fields(self.now_ns + after_ns))

    def live(self, seconds):
        for step in range(round(seconds * 50)):
            self.now_ns += 20_000_000
            if step % 5 == 0:
                self.keeper.tick()
            if step % 2 == 0:
                self.sketcher.tick()

    def praise(self):
        stimulus = self.messages.make(STIMULUS, name='praise', intensity=1.0, duration=-1.0)
        stimulus.header.stamp = self.stamp()
        self.keeper.stimulate(stimulus)

    def see(self, *faces, after_ns=0):
        header = SimpleNamespace(stamp=self.stamp(after_ns))
        self.keeper.observe(SimpleNamespace(header=header, faces=faces or [person()]))

    def go_back(self, nanoseconds=LOOP_NS):
        self.now_ns -= nanoseconds
        self.keeper.clock_set_back()


def test_feelings_stay_and_stamps_are_forgotten():
    robot = Robot(face_events=False)
    robot.praise()
    robot.praise()
    assert len(robot.causes) == 1  # the same name and stamp
    robot.see()
    robot.live(8.0)
    before = robot.states[-1]
    assert to_nanoseconds(before.observation_stamp) == START_NS

    robot.go_back()
    robot.keeper.tick()
    after = robot.states[-1]

    assert after.deviation == pytest.approx(before.deviation, abs=1e-9)
    assert after.mood == pytest.approx(before.mood, abs=1e-9)
    assert after.dominant == before.dominant
    assert to_nanoseconds(after.observation_stamp) == 0
    assert robot.keeper.counters['clock_jumps'] == 1


def test_what_a_loop_brings_again_acts_again_and_habituation_stays():
    robot = Robot()
    lifts = []
    for _ in range(3):
        before = robot.keeper.engine.read(robot.now_ns / 1e9).deviation[3]
        robot.praise()
        lifts.append(robot.states[-1].deviation[3] - before)
        robot.live(8.0)
        robot.go_back()

    assert len(robot.causes) == 3
    assert lifts[0] == pytest.approx(0.7)
    assert lifts[0] > lifts[1] > lifts[2] > 0.2


def test_reset_puts_to_rest_if_asked():
    robot = Robot(on_time_jump='reset')
    robot.praise()
    robot.live(2.0)

    robot.go_back()
    robot.keeper.tick()

    assert not np.any(robot.states[-1].deviation)


def test_who_was_there_before_a_reset_is_not_missed_after_it():
    robot = Robot()
    robot.see(person('before'))
    robot.live(1.0)
    robot.keeper.reset()
    count = len(robot.causes)

    robot.live(8.0)

    assert not robot.causes[count:]
    assert not np.any(robot.states[-1].deviation)
    robot.see(person('after'))
    robot.live(0.2)
    assert [cause.name for cause in robot.causes[count:]] == ['face_seen']


def test_face_keeps_its_expression_and_goes_on():
    robot = Robot()
    robot.praise()
    robot.live(4.0)
    before = robot.faces[-1].data

    robot.go_back(3_000_000_000)
    count = len(robot.faces)
    robot.live(0.1)

    assert len(robot.faces) > count
    assert np.mean(robot.faces[count].data != before) < 0.05
    stamps_ns = [to_nanoseconds(face.header.stamp) for face in robot.faces[count:]]
    assert START_NS + 1_000_000_000 < stamps_ns[0] <= stamps_ns[-1] <= robot.now_ns


def test_a_hundred_loops_leave_no_growth():
    robot = Robot()

    def loop(times):
        for _ in range(times):
            robot.praise()
            robot.see()
            robot.live(0.4)
            robot.go_back(400_000_000)
            for said in (robot.states, robot.causes, robot.faces):
                said.clear()
        gc.collect()
        return len(gc.get_objects())

    few = loop(20)
    assert loop(80) - few < 40  # half an object a loop would be seen


def test_the_state_names_the_face_that_it_answers():
    robot = Robot()
    robot.see(person('ben', 20), person('anna', 9))
    assert robot.states[-1].attended_face == 'ben'

    robot.live(0.2)
    robot.see(person('anna', 40), person('ben', 20))
    assert robot.states[-1].attended_face == 'ben'  # whoever is attended to is kept

    robot.live(6.0)
    assert robot.states[-1].attended_face == ''


@pytest.mark.parametrize('back_s', [1, 8, 3600])
@pytest.mark.parametrize('on_time_jump', ['keep', 'reset'])
def test_who_left_before_the_clock_was_set_back_is_not_attended_to_for_long(back_s, on_time_jump):
    robot = Robot(on_time_jump=on_time_jump)
    robot.see()
    robot.live(0.5)

    robot.go_back(back_s * 1_000_000_000)
    robot.keeper.tick()
    assert robot.states[-1].attended_face == ('a' if on_time_jump == 'keep' else '')

    robot.live(6.0)
    assert robot.states[-1].attended_face == ''


@pytest.mark.parametrize('sent_ns', [0, 1_000_000_000_000, START_NS, START_NS - 3_000_000_000])
@pytest.mark.parametrize('rate_hz', [5, 25])
def test_who_is_seen_in_images_whose_stamp_stands_still_is_there(sent_ns, rate_hz):
    robot, stream = Robot(), ImageStream()

    for _ in range(12 * rate_hz):
        robot.live(1 / rate_hz)
        stamp_ns = stream.take('raw', sent_ns, robot.now_ns, robot.now_ns / 1e9)
        robot.see(after_ns=stamp_ns - robot.now_ns)

    assert [cause.name for cause in robot.causes] == ['face_seen']
    assert robot.states[-1].attended_face == 'a'
    assert to_nanoseconds(robot.states[-1].observation_stamp) == robot.now_ns
    counters = robot.keeper.counters
    assert counters['duplicate'] + counters['out_of_time'] <= 3
    assert counters['observed'] >= 12 * rate_hz - 3


def test_a_changed_configuration_changes_who_can_be_attended_to(tmp_path):
    robot = Robot()
    robot.see(person('blurred', confidence=0.2))
    assert robot.states[-1:] == []
    lenient = tmp_path / 'lenient.yaml'
    lenient.write_text('emotion: {empathy: {p_min: 0.1}}')

    robot.settings['temperament'] = str(lenient)
    robot.keeper.reconfigure({'temperament'})
    robot.live(0.2)
    robot.see(person('blurred', confidence=0.2))

    assert robot.states[-1].attended_face == 'blurred'


def test_a_moved_anchor_of_joy_moves_the_face(tmp_path):
    moved = tmp_path / 'moved.yaml'
    moved.write_text('emotion: {emotions: {joy: {pad: [0.2, -0.4, 0.1]}}}')
    usual, other = Robot(), Robot(temperament=str(moved))
    for robot in (usual, other):
        robot.praise()
        robot.live(2.0)

    assert other.states[-1].visible_joy == usual.states[-1].visible_joy > 0.5
    assert other.states[-1].visible_arousal < 0.0 < usual.states[-1].visible_arousal
    assert np.mean(other.faces[-1].data != usual.faces[-1].data) > 0.005


def test_what_is_visible_is_mixed_over_the_anchors():
    robot = Robot()
    robot.praise()
    robot.live(1.0)
    state = robot.states[-1]

    visible = [getattr(state, f'visible_{name}') for name in EMOTIONS]

    assert (state.visible_valence, state.visible_arousal) == pytest.approx(
        emotion_vad(visible)[:2], abs=1e-6
    )


def test_observers_who_are_late_bring_one_person_not_many():
    robot = Robot()
    for _ in range(100):
        robot.live(0.1)
        robot.see(after_ns=-9_000_000_000)
        robot.see(after_ns=-5_001_000_000)

    assert [cause.name for cause in robot.causes] == ['face_seen']
