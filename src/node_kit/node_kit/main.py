# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The main function of every executable."""

import sys
from collections.abc import Callable

import rclpy
from rclpy.executors import Executor, ExternalShutdownException, SingleThreadedExecutor
from rclpy.impl.implementation_singleton import rclpy_implementation

from node_kit.lifecycle import ManagedNode


def run(*factories: Callable[[], ManagedNode], args: list[str] | None = None) -> int:
    """
    Run nodes in one process until it is interrupted, and end them cleanly.

    Args:
        factories: called without arguments after rclpy is initialised; each returns a node.
        args: command line, default that of the process.

    Returns:
        Exit status: 0 after SIGINT or SIGTERM, 1 if a node could not be made.
    """
    rclpy.init(args=args)
    nodes: list[ManagedNode] = []
    executor = SingleThreadedExecutor()
    try:
        for factory in factories:
            node = factory()
            nodes.append(node)
            executor.add_node(node)
            node.autostart()
        _spin(executor)
    except (KeyboardInterrupt, ExternalShutdownException):
        pass
    except (ValueError, rclpy.exceptions.InvalidParameterException) as problem:
        print(f'cannot start: {problem}', file=sys.stderr)
        return 1
    finally:
        for node in nodes:
            node.close()
            node.destroy_node()
        executor.shutdown()
        rclpy.try_shutdown()
    return 0


def _spin(executor: Executor) -> None:
    # An invalid transition request, also one from a service call, escapes from rclpy's spin.
    while rclpy.ok():
        try:
            executor.spin()
        except rclpy_implementation.RCLError as problem:
            if not rclpy.ok():
                return
            rclpy.logging.get_logger('node_kit').warning(f'ignored a request: {problem}')
