# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Plays a recording to the nodes of the agent, with the time of the bag; ends with the bag.

    ros2 launch emotion_agent replay.launch.py bag:=FOLDER rate:=2 from:=affect display:=terminal

The nodes have the parameters and the temperament of the bag. Every argument of agent.launch.py
that makes sense for a recording is taken as well, and counts more than what the bag has.
"""

from contextlib import suppress
from math import inf
from pathlib import Path
from tempfile import TemporaryDirectory

from ament_index_python.packages import PackageNotFoundError, get_package_prefix
from launch.actions import (
    DeclareLaunchArgument,
    ExecuteProcess,
    IncludeLaunchDescription,
    LogInfo,
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
from emotion_agent.replay.live import (
    given_to_launch,
    not_applied,
    taken_over,
    write_parameters,
)
from emotion_agent.replay.parameters import Given, ParameterError, replay_settings
from emotion_agent.replay.recorded_agent import RecordedAgent, read_agent
from emotion_agent.replay.report import about_the_agent
from emotion_agent.replay.sources import (
    ORIGINS,
    Choice,
    Names,
    NothingToPlay,
    choose,
    found_namespace,
)
from launch import LaunchDescription
from node_kit.paths import expanded

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
            argument('namespace', '', 'in which it was recorded; empty = as the bag says'),
            argument(
                'image_topic',
                '',
                'camera topic, relative to the namespace; empty = as the bag says',
            ),
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
    check_rate(value['rate'])
    path = expanded(value['bag'])
    origin = None if value['from'] == 'auto' else value['from']
    try:
        with Bag(path) as bag:
            namespace = value['namespace'].strip('/') or found_namespace(bag.topics)
            recorded = read_agent(bag, Names(namespace))
            names = Names(namespace, value['image_topic'] or recorded_image_topic(recorded))
            choice = choose(bag.topics, names, origin, is_live=True)
            said = said_of(recorded, given_to_launch(context.launch_configurations, names))
            # rosbag2 publishes what it finds, as it is.
            needs_ours = bool(bag.damage) or bag.is_of_earlier_definitions
    except (BagError, NothingToPlay, ParameterError) as error:
        raise RuntimeError(str(error)) from None
    play = play_with_rosbag2 if has_rosbag2() and not needs_ours else play_with_ours
    player = play(path, value['rate'], value['loop'] == 'true', choice, remappings(choice, names))
    folder = TemporaryDirectory(prefix='emotion_agent_replay_')
    files = [
        str(write_parameters(recorded, names, Path(folder.name)) or ''),
        context.launch_configurations.get('params_file', ''),
    ]
    agent = IncludeLaunchDescription(
        AGENT,
        launch_arguments={
            'use_sim_time': 'true',
            'camera': 'false',
            'perception': str(choice.origin == 'images').lower(),
            # What a file of the robot says of its snapshot is not for a replay.
            'snapshot': LaunchConfiguration('snapshot', default='none'),
            'namespace': f'/{names.namespace}',
            'image_topic': names.image_topic,
            'params_file': ','.join(filter(None, files)),
        }.items(),
    )

    def end(event, context: LaunchContext) -> list:
        folder.cleanup()
        if event.returncode and not context.is_shutdown:
            raise RuntimeError(
                f'the player of the bag ended with status {event.returncode}, see its lines above'
            )
        return [Shutdown(reason='the bag has ended')]

    at_end = OnProcessExit(target_action=player, on_exit=end)
    return [agent, player, RegisterEventHandler(at_end), *said]


def check_rate(text: str) -> None:
    """Refuse a rate that is no number above 0."""
    with suppress(ValueError):
        if 0.0 < float(text) < inf:
            return
    raise RuntimeError(f'rate: expected a number above 0, got {text!r}; write rate:=2 for twice')


def recorded_image_topic(recorded: RecordedAgent) -> str:
    """Return the camera topic that the recorded estimator read, else the usual one."""
    return recorded.parameters.get('affect_estimator', {}).get('image_topic', Names().image_topic)


def said_of(recorded: RecordedAgent, given: Given) -> list[LogInfo]:
    """Return the lines about the recorded agent: what its nodes have, and what they have not."""
    used = taken_over(recorded)
    settings = replay_settings(used.parameters, given, used.problems)
    lines = [*about_the_agent(used, given, settings), not_applied(recorded)]
    return [LogInfo(msg=line) for line in lines if line]


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
