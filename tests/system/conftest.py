# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Real node processes on real DDS, and a listener that waits for what they say."""

import sys
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import pytest
from ament_index_python.packages import get_package_share_directory
from diagnostic_msgs.msg import DiagnosticArray
from rclpy.executors import SingleThreadedExecutor
from sensor_msgs.msg import Image

from emotion_agent.ros.processes import NodeProcesses
from emotion_msgs.msg import EmotionState, FaceAffectArray, Stimulus
from node_kit.calls import RepeatedCall
from node_kit.qos import EVENT, LATCHED, PICTURE, RESULT

# What several rooms of tests share is no package of its own.
sys.path.insert(0, str(Path(__file__).parents[1]))

TIMEOUT_S = 60.0


class Listener:
    """
    A robot node of somebody else: hears every topic of one agent, and can speak.

    Attributes:
        heard: messages by topic, in order of arrival.
    """

    def __init__(self, ros, namespace: str):
        self.node = ros.create_node('listener', namespace=namespace)
        self.heard: dict[str, list] = defaultdict(list)
        self._executor = SingleThreadedExecutor()
        self._executor.add_node(self.node)
        self.listen(FaceAffectArray, 'human_affect', RESULT)
        # Subscriptions are announced in this order: who sends us the state knows of the causes.
        self.listen(Stimulus, 'emotion_state/causes', EVENT)
        self.listen(EmotionState, 'state', LATCHED)
        self.listen(Image, 'face_image', PICTURE)
        self.listen(DiagnosticArray, '/diagnostics', RESULT)
        self._stimuli = self.node.create_publisher(Stimulus, 'stimulus', EVENT)

    def listen(self, kind: type, topic: str, qos) -> None:
        """Keep what comes on `topic`."""
        self.node.create_subscription(kind, topic, self.heard[topic].append, qos)

    def last(self, topic: str):
        """Return the newest message of `topic`, None before the first."""
        return self.heard[topic][-1] if self.heard[topic] else None

    def stimulate(self, name: str, **fields) -> None:
        """Publish a stimulus, once somebody listens who can tell us of its causes."""
        self.wait_until(self._stimuli.get_subscription_count, 'a stimulus listener')
        self.wait_until(lambda: self.last('state'), 'the state')
        self._stimuli.publish(
            Stimulus(name=name, **{'intensity': 1.0, 'duration': -1.0, 'source': 'test', **fields})
        )

    def diagnostics(self, node: str) -> dict[str, str]:
        """Return the newest diagnostic values of a node."""
        values: dict[str, str] = {}
        for array in self.heard['/diagnostics']:
            for status in array.status:
                if status.name.partition(':')[0].endswith(node):
                    values.update({item.key: item.value for item in status.values})
        return values

    def wait_until(
        self, condition: Callable[[], object], what: str, timeout_s: float = TIMEOUT_S
    ) -> None:
        """Spin until `condition` holds; fail with `what` was awaited."""
        assert self.spin_until(condition, timeout_s), f'waited {timeout_s} s for {what}'

    def spin_until(self, condition: Callable[[], object], timeout_s: float) -> bool:
        """Spin until `condition` holds, and return whether it does in time."""
        end = monotonic() + timeout_s
        while not condition():
            if monotonic() >= end:
                return False
            self._executor.spin_once(timeout_sec=0.05)
        return True

    def call(self, kind: type, name: str, request):
        """Call a service and return its response; the request may come twice."""
        client = self.node.create_client(kind, name)
        self.wait_until(client.service_is_ready, f'the service {name}')
        call = RepeatedCall(client, request)
        self.wait_until(call.is_answered, f'an answer of {name}')
        return call.answer()

    def close(self) -> None:
        """Leave the graph."""
        self._executor.shutdown()
        self.node.destroy_node()


class PatientProcesses(NodeProcesses):
    """Nodes that may take long to end, as they do where other tests keep the machine busy."""

    def stop(self, *executables: str, timeout_s: float = TIMEOUT_S) -> None:
        """Interrupt nodes and wait."""
        super().stop(*executables, timeout_s=timeout_s)


@pytest.fixture
def listener(ros):
    """A listener in the namespace `emotion`."""
    listener = Listener(ros, 'emotion')
    yield listener
    listener.close()


@pytest.fixture
def start_nodes(tmp_path):
    """
    Start node processes with the shipped parameters; each must end with exit status 0.

    Call it with a namespace; it returns `NodeProcesses`.
    """
    groups: list[NodeProcesses] = []
    config = Path(get_package_share_directory('emotion_agent'), 'config', 'agent.yaml')

    def start(namespace: str = 'emotion', **environment: str) -> NodeProcesses:
        groups.append(PatientProcesses(namespace, environment, config, tmp_path / 'log'))
        return groups[-1]

    yield start
    for group in groups:
        group.stop()
    logs = {file.name: file.read_text() for file in (tmp_path / 'log').glob('*.log')}
    assert not any('Traceback' in text for text in logs.values()), logs
    assert all(code == 0 for group in groups for code in group.exit_codes.values()), [
        group.exit_codes for group in groups
    ]
