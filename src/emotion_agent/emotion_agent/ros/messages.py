# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""ROS messages by the name of their type."""

from functools import lru_cache
from importlib import import_module
from typing import Any


@lru_cache
def message_class(name: str) -> type:
    """
    Return the class of a message type such as `std_msgs/msg/String`.

    Raises:
        ImportError: if its package is not installed.
        AttributeError: if its package has no such type.
    """
    package, _, kind = name.partition('/msg/')
    return getattr(import_module(f'{package}.msg'), kind)


def is_installed(name: str) -> bool:
    """Whether the class of a message type is there."""
    try:
        message_class(name)
    except ImportError:
        return False
    return True


def make_message(name: str, /, **fields: Any) -> Any:
    """Return a message of the type `name`; what is not given has its default."""
    return message_class(name)(**fields)
