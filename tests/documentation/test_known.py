# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The check of commands finds what is not there."""

import pytest
from known import Foreign, check
from written import commands

pytest.importorskip('rclpy')


@pytest.mark.parametrize(
    ('command', 'problem'),
    [
        ('make demos', 'the Makefile has no demos'),
        ('make demo CAMERAS=0', 'the Makefile has no CAMERAS'),
        ('./run emotion-agent replay BAG --output x', 'emotion-agent replay has no --output'),
        (
            'emotion-models evaluate affect --data D --plot F',
            'emotion-models evaluate has no --plot',
        ),
        ('oled-face --drivers sh1106', 'oled-face has no --drivers'),
        ('python -m emotion_agent.stimulate', 'there is no module emotion_agent.stimulate'),
        ('python -m emotion_agent.client', 'emotion_agent.client does nothing by python -m'),
        ('pytest tests/oled', 'tests/oled is not in the repository'),
        (
            'emotion-agent plot-state config/scripts/night.yaml',
            'night.yaml is not in the repository',
        ),
        ('ros2 launch emotion_agent agents.launch.py', 'no launch file agents.launch.py'),
        ('ros2 launch emotion_agent agent.launch.py colour:=red', 'has no argument colour'),
        ('ros2 run emotion_agent agents', 'emotion_agent has no executable agents'),
        ('ros2 run emotion_agent stimulate praise --loud', 'stimulate has no --loud'),
        ('ros2 run oled_face oled_face --ros-args -p outputs:=web', 'no parameter outputs'),
        ('ros2 param set /emotion/face_sketcher eyes 1.0', 'face_sketcher has no parameter eyes'),
        ('ros2 param get /emotion/face eyes', 'there is no node face'),
        ('ros2 topic echo /emotion/feelings', 'no page lists the topic or service'),
        ('ros2 topic pub /emotion/gaze geometry_msgs/msg/Dot', 'there is no interface'),
        ('ros2 topics list', 'there is no ros2 topics'),
    ],
)
def test_what_is_not_there_is_named(command, problem):
    with pytest.raises((AssertionError, ModuleNotFoundError), match=problem):
        check(next(commands(command)))


def test_commands_of_others_are_told_from_ours():
    with pytest.raises(Foreign):
        check(['sudo', 'apt', 'install', 'python3-venv'])


def test_a_text_is_split_into_commands():
    text = """
        WITH=training ./run make test   # a comment
        emotion-models evaluate A \\
            [--json F] | tee log && make lint
    """

    assert list(commands(text)) == [
        ['WITH=training', './run', 'make', 'test'],
        ['emotion-models', 'evaluate', 'A', '--json', 'F'],
        ['tee', 'log'],
        ['make', 'lint'],
    ]
