# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Tables of settings as the parameters of a node."""

import math
from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from rcl_interfaces.msg import (
    FloatingPointRange,
    IntegerRange,
    ParameterDescriptor,
    SetParametersResult,
)
from rclpy.node import Node
from rclpy.parameter import Parameter

from node_kit.arguments import Given
from node_kit.limits import SHOWN_CHARACTERS, cut
from node_kit.settings import OF_ROS, Setting, checked, is_of_ros
from node_kit.suggestions import did_you_mean

SURELY_MEANT = 0.8  # so alike are a name and the one that was mistyped


class Settings(Mapping):
    """
    The current values of a table of settings, declared on a node.

    Reads like a dictionary. A change from outside is first checked as a whole (`check`), then
    visible here, and then passed to the node (`changed`).
    """

    def __init__(self, node: Node, table: Iterable[Setting], check, changed):
        """
        Declare `table` on `node`.

        Args:
            node: the node that owns the parameters.
            table: the settings.
            check: called with all values as they would be and the set of names that are being
                set; raises ValueError to refuse.
            changed: called with the set of names that were set, also to the value they had.

        Raises:
            ValueError: if a value given at start is refused.
        """
        self._table = {setting.name: setting for setting in table}
        self._check = check
        self._changed = changed
        # What was given to the node; rclpy itself would say less about a wrong type.
        given = {name: item.value for name, item in node._parameter_overrides.items()}
        checked(self._table.values(), given)
        self._values = {
            setting.name: node.declare_parameter(
                setting.name, setting.default, descriptor(setting)
            ).value
            for setting in self._table.values()
        }
        for name in given:
            if not (node.has_parameter(name) or is_of_ros(name)):
                node.get_logger().warning(unknown(name, self._table))
        node.add_on_set_parameters_callback(self._validate)
        node.add_post_set_parameters_callback(self._apply)

    def worth_saying(self) -> dict[str, Any]:
        """The values, without those that stand for another one, as -1 for that of a preset."""
        return {
            name: value
            for name, value in self._values.items()
            if self._table[name].special is None or value != self._table[name].special
        }

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __iter__(self):
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def wrong_type(self, parameters: Iterable[Parameter]) -> str:
        """Return what is wrong with the type of the first wrong one of `parameters`, or ''."""
        for parameter in parameters:
            if setting := self._table.get(parameter.name):
                try:
                    setting.check_type(parameter.value)
                except ValueError as error:
                    return str(error)
        return ''

    def _validate(self, parameters):
        known = {p.name: p.value for p in parameters if p.name in self._table}
        try:
            for name, value in known.items():
                self._table[name].check(value)
            if known:
                self._check({**self._values, **known}, set(known))
        except (ValueError, OSError, RuntimeError) as error:
            return SetParametersResult(successful=False, reason=str(error))
        return SetParametersResult(successful=True)

    def _apply(self, parameters) -> None:
        known = {p.name: p.value for p in parameters if p.name in self._table}
        self._values.update(known)
        if known:
            self._changed(set(known))


def overrides_of(given: Iterable[Given], table: Iterable[Setting]) -> list[Parameter]:
    """
    Return what was given of the parameters of a node, what counts most for each.

    Args:
        given: what counts most last.
        table: the settings of the node.

    Raises:
        ValueError: for a value that the node would refuse.
    """
    known = {setting.name: setting for setting in (*OF_ROS, *table)}
    values = {
        item.name: _meant(item, known.get(item.name))
        for item in given
        if item.name in known or is_of_ros(item.name)
    }
    checked(known.values(), values)
    return [Parameter(name, value=value) for name, value in values.items()]


def _meant(given: Given, setting: Setting | None) -> Any:
    """The value; on the command line 0 is text where text is expected."""
    if setting is None or given.text is None or not isinstance(setting.default, str):
        return given.value
    is_taken = type(given.value) in (str, *setting.other_types)
    return given.value if is_taken else given.text


def warn_of_unknown(node: Node, given: Iterable[Given], known: Collection[str]) -> None:
    """Log what was given and is no parameter of a node; for others perhaps, only as a note."""
    for item in given:
        if item.name in known or is_of_ros(item.name):
            continue
        line = f'{item.source}: {unknown(item.name, known)}'
        if item.text is not None and item.may_be_for_others:
            continue  # which the process says
        if not item.may_be_for_others:
            node.get_logger().warning(line)
        elif get_close_matches(item.name, known, 1, SURELY_MEANT):
            node.get_logger().warning(f'{line} (it stands under {item.pattern})')
        else:
            node.get_logger().info(
                f'{item.source}: {item.name}, which stands under {item.pattern}, is no parameter '
                'of this node'
            )


def unknown(name: str, known: Collection[str]) -> str:
    """Return the line about a parameter that a node does not have."""
    hint = did_you_mean(name, known)
    return f'ignored {cut(name, SHOWN_CHARACTERS)}, which is no parameter of this node{hint}'


def descriptor(setting: Setting) -> ParameterDescriptor:
    """Return the descriptor that `ros2 param describe` and rqt_reconfigure read."""
    descriptor = ParameterDescriptor(
        description=setting.description,
        read_only=setting.fixed,
        dynamic_typing=bool(setting.other_types),
    )
    if setting.choices:
        descriptor.additional_constraints = f'one of {", ".join(map(repr, setting.choices))}'
    if setting.minimum is None and setting.maximum is None:
        return descriptor
    low = -math.inf if setting.minimum is None else setting.minimum
    high = math.inf if setting.maximum is None else setting.maximum
    if setting.special is not None:
        # ROS knows one range; `Setting.check` refuses what is between.
        descriptor.additional_constraints = f'{low:g} to {high:g}, or {setting.special:g}'
        low, high = min(low, setting.special), max(high, setting.special)
    if isinstance(setting.default, float):
        descriptor.floating_point_range = [
            FloatingPointRange(from_value=float(low), to_value=float(high))
        ]
    else:
        descriptor.integer_range = [
            IntegerRange(from_value=int(max(low, -(2**31))), to_value=int(min(high, 2**31)))
        ]
    return descriptor
