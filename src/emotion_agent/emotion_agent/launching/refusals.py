# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Which node of a launch could not start, and why."""

from node_kit.exit_status import CANNOT_START, REFUSAL


class Refusals:
    """
    Follows the processes of a launch.

    Attributes:
        line: why the first node that could not start did not; '' = all could.
        running: process ids that have not ended.
    """

    def __init__(self) -> None:
        self.line = ''
        self.running: set[int] = set()
        self._said: dict[str, str] = {}

    def heard(self, process: str, text: str) -> None:
        """Take in output of a process, which may be several lines."""
        for line in text.splitlines():
            if line.startswith(REFUSAL):
                self._said[process] = line

    def started(self, pid: int) -> None:
        """Take in that a process runs."""
        self.running.add(pid)

    def ended(self, pid: int, process: str, status: int) -> None:
        """Take in that a process has ended."""
        self.running.discard(pid)
        if status == CANNOT_START and not self.line:
            self.line = f'{process} {self._said.get(process, REFUSAL)}'
