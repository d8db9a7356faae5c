# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
A fast driver for small monochrome OLEDs (SSD1306 and relatives), and what stands in for one.

`FastMono` drives a panel over any serial object of luma.core and sends only what changed.
`DisplayWorker` shows the newest frame on any number of outputs, from a thread of its own. Nothing
here but `node` knows ROS.
"""

from oled_face.driver import FastMono
from oled_face.panels import panel_for

__all__ = ['FastMono', 'panel_for']
