# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
The whole agent on a built-in photograph, in under a minute.

Starts the nodes as separate processes, shows them a person, publishes a script of stimuli, draws
the face in the terminal, and writes a GIF, a plot and a summary.

    python -m emotion_agent.commands.demo
        [--camera N | --video FILE | --images FOLDER] [--script FILE|none] [--duration S] [--web]
"""

if __name__ == '__main__':  # before the imports, of which one may fail
    from emotion_agent import programs

    raise SystemExit(programs.demo())

import argparse
import json
import math
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from socket import create_server
from time import monotonic
from typing import NamedTuple

import rclpy
from ament_index_python.packages import get_package_share_directory
from diagnostic_msgs.msg import DiagnosticArray
from rclpy.executors import ExternalShutdownException
from rclpy.logging import LoggingSeverity
from rclpy.node import Node
from sensor_msgs.msg import Image

from emotion_agent.camera.sources import BUILT_IN_PHOTO, SourceError, open_source
from emotion_agent.commands.demo_script import DURATION_S, NO_SCRIPT, PERSON_SHARE, open_script
from emotion_agent.reporting.recording import Recording
from emotion_agent.ros.domain import use_own_domain
from emotion_agent.ros.processes import NodeProcesses
from emotion_agent.script_runner import ScriptRunner
from emotion_msgs.msg import EmotionState, FaceAffectArray, Stimulus
from node_kit.discovery import use_profile
from node_kit.log_folder import log_arguments
from node_kit.qos import EVENT, LATCHED, PICTURE, RESULT
from node_kit.ros_environment import require_usable_environment
from node_kit.time import to_seconds
from node_kit.web.access import LOOPBACK

NAMESPACE = 'emotion'
PORT = 8066  # of the panel for browsers
START_LIMIT_S = 30.0  # for the nodes to start, and to be found
END_LIMIT_S = 5.0  # for the last counts of the nodes, which come once a second


class Observer(Node):
    """Subscribes to every topic of the agent, and plays the script."""

    def __init__(self, log: Callable[[str], None]):
        super().__init__('demo', namespace=NAMESPACE)
        self.recording = Recording()
        self._log = log
        self.runner = ScriptRunner(self, '')
        self.get_logger().set_level(LoggingSeverity.ERROR)  # what is missing is in the log
        self._heard = [
            (topic, self.create_subscription(kind, topic, callback, qos))
            for kind, topic, callback, qos in (
                (FaceAffectArray, 'human_affect', self.recording.add_affect, RESULT),
                (EmotionState, 'state', self._on_state, LATCHED),
                (Stimulus, 'emotion_state/causes', self._on_cause, EVENT),
                (Image, 'face_image', self._on_face_image, PICTURE),
                (DiagnosticArray, '/diagnostics', self.recording.add_diagnostics, RESULT),
            )
        ]

    @property
    def missing(self) -> list[str]:
        """What is not connected yet of all that is counted and said."""
        ends = {topic: subscription.get_publisher_count() for topic, subscription in self._heard}
        ends['stimulus'] = self.runner.is_connected
        unconnected = [topic for topic, others in ends.items() if not others]
        return list(dict.fromkeys([*unconnected, *self.recording.missing()]))

    def _on_state(self, state: EmotionState) -> None:
        states = self.recording.states
        if not states or states[-1].dominant != state.dominant:
            self._log(
                f'dominant emotion: {state.dominant} '
                f'(valence {state.valence:+.2f}, arousal {state.arousal:+.2f})'
            )
        self.recording.add_state(state)

    def _on_cause(self, cause: Stimulus) -> None:
        self._log(f'stimulus {cause.name} from {cause.source.rpartition("/")[2]}')
        self.recording.stimuli.append((to_seconds(cause.header.stamp), cause.name))

    def _on_face_image(self, image: Image) -> None:
        self.recording.add_face_image(image, to_seconds(self.get_clock().now()))


class Event(NamedTuple):
    """Something that happens in the demo."""

    at_s: float  # since the start
    happen: Callable[[], None]


class EventLog:
    """One line for each event; kept until the end where the face is drawn in the terminal."""

    def __init__(self, is_live: bool):
        self._is_live = is_live
        self._lines: list[str] = []
        self._begun_s = monotonic()

    def add(self, line: str) -> None:
        """Add a line, with the time since the start."""
        self._lines.append(f'{monotonic() - self._begun_s:5.1f} s  {line}')
        if self._is_live:
            print(self._lines[-1], flush=True)

    def end(self) -> None:
        """Print what was kept."""
        if not self._is_live:
            print('\n'.join(self._lines))


def run_agent(options: argparse.Namespace, log: EventLog) -> tuple[Recording, dict[str, int]]:
    """Run the nodes and the script; return the recording and the exit code of each node."""
    has_terminal = draws_in_terminal(options)
    share = Path(get_package_share_directory('emotion_agent'), 'config')
    rclpy.init(args=[*sys.argv, *log_arguments()])
    observer = Observer(log.add)
    with NodeProcesses(
        NAMESPACE, params_file=share / 'agent.yaml', log_folder=options.out / 'log'
    ) as nodes:
        nodes.start(
            'oled_face',
            'oled_face',
            {
                'output': 'terminal,gif' if has_terminal else 'gif',
                'gif_path': str(options.out / 'face.gif'),
            },
            stdout=None if has_terminal else subprocess.DEVNULL,
        )
        nodes.start('emotion_agent', 'face_sketcher')
        nodes.start('emotion_agent', 'emotion_state', {'snapshot_path': 'none'})
        nodes.start('emotion_agent', 'affect_estimator')
        nodes.start('emotion_agent', 'camera', {'source': options.source})
        if options.web:
            nodes.start('emotion_agent', 'session', {'folder': str(options.out / 'sessions')})
            nodes.start('emotion_agent', 'emotion_web', {'port': PORT})
            log.add(f'the panel is at http://{LOOPBACK}:{PORT}/')
        try:
            spin_until(observer, START_LIMIT_S, lambda: not observer.missing)
            if missing := observer.missing:
                log.add(f'not heard within {START_LIMIT_S:g} s: {", ".join(missing)}')
            follow(observer, timeline(options, observer, log, nodes), options.duration)
            ended_s = to_seconds(observer.get_clock().now())
            spin_until(observer, END_LIMIT_S, lambda: observer.recording.is_complete(ended_s))
        finally:
            observer.runner.close()
            observer.destroy_node()
            rclpy.try_shutdown()
    return observer.recording, nodes.exit_codes


def draws_in_terminal(options: argparse.Namespace) -> bool:
    """Whether the face is drawn in the terminal: not where a page shows it, and its address."""
    return sys.stdout.isatty() and not options.web


def check_port() -> None:
    """
    Take the port of the panel once before anything is started.

    Raises:
        OSError: if it cannot be served.
    """
    try:
        create_server((LOOPBACK, PORT)).close()
    except OSError as error:
        raise OSError(
            f'WEB: port {PORT}: {os.strerror(error.errno or 0)}; end what is served there, mostly '
            'another robot on this computer, or its emotion_web with another port'
        ) from None


def check_source(name: str) -> None:
    """
    Open the source once before anything is started.

    Raises:
        SourceError: if it is not there or has no picture.
    """
    pictures = open_source(name, (640, 480), rate_hz=30.0)
    try:
        if next(pictures, None) is None:
            raise SourceError(f'{name} has no picture')
    finally:
        pictures.close()


def timeline(
    options: argparse.Namespace, observer: Observer, log: EventLog, nodes: NodeProcesses
) -> list[Event]:
    """Return what happens: the script, and that the person of the photo leaves."""
    events = [Event(0.0, partial(observer.runner.play, options.script))]
    if options.source == BUILT_IN_PHOTO:

        def leave() -> None:
            log.add('the person leaves')
            nodes.stop('camera')

        # One person is seen at a time.
        others_s = [person.from_s for person in options.script.people]
        events.append(Event(min([PERSON_SHARE * options.duration, *others_s]), leave))
    return sorted(events, key=lambda event: event.at_s)


def follow(node: Node, events: Sequence[Event], total_s: float) -> None:
    """Let each event happen at its time from now on, those after `total_s` not at all."""
    begun_s = monotonic()
    for event in events:
        if event.at_s < total_s:
            spin_until(node, begun_s + event.at_s - monotonic())
            event.happen()
    spin_until(node, begun_s + total_s - monotonic())


def spin_until(node: Node, timeout_s: float, is_done: Callable[[], bool] = lambda: False) -> None:
    """Spin for `timeout_s` seconds or until `is_done`."""
    end_s = monotonic() + timeout_s
    while (left_s := end_s - monotonic()) > 0 and not is_done():
        rclpy.spin_once(node, timeout_sec=min(left_s, 0.1))


def duration_s(text: str) -> float:
    """Read a number of seconds."""
    value_s = float(text)
    if not 0.0 < value_s < math.inf:
        raise argparse.ArgumentTypeError(f'expected seconds > 0, got {text}')
    return value_s


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog='demo', description=__doc__.splitlines()[1])
    source = parser.add_mutually_exclusive_group()
    source.add_argument('--camera', dest='source', metavar='N', help='number of a webcam')
    source.add_argument('--video', dest='source', metavar='FILE', help='a video file')
    source.add_argument('--images', dest='source', metavar='FOLDER', help='a folder of pictures')
    parser.add_argument(
        '--script',
        metavar='FILE',
        help=f'a script: its name, a YAML file, or {NO_SCRIPT} to be alone with the robot; '
        'default: six scenes after the person has left',
    )
    parser.add_argument(
        '--duration',
        type=duration_s,
        metavar='S',
        help=f'seconds; default {DURATION_S:g}, or that of the script',
    )
    parser.add_argument('--web', action='store_true', help='serve the panel to browsers')
    parser.add_argument('--out', type=Path, default=Path('out/demo'), help='folder to write to')
    parser.set_defaults(source=BUILT_IN_PHOTO)
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """
    Run the demo and return an exit status: 0 if every node did its work.

    Raises:
        SourceError, ConfigError, OSError: if what it was given cannot be read or written.
    """
    options = parse(arguments)
    check_source(options.source)
    if options.web:
        check_port()
    options.script = open_script(options.script, options.duration)
    options.duration = options.script.duration_s
    options.out.mkdir(parents=True, exist_ok=True)
    require_usable_environment()
    use_own_domain()
    use_profile()
    log = EventLog(is_live=not draws_in_terminal(options))
    try:
        recording, exit_codes = run_agent(options, log)
    except (KeyboardInterrupt, ExternalShutdownException):
        return 130
    log.end()
    summary = recording.summary()
    (options.out / 'summary.json').write_text(json.dumps(summary, indent=2) + '\n')
    plot(recording, options.out / 'state.png')
    if options.source == BUILT_IN_PHOTO:
        draw_person(options.out)
    return report(summary, exit_codes, options.out)


def plot(recording: Recording, path: Path) -> None:
    """Draw the states over time."""
    from emotion_agent.reporting.course import course_of
    from emotion_agent.reporting.plots import plot_state

    plot_state(course_of(recording.states, recording.stimuli), path)


def draw_person(out: Path) -> None:
    """Draw the person of the built-in photograph, and how this face turns into the robot's."""
    from emotion_models.imaging.files import write_picture
    from emotion_models.sketch.morphs import write_morph
    from emotion_models.sketch.robot_face import ROBOT, RobotFace

    photo = next(open_source(BUILT_IN_PHOTO, (640, 480), rate_hz=30.0))
    face = RobotFace()
    person = face.locate(photo)
    write_picture(out / 'person.png', face.draw(person))
    write_morph(face, [person, face.point_of(ROBOT)], out / 'person_to_robot.gif')
    print(f'drew     the person of the photograph: {out}/person.png, person_to_robot.gif')


def report(summary: dict, exit_codes: dict[str, int], out: Path) -> int:
    """Print what was seen and done, and return the exit status."""
    print(
        f'saw      {summary["frames_with_face"]} of {summary["frames_looked_at"]} images with a '
        f'face, mean valence {summary["mean_valence"]}, arousal {summary["mean_arousal"]}\n'
        f'dominant {", ".join(summary["dominant_emotions"])}\n'
        f'drew     {summary["faces_drawn"]} faces; camera image to face image p50 '
        f'{summary["latency_p50_ms"]} ms, p95 {summary["latency_p95_ms"]} ms\n'
        f'showed   {summary["frames_shown"]} frames, {summary["bytes_to_display"]} bytes to the '
        f'display\n'
        f'wrote    {out}/face.gif, state.png, summary.json'
    )
    failed = {name: code for name, code in exit_codes.items() if code != 0}
    if failed:
        print(f'failed   {failed}; see {out / "log"}', file=sys.stderr)
    if not summary['faces_drawn']:
        print(f'failed   no face was drawn; see {out / "log"}', file=sys.stderr)
    if not summary['frames_looked_at']:
        print(f'failed   no image was seen; see {out / "log"}', file=sys.stderr)
    is_whole = not failed and summary['faces_drawn'] and summary['frames_looked_at']
    return 0 if is_whole else 1
