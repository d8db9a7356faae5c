# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
A real state node is ended at any moment and started again: what was felt is there, decayed.

Beside it an engine that never ends gets the stimuli that the node says it has accepted. After
each start the first state of the node is that of the engine; a stimulus of less than half a
second before `kill -9` may be missing.
"""

import random
import signal
from collections import Counter
from pathlib import Path
from time import monotonic, sleep, time

import numpy as np
import pytest
from campaign import SEED, Figures, counts
from state_node import NAMESPACE, Executed, Forked

pytest.importorskip('rclpy')

from rclpy.executors import SingleThreadedExecutor

from emotion_agent.logic.configuration import configuration, read_temperament
from emotion_agent.logic.emotion_state import TABLE
from emotion_agent.neuromodulation import EmotionEngine
from emotion_msgs.msg import EmotionState, Stimulus
from node_kit.qos import EVENT
from node_kit.settings import checked
from node_kit.time import to_seconds

pytestmark = pytest.mark.dds

SIGNALS = (*[signal.SIGKILL] * 7, signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
PROMISED_S = 0.5  # what is older is never lost
SLACK_S = 0.5  # for a machine on which others work
SAME = 0.02  # of a deviation; a few ms between two clocks, where it changes fastest
TIMEOUT_S = 60.0
EXECUTED = 10  # one start in so many is that of the executable


class Robot:
    """A state node that is started again and again, and what it has said since the last start."""

    def __init__(self, ros, folder: Path):
        self._folder, self._log = folder, folder / 'state.log'
        self._starts = 0
        self._process: Forked | Executed | None = None
        self._ears = ros.create_node('ears', namespace=NAMESPACE)
        self._executor = SingleThreadedExecutor()
        self._executor.add_node(self._ears)
        self.states: list[EmotionState] = []
        self._ears.create_subscription(EmotionState, 'state', self._hear, EVENT)
        self._stimuli = self._ears.create_publisher(Stimulus, 'stimulus', EVENT)

    def start(self) -> None:
        self.states.clear()
        self._started_s = time()
        is_forked = self._starts % EXECUTED
        self._starts += 1
        kind = Forked if is_forked else Executed
        self._process = kind(self._folder, self._log)

    def end(self, number: int) -> None:
        self._process.send_signal(number)
        status = self._process.wait(TIMEOUT_S)
        self._process = None
        assert status == (-number if number == signal.SIGKILL else 0)
        log = self._log.read_text()
        assert 'Traceback' not in log, log
        assert 'is not a snapshot' not in log, log

    def _hear(self, state: EmotionState) -> None:
        if to_seconds(state.header.stamp) > self._started_s:  # none of the process before
            self.states.append(state)

    def wait(self, seconds: float) -> None:
        end_s = monotonic() + seconds
        while monotonic() < end_s:
            self._executor.spin_once(timeout_sec=max(0.0, end_s - monotonic()))
        self._executor.spin_once(timeout_sec=0.0)

    def wait_until(self, condition, seconds: float = TIMEOUT_S) -> bool:
        end_s = monotonic() + seconds
        while not condition() and monotonic() < end_s:
            self._executor.spin_once(timeout_sec=0.05)
        return condition()

    def first_state(self) -> EmotionState:
        assert self.wait_until(lambda: self.states), 'no state came'
        return self.states[0]

    def feel(self, name: str, intensity: float, number: int) -> EmotionState:
        """Let something happen, once the node hears; return its first state with it in."""
        end_s = monotonic() + TIMEOUT_S
        while monotonic() < end_s:
            self._stimuli.publish(
                Stimulus(name=name, intensity=intensity, duration=-1.0, source=str(number))
            )
            if self.wait_until(lambda: self._with(number), 1.5):
                return self._with(number)
        raise AssertionError('no stimulus was accepted')

    def _with(self, number: int) -> EmotionState | None:
        return next((state for state in self.states if state.last_source == str(number)), None)

    def files(self) -> set[str]:
        return {path.name for path in (self._folder / 'emotion_agent').iterdir()}

    def close(self) -> None:
        if self._process is not None:
            self.end(signal.SIGKILL)
        self._executor.shutdown()
        self._ears.destroy_node()


class Twin:
    """An engine that lives on, and beside it one that has not felt what may be lost."""

    def __init__(self):
        settings = checked(TABLE, {})
        config = configuration(settings, read_temperament(settings))
        self.engine = EmotionEngine(config, time())
        self.without: EmotionEngine | None = None

    def feel(self, name: str, intensity: float, state: EmotionState) -> None:
        at_s = to_seconds(state.last_change_stamp)
        self.without = EmotionEngine(self.engine.config, at_s)
        self.without.recall(self.engine.memory(at_s))
        outcome = self.engine.stimulate(name, intensity, stamp_s=at_s, now_s=at_s)
        assert outcome.accepted, outcome

    def tells(self, state: EmotionState, may_be_lost: bool) -> tuple[str, float]:
        """Whether the node has kept the newest stimulus, and how far it is off."""
        kept = _off(self.engine, state)
        lost = np.inf if self.without is None else _off(self.without, state)
        if kept > SAME and lost < kept:
            assert may_be_lost, f'lost, off by {kept:.3f}; without the newest by {lost:.3f}'
            self.engine = self.without
            return 'lost', lost
        return 'kept', kept


def _off(engine: EmotionEngine, state: EmotionState) -> float:
    reading = engine.read(to_seconds(state.header.stamp))
    felt = np.array([*reading.deviation, *reading.mood])
    return float(np.abs(felt - [*state.deviation, *state.mood]).max())


@pytest.fixture
def robot(ros, tmp_path):
    # The processes begin as from a terminal, also where this one is to outlive its own.
    before = signal.signal(signal.SIGHUP, lambda *_: None)
    robot = Robot(ros, tmp_path)
    yield robot
    robot.close()
    signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize('kills', counts(3, 1000))
def test_what_was_felt_is_there_again(kills, robot):
    figures, draw, twin = Figures('kills'), random.Random(SEED), Twin()
    names = sorted(twin.engine.stimuli)
    outcomes, worst, oldest_lost_s, name = Counter(), 0.0, 0.0, ''
    number, age_s = None, 0.0
    for cycle in range(kills):
        robot.start()
        state = robot.first_state()
        may_be_lost = number == signal.SIGKILL and age_s < PROMISED_S + SLACK_S
        outcome, off = twin.tells(state, may_be_lost)
        assert off <= SAME, f'kill {cycle} by {number}: off by {off:.3f}'
        # The node may be writing at this very moment.
        assert robot.wait_until(lambda: robot.files() == {'campaign.json'}), robot.files()
        outcomes[outcome if cycle else 'at rest'] += 1
        worst = max(worst, off)
        oldest_lost_s = max(oldest_lost_s, age_s * (outcome == 'lost'))

        name = draw.choice([other for other in names if other != name])
        strength = draw.uniform(0.5, 1.0)
        felt = robot.feel(name, strength, cycle)
        twin.feel(name, strength, felt)
        number = draw.choice(SIGNALS)
        robot.wait(draw.uniform(0.0, 2 * PROMISED_S))
        age_s = time() - to_seconds(felt.last_change_stamp)
        robot.end(number)
        outcomes[signal.Signals(number).name] += 1
        if draw.random() < 0.1:  # and again, while it starts
            robot.start()
            sleep(draw.uniform(0.0, 1.0))
            robot.end(signal.SIGKILL)
            outcomes['while it started'] += 1
        if cycle % 100 == 99 or cycle == kills - 1:
            figures.tell(
                ended=cycle + 1,
                **outcomes,
                most_off=f'{worst:.4f}',
                oldest_lost=f'{oldest_lost_s:.2f} s',
            )
    robot.start()
    assert twin.tells(robot.first_state(), number == signal.SIGKILL)[1] <= SAME
    assert oldest_lost_s <= PROMISED_S + SLACK_S
