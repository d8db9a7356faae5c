# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
What all nodes share: lifecycle, parameters, diagnostics, images, time.

A node is a `ManagedNode`: it declares a table of `Setting`s, starts to work in `on_start`, stops
in `on_stop`, and reports its health in `diagnose`. `run` is the main function of its executable.

The names below are imported on first use, so that `node_kit.settings`, `node_kit.time` and
`node_kit.images` can be imported without ROS.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from node_kit.diagnostics import Diagnosis
    from node_kit.lifecycle import ManagedNode, Unavailable
    from node_kit.main import run
    from node_kit.settings import Setting
    from node_kit.worker import LatestWorker

__all__ = ['Diagnosis', 'LatestWorker', 'ManagedNode', 'Setting', 'Unavailable', 'run']

_MODULES = {
    'Diagnosis': 'diagnostics',
    'LatestWorker': 'worker',
    'ManagedNode': 'lifecycle',
    'Setting': 'settings',
    'Unavailable': 'lifecycle',
    'run': 'main',
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f'module {__name__!r} has no attribute {name!r}')
    return getattr(import_module(f'{__name__}.{_MODULES[name]}'), name)
