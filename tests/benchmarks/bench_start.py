# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
From the start of the nodes to the first face that answers a camera image, over many starts.

    ./run python tests/benchmarks/bench_start.py [STARTS]

As a user sees it: all nodes are started together, as the launch file does, or as one process.
Beside: the same nodes with the announcements of Fast DDS's own profile. The starts of all three
take turns.
"""

import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import numpy as np
import rclpy
from ament_index_python.packages import get_package_share_directory
from rclpy.node import Node
from sensor_msgs.msg import Image

from emotion_agent.camera.sources import BUILT_IN_PHOTO
from emotion_agent.ros.domain import use_own_domain
from emotion_agent.ros.processes import NodeProcesses
from emotion_msgs.msg import EmotionState
from node_kit.discovery import QUICK_START, use_profile, variable
from node_kit.qos import LATCHED, PICTURE
from node_kit.time import to_nanoseconds

NODES = ('oled_face', 'face_sketcher', 'emotion_state', 'affect_estimator', 'camera')
LONGEST_S = 30.0
CONFIG = Path(get_package_share_directory('emotion_agent'), 'config')

PARAMETERS = {'camera:source': BUILT_IN_PHOTO, 'emotion_state:snapshot_path': 'none'}


def parameters_of(node: str) -> dict[str, str]:
    """The parameters of one node."""
    named = {tuple(name.split(':')): value for name, value in PARAMETERS.items()}
    return {name: value for (owner, name), value in named.items() if owner == node}


class Watch:
    """Notes when a face has answered an image."""

    def __init__(self, node: Node):
        self._node = node
        self._observed: set[int] = set()
        self._shown: set[int] = set()
        self._subscriptions = [
            node.create_subscription(EmotionState, 'state', self._on_state, LATCHED),
            node.create_subscription(Image, 'face_image', self._on_face, PICTURE),
        ]

    def wait(self, begun_s: float) -> float:
        """Seconds from `begun_s` to the first answer."""
        while not self._observed & self._shown:
            if monotonic() - begun_s > LONGEST_S:
                raise SystemExit(f'no face answered within {LONGEST_S:g} s')
            rclpy.spin_once(self._node, timeout_sec=0.05)
        return monotonic() - begun_s

    def close(self) -> None:
        """Listen no more."""
        for subscription in self._subscriptions:
            self._node.destroy_subscription(subscription)

    def _on_state(self, state: EmotionState) -> None:
        self._observed.add(to_nanoseconds(state.observation_stamp))

    def _on_face(self, face: Image) -> None:
        self._shown.add(to_nanoseconds(face.header.stamp))


@contextmanager
def default_announcements() -> Iterator[dict[str, str]]:
    """The variables that let nodes announce themselves as Fast DDS does by itself."""
    ours = (CONFIG / 'fastdds_images.xml').read_text()
    with tempfile.TemporaryDirectory() as folder:
        profile = Path(folder, 'default.xml')
        profile.write_text(re.sub('<builtin>.*</builtin>', '', ours, flags=re.DOTALL))
        yield {variable(): str(profile)}


def start(node: Node, environment: dict[str, str], executables) -> float:
    """Seconds of one start."""
    watch = Watch(node)
    begun_s = monotonic()
    with NodeProcesses(
        'emotion', environment, CONFIG / 'agent.yaml', Path('out/bench_start')
    ) as nodes:
        for name in executables:
            package = 'oled_face' if name == 'oled_face' else 'emotion_agent'
            arguments = ['--camera'] if name == 'agent' else []
            parameters = PARAMETERS if name == 'agent' else parameters_of(name)
            nodes.start(package, name, parameters, arguments=arguments)
        waited_s = watch.wait(begun_s)
    watch.close()
    return waited_s


def main() -> None:
    """Measure and print."""
    starts = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    use_own_domain()
    use_profile()
    rclpy.init()
    node = rclpy.create_node('bench', namespace='emotion')
    ours = {variable(): str(QUICK_START)}
    with default_announcements() as defaults:
        kinds = {
            'nodes, our profile (budget p95 2 s)': (ours, NODES),
            'one process, our profile': (ours, ['agent']),
            "nodes, Fast DDS's own announcements": (defaults, NODES),
        }
        waited: dict[str, list[float]] = {kind: [] for kind in kinds}
        for _ in range(starts):
            for kind, (environment, executables) in kinds.items():
                waited[kind].append(start(node, environment, executables))
    print(f'start to the first face that answers an image, {starts} starts each')
    for kind, times in waited.items():
        p50, p95 = np.percentile(times, [50, 95])
        print(f'  {kind:38} p50 {p50:5.2f} s   p95 {p95:5.2f} s   longest {max(times):5.2f} s')
    node.destroy_node()
    rclpy.try_shutdown()


if __name__ == '__main__':
    main()
