# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Scripts by name: those that ship with the package, and those of a user's own folder."""

from pathlib import Path

from emotion_agent.neuromodulation import ConfigError
from emotion_agent.resources.folders import config_folder
from node_kit.limits import shown
from node_kit.paths import expanded
from node_kit.suggestions import did_you_mean


def shipped_scripts() -> dict[str, Path]:
    """Return name -> YAML file, sorted by name."""
    return _scripts_in(config_folder() / 'scripts')


def script_names(folder: str = '') -> dict[str, Path]:
    """
    Return name -> YAML file of all that can be named.

    Args:
        folder: of the user's own scripts, which go before the shipped ones; '' = none.

    Raises:
        ConfigError: if it is no folder.
    """
    if not folder:
        return shipped_scripts()
    path = expanded(folder)
    if not path.is_dir():
        raise ConfigError(f'script_folder: expected a folder with NAME.yaml, got {shown(folder)}')
    return dict(sorted({**shipped_scripts(), **_scripts_in(path)}.items()))


def script_file(name: str, folder: str = '', only_names: bool = False) -> Path:
    """
    Find a script.

    Args:
        name: of one in the folder, of a shipped one, or a path.
        folder: of the user's own scripts; '' = none.
        only_names: take no paths, as what comes over the network.

    Raises:
        ConfigError: naming what there is, if it is none of these.
    """
    named = script_names(folder)
    if name in named:
        return named[name]
    if not only_names:
        try:
            if (file := expanded(name)).is_file():
                return file
        except (OSError, ValueError) as error:
            raise ConfigError(f'script: {shown(name)} cannot be a file name: {error}') from None
    raise ConfigError(
        f'script: expected one of {", ".join(named)}{"" if only_names else ", or a file"}, got '
        f'{shown(name)}{did_you_mean(name, named)}'
    )


def _scripts_in(folder: Path) -> dict[str, Path]:
    return {file.stem: file for file in sorted(folder.glob('*.yaml'))}
