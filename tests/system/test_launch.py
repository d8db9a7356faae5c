# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The launch file, with the real `ros2 launch`, where the ROS installation has it."""

import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest
from bag_maker import BagMaker

from emotion_agent.launching.arguments import ARGUMENTS

pytest.importorskip('launch_ros', reason='this ROS has no launch_ros (it is not on PyPI)')
pytestmark = pytest.mark.skipif(not shutil.which('ros2'), reason='this ROS has no ros2 command')

LAUNCH = ('ros2', 'launch', 'emotion_agent')
AGENT = 'agent.launch.py'


@pytest.fixture
def launch(tmp_path):
    """Start the agent with arguments; each must have ended at the end of the test."""
    started = []

    def start(*arguments: str, file: str = AGENT) -> subprocess.Popen:
        environment = {**os.environ, 'ROS_LOG_DIR': str(tmp_path / 'log')}
        with (tmp_path / 'output').open('w') as output:
            process = subprocess.Popen(
                [*LAUNCH, file, *arguments],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.wait(60)


@pytest.fixture
def said(tmp_path):
    """Everything that the launch has written so far."""
    return (tmp_path / 'output').read_text


def test_arguments_read_as_documentation():
    shown = subprocess.run(
        [*LAUNCH, AGENT, '--show-args'], capture_output=True, text=True, check=True
    )

    for argument in ARGUMENTS:
        assert f"'{argument.name}'" in shown.stdout
        assert argument.description in shown.stdout
    assert 'no description' not in shown.stdout


def test_launched_agent_answers_and_ends_with_status_0(listener, launch, said):
    process = launch('camera:=true', 'source:=astronaut')
    listener.wait_until(lambda: listener.last('state') and listener.last('state').joy > 0.3, 'joy')
    listener.wait_until(lambda: listener.last('face_image'), 'a face')
    listener.stimulate('threat_near')
    listener.wait_until(lambda: listener.last('state').dominant == 'fear', 'fear')

    process.send_signal(signal.SIGINT)

    assert process.wait(60) == 0, said()
    assert said().count('process has finished cleanly') == 5, said()
    assert Path(os.environ['ROS_HOME'], 'emotion_agent', 'emotion.json').exists()


FILE = """
/**:
  ros__parameters: {image_topic: front/image, rotate180: true}
/**/emotion_state:
  ros__parameters: {temperament: calm, tmie_scale: 2.0, time_scale: $(env FACTOR)}
/**/oled_face:
  ros__parameters: {output: "emulator,png", png_folder: FOLDER}
/**/face_sketchr:
  ros__parameters: {seed: 3}
"""
SECOND = """
/**:
  ros__parameters: {rotate180: false, contrast: 9}
"""


def configured(text: str, node: str) -> str:
    """The line in which a node says its parameters, '' before it does."""
    lines = [line for line in text.splitlines() if f'.{node}]: configured with' in line]
    return lines[-1] if lines else ''


def test_file_counts_where_no_argument_is_given(listener, launch, said, tmp_path, monkeypatch):
    monkeypatch.setenv('FACTOR', '3.0')
    first, second = tmp_path / 'first.yaml', tmp_path / 'second.yaml'
    first.write_text(FILE.replace('FOLDER', str(tmp_path / 'png')))
    second.write_text(SECOND)

    launch(
        f'params_file:={first},{second}', 'image_topic:=rear/image', 'camera:=true', 'source:=0'
    )
    listener.wait_until(
        lambda: all(
            configured(said(), node)
            for node in ('emotion_state', 'oled_face', 'affect_estimator', 'camera')
        ),
        'four nodes',
    )

    state, display = configured(said(), 'emotion_state'), configured(said(), 'oled_face')
    assert "temperament='calm'" in state
    assert 'time_scale=3.0, empathy.gain=2.33' in state
    assert "output='emulator,png'" in display
    assert 'rotate180=False' in display
    assert 'contrast=9' in display
    assert "image_topic='rear/image'" in configured(said(), 'affect_estimator')
    assert "source='0', image_topic='rear/image'" in configured(said(), 'camera')
    assert 'ignored tmie_scale, which is no parameter of this node; did you mean time_scale?' in (
        said()
    )
    assert 'ignored /**/face_sketchr, which is no node here; did you mean face_sketcher?' in said()


@pytest.mark.parametrize('respawn', ['true', 'false'])
@pytest.mark.parametrize(
    ('argument', 'line'),
    [
        ('params_file:=FILE', '/emotion/emotion_state: time_scale: expected a number with a '
                              'decimal point, got 10; write 10.0'),
        ('temperament:=clam', "/emotion/emotion_state: temperament: expected one of balanced, "),
        ('display:=sh1106,wbe', '/emotion/oled_face: output: expected '),
    ],
)  # fmt: skip
def test_node_that_cannot_start_ends_the_launch_with_its_line_last(
    launch, said, tmp_path, argument, line, respawn
):
    file = tmp_path / 'mine.yaml'
    file.write_text('/**/emotion_state:\n  ros__parameters: {time_scale: 10}\n')

    process = launch(argument.replace('FILE', str(file)), f'respawn:={respawn}')

    assert process.wait(120) == 1, said()
    last = said().splitlines()[-1]
    assert 'cannot start: ' in last, said()
    assert line in last
    assert 'Traceback' not in said(), 'of a node that was still being imported'


@pytest.mark.parametrize(
    ('argument', 'line'),
    [
        ('params_file:=/nowhere.yaml', 'params_file: /nowhere.yaml: No such file or directory'),
        ('log_level:=loud', "Valid options are: ['debug', 'info', 'warn', 'error', 'fatal']"),
        ('use_sim_time:=maybe', "use_sim_time: expected one of true, false, got 'maybe'"),
    ],
)
def test_launch_that_is_refused_starts_nothing(launch, said, argument, line):
    process = launch(argument)

    assert process.wait(60) == 1, said()
    assert line in said().splitlines()[-1]
    assert 'process started' not in said()


def test_node_that_dies_later_is_respawned(listener, launch, said):
    launch('respawn:=true', 'perception:=false', 'display:=none')
    listener.wait_until(lambda: listener.last('state'), 'a state')
    process = next(
        int(line.rpartition('[')[2].rstrip(']'))
        for line in said().splitlines()
        if 'emotion_state' in line and 'process started with pid' in line
    )
    listener.heard['state'].clear()

    os.kill(process, signal.SIGKILL)

    listener.wait_until(
        lambda: said().count('process started with pid') == 3, 'the node to be started again'
    )
    listener.wait_until(lambda: said().count(']: active') >= 3, 'the node to be active again')


@pytest.fixture
def kept(tmp_path):
    """Two files of the state of a robot, which a replay must leave alone."""
    files = [Path(os.environ['ROS_HOME'], 'emotion_agent', 'emotion.json'), tmp_path / 'own.json']
    for file in files:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text('as the robot left it')
    return files


def test_replay_leaves_the_state_of_the_robot_alone(launch, said, tmp_path, kept):
    maker = BagMaker()
    bag = maker.write(tmp_path / 'bag', maker.observations(2.0))
    file = tmp_path / 'robot.yaml'
    file.write_text(f'/**/emotion_state:\n  ros__parameters: {{snapshot_path: {kept[1]}}}\n')

    process = launch(
        f'bag:={bag}', f'params_file:={file}', 'display:=none', file='replay.launch.py'
    )

    assert process.wait(120) == 0, said()
    assert "snapshot_path='none'" in configured(said(), 'emotion_state')
    assert [file.read_text() for file in kept] == ['as the robot left it'] * 2


def test_clock_of_a_simulation_leaves_the_state_of_the_robot_alone(listener, launch, said, kept):
    process = launch('use_sim_time:=true', 'perception:=false', 'display:=none')
    listener.wait_until(lambda: configured(said(), 'emotion_state'), 'the state')
    process.send_signal(signal.SIGINT)

    assert process.wait(60) == 0, said()
    assert kept[0].read_text() == 'as the robot left it'
