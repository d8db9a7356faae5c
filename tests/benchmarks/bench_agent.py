# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
All nodes in one process, as on a small computer: processor time, memory, latency.

    ./run python tests/benchmarks/bench_agent.py [SECONDS]

The camera node shows one face, 640x480 at 30 Hz. What a node takes is the processor time of its
callbacks and of its threads. Beside: the same with rclpy's own executor, which takes every
message through DDS; and everything once more while two processes keep the processors busy.
"""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from time import sleep, thread_time

import numpy as np
from rclpy.executors import SingleThreadedExecutor

import node_kit.main
from emotion_agent.camera.sources import BUILT_IN_PHOTO
from emotion_agent.nodes.camera import Camera
from emotion_agent.nodes.face_sketcher import FaceSketcherNode
from emotion_agent.ros.domain import use_own_domain
from node_kit.executor import LeanExecutor
from node_kit.hand_over import Receiver
from node_kit.time import to_seconds

WARM_UP_S = 6.0
THREADS = {'affect': 'affect_estimator', 'camera': 'camera', 'oled_face_writer': 'oled_face'}
BUSY = 'while True: pass'
PARAMETERS = (
    '-p', f'camera:source:={BUILT_IN_PHOTO}', '-p', 'emotion_state:snapshot_path:=none'
)  # fmt: skip


class Meter:
    """Measures the process that it is in, once the nodes have been running for a while."""

    def __init__(self, seconds: float, result: Path):
        self._seconds = seconds
        self._result = result
        self._callbacks_s: Counter[str] = Counter()
        self._images = 0
        self._ages_ms: list[float] = []
        self._count(LeanExecutor, '_execute', lambda executor, entity, node, take: node.get_name())
        self._count(Receiver, '_deliver', lambda receiver: receiver._node.get_name())
        self._listen(Camera, '_publish', self._note_image)
        self._listen(FaceSketcherNode, '_send_face', self._note_face)
        threading.Thread(target=self._measure, name='meter', daemon=True).start()

    def _count(self, owner: type, method: str, name_of) -> None:
        """Add up the processor time of calls, by the node that they are for."""
        original = getattr(owner, method)

        def counted(*arguments):
            begun_s = thread_time()
            try:
                return original(*arguments)
            finally:
                self._callbacks_s[name_of(*arguments)] += thread_time() - begun_s

        setattr(owner, method, counted)

    def _listen(self, owner: type, method: str, note) -> None:
        original = getattr(owner, method)
        setattr(owner, method, lambda *arguments: (original(*arguments), note(*arguments)))

    def _note_image(self, *_) -> None:
        self._images += 1

    def _note_face(self, node: FaceSketcherNode, drawn) -> None:
        if drawn.is_answer:
            now_s = to_seconds(node.get_clock().now())
            self._ages_ms.append((now_s - to_seconds(drawn.image.header.stamp)) * 1e3)

    def _measure(self) -> None:
        sleep(WARM_UP_S)
        self._ages_ms.clear()
        before = self._figures()
        sleep(self._seconds)
        taken = self._figures() - before
        self._result.write_text(
            json.dumps({'s': dict(taken), 'ages_ms': self._ages_ms, 'mb': private_mb()})
        )
        os.kill(os.getpid(), signal.SIGINT)

    def _figures(self) -> Counter[str]:
        """Seconds of every thread and of the callbacks of every node, and the images so far."""
        figures = Counter({f'callbacks of {name}': s for name, s in self._callbacks_s.items()})
        names = {thread.native_id: thread.name for thread in threading.enumerate()}
        for task in Path('/proc/self/task').iterdir():
            on_processor_ns = int((task / 'schedstat').read_text().split()[0])
            figures[f'thread {names.get(int(task.name), "of DDS and others")}'] += (
                on_processor_ns / 1e9
            )
        figures['images'] = self._images
        return figures


def private_mb() -> float:
    """Resident memory of this process without shared segments, MB."""
    status = Path('/proc/self/status').read_text()
    return sum(int(kb) for kb in re.findall(r'Rss(?:Anon|File):\s*(\d+)', status)) / 1024


def run_here(seconds: str, result: str, executor: str, *given: str) -> int:
    """Run the agent in this process, with further arguments, and measure it."""
    if executor == 'rclpy':
        node_kit.main.make_executor = SingleThreadedExecutor
    Meter(float(seconds), Path(result))
    sys.argv = ['agent', '--camera', *PARAMETERS, *given]
    from emotion_agent.agent import main

    return main()


def measure(seconds: float, executor: str, busy: int = 0, given: Sequence[str] = ()) -> dict:
    """Measure the agent with further arguments in a new process, beside so many busy ones."""
    with ExitStack() as stack, tempfile.TemporaryDirectory() as folder:
        for _ in range(busy):
            process = stack.enter_context(subprocess.Popen([sys.executable, '-c', BUSY]))
            stack.callback(process.kill)
        result = Path(folder, 'figures.json')
        subprocess.run(
            [sys.executable, __file__, str(seconds), str(result), executor, *given],
            check=True,
            stderr=subprocess.DEVNULL,
        )
        return json.loads(result.read_text())


def by_node(taken_s: dict[str, float]) -> dict[str, float]:
    """Seconds of each node, of waiting and handing out in the main thread, and of the rest."""
    nodes = Counter()
    for name, seconds in taken_s.items():
        kind, _, rest = name.partition(' ')
        if kind == 'callbacks':
            node = rest.removeprefix('of ')
            nodes[node] += seconds
            nodes['waiting for messages'] -= seconds
        elif rest == 'MainThread':
            nodes['waiting for messages'] += seconds
        elif kind == 'thread':
            nodes[THREADS.get(rest, 'DDS and others')] += seconds
    return nodes


def share(figures: dict, seconds: float) -> float:
    """Part of one core that all threads took."""
    return sum(s for name, s in figures['s'].items() if name.startswith('thread')) / seconds


def latency(figures: dict) -> str:
    """Write the latency from the camera's stamp to the face."""
    p50, p95 = np.percentile(figures['ages_ms'], [50, 95])
    return f'p50 {p50:5.1f} ms   p95 {p95:5.1f} ms'


def main() -> None:
    """Measure and print."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 20.0
    use_own_domain()
    ours, theirs = (measure(seconds, executor) for executor in ('ours', 'rclpy'))
    print(f'all nodes in one process, {ours["s"]["images"] / seconds:.1f} images a second')
    print(f'  processor {share(ours, seconds):6.1%} of a core (budget 40 %)')
    for name, taken_s in sorted(by_node(ours['s']).items(), key=lambda item: -item[1]):
        print(f'    {name:22} {taken_s / seconds:6.1%}')
    print(f"  with rclpy's executor {share(theirs, seconds):6.1%}")
    print(f'  memory {ours["mb"]:5.0f} MB (budget 220 MB)')
    print('camera to face')
    print(f'  ours                    {latency(ours)}')
    print(f"  rclpy's                 {latency(theirs)}")
    print(f'  ours beside two busy    {latency(measure(seconds, "ours", 2))}   (budget p95 40 ms)')
    print(f"  rclpy's beside two busy {latency(measure(seconds, 'rclpy', 2))}")


if __name__ == '__main__':
    sys.exit(run_here(*sys.argv[1:]) if len(sys.argv) > 2 else main())
