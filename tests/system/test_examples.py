# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The examples run as anybody would start them, beside the real state node."""

import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic

import pytest
from geometry_msgs.msg import Twist
from rclpy.executors import SingleThreadedExecutor
from sensor_msgs.msg import BatteryState
from std_msgs.msg import Bool, Float32, String

from node_kit.qos import EVENT as MOUTH

EVERY = 10  # depth of the examples' topics


@pytest.fixture
def start_example(repository, start_nodes):
    """Start an example and the state node; the example must end cleanly when interrupted."""
    start_nodes().start('emotion_agent', 'emotion_state')
    running = []

    def start(name: str) -> None:
        command = [sys.executable, str(repository / 'examples' / f'{name}.py')]
        running.append(subprocess.Popen(command, stderr=subprocess.PIPE, text=True))

    yield start
    for process in running:
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=10)
        assert process.returncode == 0, said


@pytest.fixture
def robot(listener):
    """The rest of the robot: publishes what sensors say once the example listens."""
    publishers = {}

    def publish(topic: str, message) -> None:
        if topic not in publishers:
            kind = type(message)
            publishers[topic] = listener.node.create_publisher(kind, f'/{topic}', EVERY)
        publisher = publishers[topic]
        listener.wait_until(publisher.get_subscription_count, f'a listener to {topic}')
        publisher.publish(message)

    listener.wait_until(lambda: listener.last('state'), 'the state')
    return publish


def causes(listener) -> list[tuple[str, str, float]]:
    return [
        (cause.name, cause.source, round(cause.intensity, 2))
        for cause in listener.heard['emotion_state/causes']
    ]


def test_bumper_startles_the_robot_the_more_the_faster_it_was(start_example, robot, listener):
    start_example('bumper')

    def is_bumped(intensity: float) -> bool:
        for is_pressed in (True, False):
            robot('bumper', Bool(data=is_pressed))
        return ('collision', '/bumper', intensity) in causes(listener)

    listener.wait_until(lambda: is_bumped(0.2), 'a collision at rest')

    drive = Twist()
    drive.linear.x = 0.25
    robot('cmd_vel', drive)
    listener.wait_until(lambda: is_bumped(0.6), 'a collision in motion')
    listener.wait_until(lambda: listener.last('state').surprise > 0.1, 'a startle')


def test_dialogue_answers_in_the_mood_it_has_made(start_example, robot, listener):
    start_example('dialogue')
    listener.listen(String, '/say', EVERY)

    def answer_to(words: str) -> str:
        known = len(listener.heard['/say'])

        def is_answered_soon() -> bool:
            robot('heard', String(data=words))
            return listener.spin_until(lambda: len(listener.heard['/say']) > known, 2.0)

        # An answer is lost where the example has not found our subscription yet.
        listener.wait_until(is_answered_soon, f'an answer to {words}')
        return listener.last('/say').data

    assert answer_to('It is a table.') == 'I see.'
    # Whoever speaks in the first second after the start is not always heard.
    listener.wait_until(lambda: answer_to('Well done, that was great!') == 'Hooray!', 'joy')
    assert answer_to('You stupid, useless idiot!') == 'That was not fair!'
    assert {cause[:2] for cause in causes(listener)} == {
        ('praise', '/dialogue'),
        ('insult', '/dialogue'),
    }


def test_battery_acts_on_the_state_when_it_runs_low_and_when_it_is_charged(
    start_example, robot, listener
):
    start_example('battery')

    def reported(percentage: float, status: int = 0) -> list:
        robot('battery_state', BatteryState(percentage=percentage, power_supply_status=status))
        return causes(listener)

    reported(0.5)
    listener.wait_until(lambda: reported(0.1), 'the low battery')
    listener.wait_until(lambda: listener.last('state').sad > 0.05, 'the weight of it')
    reported(0.09)
    charging = BatteryState.POWER_SUPPLY_STATUS_CHARGING
    listener.wait_until(lambda: len(reported(0.1, charging)) > 1, 'the charger')

    assert causes(listener) == [('low_battery', '/battery', 0.5), ('charging', '/battery', 1.0)]


def test_without_an_agent_each_example_says_so_in_one_line(repository, listener, tmp_path):
    said = {name: tmp_path / name for name in ('battery', 'bumper', 'dialogue')}
    running = []
    for name, file in said.items():
        with file.open('w') as log:
            command = [sys.executable, str(repository / 'examples' / f'{name}.py')]
            running.append(subprocess.Popen(command, stderr=log))
    try:
        listener.wait_until(
            lambda: all('no emotion_state runs' in file.read_text() for file in said.values()),
            'the lines',
        )
    finally:
        for example in running:
            example.send_signal(signal.SIGINT)
        assert [example.wait(20) for example in running] == [0, 0, 0]

    for name, file in said.items():
        (line,) = file.read_text().splitlines()
        assert line.startswith('[WARN]')
        assert f'[{name}]: no emotion_state runs in /emotion' in line


VOICE = """
import math, sys, wave
with wave.open(sys.argv[1], 'wb') as file:
    file.setparams((1, 2, 8000, 0, 'NONE', ''))
    for k in range(400 * len(sys.argv[2])):
        file.writeframes(int(9000 * math.sin(k / 3)).to_bytes(2, 'little', signed=True))
"""


def speak(repository, *arguments, **options):
    command = [sys.executable, str(repository / 'examples' / 'speaking.py'), *arguments]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True, **options)


def test_speaking_says_a_text_with_any_voice_that_writes_a_file(
    repository, ros, listener, tmp_path
):
    # What counts as a face is a node of this name; the example waits until it is heard by it.
    face = ros.create_node('face_sketcher', namespace=listener.node.get_namespace())
    openings = []
    face.create_subscription(Float32, 'mouth', lambda said: openings.append(said.data), MOUTH)
    executor = SingleThreadedExecutor()
    executor.add_node(face)
    voice = tmp_path / 'voice.py'
    voice.write_text(VOICE)
    command = shlex.join([sys.executable, str(voice)]) + ' WAV TEXT'

    said = speak(repository, 'Hello, I am a robot.', '--voice', command, env=without_players())
    deadline_s = monotonic() + 60.0
    while (said.poll() is None or not openings) and monotonic() < deadline_s:
        executor.spin_once(timeout_sec=0.1)
    executor.shutdown()

    assert said.returncode == 0, said.communicate()
    assert max(openings) > 0.9
    assert openings[-1] == 0.0
    # A second of it; on a busy machine some openings are left out.
    assert 10 < len(openings) <= 31


def without_players() -> dict[str, str]:
    """The environment without programs beside Python itself."""
    return {**os.environ, 'PATH': str(Path(sys.executable).parent)}


@pytest.mark.parametrize(
    ('arguments', 'line'),
    [
        ((), 'espeak-ng is not installed: install it, or give a file with --wav'),
        (('--wav', 'no.wav'), 'no.wav: cannot be read: No such file or directory; give a WAV'),
    ],
)
def test_speaking_says_in_one_line_what_is_missing(repository, arguments, line):
    said = speak(repository, 'Hello', *arguments, env=without_players())
    _, problem = said.communicate(timeout=60)

    assert said.returncode == 1
    (only,) = problem.splitlines()
    assert only.startswith(line)
