# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Tables of settings as the parameters of a node."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

from rcl_interfaces.msg import (
    FloatingPointRange,
    IntegerRange,
    ParameterDescriptor,
    SetParametersResult,
)
from rclpy.node import Node

from node_kit.settings import Setting


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
            check: called with all values after the change; raises ValueError to refuse.
            changed: called with the set of changed names after the change.

        Raises:
            ValueError: if a value given at start is refused.
        """
        self._table = {setting.name: setting for setting in table}
        self._check = check
        self._changed = changed
        self._values = {
            setting.name: node.declare_parameter(
                setting.name, setting.default, descriptor(setting)
            ).value
            for setting in self._table.values()
        }
        for name, value in self._values.items():
            self._table[name].check(value)
        node.add_on_set_parameters_callback(self._validate)
        node.add_post_set_parameters_callback(self._apply)

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __iter__(self):
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def _validate(self, parameters):
        known = {p.name: p.value for p in parameters if p.name in self._table}
        try:
            for name, value in known.items():
                self._table[name].check(value)
            if known:
                self._check({**self._values, **known})
        except (ValueError, OSError, RuntimeError) as error:
            return SetParametersResult(successful=False, reason=str(error))
        return SetParametersResult(successful=True)

    def _apply(self, parameters) -> None:
        known = {p.name: p.value for p in parameters if p.name in self._table}
        changed = {name for name, value in known.items() if self._values[name] != value}
        self._values.update(known)
        if changed:
            self._changed(changed)


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
    if isinstance(setting.default, float):
        descriptor.floating_point_range = [
            FloatingPointRange(
                from_value=float(-math.inf if setting.minimum is None else setting.minimum),
                to_value=float(math.inf if setting.maximum is None else setting.maximum),
            )
        ]
    else:
        descriptor.integer_range = [
            IntegerRange(
                from_value=int(-(2**31) if setting.minimum is None else setting.minimum),
                to_value=int(2**31 if setting.maximum is None else setting.maximum),
            )
        ]
    return descriptor
