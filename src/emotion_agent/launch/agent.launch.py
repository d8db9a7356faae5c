# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
The whole agent: camera image in, sketched face out. `--show-args` lists what can be chosen.

What is started and given is decided in emotion_agent/launching; here it is put into actions.
"""

from pathlib import Path

from launch.actions import (
    DeclareLaunchArgument,
    OpaqueFunction,
    RegisterEventHandler,
    Shutdown,
)
from launch.event_handlers import OnProcessExit, OnProcessIO, OnProcessStart
from launch.launch_context import LaunchContext
from launch.logging import get_logger
from launch_ros.actions import Node
from launch_ros.parameter_descriptions import Parameter, ParameterFile

from emotion_agent.launching.arguments import ARGUMENTS, Argument
from emotion_agent.launching.plan import SUBSTITUTION, LaunchRefused, Plan, PlannedNode, plan
from emotion_agent.launching.refusals import Refusals
from launch import LaunchDescription

RESPAWN_DELAY_S = 2.0


def generate_launch_description() -> LaunchDescription:
    """Return the launch description of the agent."""
    return LaunchDescription([*map(declared, ARGUMENTS), OpaqueFunction(function=start)])


def declared(argument: Argument) -> DeclareLaunchArgument:
    """Return an argument as `launch` declares it."""
    # A choice that may be left open is checked by the plan.
    choices = list(argument.choices) if argument.default in argument.choices else None
    return DeclareLaunchArgument(
        argument.name,
        default_value=argument.default,
        description=argument.description,
        choices=choices,
    )


def start(context: LaunchContext) -> list:
    """Start what the arguments ask for."""
    given = context.launch_configurations
    try:
        planned = plan(given, outer=given.get('ros_namespace') or '')
    except LaunchRefused as error:
        raise RuntimeError(str(error)) from None
    for line in planned.warnings:
        get_logger('agent.launch').warning(line)
    nodes = [action(node, planned) for node in planned.nodes]
    return [*ends_where_a_node_refuses(), *nodes, *rqt(planned)]


def action(node: PlannedNode, planned: Plan) -> Node:
    """Return the action that starts one of our nodes."""
    return Node(
        package=node.package,
        executable=node.executable,
        name=node.executable,
        namespace=f'/{planned.namespace}',
        # What comes later counts more.
        parameters=[
            *map(file_action, node.files),
            # With its type: `source:=0` is text.
            *(
                Parameter(name, value, value_type=type(value))
                for name, value in node.parameters.items()
            ),
        ],
        ros_arguments=list(node.arguments),
        respawn=planned.respawns,
        respawn_delay=RESPAWN_DELAY_S,
        output='both',
    )


def file_action(file: Path) -> ParameterFile:
    """Return a file of parameters; the nodes name it in what they say, unless it is rewritten."""
    return ParameterFile(file, allow_substs=SUBSTITUTION in file.read_text(encoding='utf-8'))


def rqt(planned: Plan) -> list[Node]:
    """Return the panel, if it is to be opened."""
    arguments = ['--namespace', planned.namespace]
    panel = Node(package='emotion_agent', executable='rqt_emotion', arguments=arguments)
    return [panel] if planned.has_rqt else []


def ends_where_a_node_refuses() -> list[RegisterEventHandler]:
    """End the launch if a node cannot start, and say why when all have ended."""
    refusals = Refusals()

    def note_output(event) -> None:
        refusals.heard(event.process_name, event.text.decode(errors='replace'))

    def note_start(event, _) -> None:
        refusals.started(event.pid)

    def note_exit(event, context: LaunchContext):
        refusals.ended(event.pid, event.process_name, event.returncode)
        if not refusals.line:
            return None
        if refusals.running:
            return None if context.is_shutdown else [Shutdown(reason=refusals.line)]
        raise RuntimeError(refusals.line)

    return [
        RegisterEventHandler(OnProcessIO(on_stdout=note_output, on_stderr=note_output)),
        RegisterEventHandler(OnProcessStart(on_start=note_start)),
        RegisterEventHandler(OnProcessExit(on_exit=note_exit)),
    ]
