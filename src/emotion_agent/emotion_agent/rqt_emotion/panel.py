# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The whole panel: it shows what is new on the link, 25 times a second."""

from collections.abc import Callable, Sequence

from python_qt_binding.QtCore import Qt, QTimer
from python_qt_binding.QtGui import QColor
from python_qt_binding.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QSplitter,
    QVBoxLayout,
    QWidget,
)
from rclpy.task import Future

from emotion_agent.neuromodulation import EMOTIONS, MODULATORS, load
from emotion_agent.panels.agent_link import AgentLink
from emotion_agent.panels.plane import Affect
from emotion_agent.panels.words import cause_line, state_line
from emotion_agent.rqt_emotion.bars import Bars
from emotion_agent.rqt_emotion.circumplex import Circumplex
from emotion_agent.rqt_emotion.face_view import FaceView
from emotion_agent.rqt_emotion.ink import Ink
from emotion_agent.rqt_emotion.session_box import SessionBox
from emotion_agent.rqt_emotion.stimulus_buttons import StimulusButtons
from emotion_models.drawing.parts import FACIAL_UNITS
from node_kit.images import ImageError, image_to_array
from node_kit.time import to_seconds

REFRESH_MS = 40
ASK_MS = 2000
UNITS = tuple(name.replace('_', ' ') for name in FACIAL_UNITS)
SILENT_S = 3.0  # without a state for this long, 'no agent' is shown
PLAY = 'simulate a person (drag in the circle)'
PLAY_TIP = (
    'The robot sees a person with the valence and arousal that you choose, unless it already '
    'attends to a person in the camera image.'
)


class Panel(QWidget):
    """
    Face, state, circumplex, bars, stimuli, sessions and causes of one agent at a time.

    Attributes:
        agents: the choice of the agent.
        face: the newest picture.
        dominant, why: the dominant emotion, and how long and why it is.
        circumplex: valence and arousal of the robot and the people.
        play: whether a person is simulated.
        emotions, modulators: bars.
        units: bars of the action units of the person attended to, there while these come.
        buttons: the stimuli, with the slider of their intensity.
        session: sessions of a study, marks, temperament and scripts.
        causes: the log of accepted stimuli.
        columns: all of it, side by side.
    """

    def __init__(self, connect: Callable[[str], AgentLink], namespace: str):
        """
        Args:
            connect: makes the link to the agent of a namespace.
            namespace: of the agent to begin with.
        """
        super().__init__()
        self.setObjectName('EmotionPanel')
        self.setWindowTitle('Emotion')
        self._connect = connect
        self._link = connect(namespace)
        self._seen = (0, 0)
        self._make_widgets(namespace)
        self._arrange()
        self._timers = [self._every(REFRESH_MS, self.refresh), self._every(ASK_MS, self.ask)]
        self.ask()

    @property
    def namespace(self) -> str:
        """Of the agent shown."""
        return self._link.namespace

    def follow(self, namespace: str) -> None:
        """
        Show another agent.

        Raises:
            ValueError: if the namespace is not valid; the agent is then not changed.
        """
        link = self._connect(namespace)
        self.play.setChecked(False)
        self._link.close()
        self._link = link
        self._seen = (0, 0)
        self.agents.setCurrentText(namespace)
        self.circumplex.clear()
        self.causes.clear()
        self.ask()

    def close_link(self) -> None:
        """Stop refreshing and close the link; the panel is not used again."""
        for timer in self._timers:
            timer.stop()
        self._link.close()

    def ask(self) -> None:
        """Look for agents on the network, and request the library of this one."""
        if self._link.is_over:
            return
        typed = self.agents.currentText()
        known = [self.agents.itemText(index) for index in range(self.agents.count())]
        if (found := self._link.agents) != known and not self.agents.view().isVisible():
            self.agents.clear()
            self.agents.addItems(found)
            self.agents.setEditText(typed)
        self._link.ask()

    def refresh(self) -> None:
        """Show what is new since the last call."""
        link = self._link
        seen = (link.state.count, link.picture.count)
        if seen[0] != self._seen[0]:
            self._show_state(link.state.value)
        if seen[1] != self._seen[1]:
            self._show_picture(link.picture.value)
        self._seen = seen
        self.circumplex.show_people(link.people)
        while link.causes:
            self.causes.appendPlainText(cause_line(link.causes.popleft()))
        self._show_units(link.attended_units)
        self.buttons.show_stimuli(link.stimuli)
        self.session.show_status(link.session.status)
        self.modulators.show_rest(link.rest)
        if link.state.age_s > SILENT_S:
            self._show_no_agent()

    def _show_state(self, state) -> None:
        self.circumplex.show_robot(
            to_seconds(state.header.stamp), Affect(state.valence, state.arousal), state.dominant
        )
        self.emotions.show_values(
            [getattr(state, name) for name in EMOTIONS],
            [getattr(state, f'visible_{name}') for name in EMOTIONS],
        )
        self.modulators.show_values([getattr(state, name) for name in MODULATORS])
        self._show_dominant(state.dominant, Ink(self).of(state.dominant))
        self.why.setText(state_line(state))

    def _show_units(self, units: Sequence[float]) -> None:
        if units:
            self.units.show_values(units)
        if self._units_group.isHidden() == bool(units):
            self._units_group.setVisible(bool(units))

    def _show_picture(self, picture) -> None:
        try:
            pixels = image_to_array(picture)
        except ImageError:
            return  # the panel keeps the last picture
        if pixels.ndim == 2:
            self.face.show_face(pixels)

    def _show_no_agent(self) -> None:
        self._show_dominant('no agent', Ink(self).soft)
        self.why.setText(f'no state in {self._link.namespace}')

    def _show_dominant(self, text: str, colour: QColor) -> None:
        style = f'font-size: 18pt; font-weight: bold; color: {colour.name()}'
        if self.dominant.styleSheet() != style:  # a new one is slow
            self.dominant.setStyleSheet(style)
        self.dominant.setText(text)

    def _simulate_person(self, is_simulated: bool) -> None:
        self.circumplex.set_pad(is_simulated)
        self._link.simulate_person(Affect(0.0, 0.0) if is_simulated else None)

    def _move_person(self, valence: float, arousal: float) -> None:
        self._link.simulate_person(Affect(valence, arousal))

    def _stimulate(self, name: str, intensity: float) -> None:
        if not self._link.is_over:
            self._link.client.stimulate(name, intensity)

    def _ask_session(self, name: str, *arguments: object) -> Future:
        return getattr(self._link.session, name)(*arguments)

    def _make_widgets(self, namespace: str) -> None:
        self.agents = QComboBox()
        self.agents.setEditable(True)
        self.agents.setEditText(namespace)
        self.agents.setToolTip('namespace of the agent')
        self.agents.lineEdit().returnPressed.connect(self._choose)
        self.agents.activated.connect(self._choose)
        self.face = FaceView()
        self.dominant, self.why = QLabel(), QLabel()
        self.why.setWordWrap(True)
        emotions = load().emotions
        self.circumplex = Circumplex({name: Affect(*emotions[name].pad[:2]) for name in EMOTIONS})
        self.play = QCheckBox(PLAY)
        self.play.setToolTip(PLAY_TIP)
        self.play.toggled.connect(self._simulate_person)
        self.circumplex.person_moved.connect(self._move_person)
        self.emotions, self.modulators = (
            Bars(names, (*EMOTIONS, *MODULATORS)) for names in (EMOTIONS, MODULATORS)
        )
        self.units = Bars(UNITS, UNITS)
        self.units.setToolTip('what the face of the person does whom the robot attends to')
        self._units_group = group('action units of the person', self.units)
        self._units_group.hide()
        self.emotions.setToolTip(
            'faint: below the threshold of visibility, so not shown on the face'
        )
        self.modulators.setToolTip('tick: the level at rest')
        self.buttons = StimulusButtons()
        self.buttons.pressed.connect(self._stimulate)
        self.session = SessionBox(self._ask_session)
        self.causes = QPlainTextEdit()
        self.causes.setReadOnly(True)
        self.causes.setMaximumBlockCount(200)
        self.causes.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)

    def _choose(self, _: int = 0) -> None:
        namespace = f'/{self.agents.currentText().strip().strip("/")}'
        try:
            if namespace != self._link.namespace:
                self.follow(namespace)
        except ValueError as error:
            self.agents.setEditText(self._link.namespace)
            self.why.setText(str(error))

    def _arrange(self) -> None:
        headline = QVBoxLayout()
        headline.addWidget(self.dominant)
        headline.addWidget(self.why)
        self.columns = QSplitter(Qt.Orientation.Horizontal)
        self.columns.addWidget(
            column(self.agents, (self.face, 2), headline, (self.circumplex, 5), self.play)
        )
        self.columns.addWidget(
            column(
                (group('emotions', self.emotions), 1),
                (group('modulators', self.modulators), 1),
                (self._units_group, 2),
            )
        )
        self.columns.addWidget(
            column(
                (group('stimuli', self.buttons), 3),
                group('session', self.session),
                (group('causes', self.causes), 2),
            )
        )
        for index, share in enumerate((4, 4, 3)):
            self.columns.setStretchFactor(index, share)
            self.columns.setCollapsible(index, False)
        layout = QHBoxLayout(self)
        layout.addWidget(self.columns)

    def _every(self, milliseconds: int, do: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.timeout.connect(do)
        timer.start(milliseconds)
        return timer


def column(*parts) -> QWidget:
    """Widgets and layouts below each other; (part, share) gets that share of the free space."""
    widget = QWidget()
    layout = QVBoxLayout(widget)
    layout.setContentsMargins(0, 0, 0, 0)
    for entry in parts:
        part, share = entry if isinstance(entry, tuple) else (entry, 0)
        add = layout.addWidget if isinstance(part, QWidget) else layout.addLayout
        add(part, share)
    return widget


def group(title: str, widget: QWidget) -> QGroupBox:
    """A widget in a frame with a title."""
    box = QGroupBox(title)
    QVBoxLayout(box).addWidget(widget)
    return box
