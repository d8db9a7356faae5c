# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Parameters as a table of `Setting`s with default, range and description.

Needs no ROS: `node_kit.parameters` declares a table on a node, `checked` reads one without a node.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from node_kit.limits import check_value, shown

# ROS distinguishes these types: a node refuses 10 where it expects 10.0.
_KINDS = {
    bool: 'true or false',
    int: 'a whole number',
    float: 'a number with a decimal point',
    str: 'text',
}


@dataclass(frozen=True)
class Setting:
    """
    One ROS parameter.

    Attributes:
        name: parameter name; dots group, a suffix gives the unit (`detect_rate_hz`).
        default: value when nothing is set; its type is the type of the parameter.
        description: what it does, with unit, as `ros2 param describe` shows it.
        minimum: least value of a number, inclusive; None = unbounded.
        maximum: greatest value of a number, inclusive; None = unbounded.
        choices: allowed values; empty = any.
        fixed: read when the node starts, refused afterwards.
        other_types: of values that are taken beside the type of the default; where there are
            some, the node itself says what is wrong with another.
        special: one value outside the range that is taken too; None = there is none.
    """

    name: str
    default: Any
    description: str
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple = ()
    fixed: bool = False
    other_types: tuple[type, ...] = ()
    special: float | None = None

    def check_type(self, value: Any) -> None:
        """
        Check the type, which ROS never converts.

        Raises:
            ValueError: saying what to write instead.
        """
        kind = type(self.default)
        if type(value) is not kind and not self.other_types:
            raise ValueError(
                f'{self.name}: expected {_KINDS[kind]}, got {shown(value)}; '
                f'write {_remedy(self.default, value)}'
            )

    def check(self, value: Any) -> None:
        """
        Check what the ranges of rclpy do not cover.

        Raises:
            ValueError: if `value` is too long, not among the choices, not a finite number, or
                between the range and the special value.
        """
        check_value(self.name, value)
        if self.choices and value not in self.choices:
            raise ValueError(
                f'{self.name}: expected one of {", ".join(map(repr, self.choices))}, '
                f'got {shown(value)}'
            )
        if isinstance(value, float) and not math.isfinite(value):
            raise ValueError(f'{self.name}: expected a finite number, got {value!r}')
        if self.special is not None:
            self.check_range(value)

    def check_range(self, value: Any) -> None:
        """
        Check that a number is in the range, or the special value.

        Raises:
            ValueError: saying what is taken.
        """
        low = -math.inf if self.minimum is None else self.minimum
        high = math.inf if self.maximum is None else self.maximum
        if type(value) not in (int, float) or low <= value <= high or value == self.special:
            return
        beside = '' if self.special is None else f', or {self.special:g}'
        raise ValueError(f'{self.name}: expected {low:g} to {high:g}{beside}, got {shown(value)}')


_TRUE, _FALSE = ('true', 'yes', 'on', '1', '1.0'), ('false', 'no', 'off', '0', '0.0')


def _remedy(default: Any, value: Any) -> str:
    """What to write in a file or on the command line instead of a value of another type."""
    if isinstance(value, list | tuple | Mapping):
        return 'one value'
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if isinstance(default, str):
        return 'a text, or leave it out' if value is None else shown(text)
    if isinstance(default, bool):
        known = {**dict.fromkeys(_TRUE, 'true'), **dict.fromkeys(_FALSE, 'false')}
        return known.get(text.lower(), f'it as {str(default).lower()}')
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if isinstance(default, float) and math.isfinite(number):
        return repr(number)
    return str(int(number)) if number.is_integer() else f'it as {default!r}'


OF_ROS = (
    Setting('use_sim_time', False, 'take the time from /clock'),
    Setting('start_type_description_service', True, 'offer the definitions of the types'),
)
"""Parameters that every node of ROS has."""

AUTOSTART, PRIVATE_MEMORY = 'autostart', 'private_memory'
OF_EVERY_NODE = (
    Setting(
        AUTOSTART,
        True,
        'configure and activate at start, without waiting for transitions',
        fixed=True,
    ),
    Setting(
        PRIVATE_MEMORY,
        False,
        'take shared memory and new files from other users of the computer, whose nodes then get '
        'nothing by shared memory; for all nodes of a process or none',
        fixed=True,
    ),
)
"""Parameters that every node of ours has."""


def is_of_ros(name: str) -> bool:
    """Whether ROS itself reads a parameter of this name."""
    return name.startswith('qos_overrides.') or name in {setting.name for setting in OF_ROS}


def checked(table: Iterable[Setting], given: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return the values that a node with this table would have, without a node.

    Args:
        table: the settings.
        given: values that differ from the defaults, by name.

    Raises:
        ValueError: for a value that the node would refuse, also one of another type.
    """
    return {setting.name: _checked(setting, given) for setting in table}


def _checked(setting: Setting, given: Mapping[str, Any]) -> Any:
    value = given.get(setting.name, setting.default)
    setting.check_type(value)
    setting.check(value)
    setting.check_range(value)
    return value
