# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The whole agent: camera image in, sketched face out. `--show-args` lists what can be chosen."""

from launch.actions import DeclareLaunchArgument, GroupAction
from launch.conditions import IfCondition
from launch.substitutions import (
    EnvironmentVariable,
    LaunchConfiguration,
    NotEqualsSubstitution,
    PathJoinSubstitution,
    PythonExpression,
)
from launch_ros.actions import Node, PushROSNamespace, SetParameter
from launch_ros.parameter_descriptions import ParameterFile, ParameterValue
from launch_ros.substitutions import FindPackageShare

from launch import LaunchDescription

SHARE = FindPackageShare('emotion_agent')
ROS_HOME = EnvironmentVariable(
    'ROS_HOME', default_value=[EnvironmentVariable('HOME', default_value='.'), '/.ros']
)


def declare_arguments() -> list[DeclareLaunchArgument]:
    """Return the arguments, in the order of --show-args."""
    return [
        argument('namespace', 'emotion', 'namespace of all nodes and topics'),
        argument(
            'params_file',
            PathJoinSubstitution([SHARE, 'config', 'agent.yaml']),
            'parameters of every node',
        ),
        argument('image_topic', 'camera/image_raw', 'camera topic; relative to the namespace'),
        argument('camera', 'false', 'run our own camera node too', ['true', 'false']),
        argument(
            'source', '0', 'of our camera: webcam number, picture, folder, video, or astronaut'
        ),
        argument(
            'display',
            'emulator',
            'ssd1306 = the panel; terminal, web (a page on localhost) or window instead; '
            'emulator = count what a panel would be sent; none = no display node',
            ['ssd1306', 'terminal', 'web', 'window', 'emulator', 'none'],
        ),
        argument('use_sim_time', 'false', 'take the time from /clock', ['true', 'false']),
        argument('temperament', 'balanced', 'name of a shipped temperament or a YAML file'),
        argument('detector', 'auto', 'auto, haar, yunet, or the path of a YuNet model file'),
        argument(
            'snapshot',
            # A replay must not change the snapshot of the robot.
            PythonExpression([
                "'none' if '", LaunchConfiguration('use_sim_time'), "' == 'true' else '",
                PathJoinSubstitution([ROS_HOME, 'emotion_agent', '']),
                LaunchConfiguration('namespace'),
                ".json'",
            ]),
            'file that carries the state over a restart; none = no file',
        ),
        argument(
            'perception',
            'true',
            'look at camera images; false = human_affect comes from elsewhere',
            ['true', 'false'],
        ),
        argument('record', 'false', 'record the topics of the agent', ['true', 'false']),
        argument(
            'record_images',
            'false',
            'record the camera images too; they show people',
            ['true', 'false'],
        ),
        argument(
            'record_to',
            '',
            'folder of the recording; empty = ROS_HOME/emotion_agent/bags/DATE_TIME',
        ),
        argument('rqt', 'false', 'open the panel, plots and images in rqt', ['true', 'false']),
        argument('autostart', 'true', 'let the nodes activate themselves', ['true', 'false']),
        argument('respawn', 'false', 'start a node again when it dies', ['true', 'false']),
        argument('log_level', 'info', 'debug, info, warn, error or fatal'),
    ]  # fmt: skip


def argument(name: str, default, description: str, choices=None) -> DeclareLaunchArgument:
    """Return one launch argument."""
    return DeclareLaunchArgument(
        name, default_value=default, description=description, choices=choices
    )


def text(name: str) -> ParameterValue:
    """Return a launch argument as a string parameter, also where it looks like a number."""
    return ParameterValue(LaunchConfiguration(name), value_type=str)


def unless_equal(name: str, value: str) -> IfCondition:
    """Return the condition that a launch argument is anything but `value`."""
    return IfCondition(NotEqualsSubstitution(LaunchConfiguration(name), value))


def node(package: str, executable: str, parameters: dict | None = None, **options) -> Node:
    """Return one of our nodes: named as its executable, parameters of the file first."""
    return Node(
        package=package,
        executable=executable,
        name=executable,
        parameters=[
            ParameterFile(LaunchConfiguration('params_file'), allow_substs=True),
            {'autostart': LaunchConfiguration('autostart')},
            parameters or {},
        ],
        arguments=['--ros-args', '--log-level', LaunchConfiguration('log_level')],
        respawn=LaunchConfiguration('respawn'),
        respawn_delay=2.0,
        output='both',
        **options,
    )


def generate_launch_description() -> LaunchDescription:
    """Return the launch description of the agent."""
    nodes = GroupAction(
        [
            PushROSNamespace(LaunchConfiguration('namespace')),
            SetParameter('use_sim_time', LaunchConfiguration('use_sim_time')),
            node(
                'emotion_agent',
                'camera',
                {'source': text('source'), 'image_topic': text('image_topic')},
                condition=IfCondition(LaunchConfiguration('camera')),
            ),
            node(
                'emotion_agent',
                'affect_estimator',
                {'image_topic': text('image_topic'), 'detector': text('detector')},
                condition=IfCondition(LaunchConfiguration('perception')),
            ),
            node(
                'emotion_agent',
                'emotion_state',
                {'temperament': text('temperament'), 'snapshot_path': text('snapshot')},
            ),
            node('emotion_agent', 'face_sketcher'),
            node(
                'oled_face',
                'oled_face',
                {'output': text('display')},
                condition=unless_equal('display', 'none'),
            ),
            node(
                'emotion_agent',
                'recorder',
                {
                    'folder': text('record_to'),
                    'record_images': LaunchConfiguration('record_images'),
                    'image_topic': text('image_topic'),
                },
                condition=IfCondition(LaunchConfiguration('record')),
            ),
            Node(
                package='emotion_agent',
                executable='rqt_emotion',
                arguments=['--namespace', LaunchConfiguration('namespace')],
                condition=IfCondition(LaunchConfiguration('rqt')),
            ),
        ]
    )
    return LaunchDescription([*declare_arguments(), nodes])
