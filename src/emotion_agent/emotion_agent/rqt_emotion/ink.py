# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Colours that fit the palette of the desktop, light or dark."""

from python_qt_binding.QtGui import QColor, QPalette
from python_qt_binding.QtWidgets import QWidget

from emotion_agent.neuromodulation import NEUTRAL
from emotion_agent.reporting.colours import COLOURS

ROLES = QPalette.ColorRole


class Ink:
    """The colours of one widget; made anew for every painting, as palettes change."""

    def __init__(self, widget: QWidget):
        palette = widget.palette()
        self.text = palette.color(ROLES.WindowText)
        self.paper = palette.color(ROLES.Base)
        self.highlight = palette.color(ROLES.Highlight)
        self.window = palette.color(ROLES.Window)
        self.soft = mixed(self.text, self.window, 0.45)
        self.line = mixed(self.text, self.window, 0.8)
        self.track = mixed(self.text, self.window, 0.9)

    def of(self, name: str) -> QColor:
        """The colour of an emotion or modulator, bright enough on a dark desktop."""
        if name == NEUTRAL or name not in COLOURS:
            return self.soft
        colour = QColor(COLOURS[name])
        return colour.lighter(125) if self.window.lightness() < 128 else colour


def mixed(one: QColor, other: QColor, share: float) -> QColor:
    """The colour between two: 0 = `one`, 1 = `other`."""
    return QColor.fromRgbF(
        *(a + share * (b - a) for a, b in zip(one.getRgbF()[:3], other.getRgbF()[:3], strict=True))
    )


def faded(colour: QColor, opacity: float) -> QColor:
    """The same colour, partly transparent: 0 = not there, 1 = opaque."""
    result = QColor(colour)
    result.setAlphaF(max(0.0, min(1.0, opacity)))
    return result
