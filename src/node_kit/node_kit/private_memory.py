# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Shared memory and files of a process for its own user alone.

Fast DDS sends within a computer by shared memory that every user may read: it sets the mode of a
segment itself, whatever the umask.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MAPS = Path('/proc/self/maps')
SEGMENT = re.compile(r'/dev/shm/fast(?:rtps|dds)_[0-9a-f]{16}\b')
"""Of Fast DDS 2 and 3: what holds the messages. Others, such as of ports, hold only numbers."""
OWNER_ONLY = 0o600
UMASK = 0o077


def use_private_files() -> None:
    """Let files that are made from now on be for the user of this process alone."""
    os.umask(UMASK)


@contextmanager
def private_files_if(is_private: bool) -> Iterator[None]:
    """Let files made within be for the user of this process alone, if that is asked for."""
    before = os.umask(UMASK)
    if not is_private:
        os.umask(before)
    try:
        yield
    finally:
        os.umask(before)


def hide_segments() -> None:
    """
    Take the segments of this process from other users; they get no messages of it by memory then.

    To be called once its first node is there and nothing was sent yet: later it has segments of
    other processes too.
    """
    for segment in sorted(own_segments()):
        segment.chmod(OWNER_ONLY)


def own_segments() -> set[Path]:
    """Return the segments of Fast DDS that this process has; none where there is no /proc."""
    maps = MAPS.read_text() if MAPS.exists() else ''
    return {path for name in SEGMENT.findall(maps) if (path := Path(name)).exists()}
