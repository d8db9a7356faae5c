# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
All nodes in one process, for small computers.

    ros2 run emotion_agent agent [--camera] [--ros-args …]

The same nodes with the same names, topics and parameters as `agent.launch.py` starts them: in the
namespace `emotion`, with the shipped config/agent.yaml, unless the arguments say otherwise.
"""

if __name__ == '__main__':  # before the imports, of which one may fail
    from emotion_agent import programs

    raise SystemExit(programs.agent())

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from ament_index_python.packages import get_package_share_directory

from emotion_agent.ros.transports import use_large_segment
from node_kit import run

NODES = (
    'emotion_agent.nodes.affect_estimator:AffectEstimatorNode',
    'emotion_agent.nodes.emotion_state:EmotionStateNode',
    'emotion_agent.nodes.face_sketcher:FaceSketcherNode',
    # By name, as this package does not depend on the display.
    'oled_face.node:OledFaceNode',
)
CAMERA = 'emotion_agent.nodes.camera:Camera'


def find(name: str) -> type:
    """Return the class called `module:class`."""
    module, _, attribute = name.partition(':')
    return getattr(import_module(module), attribute)


def main() -> int:
    """Run the agent."""
    parser = argparse.ArgumentParser(prog='agent', description=__doc__.splitlines()[0])
    parser.add_argument('--camera', action='store_true', help='run our camera node too')
    options, ros_arguments = parser.parse_known_args()
    if options.camera:
        use_large_segment()
    names = (*NODES, CAMERA) if options.camera else NODES
    return run(*map(find, names), args=[sys.argv[0], *defaults(ros_arguments), *ros_arguments])


def defaults(ros_arguments: Sequence[str]) -> list[str]:
    """Return ROS arguments with the defaults of what the user left out."""
    added = []
    if '--params-file' not in ros_arguments:
        share = Path(get_package_share_directory('emotion_agent'))
        added += ['--params-file', str(share / 'config' / 'agent.yaml')]
    if not any(argument.startswith('__ns:=') for argument in ros_arguments):
        added += ['-r', '__ns:=/emotion']
    return ['--ros-args', *added, '--'] if added else []
