# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What plays a sound file: a program, or a function of the caller."""

import shlex
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Thread
from typing import Protocol

Player = Callable[[Path], object] | Sequence[str] | str
"""A function that returns when the file was played, or a command that ends then."""

USUAL = (('pw-play',), ('paplay',), ('aplay', '-q'))
"""Commands that play WAV files on Linux, of PipeWire, PulseAudio and ALSA."""
_PATIENCE_S = 1.0  # a program that was told to end may take so long


class Playing(Protocol):
    """A sound that plays."""

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""

    @property
    def problem(self) -> str:
        """Why it failed; '' = it did not."""

    def stop(self) -> None:
        """End it, if it can be ended."""


def usual_player() -> tuple[str, ...] | None:
    """Return the first of the usual commands that this computer has; none = it has none."""
    return next((command for command in USUAL if shutil.which(command[0])), None)


def starter(player: Player, path: Path) -> Callable[[], Playing]:
    """
    Return a function that starts to play a file.

    Raises:
        ValueError: if the program is not there.
    """
    if callable(player):
        return lambda: _Function(player, path)
    command = tuple(shlex.split(player)) if isinstance(player, str) else tuple(player)
    if not command or shutil.which(command[0]) is None:
        name = command[0] if command else ''
        raise ValueError(
            f'expected a program that plays sound, got {name!r}, which is not there; install it, '
            'or leave player out'
        )
    return lambda: _Program((*command, str(path)))


class _Program:
    def __init__(self, command: Sequence[str]):
        self._name = command[0]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._is_stopped = False

    @property
    def is_over(self) -> bool:
        return self._process.poll() is not None

    @property
    def problem(self) -> str:
        status = self._process.poll()
        if not status or self._is_stopped:
            return ''
        return f'{self._name} ended with status {status}'

    def stop(self) -> None:
        self._is_stopped = self._is_stopped or not self.is_over
        self._process.terminate()
        try:
            self._process.wait(_PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class _Function:
    """Runs to its end in a thread of its own; nothing can end it before."""

    def __init__(self, play: Callable[[Path], object], path: Path):
        self.problem = ''
        self._play, self._path = play, path
        self._thread = Thread(target=self._run, name='player', daemon=True)
        self._thread.start()

    @property
    def is_over(self) -> bool:
        return not self._thread.is_alive()

    def stop(self) -> None:
        pass

    def _run(self) -> None:
        try:
            self._play(self._path)
        except Exception as error:  # of the caller's function: any
            self.problem = f'the player failed: {error}'
