# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The command that opens rqt, with the real one; where it is not installed, it says so."""

import os
import signal
import subprocess
from importlib.util import find_spec
from pathlib import Path
from time import monotonic

import pytest

pytest.importorskip('rclpy')

from ament_index_python.packages import get_package_prefix

from emotion_msgs.srv import ListStimuli

HAS_RQT = find_spec('rqt_gui') is not None
TIMEOUT_S = 60.0


def start(home: Path, *arguments: str) -> subprocess.Popen:
    executable = Path(get_package_prefix('emotion_agent'), 'lib', 'emotion_agent', 'rqt_emotion')
    return subprocess.Popen(
        [str(executable), *arguments],
        env={
            **os.environ,
            'QT_QPA_PLATFORM': 'offscreen',
            'HOME': str(home),
            'ROS_DISTRO': 'jazzy',
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.mark.skipif(HAS_RQT, reason='rqt is installed')
def test_without_rqt_one_line_says_what_to_install(tmp_path):
    command = start(tmp_path)
    said, _ = command.communicate(timeout=TIMEOUT_S)

    assert command.returncode == 1
    assert said.splitlines() == [
        'rqt_emotion: rqt is not installed; sudo apt install ros-jazzy-rqt ros-jazzy-rqt-plot '
        'ros-jazzy-rqt-image-view'
    ]


@pytest.mark.skipif(not HAS_RQT, reason='this ROS has no rqt (it is not on PyPI)')
def test_rqt_finds_the_plugin_joins_the_agent_and_ends_cleanly(tmp_path, ros):
    agent = ros.create_node('emotion_state', namespace='robot1/emotion')
    asked = []

    def answer(_, response):
        asked.append(1)
        return response

    agent.create_service(ListStimuli, '~/list_stimuli', answer)
    command = start(tmp_path, '--panel', '--namespace', 'robot1/emotion')
    end_s = monotonic() + TIMEOUT_S
    try:
        # The panel may ask once while rqt is still arranging its windows, again only after that.
        while len(asked) < 2:
            ros.spin_once(agent, timeout_sec=0.1)
            assert command.poll() is None, command.stdout.read()
            assert monotonic() < end_s, f'waited {TIMEOUT_S} s for the panel'
    finally:
        command.send_signal(signal.SIGINT)
        said, _ = command.communicate(timeout=TIMEOUT_S)
        agent.destroy_node()

    assert command.returncode == 0, said
    assert 'Traceback' not in said
