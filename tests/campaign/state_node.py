# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The state node as a process of its own, from its executable or forked where its imports end."""

import multiprocessing
import os
import subprocess
import sys
from pathlib import Path

NAMESPACE = 'campaign'
ARGUMENTS = ('--ros-args', '-r', f'__ns:=/{NAMESPACE}')


class Executed:
    """
    A state node from its executable.

    Args:
        folder: ROS_HOME, which has the file of the state.
        log: what it writes on its standard error.
    """

    def __init__(self, folder: Path, log: Path):
        from ament_index_python.packages import get_package_prefix

        package = get_package_prefix('emotion_agent')
        program = Path(package, 'lib', 'emotion_agent', 'emotion_state')
        environment = {**os.environ, 'ROS_HOME': str(folder)}
        with log.open('w') as file:
            self._process = subprocess.Popen([program, *ARGUMENTS], env=environment, stderr=file)

    def send_signal(self, number: int) -> None:
        self._process.send_signal(number)

    def wait(self, timeout_s: float) -> int:
        return self._process.wait(timeout_s)


class Forked:
    """
    A state node that begins where its imports end, which saves two thirds of a start.

    Args:
        folder: ROS_HOME, which has the file of the state.
        log: what it writes on its standard error.
    """

    _context = multiprocessing.get_context('forkserver')
    _context.set_forkserver_preload(['emotion_agent.nodes.emotion_state'])

    def __init__(self, folder: Path, log: Path):
        self._process = self._context.Process(target=run_state_node, args=(folder, log))
        self._process.start()

    def send_signal(self, number: int) -> None:
        os.kill(self._process.pid, number)

    def wait(self, timeout_s: float) -> int | None:
        self._process.join(timeout_s)
        return self._process.exitcode


def run_state_node(folder: Path, log: Path) -> None:
    """What the executable does, in a process that has imported it."""
    from emotion_agent import programs

    os.environ['ROS_HOME'] = str(folder)
    os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), sys.stderr.fileno())
    sys.argv = ['emotion_state', *ARGUMENTS]
    raise SystemExit(programs.emotion_state())
