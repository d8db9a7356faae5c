# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Nested mappings from YAML: overlaid on each other, and read with errors that name the path."""

import math
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from emotion_agent.neuromodulation.unique_keys import WrittenTwice, load_unique
from node_kit.limited_yaml import YamlLimit, without_content
from node_kit.limits import (
    NAME_CHARACTERS,
    SHOWN_CHARACTERS,
    BeyondLimit,
    cut,
    read_text,
    shown,
)


class ConfigError(ValueError):
    """
    A configuration that cannot be used; the message starts with the YAML path at fault.

    Attributes:
        without_content: the message without what stands in the file, for whoever may not read it.
    """

    def __init__(self, message: str, without_content: str = ''):
        super().__init__(message)
        self.without_content = without_content or message


class Range(NamedTuple):
    """An interval of numbers; the ends belong to it unless they are open."""

    low: float = -math.inf
    high: float = math.inf
    open_ends: bool = False

    def __contains__(self, number: object) -> bool:
        if not isinstance(number, float) or not math.isfinite(number):
            return False
        if self.open_ends:
            return self.low < number < self.high
        return self.low <= number <= self.high

    def __str__(self) -> str:
        if self.high == math.inf:
            return f'{">" if self.open_ends else ">="} {self.low:g}'
        return f'a number in {"(" if self.open_ends else "["}{self.low:g}, {self.high:g}' + (
            ')' if self.open_ends else ']'
        )


POSITIVE = Range(low=0.0, open_ends=True)
NON_NEGATIVE = Range(low=0.0)
UNIT = Range(0.0, 1.0)
OPEN_UNIT = Range(0.0, 1.0, open_ends=True)
SIGNED_UNIT = Range(-1.0, 1.0)


def _shown(value: Any) -> str:
    return f'{value:g}' if isinstance(value, float) else shown(value)


def listed(names: Iterable[str], wrong: str) -> str:
    """
    What to write instead of `wrong`, for an error message.

    Returns:
        'did you mean X?' where a name is close, else 'one of A, B, C'.
    """
    names = sorted(names)
    close = get_close_matches(wrong, names, n=1) if len(wrong) <= NAME_CHARACTERS else []
    return f'did you mean {close[0]!r}?' if close else f'one of {", ".join(names)}'


class Tree:
    """One mapping of a configuration, with its path in the file."""

    def __init__(self, value: Any, path: str) -> None:
        """
        Raises:
            ConfigError: if `value` is not a mapping.
        """
        if not isinstance(value, Mapping):
            expected = f'{path}: expected a mapping'
            raise ConfigError(f'{expected}, got {_shown(value)}', expected)
        self.value = value
        self.path = path

    def __iter__(self):
        return iter(self.value)

    def at(self, key: str) -> str:
        """The path of `key` in this mapping."""
        return f'{self.path}.{key}'

    def expect_keys(self, names: Iterable[str]) -> None:
        """
        Raises:
            ConfigError: if the mapping has a key that is not among `names`.
        """
        for key in self.value:
            if key not in names:
                raise ConfigError(
                    f'{self.at(cut(key, SHOWN_CHARACTERS))}: unknown key; {listed(names, key)}',
                    f'{self.path}: has a key that is none of {", ".join(sorted(names))}',
                )

    def get(self, key: str) -> Any:
        """
        The value of `key`.

        Raises:
            ConfigError: if it is missing.
        """
        if key not in self.value:
            raise ConfigError(f'{self.at(key)}: missing')
        return self.value[key]

    def section(self, key: str) -> 'Tree':
        """
        The mapping under `key`; an absent one is empty.

        Raises:
            ConfigError: if it is not a mapping.
        """
        return Tree(self.value.get(key, {}), self.at(key))

    def number(self, key: str, allowed: Range, default: float | None = None) -> float:
        """
        The finite number under `key`.

        Raises:
            ConfigError: if it is missing without a default, no number, or outside `allowed`.
        """
        value = self.get(key) if default is None else self.value.get(key, default)
        if value not in allowed:
            expected = f'{self.at(key)}: expected {allowed}'
            raise ConfigError(f'{expected}, got {_shown(value)}', expected)
        return value

    def text(self, key: str) -> str:
        """
        The string under `key`.

        Raises:
            ConfigError: if it is missing or no string.
        """
        value = self.get(key)
        if not isinstance(value, str):
            expected = f'{self.at(key)}: expected a string'
            raise ConfigError(f'{expected}, got {_shown(value)}', expected)
        return value

    def vector(self, names: tuple[str, ...], allowed: Range) -> tuple[float, ...]:
        """
        The numbers of this mapping in the order of `names`; absent ones are 0.

        Raises:
            ConfigError: for an unknown name or a number outside `allowed`.
        """
        self.expect_keys(names)
        return tuple(self.number(name, allowed, default=0.0) for name in names)


def normalised(value: Any) -> Any:
    """A copy with text keys and float numbers, so that 1 and 1.0, 45 and '45' are the same."""
    if isinstance(value, Mapping):
        return {_key(key): normalised(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [normalised(item) for item in value]
    if isinstance(value, int) and not isinstance(value, bool):
        return _float(value)
    return value


def _float(number: float) -> float:
    """A number as a float, infinite where it is too large for one."""
    try:
        return float(number)
    except OverflowError:  # an integer
        return math.inf if number > 0 else -math.inf


def _reason(error: OSError | ValueError) -> str:
    return 'it is not UTF-8' if isinstance(error, UnicodeDecodeError) else str(error)


def _key(key: Any) -> str:
    if isinstance(key, bool):
        return 'on' if key else 'off'  # YAML 1.1 reads these two words as true and false
    return f'{_float(key):g}' if isinstance(key, (int, float)) else str(key)


def overlaid(base: Any, overlay: Any) -> Any:
    """
    `overlay` on `base`: mappings are merged key by key, anything else is replaced.

    An empty section of a YAML file, which reads as None, changes nothing.
    """
    if not isinstance(base, Mapping):
        return overlay
    if overlay is None:
        return base
    if not isinstance(overlay, Mapping):
        return overlay
    merged = {key: overlaid(item, overlay.get(key, item)) for key, item in base.items()}
    return merged | {key: item for key, item in overlay.items() if key not in base}


def read_yaml(path: str | Path) -> Any:
    """
    The content of a YAML file.

    Raises:
        ConfigError: if the file cannot be read, is not YAML, or has a key twice.
    """
    try:
        return load_unique(read_text(Path(path)))
    except (OSError, UnicodeDecodeError, BeyondLimit) as error:
        raise ConfigError(f'{path}: cannot be read: {_reason(error)}') from error
    except (ValueError, RecursionError) as error:  # as of a date that there is not
        raise ConfigError(f'{path}: is not YAML: {error}', f'{path}: is not YAML') from error
    except WrittenTwice as error:
        raise ConfigError(f'{path}: {error}', f'{path}: has a key twice') from None
    except YamlLimit as error:
        raise ConfigError(f'{path}: {error}') from None
    except yaml.YAMLError as error:
        reason = ' '.join(str(error).split())
        place = f'{path}: is not YAML: {without_content(error)}'
        raise ConfigError(f'{path}: is not YAML: {reason}', place) from error
