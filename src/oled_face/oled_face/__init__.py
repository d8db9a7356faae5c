# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
A driver for small monochrome OLEDs (SSD1306 and relatives), and emulated panels.

`PanelDriver` drives a panel over any serial object of luma.core and sends only what changed.
`DisplayWorker` shows the newest frame on any number of outputs, from a thread of its own. Only
`node` imports ROS.
"""

from oled_face.driver import PanelDriver
from oled_face.panels import panel_for

__all__ = ['PanelDriver', 'panel_for']
