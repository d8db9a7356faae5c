# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Where no log can be written, ROS starts all the same and one line says so."""

import os
import subprocess
import sys

import pytest

from node_kit.log_folder import log_arguments

DISABLED = ['--ros-args', '--disable-external-lib-logs']
START = """
import sys
import rclpy
from node_kit.log_folder import log_arguments
rclpy.init(args=[*sys.argv, *log_arguments()])
rclpy.create_node('quiet').get_logger().info('started')
"""


@pytest.fixture(autouse=True)
def no_folders(monkeypatch):
    for name in ('ROS_LOG_DIR', 'ROS_HOME', 'HOME'):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ('name', 'folder'), [('ROS_LOG_DIR', 'log'), ('ROS_HOME', '.'), ('HOME', '.')]
)
def test_where_logs_can_be_written_nothing_is_added(tmp_path, monkeypatch, capsys, name, folder):
    monkeypatch.setenv(name, str(tmp_path / folder))

    assert log_arguments() == []
    assert capsys.readouterr().err == ''


@pytest.mark.parametrize('name', ['ROS_LOG_DIR', 'ROS_HOME', 'HOME'])
def test_where_they_cannot_one_line_says_so(tmp_path, monkeypatch, capsys, name):
    (tmp_path / 'file').touch()
    monkeypatch.setenv(name, str(tmp_path / 'file'))

    assert log_arguments() == DISABLED

    (line,) = capsys.readouterr().err.splitlines()
    assert str(tmp_path / 'file') in line
    assert line.endswith('set ROS_LOG_DIR to a folder to have them')


def test_without_a_home_folder_one_line_says_so(capsys):
    assert log_arguments() == DISABLED
    assert 'there is no home folder' in capsys.readouterr().err


@pytest.mark.dds
@pytest.mark.parametrize('log_folder', [None, '/proc/nowhere'])
def test_ros_starts_without_a_log_folder(log_folder):
    pytest.importorskip('rclpy')
    environment = {**os.environ, **({'ROS_LOG_DIR': log_folder} if log_folder else {})}
    environment.pop('ROS_HOME', None)

    answer = subprocess.run(
        [sys.executable, '-c', START],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert answer.returncode == 0, answer.stderr
    assert answer.stderr.count('no log files: ') == 1
    assert 'started' in answer.stderr + answer.stdout
