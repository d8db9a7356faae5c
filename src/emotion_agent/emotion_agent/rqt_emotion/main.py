# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Look at a running agent in rqt: the panel, plots, the face and the annotated camera.

    ros2 run emotion_agent rqt_emotion
    ros2 run emotion_agent rqt_emotion --panel --namespace /robot1
"""

if __name__ == '__main__':  # before the imports, of which one may fail
    from emotion_agent import programs

    raise SystemExit(programs.rqt_emotion())

import argparse
import ast
import json
import os
import re
import signal
import sys
import tempfile
from collections.abc import Container
from importlib.util import find_spec
from pathlib import Path
from time import monotonic

import rclpy
from ament_index_python.packages import get_packages_with_prefixes
from rclpy.executors import ExternalShutdownException
from rclpy.utilities import remove_ros_args

from emotion_agent.panels.agent_link import namespaces_of_agents
from emotion_agent.resources.folders import config_folder
from emotion_agent.ros.agents import check_namespace
from node_kit.discovery import use_profile
from node_kit.log_folder import log_arguments
from node_kit.ros_environment import require_usable_environment

PLUGIN = 'emotion_agent.rqt_emotion.plugin.EmotionPlugin'
PERSPECTIVE = 'rqt_emotion.perspective'
DEFAULT_NAMESPACE = '/emotion'  # also that of the perspective file
AGENT_TIMEOUT_S = 10.0


def main() -> int:
    """Run the command and return its exit status."""
    options = parse()
    if find_spec('rqt_gui') is None:
        distribution = os.environ.get('ROS_DISTRO', 'jazzy')
        tools = ' '.join(f'ros-{distribution}-rqt{end}' for end in ('', '-plot', '-image-view'))
        print(f'rqt_emotion: rqt is not installed; sudo apt install {tools}', file=sys.stderr)
        return 1
    require_usable_environment()
    use_profile()
    rclpy.init(args=[*sys.argv, *log_arguments()])
    for number in (signal.SIGTERM, signal.SIGHUP):
        # What rqt does at Ctrl-C; an exception in the loop of Qt would abort it.
        signal.signal(number, lambda *_: signal.raise_signal(signal.SIGINT))
    try:
        if options.panel:
            return open_panel(options.namespace)
        return open_perspective(options.namespace)
    except (KeyboardInterrupt, ExternalShutdownException):
        return 130
    finally:
        rclpy.try_shutdown()


def open_panel(namespace: str) -> int:
    """Run rqt with the panel alone."""
    from rqt_gui.main import Main

    from emotion_agent.rqt_emotion.plugin import add_arguments

    return Main(filename=PLUGIN).main(
        ['rqt', '--force-discover', '--namespace', namespace],
        standalone=PLUGIN,
        plugin_argument_provider=add_arguments,
    )


def open_perspective(namespace: str) -> int:
    """Run rqt with panel, plots and images."""
    from rqt_gui.main import Main

    wait_for_agent(namespace)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, PERSPECTIVE)
        file.write_text(perspective(namespace, get_packages_with_prefixes()))
        return Main().main(['rqt', '--force-discover', '--perspective-file', str(file)])


def parse() -> argparse.Namespace:
    """Read the command line; what is left is for ROS."""
    parser = argparse.ArgumentParser(prog='rqt_emotion', description=__doc__.splitlines()[1])
    parser.add_argument('--panel', action='store_true', help='the panel alone, without plots')
    parser.add_argument(
        '--namespace',
        default=DEFAULT_NAMESPACE,
        help=f'of the agent (default {DEFAULT_NAMESPACE})',
    )
    options = parser.parse_args(remove_ros_args(sys.argv)[1:])
    options.namespace = f'/{options.namespace.strip("/")}'
    try:
        check_namespace(options.namespace)
    except ValueError as error:
        parser.error(str(error))
    return options


def perspective(namespace: str, packages: Container[str]) -> str:
    """
    The perspective file for the namespace of this agent and the plugins of this machine.

    Args:
        namespace: of the agent.
        packages: installed ones; plugins of others are left out, as rqt would then restore none.
    """
    text = (config_folder() / PERSPECTIVE).read_text()
    tree = json.loads(re.sub(f"'{DEFAULT_NAMESPACE}(?=['/])", f"'{namespace.rstrip('/')}", text))
    running = tree['groups']['pluginmanager']['keys']['running-plugins']
    plugins = ast.literal_eval(running['repr'])
    running['repr'] = repr(
        {plugin: ids for plugin, ids in plugins.items() if plugin.partition('/')[0] in packages}
    )
    return json.dumps(tree)


def wait_for_agent(namespace: str) -> None:
    """Wait for the agent for a while, as rqt_plot only accepts topics that exist."""
    node = rclpy.create_node('rqt_emotion')
    end_s = monotonic() + AGENT_TIMEOUT_S
    while namespace not in namespaces_of_agents(node.get_topic_names_and_types()):
        if monotonic() > end_s:
            print(f'rqt_emotion: no agent in {namespace}; plots stay empty', file=sys.stderr)
            break
        rclpy.spin_once(node, timeout_sec=0.1)
    node.destroy_node()
