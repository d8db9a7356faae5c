# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Odd messages, and bytes that are none, over DDS at an agent that runs: it still answers."""

import random
import subprocess
from collections import Counter
from time import monotonic

import pytest
from campaign import SEED, Figures, counts, damaged, resident_mb

pytest.importorskip('rclpy')

from diagnostic_msgs.msg import DiagnosticArray
from rcl_interfaces.srv import SetParameters
from rclpy._rclpy_pybind11 import RCLError
from rclpy.executors import SingleThreadedExecutor
from rclpy.serialization import serialize_message
from system.conftest import start_nodes  # noqa: F401  (a fixture)
from wild import Wild

from emotion_agent.agent import NAMES
from emotion_agent.logic import affect_estimator, emotion_state, face_sketcher
from emotion_agent.neuromodulation import COUNTERS
from emotion_msgs.msg import Stimulus
from emotion_msgs.srv import ListStimuli
from node_kit.calls import RepeatedCall
from node_kit.qos import EVENT, LATCHED, RESULT

pytestmark = pytest.mark.dds

TIMEOUT_S = 120.0
MOST_GROWTH_MB = 150  # DDS keeps buffers as large as the largest message for its queues
BURST = 10  # messages, then a moment to take them
BURST_S = 0.01
CALL_EVERY = 250
ALSO = ('clipped', 'future', 'clock_jumps', 'strengthened')  # counted beside another count
TABLES = {
    'emotion_state': emotion_state.TABLE,
    'face_sketcher': face_sketcher.TABLE,
    'affect_estimator': affect_estimator.TABLE,
}


class Stranger:
    """A node of somebody else that says odd things, and hears how the agent is."""

    def __init__(self, ros):
        self._node = ros.create_node('stranger', namespace='emotion')
        self._executor = SingleThreadedExecutor()
        self._executor.add_node(self._node)
        self.values: dict[str, dict[str, str]] = {}
        self.causes: list[Stimulus] = []
        self._node.create_subscription(DiagnosticArray, '/diagnostics', self._hear, RESULT)
        self._node.create_subscription(Stimulus, 'emotion_state/causes', self._felt, EVENT)
        self._publishers = {
            topic: self._node.create_publisher(kind, topic, LATCHED if topic == 'state' else EVENT)
            for kind, topic in Wild.KINDS
        }
        self._clients: dict[str, object] = {}

    def _hear(self, array: DiagnosticArray) -> None:
        for status in array.status:
            node = status.name.rpartition(': ')[0]
            values = self.values.setdefault(node.rpartition('/')[2], {})
            values.update({item.key: item.value for item in status.values})

    def _felt(self, cause: Stimulus) -> None:
        self.causes.append(cause)

    def wait_until(self, condition, what: str) -> None:
        end_s = monotonic() + TIMEOUT_S
        while not condition():
            assert monotonic() < end_s, f'waited {TIMEOUT_S} s for {what}'
            self.spin(0.05)

    def spin(self, seconds: float) -> None:
        self._executor.spin_once(timeout_sec=seconds)

    def finds_everybody(self) -> bool:
        return all(item.get_subscription_count() for item in self._publishers.values())

    def knows_how_all_are(self) -> bool:
        """Whether every part of every node has told how it is."""
        found = self.values
        return all('defects' in found.get(name, {}) for name in NAMES) and (
            'accepted' in found['emotion_state']
            and 'received' in found['affect_estimator']
            and 'frames_in' in found['oled_face']
        )

    def say(self, topic: str, message) -> bool:
        """Publish, and return whether DDS lets it; bytes of another size are not sent."""
        try:
            self._publishers[topic].publish(message)
        except RCLError:
            assert isinstance(message, bytes)
            return False
        return True

    def call(self, kind: type, name: str, request):
        client = self._clients.get(name) or self._node.create_client(kind, name)
        self._clients[name] = client
        self.wait_until(client.service_is_ready, name)
        call = RepeatedCall(client, request)
        self.wait_until(call.is_answered, f'an answer of {name}')
        return call.answer()

    def close(self) -> None:
        self._executor.shutdown()
        self._node.destroy_node()


@pytest.fixture
def stranger(ros):
    stranger = Stranger(ros)
    yield stranger
    stranger.close()


@pytest.mark.parametrize('messages', counts(200, 20_000))
def test_an_agent_is_told_odd_things(messages, start_nodes, stranger):  # noqa: F811
    parameters = {'oled_face:output': 'none', 'affect_estimator:detector': 'haar'}
    parameters['face_sketcher:decoder'] = 'parametric'
    agent = start_nodes().start('emotion_agent', 'agent', parameters, stdout=subprocess.DEVNULL)
    stranger.wait_until(stranger.finds_everybody, 'the agent')
    figures, came, draw = Figures('messages over DDS'), Counter(), random.Random(SEED)
    wild = Wild(draw, lambda: stranger._node.get_clock().now().nanoseconds / 1e9)

    for number in range(messages):
        if number == messages // 5:
            warm_mb = resident_mb(agent.pid)
        kind, topic = draw.choice(wild.KINDS)
        message = wild.message(kind)
        is_none = draw.random() < 0.15
        if is_none:
            message, topic_of = damaged(serialize_message(message), draw), 'damaged bytes'
        else:
            topic_of = topic
        came[topic_of if stranger.say(topic, message) else 'not sent'] += 1
        if number % BURST == 0:
            stranger.spin(BURST_S)
        if number % CALL_EVERY == 0:
            name = draw.choice(sorted(TABLES))
            given = [wild.parameter(TABLES[name]).to_parameter_msg() for _ in range(3)]
            request = SetParameters.Request(parameters=given)
            assert stranger.call(SetParameters, f'{name}/set_parameters', request).results
            came['parameters'] += 3
        assert agent.poll() is None, f'the agent ended after {number} messages: {agent.poll()}'

    stranger.causes.clear()
    names = stranger.call(ListStimuli, 'emotion_state/list_stimuli', ListStimuli.Request())
    assert len(names.stimuli) > 10
    last = Stimulus(name='win', intensity=1.0, duration=-1.0, source='the last')

    def is_felt() -> bool:
        stranger.say('stimulus', last)
        return any(cause.source == 'the last' for cause in stranger.causes)

    stranger.wait_until(is_felt, 'an accepted stimulus')
    stranger.values.clear()
    stranger.wait_until(stranger.knows_how_all_are, 'diagnostics')
    grown_mb = resident_mb(agent.pid) - warm_mb
    refused = sum(int(values['refused']) for values in stranger.values.values())
    taken = {
        'stimuli and observations': sum(
            int(stranger.values['emotion_state'][name]) for name in COUNTERS if name not in ALSO
        ),
        'camera images': int(stranger.values['affect_estimator']['received']),
        'images for the panel': int(stranger.values['oled_face']['frames_in']),
    }
    figures.tell(sent=dict(came), taken=taken, beyond_a_limit=refused, grown=f'{grown_mb:.1f} MB')
    defects = {node: values['defects'] for node, values in stranger.values.items()}
    assert set(defects.values()) == {'0'}, defects
    assert {values['state'] for values in stranger.values.values()} == {'active'}
    assert grown_mb < MOST_GROWTH_MB
