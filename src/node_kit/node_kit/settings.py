# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Parameters as a table: one `Setting` a line, with unit, range and meaning."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rcl_interfaces.msg import (
    FloatingPointRange,
    IntegerRange,
    ParameterDescriptor,
    SetParametersResult,
)
from rclpy.node import Node


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
    """

    name: str
    default: Any
    description: str
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple = ()
    fixed: bool = False

    def descriptor(self) -> ParameterDescriptor:
        """Return the descriptor that `ros2 param describe` and rqt_reconfigure read."""
        descriptor = ParameterDescriptor(description=self.description, read_only=self.fixed)
        if self.choices:
            descriptor.additional_constraints = f'one of {", ".join(map(repr, self.choices))}'
        if self.minimum is None and self.maximum is None:
            return descriptor
        if isinstance(self.default, float):
            descriptor.floating_point_range = [
                FloatingPointRange(
                    from_value=float(-math.inf if self.minimum is None else self.minimum),
                    to_value=float(math.inf if self.maximum is None else self.maximum),
                )
            ]
        else:
            descriptor.integer_range = [
                IntegerRange(
                    from_value=int(-(2**31) if self.minimum is None else self.minimum),
                    to_value=int(2**31 if self.maximum is None else self.maximum),
                )
            ]
        return descriptor

    def check(self, value: Any) -> None:
        """
        Refuse what the ranges of rclpy let through.

        Raises:
            ValueError: if `value` is not among the choices or is not a finite number.
        """
        if self.choices and value not in self.choices:
            raise ValueError(
                f'{self.name}: expected one of {", ".join(map(repr, self.choices))}, got {value!r}'
            )
        if isinstance(value, float) and not math.isfinite(value):
            raise ValueError(f'{self.name}: expected a finite number, got {value!r}')


class Settings(Mapping):
    """
    The current values of a table of settings, declared on a node.

    Reads like a dictionary. A change from outside is first checked as a whole (`check`) and only
    then seen here and told to the node (`changed`).
    """

    def __init__(self, node: Node, table: Iterable[Setting], check, changed):
        """
        Declare `table` on `node`.

        Args:
            node: the node that owns the parameters.
            table: the settings.
            check: called with all values as they would be; raises ValueError to refuse.
            changed: called with the set of changed names after the change.

        Raises:
            ValueError: if a value given at start is refused.
        """
        self._table = {setting.name: setting for setting in table}
        self._check = check
        self._changed = changed
        self._values = {
            setting.name: node.declare_parameter(
                setting.name, setting.default, setting.descriptor()
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
        except (ValueError, OSError, RuntimeError) as problem:
            return SetParametersResult(successful=False, reason=str(problem))
        return SetParametersResult(successful=True)

    def _apply(self, parameters) -> None:
        known = {p.name: p.value for p in parameters if p.name in self._table}
        changed = {name for name, value in known.items() if self._values[name] != value}
        self._values.update(known)
        if changed:
            self._changed(changed)
