# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The temperaments that ship with the package, by name."""

from pathlib import Path

from emotion_agent.neuromodulation import ConfigError
from emotion_agent.resources.folders import config_folder


def shipped_temperaments() -> dict[str, Path]:
    """Return name -> YAML file, sorted by name."""
    files = sorted((config_folder() / 'temperaments').glob('*.yaml'))
    return {file.stem: file for file in files}


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
    except (OSError, RuntimeError) as error:
        raise ConfigError(f'temperament: {name[:80]!r} cannot be a file name: {error}') from None
    raise ConfigError(f'temperament: expected one of {", ".join(shipped)} or a file, got {name!r}')
