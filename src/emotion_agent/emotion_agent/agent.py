# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
All nodes in one process, for small computers.

    ros2 run emotion_agent agent --camera --params-file mine.yaml -p oled_face:output:=web

The same nodes with the same names, topics and parameters as agent.launch.py starts them, in the
namespace `emotion` unless the arguments say otherwise. Everything else that ROS understands comes
behind --ros-args.
"""

if __name__ == '__main__':  # before the imports, of which one may fail
    from emotion_agent import programs

    raise SystemExit(programs.agent())

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

from emotion_agent.launching.arguments import EVERY_NODE
from emotion_agent.launching.nodes import NODES
from emotion_agent.launching.plan import strays
from emotion_agent.resources.folders import config_folder
from emotion_agent.ros.transports import use_large_segment
from node_kit import ManagedNode, run
from node_kit.arguments import PARAMETER, PARAMETER_FILE, ROS_ARGUMENTS, Arguments, Given, split
from node_kit.parameter_files import matches
from node_kit.settings import is_of_ros

NAMES = ('affect_estimator', 'emotion_state', 'face_sketcher', 'oled_face')
CAMERA, SESSION, WEB = 'camera', 'session', 'emotion_web'
OPTIONAL = {
    CAMERA: 'run our camera node too',
    SESSION: 'run sessions of a study and scripts too',
    WEB: 'serve the panel as a web page, and run sessions',
}
NAMESPACE = '__ns:='


def find(name: str) -> type[ManagedNode]:
    """Return the class called `module:class`."""
    module, _, attribute = name.partition(':')
    return getattr(import_module(module), attribute)


def main() -> int:
    """Run the agent."""
    own, ros = split(sys.argv[1:])
    options, unknown = make_parser().parse_known_args(own)
    if options.camera:
        use_large_segment()
    wanted = {name for name in OPTIONAL if getattr(options, name)}
    if WEB in wanted:
        wanted.add(SESSION)  # the page has buttons for it
    names = (*NAMES, *(name for name in OPTIONAL if name in wanted))
    given = without_those_of_others([*options.given, *ros], names)
    # `run` refuses what is unknown.
    command_line = [sys.argv[0], *unknown, *ros_arguments(given)]
    for line in without_effect(command_line):
        warn(line)
    return run(*(find(NODES[name]) for name in names), args=command_line)


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of what comes before --ros-args."""
    optional = ' '.join(f'[{flag(name)}]' for name in OPTIONAL)
    parser = argparse.ArgumentParser(
        prog='agent',
        usage=f'agent [-h] {optional} [--params-file FILE]… [-p NODE:NAME:=VALUE]… [--ros-args …]',
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    for name, meaning in OPTIONAL.items():
        parser.add_argument(flag(name), dest=name, action='store_true', help=meaning)
    parser.add_argument(
        PARAMETER_FILE,
        action='append',
        type=lambda file: (PARAMETER_FILE, file),
        dest='given',
        metavar='FILE',
        default=[],
        help='YAML file of parameters, as config/agent.yaml; may come several times, and what '
        'comes later counts more',
    )
    parser.add_argument(
        *PARAMETER,
        action='append',
        type=lambda rule: (PARAMETER[0], rule),
        dest='given',
        metavar='NODE:NAME:=VALUE',
        default=[],
        help='one parameter of a node, as oled_face:output:=web; without NODE, of every node '
        'that has it',
    )
    return parser


def flag(name: str) -> str:
    """Return the option that starts an optional node."""
    return f'--{name.removeprefix("emotion_")}'


def ros_arguments(given: Sequence[tuple[str, str | None]]) -> list[str]:
    """
    Return the arguments for ROS: first the defaults, as what comes later counts more.

    Args:
        given: (flag, value) of what the user gave.
    """
    shipped = (PARAMETER_FILE, str(config_folder() / 'agent.yaml'))
    namespace = [] if any(NAMESPACE in (value or '') for _, value in given) else [
        ('-r', f'{NAMESPACE}/emotion')
    ]  # fmt: skip
    pairs = [shipped, *namespace, *given]
    return [ROS_ARGUMENTS, *(word for pair in pairs for word in pair if word is not None)]


def without_effect(command_line: Sequence[str]) -> list[str]:
    """Return a line for each section of a file that misses the node it was meant for."""
    try:
        arguments = Arguments(command_line)
    except ValueError:
        return []  # `run` says what is wrong
    every_node = [arguments.full_name(name) for name in EVERY_NODE]
    return [line for file in arguments.files for line in strays(file, every_node, EVERY_NODE)]


def warn(line: str) -> None:
    """Say what has no effect."""
    print(f'warning: {line}', file=sys.stderr)


def without_those_of_others(
    given: Sequence[tuple[str, str | None]], names: Sequence[str]
) -> list[tuple[str, str | None]]:
    """
    Return arguments without the parameters that only nodes have which are not started; each of
    these is told.

    Args:
        given: (flag, value) of what the user gave.
        names: of the nodes that are started.
    """
    command_line = [sys.argv[0], *ros_arguments(given)]
    ignored = {
        rule: name
        for name in OPTIONAL
        if name not in names
        for rule in of_one_alone(name, names, command_line)
    }
    for rule, name in ignored.items():
        warn(f'ignored {rule}, as {name} is not started; give {flag(name)}')
    return [
        (flag, value)
        for flag, value in given
        if not (flag in PARAMETER and f'{PARAMETER[0]} {value}' in ignored)
    ]


def of_one_alone(name: str, names: Sequence[str], command_line: Sequence[str]) -> list[str]:
    """Return the parameters on a command line that only one node has, as -p NAME:=VALUE."""
    try:
        arguments = Arguments(command_line)
    except ValueError:
        return []  # `run` says what is wrong
    others = [arguments.full_name(other) for other in names]

    def is_for_no_other(item: Given) -> bool:
        if not any(matches(item.pattern, node) for node in others):
            return True
        return has(name, item.name) and not any(has(other, item.name) for other in names)

    return [
        item.source
        for item in arguments.of(arguments.full_name(name))
        if item.text is not None and not is_of_ros(item.name) and is_for_no_other(item)
    ]


def has(node: str, parameter: str) -> bool:
    """Whether the table of a node of ours has a parameter."""
    return any(setting.name == parameter for setting in find(NODES[node]).TABLE)
