# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A button for each stimulus, and a slider for the intensity."""

from collections.abc import Sequence

from python_qt_binding.QtCore import Qt, Signal
from python_qt_binding.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from emotion_agent.panels.words import button_text, doses_text
from emotion_msgs.msg import StimulusInfo

PADDING_PX = 18


class StimulusButtons(QWidget):
    """Buttons in as many columns as fit, below a slider."""

    pressed = Signal(str, float)  # name, intensity in [0, 1]

    def __init__(self):
        super().__init__()
        self._stimuli: Sequence[StimulusInfo] = ()
        self._buttons: list[QPushButton] = []
        self._columns = 0
        self._group = QButtonGroup(self)
        self._group.buttonClicked.connect(self._press)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, 100)
        self._percent = QLabel()
        self._percent.setMinimumWidth(self.fontMetrics().horizontalAdvance('100 %'))
        self.slider.valueChanged.connect(self._show_percent)
        self.slider.setValue(100)
        strength = QHBoxLayout()
        for widget in (QLabel('intensity'), self.slider, self._percent):
            strength.addWidget(widget)
        inside = QWidget()
        self._grid = QGridLayout(inside)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setAlignment(Qt.AlignmentFlag.AlignTop)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(strength)
        layout.addWidget(area)

    def show_stimuli(self, stimuli: Sequence[StimulusInfo]) -> None:
        """Make one button for each."""
        is_known = stimuli == self._stimuli
        self._stimuli = stimuli
        if is_known:
            return
        for button in self._buttons:
            button.deleteLater()
        self._buttons = [self._button(info) for info in stimuli]
        self._columns = 0
        self._arrange()

    def resizeEvent(self, event) -> None:  # noqa: N802
        """Arrange the buttons for the new size, called by Qt."""
        super().resizeEvent(event)
        self._arrange()

    def _button(self, info: StimulusInfo) -> QPushButton:
        button = QPushButton(button_text(info.name))
        button.setToolTip(doses_text(info))
        button.setMinimumWidth(20)
        button.setObjectName(info.name)
        self._group.addButton(button)
        return button

    def _press(self, button: QAbstractButton) -> None:
        self.pressed.emit(button.objectName(), self.slider.value() / 100.0)

    def _show_percent(self, percent: int) -> None:
        self._percent.setText(f'{percent} %')

    def _arrange(self) -> None:
        metrics = self.fontMetrics()
        texts = [button.text() for button in self._buttons]
        widest = max(map(metrics.horizontalAdvance, texts), default=1) + PADDING_PX
        columns = max(1, self.width() // widest)
        if columns == self._columns:
            return
        self._columns = columns
        for index, button in enumerate(self._buttons):
            self._grid.addWidget(button, *divmod(index, columns))
