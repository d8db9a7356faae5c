# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The main function of every executable."""

import signal
import sys
import traceback
from collections.abc import Callable, Sequence

import rclpy
import rclpy.exceptions
from rclpy.executors import Executor, ExternalShutdownException, SingleThreadedExecutor
from rclpy.impl.implementation_singleton import rclpy_implementation

from node_kit.lifecycle import ManagedNode

NO_ROS = (
    rclpy_implementation.RCLError,
    rclpy_implementation.InvalidHandle,
    rclpy.exceptions.NotInitializedException,
)
"""What rclpy raises where ROS was shut down in between."""


def run(*factories: Callable[[], ManagedNode], args: list[str] | None = None) -> int:
    """
    Run nodes in one process until it is interrupted, and end them cleanly.

    Args:
        factories: called without arguments after rclpy is initialised; each returns a node.
        args: command line, default that of the process.

    Returns:
        Exit status: 0 after SIGINT or SIGTERM, 1 if a node could not be made.
    """
    interrupt = _Interrupt()
    signal.signal(signal.SIGINT, interrupt)
    rclpy.init(args=args)
    nodes: list[ManagedNode] = []
    executor = SingleThreadedExecutor()
    try:
        if interrupt.came:
            return 0
        if not _start(factories, nodes, executor):
            return 1
        _spin(executor, nodes)
    except ExternalShutdownException:
        pass
    except NO_ROS:
        # Who is interrupted while starting may find no ROS any more.
        if rclpy.ok():
            raise
    finally:
        # A second Ctrl-C must not end the node before its panel is off and its state is saved.
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, signal.SIG_IGN)
        for node in nodes:
            node.close()
            node.destroy_node()
        executor.shutdown()
        rclpy.try_shutdown()
    return 0


class _Interrupt:
    """
    Notes a SIGINT and leaves the rest to rclpy, which sees it too and ends the spinning.

    A KeyboardInterrupt would come anywhere, also between the taking and the giving back of a lock
    of rclpy's, for which the end would then wait. Before `rclpy.init` only this sees the signal.

    Attributes:
        came: whether there was one.
    """

    came = False

    def __call__(self, *_) -> None:
        self.came = True


def _start(factories, nodes: list[ManagedNode], executor: Executor) -> bool:
    """Make the nodes one after the other; say why, where one cannot be made."""
    for factory in factories:
        try:
            nodes.append(factory())
        except (ValueError, rclpy.exceptions.ParameterException) as error:
            print(f'cannot start: {error}', file=sys.stderr)
            return False
        executor.add_node(nodes[-1])
        nodes[-1].autostart()
    return True


def _spin(executor: Executor, nodes: Sequence[ManagedNode] = ()) -> None:
    """Spin until shutdown, whatever a callback raises."""
    logger = rclpy.logging.get_logger('node_kit')
    while rclpy.ok():
        try:
            executor.spin()
        except rclpy_implementation.RCLError as error:
            # An invalid transition request, also one from a service call, escapes from spin.
            if rclpy.ok():
                logger.warning(f'ignored a request: {error}')
        except ExternalShutdownException:
            raise
        except Exception:
            for node in nodes:
                node.defects += 1
            logger.error(
                f'a callback failed, a defect:\n{traceback.format_exc()}',
                throttle_duration_sec=10.0,
            )
