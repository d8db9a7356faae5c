# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The files of a bag: which they are, and unpacked where they are compressed as a whole."""

import sys
from pathlib import Path

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PACKED = '.zstd'
STORAGES = ('.mcap', '.db3')
METADATA = 'metadata.yaml'
LARGEST_MESSAGE = 1 << 28
"""Bytes that a compressed message may unpack to."""

MOST_TIMES = 200
"""So many times its bytes a compressed file may unpack to."""

MIB = 1 << 20

_ZSTD_MAGIC = b'\x28\xb5\x2f\xfd'


def storage_of(file: Path) -> str:
    """Return how a file of a bag is stored, one of `STORAGES`; '' = it is none of a bag."""
    suffix = Path(file.name.removesuffix(PACKED)).suffix
    return suffix if suffix in STORAGES else ''


def files_in(folder: Path) -> list[Path]:
    """Return the files of a bag in the order of their numbers."""
    found = (file for file in folder.iterdir() if storage_of(file) and not file.is_dir())
    return sorted(found, key=lambda file: (len(file.name), file.name))


def left_out(folder: Path) -> list[str]:
    """Return a line for each file that the metadata of a bag does not list."""
    listed = (folder / METADATA).read_text(encoding='utf-8', errors='replace')
    return [
        f'{file.name} is not listed in {METADATA}: left out; play it by itself'
        for file in files_in(folder)
        if file.name not in listed
    ]


def has_unmerged_rows(file: Path) -> bool:
    """Whether an SQLite file was left with rows that only its -wal has."""
    log = file.with_name(f'{file.name}-wal')
    return file.suffix == '.db3' and log.is_file() and log.stat().st_size > 0


def unpacked(file: Path, folder: Path) -> tuple[Path, str]:
    """
    Return a file that is not compressed as a whole, and what of it is lost, '' = nothing.

    Args:
        file: of a bag.
        folder: for the copy.
    """
    if not file.name.endswith(PACKED):
        return file, ''
    copy = folder / file.name.removesuffix(PACKED)
    try:
        with zstd.open(file, 'rb') as packed, copy.open('wb') as plain:
            most = max(MIB, MOST_TIMES * file.stat().st_size)
            while plain.tell() < most and (part := packed.read(MIB)):
                plain.write(part)
            if plain.tell() >= most and packed.read(1):
                return (
                    copy,
                    f'{file.name} is unpacked to {MOST_TIMES} times its size, no further',
                )
    except (EOFError, zstd.ZstdError) as error:
        return copy, f'{file.name} is unpacked up to where it is damaged: {error}'
    return copy, ''


def unpacked_message(data: bytes) -> bytes:
    """Return a message that may be compressed by itself; nothing where it is damaged."""
    if not data.startswith(_ZSTD_MAGIC):  # no message of ROS begins so
        return data
    try:
        return zstd.ZstdDecompressor().decompress(data, LARGEST_MESSAGE)
    except zstd.ZstdError:
        return b''
