# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A path to this clone through which everything can be built, wherever the clone lies."""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from prerequisites import Missing

# CMake, the generators of ROS interfaces and first lines of scripts stumble over anything else.
PLAIN = re.compile(r'[A-Za-z0-9._/-]+')

# Where no link helps: CMake, which is installed below, reads these letters as its own; paths stand
# in lists with colons and in files with a path a line; and bytes that are no text.
UNUSABLE = re.compile(r'[:;#"\\\[\]\x00-\x1f\x7f\ud800-\udfff]|\$\w*\{')


def is_plain(path: Path) -> bool:
    """Whether everything can be built in a folder of this path."""
    return bool(PLAIN.fullmatch(str(path)))


def plain_path(clone: Path) -> Path:
    """
    Return a path to `clone` of letters, digits, `.`, `_` and `-`: itself, or a link to it.

    The link lies in a folder of the user and is found again by the path of the clone.

    Raises:
        Missing: if no such link can be made, or would not do.
    """
    if is_plain(clone):
        return clone
    if found := UNUSABLE.search(str(clone)):
        raise Missing(
            f'nothing can be installed in {str(clone)!r}, which has a {found[0]!r}; move the '
            'clone to a path without it'
        )
    name = hashlib.sha256(os.fsencode(clone)).hexdigest()[:12]
    for folder in filter(is_plain, link_folders()):
        try:
            return linked(folder / name, clone)
        except OSError:
            continue
    raise Missing(
        f'packages cannot be built in {str(clone)!r}, and no link to it could be made in '
        f'{" or ".join(map(str, link_folders()))}; move the clone to a path of letters from a to '
        'z, digits, dots, dashes and underscores'
    )


def link_folders() -> Iterator[Path]:
    """Return the folders in which the link may lie, the preferred one first."""
    cache = os.environ.get('XDG_CACHE_HOME') or Path.home() / '.cache'
    yield Path(cache, 'emotion_agent', 'clones')
    # Where the home itself has such a name. Only the link lies there.
    yield Path('/var/tmp', f'emotion_agent_{os.getuid()}')


def linked(link: Path, clone: Path) -> Path:
    """
    Return `link`, which leads to `clone`.

    Raises:
        OSError: if it cannot be made, or if others may change what it leads to.
    """
    link.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    status = link.parent.lstat()
    if status.st_uid != os.getuid() or status.st_mode & 0o022:
        raise PermissionError(f'{link.parent} can be written by others')
    if not link.is_symlink() or link.readlink() != clone:
        with tempfile.TemporaryDirectory(dir=link.parent) as folder:
            new = Path(folder, link.name)
            new.symlink_to(clone)
            new.replace(link)
    return link
