# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The temperaments that ship with the package, by name."""

from pathlib import Path

from ament_index_python.packages import get_package_share_directory

from emotion_agent.neuromodulation import ConfigError


def shipped_temperaments() -> dict[str, Path]:
    """Return name -> YAML file, sorted by name."""
    folder = Path(get_package_share_directory('emotion_agent'), 'config', 'temperaments')
    return {file.stem: file for file in sorted(folder.glob('*.yaml'))}


def temperament_file(name: str) -> Path:
    """
    Find a temperament by the name of a shipped one or by its path.

    Raises:
        ConfigError: naming the shipped ones, if it is neither.
    """
    shipped = shipped_temperaments()
    try:
        file = shipped.get(name) or Path(name).expanduser()
        if file.is_file():
            return file
    except (OSError, RuntimeError) as problem:
        raise ConfigError(f'temperament: {name[:80]!r} is no name of a file: {problem}') from None
    raise ConfigError(f'temperament: expected one of {", ".join(shipped)} or a file, got {name!r}')
