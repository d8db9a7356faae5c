# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A ROS_DOMAIN_ID that cannot be used is one line before ROS starts, in every program."""

import os
import re
import subprocess
from pathlib import Path

import pytest
from ament_index_python.packages import get_package_prefix

from node_kit.domain import domain_problem
from node_kit.exit_status import CANNOT_START
from node_kit.ros_environment import require_usable_environment

UNUSABLE = ('300', '233', '-1', '5x', 'robot', '1.5', ' 7', '٣')
PROGRAMS = (
    ('emotion_agent', 'agent'),
    ('emotion_agent', 'camera'),
    ('emotion_agent', 'emotion_state'),
    ('emotion_agent', 'stimulate', '--list'),
    ('emotion_agent', 'play_bag', 'BAG'),
    ('oled_face', 'oled_face'),
)


@pytest.mark.parametrize('text', ['', '0', '7', '101', '232'])
def test_usable(monkeypatch, text):
    monkeypatch.setenv('ROS_DOMAIN_ID', text)

    assert domain_problem() is None
    require_usable_environment()


def test_not_set_is_usable(monkeypatch):
    monkeypatch.delenv('ROS_DOMAIN_ID', raising=False)

    assert domain_problem() is None


@pytest.mark.parametrize('text', UNUSABLE)
def test_unusable_is_one_line(monkeypatch, text):
    monkeypatch.setenv('ROS_DOMAIN_ID', text)

    with pytest.raises(SystemExit) as ended:
        require_usable_environment()

    said = str(ended.value)
    assert '\n' not in said
    assert f'got {text!r}' in said
    assert '0 to 232' in said


@pytest.mark.parametrize('program', PROGRAMS, ids=' '.join)
def test_every_program_says_it_before_it_starts(program):
    package, executable, *arguments = program
    path = Path(get_package_prefix(package), 'lib', package, executable)

    done = subprocess.run(
        [path, *arguments],
        env=dict(os.environ, ROS_DOMAIN_ID='300'),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode in (1, CANNOT_START)
    assert done.stdout == ''
    assert done.stderr.count('\n') == 1
    assert "got '300'" in done.stderr


def test_whatever_starts_ros_checks_the_domain(repository):
    files = [
        file
        for file in (repository / 'src').glob('*/*/**/*.py')
        if 'rclpy.init(' in file.read_text(encoding='utf-8')
    ]

    assert files
    for file in files:
        text = file.read_text(encoding='utf-8')
        assert re.search(r'(require_usable_environment|environment_problem)\(\)', text), file
