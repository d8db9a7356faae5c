# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The command `emotion-agent policies`: what each node may do, for the security of DDS."""

import argparse
import re
from pathlib import Path

from emotion_agent.security.interfaces import RAW_IMAGES, Choices
from emotion_agent.security.policies import policies

_NAMESPACE = re.compile(r'/?([A-Za-z]\w*(?:/[A-Za-z]\w*)*)?/?', re.ASCII)
_TOPIC = re.compile(r'/?[A-Za-z]\w*(?:/[A-Za-z]\w*)*', re.ASCII)


def add_command(commands) -> None:
    """Add it to the subparsers of `emotion-agent`."""
    parser = commands.add_parser(
        'policies', help='write the policies of the nodes for ros2 security (docs/security.md)'
    )
    parser.add_argument(
        '--namespace', type=namespace, default='emotion', help='of the nodes (default emotion)'
    )
    parser.add_argument(
        '--image-topic', type=topic, default=RAW_IMAGES, help=f'(default {RAW_IMAGES})'
    )
    parser.add_argument('--sim-time', action='store_true', help='the nodes read /clock')
    parser.add_argument(
        '--hri', action='store_true', help='use_hri and publish_expression are set'
    )
    parser.add_argument(
        '--record-images', action='store_true', help='the recorder may read camera images'
    )
    parser.add_argument('--out', type=Path, help='file to write (default: the output)')
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write the policies."""
    choices = Choices(options.image_topic, options.sim_time, options.hri, options.record_images)
    text = policies(options.namespace, choices)
    if options.out is None:
        print(text, end='')
    else:
        options.out.write_text(text, encoding='utf-8')
        print(options.out)
    return 0


def namespace(text: str) -> str:
    """Read a namespace, with or without slashes around it."""
    if not (match := _NAMESPACE.fullmatch(text)):
        raise argparse.ArgumentTypeError(f'expected a namespace such as emotion, got {text!r}')
    return match[1] or ''


def topic(text: str) -> str:
    """Read the name of a topic."""
    if not _TOPIC.fullmatch(text):
        raise argparse.ArgumentTypeError(f'expected a topic such as {RAW_IMAGES}, got {text!r}')
    return text
