# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The launch file, with the real `ros2 launch`, where the ROS installation has it."""

import os
import shutil
import signal
import subprocess

import pytest

pytest.importorskip('launch_ros', reason='this ROS has no launch_ros (it is not on PyPI)')
pytestmark = pytest.mark.skipif(not shutil.which('ros2'), reason='this ROS has no ros2 command')

LAUNCH = ('ros2', 'launch', 'emotion_agent', 'agent.launch.py')


def test_arguments_read_as_documentation():
    shown = subprocess.run([*LAUNCH, '--show-args'], capture_output=True, text=True, check=True)

    for name in ('image_topic', 'camera', 'display', 'namespace', 'params_file', 'rqt', 'record'):
        assert f"'{name}'" in shown.stdout
    assert 'no description' not in shown.stdout


def test_launched_agent_answers_and_ends_with_status_0(listener, tmp_path):
    environment = {**os.environ, 'ROS_HOME': str(tmp_path), 'ROS_LOG_DIR': str(tmp_path / 'log')}
    with (tmp_path / 'output').open('w') as output:
        launch = subprocess.Popen(
            [*LAUNCH, 'camera:=true', 'source:=astronaut'],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            listener.wait_until(
                lambda: listener.last('state') and listener.last('state').joy > 0.3, 'joy'
            )
            listener.wait_until(lambda: listener.last('face_image'), 'a face')
            listener.stimulate('threat_near')
            listener.wait_until(lambda: listener.last('state').dominant == 'fear', 'fear')
        finally:
            launch.send_signal(signal.SIGINT)
            status = launch.wait(30)

    said = (tmp_path / 'output').read_text()
    assert status == 0, said
    assert said.count('process has finished cleanly') == 5, said
    assert (tmp_path / 'emotion_agent' / 'emotion.json').exists()
