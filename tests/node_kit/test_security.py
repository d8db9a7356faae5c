# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Security of DDS that was asked for and is not there is one line, in every program."""

import os
import subprocess
from pathlib import Path

import pytest
from ament_index_python.packages import get_package_prefix

from node_kit.exit_status import CANNOT_START
from node_kit.ros_environment import environment_problem
from node_kit.security import explain

PROGRAMS = (
    ('emotion_agent', 'agent'),
    ('emotion_agent', 'emotion_state'),
    ('emotion_agent', 'stimulate', '--list'),
    ('oled_face', 'oled_face'),
)


@pytest.fixture
def keystore(tmp_path):
    (tmp_path / 'enclaves').mkdir()
    return str(tmp_path)


@pytest.fixture
def problem(monkeypatch, capsys, keystore):
    """What is wrong with variables, and what was said besides."""

    def of(**variables: str) -> tuple[str | None, str]:
        for name in ('ENABLE', 'STRATEGY', 'KEYSTORE'):
            monkeypatch.delenv(f'ROS_SECURITY_{name}', raising=False)
        for name, value in variables.items():
            monkeypatch.setenv(f'ROS_SECURITY_{name}', keystore if value == 'there' else value)
        return environment_problem(), capsys.readouterr().err

    return of


@pytest.mark.parametrize(
    'variables',
    [
        {},
        {'ENABLE': 'false', 'STRATEGY': 'Enforce'},
        {'ENABLE': 'true', 'STRATEGY': 'Enforce', 'KEYSTORE': 'there'},
        {'ENABLE': 'true', 'STRATEGY': 'Permissive', 'KEYSTORE': 'there'},
        {'ENABLE': 'true', 'KEYSTORE': 'there'},
    ],
)
def test_what_means_what_it_says_is_taken(problem, variables):
    assert problem(**variables) == (None, '')


@pytest.mark.parametrize(
    ('variables', 'line'),
    [
        ({'ENABLE': 'True'}, "ROS_SECURITY_ENABLE: expected true or false, got 'True'"),
        ({'ENABLE': '1'}, "ROS_SECURITY_ENABLE: expected true or false, got '1'"),
        (
            {'ENABLE': 'true', 'STRATEGY': 'enforce', 'KEYSTORE': 'there'},
            "ROS_SECURITY_STRATEGY: expected Enforce or Permissive, got 'enforce'; "
            'did you mean Enforce?',
        ),
        ({'ENABLE': 'true', 'STRATEGY': 'Enforce'}, "create_keystore made, got ''; make one"),
        (
            {'ENABLE': 'true', 'STRATEGY': 'Enforce', 'KEYSTORE': '/nonexistent'},
            "create_keystore made, got '/nonexistent'; make one, or set ROS_SECURITY_ENABLE=false",
        ),
    ],
)
def test_what_ros_would_take_for_no_security_is_refused(problem, variables, line):
    said, _ = problem(**variables)

    assert line in said


def test_security_that_ros_does_without_is_told(problem):
    refused, said = problem(ENABLE='true')

    assert refused is None
    assert said.count('\n') == 1
    assert 'running without security, as ROS_SECURITY_STRATEGY is not Enforce' in said


def test_other_errors_are_left_to_others():
    assert explain(RuntimeError('no memory')) is None


@pytest.mark.parametrize('program', PROGRAMS, ids=' '.join)
def test_every_program_says_in_one_line_that_its_dds_has_no_security(program, keystore):
    package, executable, *arguments = program
    variables = {'ENABLE': 'true', 'STRATEGY': 'Enforce', 'KEYSTORE': keystore}

    done = subprocess.run(
        [Path(get_package_prefix(package), 'lib', package, executable), *arguments],
        env=os.environ | {f'ROS_SECURITY_{name}': value for name, value in variables.items()},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    if 'SECURITY ERROR' in done.stderr:
        pytest.skip('the DDS here has security, and the keystore has no keys')
    assert done.returncode in (1, CANNOT_START), done.stderr
    assert 'Traceback' not in done.stderr
    last = done.stderr.splitlines()[-1]
    assert 'the DDS here was built without security' in last
    assert 'set ROS_SECURITY_ENABLE=false' in last
