# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""`./run NAME` runs every program of the packages, and says what to do where there is none."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
import unknown_command
from ament_index_python.packages import get_package_prefix


def run(repository: Path, *command: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [str(repository / 'run'), *command],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def executables() -> dict[str, Path]:
    return {
        file.name: file
        for package in ('emotion_agent', 'oled_face')
        for file in Path(get_package_prefix(package), 'lib', package).iterdir()
        if os.access(file, os.X_OK) and file.is_file()
    }


def test_every_executable_is_found_by_its_name(repository):
    names = sorted(executables())

    found = run(
        repository, 'bash', '-c', f'for name in {" ".join(names)}; do command -v $name; done'
    )

    assert found.returncode == 0, found.stderr
    assert [Path(line) for line in found.stdout.splitlines()] == [
        executables()[name] for name in names
    ]


def test_executables_that_need_ros_are_known():
    assert set(unknown_command.OF_ROS) == set(executables())


@pytest.mark.parametrize(
    'command', ['stimulate', 'agent', 'play_bag', *unknown_command.WITHOUT_ROS]
)
def test_command_starts(repository, command):
    done = run(repository, command, '--help')

    assert done.returncode == 0, done.stderr
    assert 'usage' in done.stdout.lower()


@pytest.mark.skipif(shutil.which('ros2') is not None, reason='ros2 is here')
def test_ros2_is_answered_in_one_line(repository):
    done = run(repository, 'ros2', 'run', 'emotion_agent', 'stimulate', 'praise', '0.8')

    assert done.returncode == 127
    assert done.stdout == ''
    assert done.stderr.count('\n') == 1
    assert 'install ROS 2' in done.stderr
    assert './run stimulate praise 0.8' in done.stderr


@pytest.mark.parametrize(
    ('asked', 'here'),
    [
        (
            'run oled_face oled_face --ros-args -p output:=web',
            './run oled_face --ros-args -p output:=web',
        ),
        ('launch emotion_agent agent.launch.py', './run agent'),
        (
            "topic pub --once /emotion/stimulus_text std_msgs/msg/String data: 'praise'",
            './run stimulate praise',
        ),
        ('bag play day', './run play_bag BAG'),
        ('bag record -a', './run recorder --ros-args -r __ns:=/emotion'),
        ('topic list', './run recorder --ros-args -r __ns:=/emotion'),
        ('topic echo /emotion/state', './run recorder --ros-args -r __ns:=/emotion'),
        (
            'param set /emotion/emotion_state temperament calm',
            '-p emotion_state:temperament:=calm',
        ),
        ('param list', './run agent -p NODE:PARAMETER:=VALUE'),
        ('service call /emotion/emotion_state/list_stimuli', './run stimulate --list'),
        ('service call /emotion/oled_face/test_pattern', './run test_pattern'),
        ('service list', './run stimulate --list'),
        ('run emotion_agent demo', 'make demo'),
        ('run emotion_agent recordr', 'did you mean recorder?'),
        ('launch emotion_agent replay.launch.py bag:=day', './run play_bag BAG'),
        ('node list', './run agent starts all nodes'),
        ('', './run stimulate sends a stimulus'),
    ],
)
def test_what_does_the_same_is_said(asked, here):
    answer = unknown_command.answer(['ros2', *asked.split()])

    assert here in answer
    assert '\n' not in answer


def test_without_ros_it_says_what_needs_none(monkeypatch):
    monkeypatch.setattr(unknown_command.importlib.util, 'find_spec', lambda name: None)

    for command in (['ros2', 'topic', 'list'], ['agent'], ['stimulate', 'praise'], ['camera']):
        answer = unknown_command.answer(command)
        assert 'install ROS 2' in answer
        assert './run oled-face' in answer
        assert './run agent' not in answer


def test_misspelt_command(repository):
    done = run(repository, 'stimulat', 'praise')

    assert done.returncode == 127
    assert done.stderr == (
        "emotion_agent: there is no command 'stimulat'; did you mean stimulate?\n"
    )
