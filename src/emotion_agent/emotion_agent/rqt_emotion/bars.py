# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Rows of bars from 0 to 1, with a tick at each resting level."""

from collections.abc import Sequence

from python_qt_binding.QtCore import QPointF, QRectF, QSize, Qt
from python_qt_binding.QtGui import QPainter, QPen
from python_qt_binding.QtWidgets import QSizePolicy, QWidget

from emotion_agent.rqt_emotion.ink import Ink, faded

FAINT = 0.35  # opacity of an emotion that the face does not show
GAP_PX = 8


class Bars(QWidget):
    """One row for each name: the name, a bar, and its value."""

    def __init__(self, names: Sequence[str], all_names: Sequence[str]):
        """
        Args:
            names: of the rows, each with a colour of its own.
            all_names: of all groups of bars in one column, so that their bars are aligned.
        """
        super().__init__()
        self._names, self._all_names = names, all_names
        self._values: Sequence[float] = [0.0] * len(names)
        self._opacity: Sequence[float] = [1.0] * len(names)
        self._rest: Sequence[float] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.MinimumExpanding)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Preferred size, asked by Qt."""
        metrics = self.fontMetrics()
        return QSize(280, int(1.35 * metrics.height()) * len(self._names))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Least size, asked by Qt."""
        return QSize(180, self.fontMetrics().height() * len(self._names))

    def show_values(self, values: Sequence[float], visible: Sequence[float] | None = None) -> None:
        """
        Set the bars.

        Args:
            values: one for each name, [0, 1].
            visible: how much of each the face shows, [0, 1]; None = all of it.
        """
        self._values = values
        if visible is not None:
            self._opacity = [FAINT + (1.0 - FAINT) * share for share in visible]
        self.update()

    def show_rest(self, rest: Sequence[float] | None) -> None:
        """Set the ticks, one for each name, [0, 1]; None = no ticks."""
        if rest != self._rest:
            self._rest = rest
            self.update()

    def paintEvent(self, _) -> None:  # noqa: N802
        """Paint the widget, called by Qt."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink, metrics = Ink(self), painter.fontMetrics()
        height = self.height() / len(self._names)
        left = max(map(metrics.horizontalAdvance, self._all_names)) + GAP_PX
        right = self.width() - metrics.horizontalAdvance('0.00') - GAP_PX
        for row, name in enumerate(self._names):
            thickness = min(0.5 * height, 0.8 * metrics.height())
            bar = QRectF(left, (row + 0.5) * height - thickness / 2, right - left, thickness)
            self._paint_bar(painter, ink, bar, row)
            painter.setPen(ink.text)
            line = QRectF(0.0, row * height, left - GAP_PX, height)
            middle = Qt.AlignmentFlag.AlignVCenter
            painter.drawText(line, Qt.AlignmentFlag.AlignRight | middle, name)
            painter.setPen(ink.soft)
            line = QRectF(right + GAP_PX, row * height, self.width() - right - GAP_PX, height)
            painter.drawText(
                line, Qt.AlignmentFlag.AlignRight | middle, f'{self._values[row]:.2f}'
            )
        painter.end()

    def _paint_bar(self, painter, ink: Ink, bar: QRectF, row: int) -> None:
        rounding = bar.height() / 3
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink.track)
        painter.drawRoundedRect(bar, rounding, rounding)
        filled = QRectF(bar)
        filled.setWidth(bar.width() * max(0.0, min(1.0, self._values[row])))
        painter.setBrush(faded(ink.of(self._names[row]), self._opacity[row]))
        painter.drawRoundedRect(filled, rounding, rounding)
        if self._rest is not None:
            x = bar.left() + bar.width() * self._rest[row]
            painter.setPen(QPen(ink.text, 2.0))
            painter.drawLine(QPointF(x, bar.top() - 2), QPointF(x, bar.bottom() + 2))
