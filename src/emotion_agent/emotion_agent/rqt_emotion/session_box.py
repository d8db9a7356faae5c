# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Sessions of a study, marks, temperaments and scripts, as the node `session` offers them."""

from collections.abc import Callable, Sequence

from python_qt_binding.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)
from rclpy.task import Future

from emotion_msgs.msg import SessionStatus

NOBODY = 'no sessions: start the agent with session:=true'
ASKED = '…'
KEY = 'key '  # begins what a script waits for where that is a key


class SessionBox(QWidget):
    """
    Fields and buttons in a few rows, and a line with the newest answer.

    Attributes:
        participant, condition: fields.
        keeps: whether the next session does not begin at rest.
        start: begins a session, or ends it.
        text, mark: what is marked, and the button.
        temperaments, rest: the choice, and the button that puts the robot to rest.
        scripts, play, pause, skip, key: the choice, and buttons; `key` tells of the key that the
            script waits for.
        where: where the script is.
        answer: the newest answer.
    """

    def __init__(self, ask: Callable[..., Future]):
        """
        Args:
            ask: called with the name of a method of `SessionClient` and its arguments.
        """
        super().__init__()
        self._ask_node = ask
        self._asked: Future | None = None
        self._status: SessionStatus | None = SessionStatus()
        self.participant, self.condition, self.text = QLineEdit(), QLineEdit(), QLineEdit()
        self.keeps = QCheckBox('keep its feelings')
        self.keeps.setToolTip('the session does not begin at rest')
        self.temperaments, self.scripts = QComboBox(), QComboBox()
        self.start = self._button('start session', self._start_or_stop)
        self.mark = self._button('mark', self._mark)
        self.rest = self._button('put to rest', lambda: self._ask('reset'))
        self.play = self._button('play', self._play_or_stop)
        self.pause = self._button('pause', self._pause_or_resume)
        self.skip = self._button('skip', lambda: self._ask('control', 'skip'))
        self.key = self._button('key', self._press_key)
        self._controls = (
            *(self.participant, self.condition, self.keeps, self.start, self.text, self.mark),
            *(self.temperaments, self.rest, self.scripts, self.play),
            *(self.pause, self.skip, self.key),
        )
        self.where, self.answer = QLabel(), QLabel()
        for label in (self.where, self.answer):
            label.setWordWrap(True)
        self.participant.returnPressed.connect(self._start_or_stop)
        self.text.returnPressed.connect(self._mark)
        self.temperaments.activated.connect(
            lambda _: self._ask('set_temperament', self.temperaments.currentText())
        )
        self._arrange()
        self.show_status(None)

    def show_status(self, status: SessionStatus | None) -> None:
        """Show where the session and its script are, None = nobody offers sessions."""
        self._show_answer()
        if status is self._status:
            return
        self._status = status
        for widget in self._controls:
            widget.setEnabled(status is not None)
        if status is None:
            self.answer.setText(NOBODY)
            self.where.clear()
            return
        if self.answer.text() == NOBODY:
            self.answer.clear()
        show_names(self.temperaments, status.temperaments)
        show_names(self.scripts, status.scripts)
        for widget in (self.participant, self.condition, self.keeps):
            widget.setEnabled(not status.session)
        self.start.setText('stop session' if status.session else 'start session')
        self._show_script(status)

    def _show_script(self, status: SessionStatus) -> None:
        is_running = status.script_state not in ('', 'ended')
        is_paused = status.script_state == 'paused'
        self.play.setText('stop' if is_running else 'play')
        self.pause.setText('resume' if is_paused else 'pause')
        for button in (self.pause, self.skip):
            button.setEnabled(is_running)
        self.scripts.setEnabled(not is_running)
        if is_running:
            self.scripts.setCurrentText(status.script)
        name = status.waits_for.removeprefix(KEY) if status.waits_for.startswith(KEY) else ''
        self.key.setText(f'press {name}' if name else 'press key')
        self.key.setEnabled(bool(name) and not is_paused)
        self.where.setText(script_line(status))

    def _show_answer(self) -> None:
        if self._asked is not None and self._asked.done():
            answer, self._asked = self._asked.result(), None
            self.answer.setText(answer.message)

    def _ask(self, name: str, *arguments: object) -> None:
        self.answer.setText(ASKED)
        self._asked = self._ask_node(name, *arguments)

    def _start_or_stop(self) -> None:
        if self._status is None:
            return
        if self._status.session:
            self._ask('stop')
            return
        texts = (self.participant.text(), self.condition.text(), '')
        self._ask('start', *texts, self.keeps.isChecked())

    def _mark(self) -> None:
        self._ask('mark', self.text.text())
        self.text.clear()

    def _play_or_stop(self) -> None:
        if self.play.text() == 'stop':
            self._ask('control', 'stop')
        else:
            self._ask('play', self.scripts.currentText())

    def _pause_or_resume(self) -> None:
        self._ask('control', self.pause.text())

    def _press_key(self) -> None:
        self._ask('control', 'key', self.key.text().removeprefix('press '))

    def _button(self, text: str, do: Callable[[], None]) -> QPushButton:
        button = QPushButton(text)
        button.setMinimumWidth(20)
        button.clicked.connect(lambda _: do())
        return button

    def _arrange(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        rows = (
            ('participant', self.participant, self.start),
            ('condition', self.condition, self.keeps),
            ('marker', self.text, self.mark),
            ('temperament', self.temperaments, self.rest),
            ('script', self.scripts, self.play),
        )
        for row, (name, field, button) in enumerate(rows):
            label = QLabel(name)
            label.setBuddy(field)
            field.setAccessibleName(name)
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1, 1, 2)
            grid.addWidget(button, row, 3)
        for place, button in enumerate((self.pause, self.skip, self.key), 1):
            grid.addWidget(button, len(rows), place)
        grid.addWidget(self.where, len(rows) + 1, 0, 1, 4)
        grid.addWidget(self.answer, len(rows) + 2, 0, 1, 4)


def show_names(choice: QComboBox, names: Sequence[str]) -> None:
    """Offer these names; what was chosen stays."""
    if [choice.itemText(index) for index in range(choice.count())] == list(names):
        return
    chosen = choice.currentText()
    choice.clear()
    choice.addItems(names)
    choice.setCurrentText(chosen)


def script_line(status: SessionStatus) -> str:
    """Where a script is, in words; '' = none was played."""
    if not status.script:
        return ''
    place = f'{status.script_at_s:.0f} of {status.script_duration_s:.0f} s'
    waits = f' for {status.waits_for}' if status.waits_for else ''
    return f'{status.script}: {status.script_state}{waits}, {place}'
