# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A disk on which the n-th write fails."""

import builtins
import errno
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from unittest.mock import patch

FAILURES = (errno.ENOSPC, errno.EIO, errno.EROFS, errno.EDQUOT)
_CHANGES = ('fsync', 'fdatasync', 'replace', 'rename', 'mkdir')


class Disk:
    """
    Counts what changes it: files opened for writing, blocks that are written to them, folders
    made, files renamed and synchronised.

    Args:
        fails_at: which change fails, from 1 on; 0 = none.
        stays_full: whether all after it fail too.
        number: of the error.

    Attributes:
        changes: how many there were.
    """

    def __init__(self, fails_at: int = 0, stays_full: bool = False, number: int = errno.ENOSPC):
        self._fails_at, self._stays_full, self._number = fails_at, stays_full, number
        self.changes = 0

    def change(self) -> None:
        self.changes += 1
        is_at = self.changes == self._fails_at
        if is_at or (self._fails_at and self._stays_full and self.changes > self._fails_at):
            raise OSError(self._number, os.strerror(self._number))

    @contextmanager
    def attached(self) -> Iterator['Disk']:
        """Files of this process lie on this disk."""
        real = io.open
        opened = self._opener(real)
        with patch.object(io, 'open', opened), patch.object(builtins, 'open', opened):
            patches = [
                patch.object(os, name, self._counted(getattr(os, name))) for name in _CHANGES
            ]
            for one in patches:
                one.start()
            try:
                yield self
            finally:
                for one in patches:
                    one.stop()

    def _counted(self, function: Callable) -> Callable:
        def call(*arguments, **options):
            self.change()
            return function(*arguments, **options)

        return call

    def _opener(self, real: Callable) -> Callable:
        def opened(
            file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, **options
        ):
            if isinstance(file, int) or not set(mode) & set('wax+'):
                return real(file, mode, buffering, encoding, errors, newline, **options)
            self.change()
            raw = _Raw(file, mode.replace('b', '').replace('t', ''), **options)
            raw.disk = self
            if buffering == 0:
                return raw
            buffered = io.BufferedRandom(raw) if '+' in mode else io.BufferedWriter(raw)
            if 'b' in mode:
                return buffered
            return io.TextIOWrapper(buffered, encoding, errors, newline)

        return opened


class _Raw(io.FileIO):
    disk: Disk

    def write(self, data) -> int | None:
        self.disk.change()
        return super().write(data)


def every_failure(changes: int, step: int = 1) -> Iterator[Disk]:
    """Disks on which each of so many changes fails, alone and with all after it."""
    for fails_at in range(1, changes + 1, step):
        for stays_full in (False, True):
            yield Disk(fails_at, stays_full, FAILURES[fails_at % len(FAILURES)])
