# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
A driver for small monochrome OLEDs (SSD1306 and relatives), and emulated panels.

`PanelDriver` drives a panel over any serial object of luma.core and sends only what changed.
`DisplayWorker` shows the newest frame on any number of outputs, from a thread of its own. Only
`node` imports ROS.

The names below are imported on first use, so that the programs start where a package is missing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from oled_face.driver import PanelDriver
    from oled_face.panels import panel_for

__all__ = ['PanelDriver', 'panel_for']

_MODULES = {'PanelDriver': 'driver', 'panel_for': 'panels'}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f'module {__name__!r} has no attribute {name!r}')
    return getattr(import_module(f'{__name__}.{_MODULES[name]}'), name)
