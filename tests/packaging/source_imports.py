# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What the source files of a package import from other packages, read and not run."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

SRC = Path(__file__).resolve().parents[2] / 'src'
# As in message_class('diagnostic_msgs/msg/DiagnosticArray').
_INTERFACE = re.compile(r'^(\w+)/(?:msg|srv|action)/\w+$')


def imported_packages(package: str, folder: str = '') -> dict[str, set[str]]:
    """
    Top-level modules that a package imports or whose interfaces it names.

    Args:
        package: its name.
        folder: inside of it; '' = all but its tests.

    Returns:
        Module -> files that use it; without the standard library and the package itself.
    """
    found: dict[str, set[str]] = {}
    base = SRC / package
    files = [
        file
        for file in sorted((base / folder).rglob('*.py'))
        if file.name != 'setup.py' and (folder or 'test' not in file.relative_to(base).parts)
    ]
    assert files or package == 'emotion_msgs', f'no files in {base / folder}'
    for file in files:
        for name in _names(ast.parse(file.read_text(encoding='utf-8'))):
            if name not in sys.stdlib_module_names and name not in (package, 'compression'):
                found.setdefault(name, set()).add(str(file.relative_to(SRC)))
    return found


def _names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition('.')[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition('.')[0]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from _INTERFACE.findall(node.value)
