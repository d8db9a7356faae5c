# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Temperaments by name: those that ship with the package, and those of a user's own folder."""

from pathlib import Path

from emotion_agent.neuromodulation import ConfigError
from emotion_agent.resources.folders import config_folder
from node_kit.paths import expanded
from node_kit.suggestions import did_you_mean


def shipped_temperaments() -> dict[str, Path]:
    """Return name -> YAML file, sorted by name."""
    return _temperaments_in(config_folder() / 'temperaments')


def own_temperaments(folder: str) -> dict[str, Path]:
    """
    Return name -> YAML file of a user's own folder, sorted by name.

    Args:
        folder: its path; '' = there is none.

    Raises:
        ConfigError: if it is no folder.
    """
    if not folder:
        return {}
    path = expanded(folder)
    if not path.is_dir():
        raise ConfigError(f'temperament_folder: expected a folder with NAME.yaml, got {folder!r}')
    return _temperaments_in(path)


def temperament_names(folder: str = '') -> str:
    """Return the names that can be chosen, for people: the shipped ones and those of a folder."""
    names = f'{", ".join(shipped_temperaments())} (shipped)'
    if folder:
        own = ', '.join(own_temperaments(folder)) or 'none'
        names += f', {own} (in {folder})'
    return names


def temperament_file(name: str, folder: str = '', only_names: bool = False) -> Path:
    """
    Find a temperament.

    Args:
        name: of one in the folder, of a shipped one, or a path.
        folder: of the user's own temperaments, which go before the shipped ones; '' = none.
        only_names: take no paths.

    Raises:
        ConfigError: naming what there is, if it is none of these.
    """
    named = {**shipped_temperaments(), **own_temperaments(folder)}
    if name in named:
        return named[name]
    if not only_names:
        try:
            file = Path(name).expanduser()
            if file.is_file():
                return file
        except (OSError, RuntimeError) as error:
            raise ConfigError(
                f'temperament: {name[:80]!r} cannot be a file name: {error}'
            ) from None
    also = '; a file is taken only at start' if only_names else ', or a file'
    raise ConfigError(
        f'temperament: expected one of {temperament_names(folder)}{also}, got {name[:80]!r}'
        f'{did_you_mean(name, named)}'
    )


def _temperaments_in(folder: Path) -> dict[str, Path]:
    return {file.stem: file for file in sorted(folder.glob('*.yaml'))}
