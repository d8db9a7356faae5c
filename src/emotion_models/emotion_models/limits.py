# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
How much is read of a file: its bytes, what compressed data says it will be, and YAML.

The size of pictures is in `imaging.limits`; docs/limits.md lists all.
"""

import zipfile
from math import prod
from pathlib import Path
from typing import IO, Any

import numpy as np
import yaml
from yaml.composer import Composer
from yaml.constructor import SafeConstructor
from yaml.resolver import Resolver

from emotion_models.reading import FileError

YAML_BYTES = 256 * 1024  # of a card, an experiment or the notes of a run
YAML_NODES = 100_000  # of one whose aliases are written out
YAML_LEVELS = 50  # of lists and mappings in each other
TABLE_BYTES = 256 * 1024**2  # of a CSV or JSON file
PICTURE_BYTES = 256 * 1024**2  # of a file
ARCHIVE_BYTES = 8 * 1024**3  # of all arrays of a NumPy file, unpacked
_HEADERS = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}


class YamlLimit(yaml.YAMLError):
    """More YAML than is taken. The message names the limit."""


if yaml.__with_libyaml__:
    from yaml.cyaml import CParser

    class _CParsingLoader(Composer, CParser, SafeConstructor, Resolver):
        """`yaml.SafeLoader` with a parser in C; unlike `CSafeLoader`, it composes in Python."""

        def __init__(self, text: str) -> None:
            CParser.__init__(self, text)
            Composer.__init__(self)
            SafeConstructor.__init__(self)
            Resolver.__init__(self)

    _SafeLoader: Any = _CParsingLoader  # a fifth of the time for the card of a model
else:
    _SafeLoader = yaml.SafeLoader


class LimitedLoader(_SafeLoader):
    """
    A loader that refuses what would take long or much memory, before anything is made of it.

    Raises:
        YamlLimit: if the text has more than `YAML_LEVELS` lists and mappings in each other, or
            more than `YAML_NODES` values once its aliases are written out.
    """

    _levels = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Compose one level deeper."""
        self._levels += 1
        if self._levels > YAML_LEVELS:
            raise YamlLimit(f'has more than {YAML_LEVELS} lists and mappings in each other')
        node = super().compose_node(parent, index)
        self._levels -= 1
        return node

    def get_single_node(self) -> yaml.Node | None:
        """Compose all, and count it."""
        root = super().get_single_node()
        if root is not None and _written_out(root, {}) > YAML_NODES:
            raise YamlLimit(f'has more than {YAML_NODES} values where its aliases are written out')
        return root


def read_yaml(path: Path, loader: type[LimitedLoader] = LimitedLoader) -> Any:
    """
    What a YAML file stands for.

    Raises:
        OSError: if it cannot be read.
        FileError: if it is too long.
        yaml.YAMLError: if it is no YAML, or more than is taken.
    """
    return yaml.load(read_text(path, YAML_BYTES), loader)


def read_bytes(path: Path | zipfile.Path, most: int) -> bytes:
    """
    The content of a file of which at most so many bytes are taken.

    Raises:
        OSError: if it cannot be read.
        FileError: if it has more.
    """
    with path.open('rb') as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise FileError(f'{path} has more than {most} bytes, which are the most that is read')
    return data


def read_text(path: Path, most: int) -> str:
    """As `read_bytes`, in UTF-8."""
    return read_bytes(path, most).decode()


def check_size(path: Path, most: int) -> None:
    """
    Refuse a file that is too long to be read at once.

    Raises:
        OSError: if it is not there.
        FileError: if it has more bytes.
    """
    if (size := path.stat().st_size) > most:
        raise FileError(f'{path} has {size} bytes, at most {most} are read')


def check_arrays(path: Path) -> None:
    """
    Refuse a NumPy file (.npy, .npz) whose arrays are not as large as they say, or too large.

    Raises:
        OSError: if it cannot be read.
        FileError: naming both sizes.
        ValueError: or what else `numpy` and `zipfile` raise of a damaged file.
    """
    if not zipfile.is_zipfile(path):
        with path.open('rb') as file:
            _check_array(path, file, path.stat().st_size)
        return
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        if (total := sum(member.file_size for member in members)) > ARCHIVE_BYTES:
            raise FileError(
                f'{path} has {total} bytes when it is unpacked, at most {ARCHIVE_BYTES} are read'
            )
        for member in members:
            with archive.open(member) as file:
                _check_array(f'{path}: {member.filename}', file, member.file_size)


def _check_array(name: object, file: IO[bytes], size: int) -> None:
    """Refuse an array whose header and size contradict each other."""
    version = np.lib.format.read_magic(file)
    if version not in _HEADERS:
        raise FileError(f'{name} is of version {version} of the format; save it anew')
    shape, _, kind = _HEADERS[version](file)
    said = prod(shape) * kind.itemsize
    if said > min(size, ARCHIVE_BYTES):
        raise FileError(
            f'{name} says that it has {said} bytes; the file has {size}, and at most '
            f'{ARCHIVE_BYTES} are read'
        )


def _written_out(node: yaml.Node, known: dict[int, int]) -> int:
    """How many values a node has in all; one that contains itself counts once."""
    if id(node) not in known:
        known[id(node)] = 1
        if isinstance(node, yaml.MappingNode):
            parts = [part for pair in node.value for part in pair]
        else:
            parts = node.value if isinstance(node, yaml.SequenceNode) else []
        known[id(node)] = 1 + sum(_written_out(part, known) for part in parts)
    return known[id(node)]
