# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
All nodes in one process, for small computers.

    ros2 run emotion_agent agent [--camera] [--ros-args …]

The same nodes with the same names, topics and parameters as when each is a process of its own.
"""

import argparse
import sys
from importlib import import_module

from node_kit import run

NODES = (
    'emotion_agent.nodes.affect_estimator:AffectEstimatorNode',
    'emotion_agent.nodes.emotion_state:EmotionStateNode',
    'emotion_agent.nodes.face_sketcher:FaceSketcherNode',
    # By name: nothing here depends on the display; any other may stand in its place.
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
    names = (*NODES, CAMERA) if options.camera else NODES
    return run(*map(find, names), args=[sys.argv[0], *ros_arguments])
