# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Plays a recording to the nodes of the agent, with the time of the bag; ends with the bag.

    ros2 launch emotion_agent replay.launch.py bag:=FOLDER rate:=2 from:=affect display:=terminal

Every argument of agent.launch.py that makes sense for a recording is taken as well.
"""

from pathlib import Path

from ament_index_python.packages import PackageNotFoundError, get_package_prefix
from launch.actions import (
    DeclareLaunchArgument,
    ExecuteProcess,
    IncludeLaunchDescription,
    OpaqueFunction,
    RegisterEventHandler,
    Shutdown,
)
from launch.event_handlers import OnProcessExit
from launch.launch_context import LaunchContext
from launch.substitutions import LaunchConfiguration, PathJoinSubstitution
from launch_ros.actions import Node
from launch_ros.substitutions import FindPackageShare

from emotion_agent.replay.bag import Bag, BagError
from emotion_agent.replay.sources import ORIGINS, Choice, Names, NothingToPlay, choose
from launch import LaunchDescription

AGENT = PathJoinSubstitution([FindPackageShare('emotion_agent'), 'launch', 'agent.launch.py'])
# `ros2 bag play` does not wait for subscribers.
NODES_START_S = 3.0


def generate_launch_description() -> LaunchDescription:
    """Return the launch description of a replay."""
    return LaunchDescription(
        [
            argument('bag', None, 'the recording: a folder, or one .mcap or .db3 file'),
            argument('rate', '1.0', 'times faster than it was recorded'),
            argument('loop', 'false', 'start over at its end', ['true', 'false']),
            argument(
                'from',
                'auto',
                'what to begin from: camera images, recorded human_affect, or stimuli alone; '
                'auto = the first of them that was recorded',
                ['auto', *ORIGINS],
            ),
            argument('namespace', 'emotion', 'namespace in which it was recorded'),
            argument('image_topic', 'camera/image_raw', 'camera topic; relative to the namespace'),
            OpaqueFunction(function=replay),
        ]
    )


def argument(name: str, default, description: str, choices=None) -> DeclareLaunchArgument:
    """Return one launch argument."""
    return DeclareLaunchArgument(
        name, default_value=default, description=description, choices=choices
    )


def replay(context: LaunchContext) -> list:
    """Start the player and the nodes that the topics of the bag need."""
    value = {
        name: LaunchConfiguration(name).perform(context)
        for name in ('bag', 'rate', 'loop', 'from', 'namespace', 'image_topic')
    }
    path = Path(value['bag']).expanduser()
    names = Names(value['namespace'].strip('/'), value['image_topic'])
    origin = None if value['from'] == 'auto' else value['from']
    try:
        with Bag(path) as bag:
            choice = choose(bag.topics, names, origin, is_live=True)
            # rosbag2 publishes what it finds, as it is.
            needs_ours = bool(bag.damage) or bag.is_of_earlier_definitions
    except (BagError, NothingToPlay) as error:
        raise RuntimeError(str(error)) from None
    play = play_with_rosbag2 if has_rosbag2() and not needs_ours else play_with_ours
    player = play(path, value['rate'], value['loop'] == 'true', choice, remappings(choice, names))
    agent = IncludeLaunchDescription(
        AGENT,
        launch_arguments={
            'use_sim_time': 'true',
            'camera': 'false',
            'perception': str(choice.origin == 'images').lower(),
            # What a file of the robot says of its snapshot is not for a replay.
            'snapshot': LaunchConfiguration('snapshot', default='none'),
        }.items(),
    )
    at_end = OnProcessExit(target_action=player, on_exit=[Shutdown(reason='the bag has ended')])
    return [agent, player, RegisterEventHandler(at_end)]


def has_rosbag2() -> bool:
    """Whether the command `ros2 bag play` is installed."""
    try:
        return all(get_package_prefix(name) for name in ('ros2bag', 'rosbag2_transport'))
    except PackageNotFoundError:
        return False


def remappings(choice: Choice, names: Names) -> list[str]:
    """Play causes as stimuli, as the nodes publish the causes themselves."""
    return [f'{names.causes}:={names.stimulus}'] if names.causes in choice.topics else []


def play_with_rosbag2(
    path: Path, rate: str, loop: bool, choice: Choice, remaps: list[str]
) -> ExecuteProcess:
    """Play with rosbag2."""
    return ExecuteProcess(
        cmd=[
            *('ros2', 'bag', 'play', str(path), '--clock', '100', '--rate', rate),
            *('--delay', str(NODES_START_S)),
            *(['--loop'] if loop else []),
            *('--topics', *choice.topics),
            *(['--remap', *remaps] if remaps else []),
        ],
        output='both',
    )


def play_with_ours(path: Path, rate: str, loop: bool, choice: Choice, remaps: list[str]) -> Node:
    """Play with our own player, which waits for its subscribers."""
    return Node(
        package='emotion_agent',
        executable='play_bag',
        arguments=[
            *(str(path), '--rate', rate),
            *(['--loop'] if loop else []),
            *('--topics', *choice.topics),
            *(['--remap', *remaps] if remaps else []),
        ],
        output='both',
    )
