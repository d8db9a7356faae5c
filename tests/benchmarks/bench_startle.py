# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
How soon the running agent shows a startle, and how well it speaks for a minute.

    ./run python tests/benchmarks/bench_startle.py [TIMES [SECONDS]]

From the moment in which a stimulus is published to the arrival of the picture in which every place
that moves (brows, mouth) has gone 90 % of its way. Beside: the arrival of the state, a smile,
which takes its time, and as long a silence as the speech.
"""

import random
import sys
from pathlib import Path
from time import monotonic

import numpy as np
import rclpy
from ament_index_python.packages import get_package_share_directory
from rclpy.qos import QoSProfile
from sensor_msgs.msg import Image
from std_msgs.msg import Float32
from std_srvs.srv import Trigger

sys.path.insert(0, str(Path(__file__).parents[1]))

from reactions import STILL, blink_starts, pixels, seconds_to

from emotion_agent.ros.domain import use_own_domain
from emotion_agent.ros.processes import NodeProcesses
from emotion_msgs.msg import EmotionState, Stimulus
from node_kit.qos import EVENT, LATCHED

EVERY = QoSProfile(depth=1000)
REST_S, WATCH_S = 2.5, 0.9


class Robot:
    """Stimulates the agent and watches its face."""

    def __init__(self):
        self.node = rclpy.create_node('bench', namespace='emotion')
        self.pictures: list[tuple[float, np.ndarray]] = []
        self.states: list[tuple[float, str]] = []
        self.node.create_subscription(Image, 'face_image', self._see, EVERY)
        self.node.create_subscription(EmotionState, 'state', self._feel, LATCHED)
        self.stimuli = self.node.create_publisher(Stimulus, 'stimulus', EVENT)
        self.mouth = self.node.create_publisher(Float32, 'mouth', EVENT)
        self.reset = self.node.create_client(Trigger, 'emotion_state/reset')

    def _see(self, image: Image) -> None:
        self.pictures.append((monotonic(), pixels(image)))

    def _feel(self, state: EmotionState) -> None:
        self.states.append((monotonic(), state.dominant))

    def spin(self, seconds: float) -> None:
        end_s = monotonic() + seconds
        while (left_s := end_s - monotonic()) > 0.0:
            rclpy.spin_once(self.node, timeout_sec=left_s)

    def wait_for_agent(self) -> None:
        while not (
            self.pictures and self.states and self.reset.service_is_ready()
            and self.stimuli.get_subscription_count() and self.mouth.get_subscription_count()
        ):  # fmt: skip
            self.spin(0.1)

    def rest(self) -> None:
        """Wait for the neutral face."""
        answer = self.reset.call_async(Trigger.Request())
        while not answer.done():
            self.spin(0.02)
        self.spin(REST_S + random.random() / 25)

    def react(self, name: str) -> tuple[float, float, float]:
        """Milliseconds until the state, the first other picture, and 90 % of the way."""
        self.rest()
        before = self.pictures[-1][1]
        self.pictures, self.states = [(-1.0, before)], []
        begin_s = monotonic()
        self.stimuli.publish(Stimulus(name=name, intensity=1.0, duration=-1.0, source='bench'))
        self.spin(WATCH_S)
        felt = next(at_s for at_s, dominant in self.states if dominant != 'neutral')
        seen = next(at_s for at_s, picture in self.pictures[1:] if (picture != before).any())
        times, shown = zip(*self.pictures, strict=True)
        most = seconds_to(0.9, np.array(times) - begin_s, shown)
        return (felt - begin_s) * 1e3, (seen - begin_s) * 1e3, most * 1e3

    def speak(self, seconds: float, rate_hz: float = 30.0) -> None:
        """Publish a voice."""
        begin_s = monotonic()
        for number in range(round(seconds * rate_hz)):
            self.spin(max(0.0, begin_s + number / rate_hz - monotonic()))
            self.mouth.publish(Float32(data=0.5 + 0.5 * np.sin(number)))


def report(name: str, rows: list[tuple[float, float, float]]) -> None:
    """Print median and 95th percentile."""
    for what, column in zip(('state', 'first picture', '90 % of the way'), zip(*rows, strict=True),
                            strict=True):  # fmt: skip
        p50, p95 = np.percentile(column, [50, 95])
        print(f'  {name:10} {what:16} p50 {p50:6.1f} ms   p95 {p95:6.1f} ms')


def main() -> None:
    """Measure and print."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 60.0
    use_own_domain()
    config = Path(get_package_share_directory('emotion_agent'), 'config', 'agent.yaml')
    rclpy.init()
    robot = Robot()
    logs = Path('out/bench')
    with NodeProcesses('emotion', params_file=config, log_folder=logs) as nodes:
        nodes.start('emotion_agent', 'emotion_state', {'snapshot_path': 'none'})
        nodes.start('emotion_agent', 'face_sketcher', STILL)
        robot.wait_for_agent()
        print(f'from a stimulus to the face, {times} times')
        report('loud_sound', [robot.react('loud_sound') for _ in range(times)])
        report('praise', [robot.react('praise') for _ in range(times)])
    with NodeProcesses('emotion', params_file=config, log_folder=logs) as nodes:
        nodes.start('emotion_agent', 'emotion_state', {'snapshot_path': 'none'})
        nodes.start('emotion_agent', 'face_sketcher')
        robot.pictures, robot.states = [], []
        robot.wait_for_agent()
        for what, act in (('silent', robot.spin), ('speaking', robot.speak)):
            robot.pictures, robot.states = [], []
            act(seconds)
            blinks = blink_starts(*zip(*robot.pictures, strict=True))
            gap_s = np.diff(blinks).max() if len(blinks) > 1 else np.inf
            print(f'{seconds:.0f} s {what}: {len(robot.states)} states, {len(robot.pictures)} '
                  f'pictures, {len(blinks)} blinks, at most {gap_s:.1f} s apart')  # fmt: skip
    robot.node.destroy_node()
    rclpy.try_shutdown()


if __name__ == '__main__':
    main()
