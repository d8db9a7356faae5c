# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Nodes as processes, without `ros2 run`: for the demo and the system tests."""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import IO

from ament_index_python.packages import get_package_prefix


class NodeProcesses:
    """
    A group of node processes that are stopped together.

        with NodeProcesses('emotion', environment) as nodes:
            nodes.start('emotion_agent', 'camera', {'source': 'astronaut'})

    Attributes:
        exit_codes: of every process by its executable, after `stop`.
    """

    def __init__(
        self,
        namespace: str,
        environment: Mapping[str, str] | None = None,
        params_file: Path | None = None,
        log_folder: Path | None = None,
    ):
        """
        Prepare to start nodes.

        Args:
            namespace: of all nodes, without slash.
            environment: variables added to those of this process.
            params_file: ROS parameter file for every node.
            log_folder: for the standard error of each node; None = that of this process.
        """
        self._namespace = namespace
        self._environment = {**os.environ, **(environment or {})}
        self._params_file = params_file
        self._log_folder = log_folder
        self._running: dict[str, subprocess.Popen] = {}
        self.exit_codes: dict[str, int] = {}

    def __enter__(self) -> 'NodeProcesses':
        return self

    def __exit__(self, *_) -> None:
        self.stop()

    def start(
        self,
        package: str,
        executable: str,
        parameters: Mapping[str, object] | None = None,
        stdout: int | IO | None = None,
        arguments: Sequence[str] = (),
        remappings: Mapping[str, str] | None = None,
    ) -> subprocess.Popen:
        """
        Start one node.

        Args:
            package: its package.
            executable: its executable, which is also its name.
            parameters: override those of the file.
            stdout: as for subprocess.
            arguments: of its own, before those of ROS.
            remappings: topic -> topic.
        """
        command = [
            str(Path(get_package_prefix(package), 'lib', package, executable)),
            *arguments,
            '--ros-args',
            '-r',
            f'__ns:=/{self._namespace}',
        ]
        if self._params_file is not None:
            command += ['--params-file', str(self._params_file)]
        for name, value in (parameters or {}).items():
            command += ['-p', f'{name}:={yaml_value(value)}']
        for topic, other in (remappings or {}).items():
            command += ['-r', f'{topic}:={other}']
        if executable in self._running:
            raise ValueError(f'{executable} is running in this group; use another group')
        with self._log(executable) as log:
            process = subprocess.Popen(
                command,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=log,
            )
        self._running[executable] = process
        return process

    def stop(self, *executables: str, timeout_s: float = 10.0) -> None:
        """
        Interrupt nodes and wait; one that does not end is killed, exit code -9.

        Args:
            executables: which; none = all.
            timeout_s: how long each may take to end, s.
        """
        ending = {name: self._running.pop(name) for name in executables or tuple(self._running)}
        for process in ending.values():
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
        for name, process in ending.items():
            try:
                process.wait(timeout_s)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            self.exit_codes[name] = process.returncode

    def kill(self, executable: str) -> None:
        """Let a node crash: it says goodbye to nobody, and its exit code is not kept."""
        process = self._running.pop(executable)
        process.kill()
        process.wait()

    def _log(self, executable: str) -> AbstractContextManager:
        if self._log_folder is None:
            return nullcontext()
        self._log_folder.mkdir(parents=True, exist_ok=True)
        return (self._log_folder / f'{executable}.log').open('w')


def yaml_value(value: object) -> str:
    """Return a parameter value as YAML that keeps its type on the command line."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return '"' + value.replace('\\', '\\\\').replace('"', '\\"') + '"'
    return repr(value)
