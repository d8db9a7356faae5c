# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
The running agent: latency of the chain, memory of each node, time to start.

    ./run python tests/benchmarks/bench_system.py [SECONDS]

Beside: one raw image from process to process (the least that the chain can take), and a process
that has only imported what every node needs.
"""

import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from time import monotonic, sleep, time

import numpy as np
import rclpy
from ament_index_python.packages import get_package_share_directory
from sensor_msgs.msg import Image

from emotion_agent.camera.sources import BUILT_IN_PHOTO
from emotion_agent.ros.domain import use_own_domain
from emotion_agent.ros.processes import NodeProcesses
from emotion_msgs.msg import FaceAffectArray
from node_kit.qos import CAMERA_READER, PICTURE, RESULT
from node_kit.time import to_seconds

NODES = ('affect_estimator', 'emotion_state', 'face_sketcher', 'oled_face')
BARE = (
    'import time, rclpy, numpy, cv2, emotion_models, onnxruntime; '
    'rclpy.init(); n = rclpy.create_node("bare")'
)


class Stopwatch:
    """Notes how old each message is when it arrives, by topic."""

    def __init__(self):
        self.node = rclpy.create_node('bench', namespace='emotion')
        self.ages_ms = defaultdict(list)
        self._cameras = set()

    def listen(self) -> None:
        """Begin to measure the chain."""
        self.node.create_subscription(FaceAffectArray, 'human_affect', self._on_affect, RESULT)
        self.node.create_subscription(Image, 'face_image', self._on_face, PICTURE)

    def listen_to_camera(self) -> None:
        """Begin to measure the transport of raw images alone."""
        self.node.create_subscription(
            Image, 'camera/image_raw', lambda image: self._note('image', image), CAMERA_READER
        )

    def spin(self, seconds: float) -> None:
        """Take messages for some time."""
        end = monotonic() + seconds
        while monotonic() < end:
            rclpy.spin_once(self.node, timeout_sec=0.1)

    def _on_affect(self, message: FaceAffectArray) -> None:
        self._cameras.add(to_seconds(message.header.stamp))
        self._note('human_affect', message)

    def _on_face(self, message: Image) -> None:
        if to_seconds(message.header.stamp) in self._cameras:
            self._note('face_image', message)

    def _note(self, topic: str, message) -> None:
        age = to_seconds(self.node.get_clock().now()) - to_seconds(message.header.stamp)
        self.ages_ms[topic].append(age * 1e3)


def seconds_until_active(log: Path, started: float) -> float:
    """
    Return when a node became active, in seconds after the wall time `started`.

    By its own log: to hear it over DDS takes up to 3 s more, the period of discovery.
    """
    while not (stamp := re.search(r'\[(\d+\.\d+)\].*: active', log.read_text())):
        sleep(0.01)
    return float(stamp[1]) - started


def private_mb(pid: int) -> float:
    """Return the resident memory of a process without shared segments, MB."""
    fields = dict(
        line.split(':', 1) for line in Path(f'/proc/{pid}/status').read_text().splitlines()
    )
    return sum(int(fields[name].split()[0]) for name in ('RssAnon', 'RssFile')) / 1024


def bare_mb() -> float:
    """Return the memory of a process that has only imported what the nodes need, MB."""
    code = f'{BARE}; print(flush=True); time.sleep(60)'
    with subprocess.Popen([sys.executable, '-c', code], stdout=subprocess.PIPE) as bare:
        bare.stdout.readline()
        memory = private_mb(bare.pid)
        bare.kill()
    return memory


def percentiles(ages_ms) -> str:
    """Write count, median and 95th percentile."""
    p50, p95 = np.percentile(ages_ms, [50, 95])
    return f'{len(ages_ms):5d} messages   p50 {p50:6.1f} ms   p95 {p95:6.1f} ms'


def main() -> None:
    """Measure and print."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 20.0
    use_own_domain()
    config = Path(get_package_share_directory('emotion_agent'), 'config', 'agent.yaml')
    rclpy.init()
    stopwatch = Stopwatch()
    log_folder = Path('out/bench')
    with NodeProcesses('emotion', params_file=config, log_folder=log_folder) as nodes:
        print('start to active (budget 2 s)')
        processes = {}
        for name in NODES:
            started = time()
            package = 'oled_face' if name == 'oled_face' else 'emotion_agent'
            at_rest = {'snapshot_path': 'none'} if name == 'emotion_state' else {}
            processes[name] = nodes.start(package, name, at_rest)
            waited = seconds_until_active(log_folder / f'{name}.log', started)
            print(f'  {name:18} {waited:5.2f} s')
        stopwatch.listen()
        nodes.start('emotion_agent', 'camera', {'source': BUILT_IN_PHOTO})
        stopwatch.spin(3.0)
        stopwatch.ages_ms.clear()
        stopwatch.spin(seconds)
        print(f'\nage on arrival, camera stamp to …, 640x480 at 30 Hz, {seconds:g} s')
        for topic, budget in (('human_affect', ''), ('face_image', '   (budget: p95 40 ms)')):
            print(f'  {topic:18} {percentiles(stopwatch.ages_ms[topic])}{budget}')
        print('\nmemory without shared segments (budget 180 MB)')
        for name, process in processes.items():
            print(f'  {name:18} {private_mb(process.pid):5.0f} MB')
        nodes.stop(*NODES)
        stopwatch.listen_to_camera()
        stopwatch.spin(seconds / 2)
        print(f'  {"(imports alone)":18} {bare_mb():5.0f} MB')
        print(f'\nalone, one raw image from process to process:'
              f'\n  {"image":18} {percentiles(stopwatch.ages_ms["image"])}')  # fmt: skip
    stopwatch.node.destroy_node()
    rclpy.try_shutdown()


if __name__ == '__main__':
    main()
