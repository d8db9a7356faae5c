# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The whole panel: it asks the link for what is new, 25 times a second, and shows it."""

from collections.abc import Callable

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

from emotion_agent.neuromodulation import EMOTIONS, MODULATORS, load
from emotion_agent.rqt_emotion.bars import Bars
from emotion_agent.rqt_emotion.circumplex import Circumplex
from emotion_agent.rqt_emotion.face_view import FaceView
from emotion_agent.rqt_emotion.ink import Ink
from emotion_agent.rqt_emotion.link import AgentLink
from emotion_agent.rqt_emotion.plane import Affect
from emotion_agent.rqt_emotion.stimulus_buttons import StimulusButtons
from emotion_agent.rqt_emotion.words import cause_line, feeling_line
from node_kit.images import ImageError, image_to_array
from node_kit.time import to_seconds

REFRESH_MS = 40
ASK_MS = 2000
SILENT_S = 3.0  # without a state for this long, the agent is said to be silent
PLAY = 'play a person (drag in the circle)'
PLAY_TIP = (
    'The robot sees a person with the valence and arousal that you choose. A person whom the '
    'camera sees already goes first.'
)


class Panel(QWidget):
    """
    Face, feeling, circumplex, bars, stimuli and causes of one agent at a time.

    Attributes:
        buttons: the stimuli, with the slider of their intensity.
    """

    def __init__(self, join: Callable[[str], AgentLink], namespace: str):
        """
        Args:
            join: makes the link to the agent of a namespace.
            namespace: of the agent to begin with.
        """
        super().__init__()
        self.setObjectName('EmotionPanel')
        self.setWindowTitle('Emotion')
        self._join = join
        self._link = join(namespace)
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
            ValueError: if it is no namespace; the agent of before is still shown.
        """
        link = self._join(namespace)
        self._play.setChecked(False)
        self._link.close()
        self._link = link
        self._seen = (0, 0)
        self._agents.setCurrentText(namespace)
        self._circumplex.clear()
        self._causes.clear()
        self.ask()

    def shut(self) -> None:
        """Leave the agent; the panel is not used again."""
        for timer in self._timers:
            timer.stop()
        self._link.close()

    def ask(self) -> None:
        """Find out which agents there are, and what this one offers."""
        if self._link.is_over:
            return
        typed = self._agents.currentText()
        known = [self._agents.itemText(index) for index in range(self._agents.count())]
        if (found := self._link.agents) != known and not self._agents.view().isVisible():
            self._agents.clear()
            self._agents.addItems(found)
            self._agents.setEditText(typed)
        self._link.ask()

    def refresh(self) -> None:
        """Show what has come since the last time."""
        link = self._link
        seen = (link.state.count, link.picture.count)
        if seen[0] != self._seen[0]:
            self._show_state(link.state.value)
        if seen[1] != self._seen[1]:
            self._show_picture(link.picture.value)
        self._seen = seen
        self._circumplex.show_people(link.people)
        while link.causes:
            self._causes.appendPlainText(cause_line(link.causes.popleft()))
        self.buttons.show_stimuli(link.stimuli)
        self._modulators.show_rest(link.rest)
        if link.state.age_s > SILENT_S:
            self._say_silent()

    def _show_state(self, state) -> None:
        self._circumplex.show_robot(
            to_seconds(state.header.stamp), Affect(state.valence, state.arousal), state.dominant
        )
        self._emotions.show_values(
            [getattr(state, name) for name in EMOTIONS],
            [getattr(state, f'visible_{name}') for name in EMOTIONS],
        )
        self._modulators.show_values([getattr(state, name) for name in MODULATORS])
        self._say(state.dominant, Ink(self).of(state.dominant))
        self._why.setText(feeling_line(state))

    def _show_picture(self, picture) -> None:
        try:
            pixels = image_to_array(picture)
        except ImageError:
            return  # whoever sends such images says so in its diagnostics
        if pixels.ndim == 2:
            self._face.show_face(pixels)

    def _say_silent(self) -> None:
        self._say('no agent', Ink(self).soft)
        self._why.setText(f'no state in {self._link.namespace}')

    def _say(self, text: str, colour: QColor) -> None:
        style = f'font-size: 18pt; font-weight: bold; color: {colour.name()}'
        if self._dominant.styleSheet() != style:  # a new one is slow
            self._dominant.setStyleSheet(style)
        self._dominant.setText(text)

    def _play_person(self, is_played: bool) -> None:
        self._circumplex.set_pad(is_played)
        self._link.play_person(Affect(0.0, 0.0) if is_played else None)

    def _move_person(self, valence: float, arousal: float) -> None:
        self._link.play_person(Affect(valence, arousal))

    def _stimulate(self, name: str, intensity: float) -> None:
        if not self._link.is_over:
            self._link.client.stimulate(name, intensity)

    def _make_widgets(self, namespace: str) -> None:
        self._agents = QComboBox()
        self._agents.setEditable(True)
        self._agents.setEditText(namespace)
        self._agents.setToolTip('namespace of the agent')
        self._agents.lineEdit().returnPressed.connect(self._choose)
        self._agents.activated.connect(self._choose)
        self._face = FaceView()
        self._dominant, self._why = QLabel(), QLabel()
        self._why.setWordWrap(True)
        emotions = load().emotions
        self._circumplex = Circumplex({name: Affect(*emotions[name].pad[:2]) for name in EMOTIONS})
        self._play = QCheckBox(PLAY)
        self._play.setToolTip(PLAY_TIP)
        self._play.toggled.connect(self._play_person)
        self._circumplex.person_moved.connect(self._move_person)
        self._emotions, self._modulators = (
            Bars(names, (*EMOTIONS, *MODULATORS)) for names in (EMOTIONS, MODULATORS)
        )
        self._emotions.setToolTip('faint: felt, but not shown on the face')
        self._modulators.setToolTip('tick: the level at rest')
        self.buttons = StimulusButtons()
        self.buttons.pressed.connect(self._stimulate)
        self._causes = QPlainTextEdit()
        self._causes.setReadOnly(True)
        self._causes.setMaximumBlockCount(200)
        self._causes.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)

    def _choose(self, _: int = 0) -> None:
        namespace = f'/{self._agents.currentText().strip().strip("/")}'
        try:
            if namespace != self._link.namespace:
                self.follow(namespace)
        except ValueError as error:
            self._agents.setEditText(self._link.namespace)
            self._why.setText(str(error))

    def _arrange(self) -> None:
        feeling = QVBoxLayout()
        feeling.addWidget(self._dominant)
        feeling.addWidget(self._why)
        self.columns = QSplitter(Qt.Orientation.Horizontal)
        self.columns.addWidget(
            column(self._agents, (self._face, 2), feeling, (self._circumplex, 5), self._play)
        )
        self.columns.addWidget(
            column(
                (group('emotions', self._emotions), 1), (group('modulators', self._modulators), 1)
            )
        )
        self.columns.addWidget(
            column((group('stimuli', self.buttons), 3), (group('causes', self._causes), 2))
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
    """Widgets and layouts below each other; (part, share) takes that share of what is left."""
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
