# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Chunks of MCAP files, unpacked no further than they say, whatever is in them."""

import sys
from functools import partial

from lz4.frame import LZ4FrameDecompressor
from rosbags.rosbag2 import storage_mcap

from node_kit.limits import BeyondLimit

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

CHUNK_BYTES = 256 * 1024**2  # unpacked; writers fill one with a megabyte, or one large message
METADATA_BYTES = 1024**2  # of a metadata.yaml
EVENT_CHARACTERS = 4 * 1024**2  # of the JSON of an event; a snapshot in a busy hour has a quarter

ERRORS = (ValueError, RuntimeError, EOFError, zstd.ZstdError)
"""What is raised by damaged chunks."""

_DECOMPRESSORS = {'lz4': LZ4FrameDecompressor, 'zstd': zstd.ZstdDecompressor}


def unpack(compression: str, data: bytes, size: int) -> bytes:
    """
    Return what a chunk holds.

    Args:
        compression: '', lz4 or zstd.
        data: packed.
        size: what the chunk says of its bytes when unpacked; no more are unpacked.

    Raises:
        BeyondLimit: if it says more than `CHUNK_BYTES`.
        ValueError: if it has more or fewer than it says; also others of `ERRORS`.
    """
    if size > CHUNK_BYTES:
        raise BeyondLimit(f'a chunk of {size} bytes; at most {CHUNK_BYTES} are unpacked')
    if not compression:
        unpacked = data
    elif compression in _DECOMPRESSORS:
        unpacked = _DECOMPRESSORS[compression]().decompress(data, max_length=size + 1)
    else:
        raise ValueError(f'unknown compression {compression!r}')
    if len(unpacked) != size:
        raise ValueError(f'a chunk that does not have the {size} bytes that it says')
    return unpacked


def bound_reader() -> None:
    """Let the reader of rosbags, which trusts what it unpacks, do it as `unpack` does."""
    storage_mcap.DECOMPRESSORS.update(
        {compression: partial(unpack, compression) for compression in ('', *_DECOMPRESSORS)}
    )
