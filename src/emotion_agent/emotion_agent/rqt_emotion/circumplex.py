# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The circumplex with the robot and the people, and a pad to simulate a person."""

from collections.abc import Mapping
from itertools import pairwise

from python_qt_binding.QtCore import QPointF, QRectF, QSize, Qt, Signal
from python_qt_binding.QtGui import QPainter, QPen
from python_qt_binding.QtWidgets import QSizePolicy, QWidget

from emotion_agent.panels.agent_link import Person
from emotion_agent.panels.plane import Affect, Plane, Trail
from emotion_agent.rqt_emotion.ink import Ink, faded

ROBOT_PX, PERSON_PX, PLACE_PX = 8.0, 9.0, 3.0
ENDS = {  # where along the axes -> words, alignment
    (1.0, 0.0): ('pleasant', Qt.AlignmentFlag.AlignRight),
    (-1.0, 0.0): ('unpleasant', Qt.AlignmentFlag.AlignLeft),
    (0.0, 1.0): ('excited', Qt.AlignmentFlag.AlignHCenter),
    (0.0, -1.0): ('calm', Qt.AlignmentFlag.AlignHCenter),
}


class Circumplex(QWidget):
    """
    Valence to the right, arousal upwards: disc = robot, with its trail; rings = people.

    While it is a pad, pressing or dragging sets the valence and arousal of a simulated person.
    """

    person_moved = Signal(float, float)  # valence, arousal

    def __init__(self, places: Mapping[str, Affect]):
        """
        Args:
            places: valence and arousal of each emotion.
        """
        super().__init__()
        self._places = places
        self._trail = Trail()
        self._robot: tuple[Affect, str] | None = None
        self._people: list[Person] = []
        self._is_pad = False
        self.setMinimumSize(180, 180)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Preferred size, asked by Qt."""
        return QSize(340, 340)

    def show_robot(self, time_s: float, affect: Affect, dominant: str) -> None:
        """Move the robot; `dominant` gives it its colour."""
        self._robot = affect, dominant
        self._trail.add(time_s, affect)
        self.update()

    def show_people(self, people: list[Person]) -> None:
        """Show the people that the robot sees."""
        if people != self._people:
            self._people = people
            self.update()

    def clear(self) -> None:
        """Show an empty plane."""
        self._robot, self._people = None, []
        self._trail.clear()
        self.update()

    def set_pad(self, is_pad: bool) -> None:
        """Use the mouse for a simulated person, or not."""
        self._is_pad = is_pad
        self.setCursor(Qt.CursorShape.CrossCursor if is_pad else Qt.CursorShape.ArrowCursor)
        self.update()

    def mousePressEvent(self, event) -> None:  # noqa: N802
        """Take the position of the mouse, called by Qt."""
        self.mouseMoveEvent(event)

    def mouseMoveEvent(self, event) -> None:  # noqa: N802
        """Take the position of the mouse, called by Qt."""
        if self._is_pad and event.buttons() & Qt.MouseButton.LeftButton:
            position = event.pos()
            affect = Plane(self.width(), self.height()).to_affect(position.x(), position.y())
            self.person_moved.emit(affect.valence, affect.arousal)

    def paintEvent(self, _) -> None:  # noqa: N802
        """Paint the widget, called by Qt."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        plane, ink = Plane(self.width(), self.height()), Ink(self)
        self._paint_plane(painter, plane, ink)
        self._paint_places(painter, plane, ink)
        self._paint_trail(painter, plane, ink)
        self._paint_people(painter, plane, ink)
        self._paint_robot(painter, plane, ink)
        self._paint_legend(painter, plane, ink)
        painter.end()

    def _paint_plane(self, painter, plane: Plane, ink: Ink) -> None:
        centre, radius = QPointF(plane.x0, plane.y0), plane.radius
        border = ink.highlight if self._is_pad else ink.line
        painter.setPen(QPen(border, 2.5 if self._is_pad else 1.5))
        painter.setBrush(ink.paper)
        painter.drawEllipse(centre, radius, radius)
        painter.setPen(QPen(ink.line, 1.0))
        painter.drawEllipse(centre, radius / 2, radius / 2)
        painter.drawLine(
            QPointF(plane.x0 - radius, plane.y0), QPointF(plane.x0 + radius, plane.y0)
        )
        painter.drawLine(
            QPointF(plane.x0, plane.y0 - radius), QPointF(plane.x0, plane.y0 + radius)
        )
        painter.setPen(ink.soft)
        height = painter.fontMetrics().height()
        for (valence, arousal), (text, alignment) in ENDS.items():
            x, y = plane.to_pixels(Affect(0.97 * valence, 0.97 * arousal))
            left = x - radius * (0.5 + 0.5 * valence)
            top = y - height if arousal < 0.0 else y
            painter.drawText(QRectF(left, top, radius, height), alignment, text)

    def _paint_places(self, painter, plane: Plane, ink: Ink) -> None:
        height = painter.fontMetrics().height()
        for name, place in self._places.items():
            colour = ink.of(name)
            x, y = plane.to_pixels(place)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(faded(colour, 0.7))
            painter.drawEllipse(QPointF(x, y), PLACE_PX, PLACE_PX)
            painter.setPen(faded(colour, 0.9))
            top = y + PLACE_PX if self._is_crowded(place) else y - PLACE_PX - height
            painter.drawText(QRectF(x - 60, top, 120, height), Qt.AlignmentFlag.AlignHCenter, name)

    def _is_crowded(self, place: Affect) -> bool:
        """Whether the name of another place, just to the left, would overlap its own."""
        return any(
            0.0 < place.valence - other.valence < 0.3 and abs(place.arousal - other.arousal) < 0.1
            for other in self._places.values()
        )

    def _paint_trail(self, painter, plane: Plane, ink: Ink) -> None:
        points = [(age, QPointF(*plane.to_pixels(point))) for age, point in self._trail.points()]
        for (age, start), (_, end) in pairwise(points):
            painter.setPen(QPen(faded(ink.text, 0.8 * (1.0 - age) ** 2), 2.0))
            painter.drawLine(start, end)

    def _paint_people(self, painter, plane: Plane, ink: Ink) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for person in self._people:
            painter.setPen(QPen(ink.highlight if person.is_simulated else ink.text, 2.5))
            centre = QPointF(*plane.to_pixels(person.affect))
            painter.drawEllipse(centre, PERSON_PX, PERSON_PX)

    def _paint_robot(self, painter, plane: Plane, ink: Ink) -> None:
        if self._robot is None:
            return
        affect, dominant = self._robot
        painter.setPen(QPen(ink.text, 1.5))
        painter.setBrush(ink.of(dominant))
        painter.drawEllipse(QPointF(*plane.to_pixels(affect)), ROBOT_PX, ROBOT_PX)

    def _paint_legend(self, painter, plane: Plane, ink: Ink) -> None:
        height = painter.fontMetrics().height()
        line = QRectF(plane.x0 - plane.radius, plane.y0 + plane.radius - height, 0.0, height)
        line.setWidth(2.0 * plane.radius)
        painter.setPen(ink.soft)
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft, '● robot')
        painter.drawText(line, Qt.AlignmentFlag.AlignRight, '○ person')
