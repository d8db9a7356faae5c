# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What `./run COMMAND` answers where there is no such command: what to do, in one line."""

import importlib.util
import sys
from collections.abc import Sequence

from node_kit.suggestions import did_you_mean

NODES = (
    *('affect_estimator', 'camera', 'emotion_state', 'face_sketcher', 'oled_face', 'recorder'),
    *('session', 'emotion_web'),
)
OF_ROS = (*NODES, 'agent', 'play_bag', 'rqt_emotion', 'stimulate', 'test_pattern')
"""The executables of our packages, which are built where there is ROS."""
WITHOUT_ROS = ('emotion-agent', 'emotion-models', 'oled-face')
TOOLS = ('ros2', 'rqt', 'colcon')
GET_ROS = 'install ROS 2 (docs.ros.org) and source its setup.bash'
RECORDER = './run recorder --ros-args -r __ns:=/emotion'  # a node alone starts in /
STIMULATE = './run stimulate praise 0.8 sends a stimulus'
HERE = (
    (['run', 'emotion_agent'], 'demo', 'make demo runs the whole chain'),
    (['launch'], 'replay', './run play_bag BAG plays a recording to ./run agent'),
    (['launch'], '', './run agent starts all nodes (--camera with a camera)'),
    (['topic', 'pub'], 'stimulus', f'{STIMULATE} (--list prints all)'),
    (['topic'], '', f'{RECORDER} records the topics of the agent, and {STIMULATE}'),
    (['service'], 'test_pattern', './run test_pattern shows the test patterns'),
    (['service'], 'list_stimuli', './run stimulate --list prints the stimuli'),
    (['service'], '', './run stimulate --list asks one; others are called from Python, by rclpy'),
    (
        ['param'],
        '',
        'parameters are given at start: ./run agent -p NODE:PARAMETER:=VALUE, as '
        '-p emotion_state:temperament:=calm; ./run NODE --help lists them',
    ),
    (['bag', 'play'], '', './run play_bag BAG plays a recording'),
    (['bag', 'record'], '', f'{RECORDER} records the agent'),
)
"""Words after `ros2`, a part of one of them, and what does that here; the first that fits."""


def answer(command: Sequence[str]) -> str:
    """Return the line for a command that was not found."""
    name, *arguments = command
    if name == 'ros2':
        return f'{absent(name)}; {instead(arguments)}'
    if name in TOOLS:
        return absent(name)
    if name in OF_ROS:
        return f'{name} needs ROS 2, which is not here: {GET_ROS}; {without_ros()}'
    return f'there is no command {name!r}{did_you_mean(name, (*OF_ROS, *WITHOUT_ROS))}'


def absent(tool: str) -> str:
    """Return how to get a tool of ROS."""
    return f'{tool} comes with a ROS installation, not with wheels: {GET_ROS}'


def instead(arguments: Sequence[str]) -> str:
    """Return what does here what `ros2` was asked to do."""
    if importlib.util.find_spec('rclpy') is None:
        return without_ros()
    match list(arguments):
        case ['run', 'emotion_agent' | 'oled_face', program, *rest] if program in OF_ROS:
            return f'the same here: ./run {" ".join([program, *rest])}'
        case ['run', 'emotion_agent' | 'oled_face', program, *_] if program != 'demo':
            return f'{program} is no program here{did_you_mean(program, OF_ROS)}'
    for verb, about, answer in HERE:
        if arguments[: len(verb)] == verb and any(about in word for word in arguments):
            return f'here {answer}'
    return (
        'here ./run agent starts all nodes, ./run stimulate sends a stimulus and ./run '
        'emotion-agent --help lists what needs no ROS'
    )


def without_ros() -> str:
    """Return what can be used without ROS."""
    return f'without it: ./run {", ./run ".join(WITHOUT_ROS)} (each with --help)'


if __name__ == '__main__':
    print(f'emotion_agent: {answer(sys.argv[1:])}', file=sys.stderr)
    sys.exit(127)
