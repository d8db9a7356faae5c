# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The face as the display shows it, pixel by pixel."""

import numpy as np
from python_qt_binding.QtCore import QRectF, QSize, Qt
from python_qt_binding.QtGui import QColor, QImage, QPainter
from python_qt_binding.QtWidgets import QSizePolicy, QWidget

GLASS = QColor('#05070a')
BEZEL_PX = 10


class FaceView(QWidget):
    """A dark panel whose lit pixels are those of the last image."""

    def __init__(self):
        super().__init__()
        self._image = QImage(128, 64, QImage.Format.Format_Grayscale8)
        self._image.fill(0)
        self.setMinimumSize(148, 84)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Preferred size, asked by Qt."""
        return QSize(2 * 128 + 2 * BEZEL_PX, 2 * 64 + 2 * BEZEL_PX)

    def show_face(self, pixels: np.ndarray) -> None:
        """Show an image: (height, width) of uint8, 0 = dark."""
        height, width = pixels.shape
        data = np.ascontiguousarray(pixels).tobytes()
        # The image of Qt refers to the bytes without owning them, hence the copy.
        self._image = QImage(data, width, height, width, QImage.Format.Format_Grayscale8).copy()
        self.update()

    def paintEvent(self, _) -> None:  # noqa: N802
        """Paint the widget, called by Qt."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scale = min(
            (self.width() - 2 * BEZEL_PX) / self._image.width(),
            (self.height() - 2 * BEZEL_PX) / self._image.height(),
        )
        # An integer scale from 2 on; below that, any scale, so that the picture is not tiny.
        scale = float(int(scale)) if scale >= 2.0 else scale
        width, height = scale * self._image.width(), scale * self._image.height()
        screen = QRectF((self.width() - width) / 2, (self.height() - height) / 2, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(GLASS)
        painter.drawRoundedRect(
            screen.adjusted(-BEZEL_PX, -BEZEL_PX, BEZEL_PX, BEZEL_PX), BEZEL_PX, BEZEL_PX
        )
        painter.drawImage(screen, self._image)
        painter.end()
