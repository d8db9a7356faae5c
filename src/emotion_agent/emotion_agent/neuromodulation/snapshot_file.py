# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The file that carries a snapshot of the state over a restart."""

import errno
import glob
import json
import logging
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from emotion_agent.neuromodulation.snapshot_shape import damage_of
from node_kit.limits import read_text

SNAPSHOT_BYTES = 1024 * 1024  # of a file; the largest that is written has a tenth of that

_PARTIAL = '.partial'
_logger = logging.getLogger(__name__)


def save_snapshot(path: str | Path, snapshot: Mapping[str, Any]) -> None:
    """
    Write `snapshot` atomically: after a power cut there is the old file or the new one.

    Args:
        path: JSON file, or a link to one; its folder is made if need be.
        snapshot: from `EmotionEngine.snapshot`.

    Raises:
        OSError: if it cannot be written, or something else than a file is there; an old file is
            then untouched.
        ValueError: if `snapshot` is not JSON.
    """
    path = _place(path)
    if path.exists() and not path.is_file():
        raise _no_file(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f'{path.name}.{os.getpid()}{_PARTIAL}')
    try:
        with partial.open('w', encoding='utf-8') as file:
            json.dump(snapshot, file, indent=1, allow_nan=False)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except BaseException:
        with suppress(OSError):
            partial.unlink()
        raise


def load_snapshot(path: str | Path) -> dict[str, Any] | None:
    """
    The snapshot in a file, None if there is none.

    A file that cannot be understood is renamed to `PATH.bad` with a warning in the log, and what
    a process that was killed has left half written is removed.

    Args:
        path: JSON file, or a link to one.

    Raises:
        OSError: if something is there that cannot be read or renamed.
    """
    path = _place(path)
    _remove_partials(path)
    try:
        if path.is_fifo():
            raise ValueError('a pipe')
        if path.exists() and not path.is_file():
            raise _no_file(path)
        snapshot = json.loads(read_text(path, SNAPSHOT_BYTES))
        problem = damage_of(snapshot)
        if not problem:
            return snapshot
    except FileNotFoundError:
        return None
    except (ValueError, RecursionError) as error:
        problem = str(error)
    bad = path.with_name(path.name + '.bad')
    path.replace(bad)
    _logger.warning('%s is not a snapshot (%s); moved to %s', path, problem, bad)
    return None


def _place(path: str | Path) -> Path:
    """Where a link leads, so that the link stays."""
    return Path(os.path.realpath(path))


def _no_file(path: Path) -> OSError:
    return OSError(errno.EINVAL, 'there is something else than a file', str(path))


def _remove_partials(path: Path) -> None:
    for partial in path.parent.glob(f'{glob.escape(path.name)}.*{_PARTIAL}'):
        with suppress(OSError):
            partial.unlink()
