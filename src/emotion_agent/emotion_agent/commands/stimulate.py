# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Publish a stimulus by hand.

    ros2 run emotion_agent stimulate praise 0.8
    ros2 run emotion_agent stimulate --list
"""

import argparse
import os
import sys
from collections.abc import Callable
from time import monotonic

import rclpy
from rclpy.executors import ExternalShutdownException
from rclpy.node import Node

from emotion_agent.neuromodulation import MODULATORS
from emotion_msgs.msg import Stimulus, StimulusInfo
from emotion_msgs.srv import ListStimuli
from node_kit.calls import RepeatedCall
from node_kit.qos import EVENT

TIMEOUT_S = 10.0


class NoAnswer(Exception):
    """A node did not answer in time. The message says which."""


def main() -> int:
    """Run the command and return its exit status."""
    options, ros_arguments = parse()
    rclpy.init(args=[sys.argv[0], *ros_arguments])
    node = rclpy.create_node('stimulate', namespace=options.namespace)
    try:
        library = list_stimuli(node)
        if options.list:
            print('\n'.join(describe(info) for info in library))
            return 0
        return stimulate(node, options, [info.name for info in library])
    except NoAnswer as error:
        print(f'stimulate: {error}', file=sys.stderr)
        return 1
    except (KeyboardInterrupt, ExternalShutdownException):
        return 130
    finally:
        node.destroy_node()
        rclpy.try_shutdown()


def parse() -> tuple[argparse.Namespace, list[str]]:
    """Read the command line; what is left is for ROS."""
    parser = argparse.ArgumentParser(prog='stimulate', description=__doc__.splitlines()[1])
    parser.add_argument('name', nargs='?', help='stimulus of the library')
    parser.add_argument(
        'intensity', nargs='?', type=strength, default=1.0, help='0 to 1 (default 1)'
    )
    parser.add_argument('--list', action='store_true', help='print the library and exit')
    parser.add_argument('--namespace', default='emotion', help='of the agent (default emotion)')
    options, ros_arguments = parser.parse_known_args()
    if options.name is None and not options.list:
        parser.error('expected the name of a stimulus, or --list')
    return options, ros_arguments


def strength(text: str) -> float:
    """Read an intensity."""
    value = float(text)
    if not 0.0 <= value <= 1.0:
        raise argparse.ArgumentTypeError(f'expected 0 to 1, got {text}')
    return value


def list_stimuli(node: Node) -> list[StimulusInfo]:
    """
    Ask the emotion state for its library.

    Raises:
        NoAnswer: if it does not answer.
    """
    client = node.create_client(ListStimuli, 'emotion_state/list_stimuli')
    wait_for(node, client.service_is_ready, f'no emotion_state runs in {node.get_namespace()}')
    call = RepeatedCall(client, ListStimuli.Request())
    wait_for(node, call.is_answered, 'emotion_state does not answer')
    return list(call.answer().stimuli)


def describe(info: StimulusInfo) -> str:
    """Return one line of the library: name, doses, duration."""
    doses = ' '.join(
        f'{name} {dose:+g}' for name, dose in zip(MODULATORS, info.doses, strict=True) if dose
    )
    return f'{info.name:<14} {doses}' + (f'  over {info.duration:g} s' if info.duration else '')


def stimulate(node: Node, options: argparse.Namespace, known: list[str]) -> int:
    """Publish the stimulus and wait until it is accepted."""
    if options.name not in known:
        print(
            f'stimulate: expected one of {", ".join(known)}; got {options.name!r}', file=sys.stderr
        )
        return 2
    causes: list[Stimulus] = []
    node.create_subscription(Stimulus, 'emotion_state/causes', causes.append, EVENT)
    publisher = node.create_publisher(Stimulus, 'stimulus', EVENT)
    wait_for(
        node,
        lambda: publisher.get_subscription_count() and node.count_publishers(causes_topic(node)),
        f'no node subscribes to {publisher.topic_name}',
    )
    # Without a stamp: it counts on arrival, by the clock of the agent.
    source = f'stimulate {os.getpid()}'
    publisher.publish(
        Stimulus(name=options.name, intensity=options.intensity, duration=-1.0, source=source)
    )
    wait_for(
        node,
        lambda: any(cause.source == source for cause in causes),
        f'{options.name} was not accepted: too soon after the last one? see /diagnostics',
    )
    return 0


def causes_topic(node: Node) -> str:
    """Return the full name of the topic on which accepted stimuli come back."""
    return f'{node.get_namespace().rstrip("/")}/emotion_state/causes'


def wait_for(node: Node, condition: Callable[[], object], problem: str) -> None:
    """
    Spin until `condition` holds.

    Raises:
        NoAnswer: with `problem`, if it does not hold in time.
    """
    end_s = monotonic() + TIMEOUT_S
    while not condition():
        if monotonic() > end_s:
            raise NoAnswer(problem)
        rclpy.spin_once(node, timeout_sec=0.05)


if __name__ == '__main__':
    raise SystemExit(main())
