# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Publish a stimulus by hand.

    ros2 run emotion_agent stimulate praise 0.8
    ros2 run emotion_agent stimulate --list
"""

if __name__ == '__main__':  # before the imports, of which one may fail
    from emotion_agent import programs

    raise SystemExit(programs.stimulate())

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from time import monotonic

import rclpy
from rclpy.executors import ExternalShutdownException
from rclpy.node import Node
from rclpy.utilities import remove_ros_args

from emotion_agent.neuromodulation import MODULATORS
from emotion_agent.ros.agents import AGENT, agents_of, check_namespace, nobody_listens
from emotion_msgs.msg import EmotionState, Stimulus, StimulusInfo
from emotion_msgs.srv import ListStimuli
from node_kit.calls import RepeatedCall
from node_kit.discovery import use_profile
from node_kit.limits import excess_of
from node_kit.log_folder import log_arguments
from node_kit.qos import EVENT, LATCHED
from node_kit.ros_environment import require_usable_environment
from node_kit.suggestions import did_you_mean
from node_kit.text import printable

THERE_S = 10.0  # to find an agent
AT_ONCE_S = 1.0  # to find one that runs; who waits longer is told what for
ACCEPTED_S = 5.0  # for an agent to accept a stimulus


class Refused(Exception):
    """Nothing was done. The message says why."""


def main() -> int:
    """Run the command; return 0 if the agent accepted, 1 if not, 2 for a mistake in the words."""
    options = parse(remove_ros_args(sys.argv)[1:])
    require_usable_environment()
    use_profile()
    rclpy.init(args=[*sys.argv, *log_arguments()])
    node = None
    try:
        node = rclpy.create_node('stimulate', namespace=options.namespace)
        library = {info.name: info for info in list_stimuli(node)}
        if options.list:
            for name, info in library.items():
                print(f'{printable(name):<14} {effect(info)}')
        elif info := library.get(options.name):
            print(printable(stimulate(node, info, options.intensity)))
        else:
            refusal = unknown(node, options.name, list(library))
            print(f'stimulate: {printable(refusal)}', file=sys.stderr)
            return 2
        return 0
    except Refused as problem:
        print(f'stimulate: {printable(str(problem))}', file=sys.stderr)
        return 1
    except (KeyboardInterrupt, ExternalShutdownException):
        return 130
    finally:
        if node is not None:
            node.destroy_node()
        rclpy.try_shutdown()


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog='stimulate', description=__doc__.splitlines()[1])
    parser.add_argument('name', nargs='?', help='stimulus of the library')
    parser.add_argument(
        'intensity', nargs='?', type=strength, default=1.0, help='0 to 1 (default 1)'
    )
    parser.add_argument('--list', action='store_true', help='print the library and exit')
    parser.add_argument(
        '--namespace', type=place, default='emotion', help='of the agent (default emotion)'
    )
    options = parser.parse_args(arguments)
    if options.name is None and not options.list:
        parser.error('expected the name of a stimulus, or --list')
    return options


def strength(text: str) -> float:
    """Read an intensity."""
    try:
        value = float(text)
    except ValueError:
        value = float('nan')
    if not 0.0 <= value <= 1.0:
        raise argparse.ArgumentTypeError(f'expected 0 to 1, got {text}')
    return value


def place(text: str) -> str:
    """Read a namespace, with or without a slash before it."""
    namespace = f'/{text.strip("/")}'
    try:
        check_namespace(namespace)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return namespace


def list_stimuli(node: Node) -> list[StimulusInfo]:
    """
    Ask the emotion state for its library.

    Raises:
        Refused: if it does not answer.
    """
    client = node.create_client(ListStimuli, f'{AGENT}/list_stimuli')
    namespace = node.get_namespace()
    if not spin_until(node, client.service_is_ready, AT_ONCE_S):
        awaited = f'{AGENT} in {namespace}, at most {THERE_S:g} s'
        print(f'stimulate: waiting for {awaited}', file=sys.stderr, flush=True)
        if not spin_until(node, client.service_is_ready, THERE_S):
            raise Refused(nobody_listens(node, namespace))
    call = RepeatedCall(client, ListStimuli.Request())
    if not spin_until(node, call.is_answered, THERE_S):
        raise Refused(f'{AGENT} in {namespace} does not answer')
    answer = call.answer()
    if problem := excess_of(answer):
        raise Refused(f'{AGENT} in {namespace} answers with more than is taken: {problem}')
    return list(answer.stimuli)


def effect(info: StimulusInfo, intensity: float = 1.0) -> str:
    """Return what a stimulus releases, and over what time."""
    doses = ' '.join(
        f'{name} {intensity * dose:+.3g}'
        for name, dose in zip(MODULATORS, info.doses, strict=True)
        if dose
    )
    return doses + (f'  over {info.duration:g} s' if info.duration else '')


def unknown(node: Node, name: str, known: list[str]) -> str:
    """Return a line about a name that is not in the library."""
    meant = did_you_mean(name, known) or f'; expected one of {", ".join(known)}'
    return f'{AGENT} in {node.get_namespace()} knows no stimulus {name!r}{meant}'


def stimulate(node: Node, info: StimulusInfo, intensity: float) -> str:
    """
    Publish a stimulus and wait until it is accepted.

    Returns:
        A line that says what was done.

    Raises:
        Refused: if no agent is active, or it does not accept the stimulus.
    """
    namespace = node.get_namespace()
    source = f'stimulate {os.getpid()}'
    accepted: list[str] = []  # whose stimuli were

    def on_cause(cause: Stimulus) -> None:
        accepted.append(cause.source)

    def on_state(state: EmotionState) -> None:
        accepted.append(state.last_source)

    # Both, as a cause that comes before its publisher is found is lost, and a state is not.
    node.create_subscription(Stimulus, f'{AGENT}/causes', on_cause, EVENT)
    node.create_subscription(EmotionState, 'state', on_state, LATCHED)
    publisher = node.create_publisher(Stimulus, 'stimulus', EVENT)
    if not spin_until(node, lambda: agents_of(node, publisher), THERE_S):
        raise Refused(nobody_listens(node, namespace))
    # Without a stamp: it counts on arrival, by the clock of the agent.
    publisher.publish(Stimulus(name=info.name, intensity=intensity, duration=-1.0, source=source))
    asked = f'{info.name} {intensity:g}'
    if not spin_until(node, lambda: source in accepted, ACCEPTED_S):
        again = f'; it ignores a repetition within {info.refractory:g} s' * (info.refractory > 0)
        raise Refused(f'{AGENT} in {namespace} did not accept {asked}{again}; see its log')
    return f'{asked}: {AGENT} in {namespace} accepted {effect(info, intensity)}'


def spin_until(node: Node, condition: Callable[[], object], timeout_s: float) -> bool:
    """Spin until `condition` holds, and return whether it does in time."""
    end_s = monotonic() + timeout_s
    while not condition():
        if monotonic() > end_s:
            return False
        rclpy.spin_once(node, timeout_sec=0.05)
    return True
