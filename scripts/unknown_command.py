# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What `./run COMMAND` answers where there is no such command: what to do, in one line."""

import importlib.util
import sys
from collections.abc import Sequence

from node_kit.suggestions import did_you_mean

NODES = ('affect_estimator', 'camera', 'emotion_state', 'face_sketcher', 'oled_face', 'recorder')
OF_ROS = (*NODES, 'agent', 'play_bag', 'rqt_emotion', 'stimulate', 'test_pattern')
"""The executables of our packages, which are built where there is ROS."""
WITHOUT_ROS = ('emotion-agent', 'emotion-models', 'oled-face')
TOOLS = ('ros2', 'rqt', 'colcon')
GET_ROS = 'install ROS 2 (docs.ros.org) and source its setup.bash'
STIMULUS_TOPICS = ('stimulus', 'stimulus_text')


def answer(command: Sequence[str]) -> str:
    """Return the line for a command that was not found."""
    name, *arguments = command
    if name == 'ros2':
        return (
            f'ros2 comes with a ROS installation, not with wheels: {GET_ROS}; {instead(arguments)}'
        )
    if name in TOOLS:
        return f'{name} comes with a ROS installation, not with wheels: {GET_ROS}'
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
        case ['launch', *_]:
            return 'here ./run agent starts all nodes (--camera with a camera)'
        case ['topic', 'pub', *rest] if any(STIMULUS_TOPICS[0] in word for word in rest):
            return 'here ./run stimulate praise 0.8 sends a stimulus (--list prints all)'
        case ['bag', 'play', *_]:
            return 'here ./run play_bag BAG plays a recording'
        case ['bag', 'record', *_]:
            return 'here ./run recorder records the agent'
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
