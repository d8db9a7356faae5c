# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The main function of every executable."""

import gc
import os
import re
import signal
import sys
import traceback
from collections.abc import Callable, Sequence

import rclpy
import rclpy.exceptions
from rclpy.executors import Executor, ExternalShutdownException
from rclpy.impl.implementation_singleton import rclpy_implementation

from node_kit.arguments import ArgumentError, Arguments
from node_kit.discovery import use_profile
from node_kit.executor import make_executor
from node_kit.exit_status import CANNOT_START, REFUSAL
from node_kit.help import help_text, is_asked_for
from node_kit.lifecycle import ManagedNode
from node_kit.limits import LINES_EVERY_S, cut
from node_kit.log_folder import log_arguments
from node_kit.parameter_files import ParameterFileError
from node_kit.private_memory import private_files_if
from node_kit.programs import ENDINGS
from node_kit.ros_environment import environment_problem
from node_kit.security import explain
from node_kit.settings import PRIVATE_MEMORY
from node_kit.text import printable

SHUT_DOWN_ERRORS = (
    rclpy_implementation.RCLError,
    rclpy_implementation.InvalidHandle,
    rclpy.exceptions.NotInitializedException,
)
"""What rclpy raises after ROS was shut down."""


class CannotStart(Exception):
    """A node, or ROS, refuses what it was given. The message says why."""


def run(*factories: Callable[..., ManagedNode], args: list[str] | None = None) -> int:
    """
    Run nodes in one process until it is interrupted, and end them cleanly.

    Args:
        factories: called with the `Arguments` of the process as `arguments` after rclpy is
            initialised; each returns a node.
        args: command line, default that of the process.

    Returns:
        Exit status: 0 after SIGINT, SIGTERM or SIGHUP; `CANNOT_START`, with one line as the last,
        if a node refuses what it was given.
    """
    if args is None and is_asked_for(sys.argv[1:]):
        print(*(help_text(sys.argv[0], factory) for factory in factories), sep='\n\n')
        return 0
    try:
        return _run(factories, Arguments(sys.argv if args is None else args))
    except (ArgumentError, ParameterFileError, CannotStart) as error:
        print(f'{REFUSAL} {error}', file=sys.stderr)
        return CANNOT_START


def _run(factories: Sequence[Callable[..., ManagedNode]], arguments: Arguments) -> int:
    # A pool of threads for small pictures costs more than it saves; read when OpenCV first works.
    os.environ.setdefault('OPENCV_FOR_THREADS_NUM', '1')
    use_profile()
    interrupt = _Interrupt()
    interrupt.answer()
    # ROS opens its log before there is a node; which nodes are private is known only then.
    with private_files_if(arguments.has(PRIVATE_MEMORY, True)):
        _initialise(arguments)
    nodes: list[ManagedNode] = []
    executor = make_executor()
    try:
        if interrupt.came:
            return 0
        _start(factories, arguments, nodes, executor)
        # What was made until now stays: the garbage collector need not look through it.
        gc.freeze()
        gc.enable()
        spin(executor, nodes)
    except ExternalShutdownException:
        pass
    except SHUT_DOWN_ERRORS:
        # An interrupt during the start shuts ROS down.
        if rclpy.ok():
            raise
    finally:
        # A second Ctrl-C must not end the process before the nodes have released their resources.
        for number in ENDINGS:
            signal.signal(number, signal.SIG_IGN)
        for node in nodes:
            node.close()
            node.destroy_node()
        gc.unfreeze()
        executor.shutdown()
        rclpy.try_shutdown()
    return 0


class _Interrupt:
    """
    Records SIGINT, SIGTERM and SIGHUP; rclpy handles the first two as well and stops spinning.

    A KeyboardInterrupt could be raised anywhere, also while rclpy holds a lock for which the
    shutdown would then wait. Before `rclpy.init` this is the only handler.

    Attributes:
        came: whether a signal was received.
    """

    came = False

    def answer(self) -> None:
        """Begin to record; a SIGHUP that the parent lets the process ignore (nohup) is ignored."""
        signal.signal(signal.SIGINT, self)
        signal.signal(signal.SIGTERM, self)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            signal.signal(signal.SIGHUP, lambda *_: signal.raise_signal(signal.SIGTERM))

    def __call__(self, *_) -> None:
        self.came = True


def _initialise(arguments: Arguments) -> None:
    if problem := environment_problem():
        raise CannotStart(problem)
    try:
        rclpy.init(args=[*arguments.for_ros, *log_arguments()])
    except (rclpy_implementation.RCLError, rclpy_implementation.UnknownROSArgsError) as error:
        # Without the places in the source code of rcl.
        line = re.sub(r', at \S+:\d+', '', ' '.join(str(error).split()))
        raise CannotStart(line) from error


def _start(factories, arguments: Arguments, nodes: list[ManagedNode], executor: Executor) -> None:
    """Create the nodes, and start them once everything that was given is for one of them."""
    for factory in factories:
        try:
            nodes.append(factory(arguments=arguments))
        except (ValueError, rclpy.exceptions.ParameterException) as error:
            raise CannotStart(f'{arguments.nodes[-1]}: {error}') from error
        except rclpy_implementation.RCLError as error:
            if (line := explain(error)) is None:
                raise
            raise CannotStart(line) from error
        executor.add_node(nodes[-1])
    _refuse_what_has_no_effect(arguments, nodes)
    _check_privacy(nodes)
    for node in nodes:
        node.autostart()


def _refuse_what_has_no_effect(arguments: Arguments, nodes: list[ManagedNode]) -> None:
    arguments.refuse_unused()
    for line in arguments.unknown({node.get_name(): set(node.settings) for node in nodes}):
        nodes[0].get_logger().warning(line)


def _check_privacy(nodes: Sequence[ManagedNode]) -> None:
    given = {node.get_name(): node.settings[PRIVATE_MEMORY] for node in nodes}
    if len(set(given.values())) > 1:
        values = ', '.join(f'{value} for {name}' for name, value in given.items()).lower()
        raise CannotStart(
            f'{PRIVATE_MEMORY}: expected the same for all nodes of a process, got {values}; '
            f'give it to all, as -p {PRIVATE_MEMORY}:=true'
        )


def spin(executor: Executor, nodes: Sequence[ManagedNode] = ()) -> None:
    """
    Spin until ROS is shut down, whatever a callback raises.

    Args:
        executor: with all nodes added.
        nodes: whose `defects` are counted when a callback fails.
    """
    logger = rclpy.logging.get_logger('node_kit')
    while rclpy.ok():
        try:
            executor.spin()
        except rclpy_implementation.RCLError as error:
            # rclpy raises this out of `spin` for a request that it cannot work on.
            if rclpy.ok():
                logger.warning(
                    cut(f'ignored an invalid request: {printable(str(error))}'),
                    throttle_duration_sec=LINES_EVERY_S,
                )
        except ExternalShutdownException:
            raise
        except Exception:
            for node in nodes:
                node.defects += 1
            logger.error(
                f'a callback failed, a defect:\n{traceback.format_exc()}',
                throttle_duration_sec=LINES_EVERY_S,
            )
