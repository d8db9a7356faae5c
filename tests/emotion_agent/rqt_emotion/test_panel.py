# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The panel offscreen, with a link that records the calls."""

import math
import os
from collections import deque
from time import monotonic
from types import SimpleNamespace

import numpy as np
import pytest

os.environ.setdefault('QT_QPA_PLATFORM', 'offscreen')
pytest.importorskip('python_qt_binding', reason='python_qt_binding is not here; it comes with rqt')

from python_qt_binding.QtCore import QPoint, Qt
from python_qt_binding.QtGui import QColor, QImage, QPalette
from python_qt_binding.QtTest import QTest
from python_qt_binding.QtWidgets import QApplication, QPushButton
from rclpy.task import Future

from emotion_agent.panels.agent_link import Newest, Person
from emotion_agent.panels.plane import Affect, Plane
from emotion_agent.reporting.colours import COLOURS
from emotion_agent.ros.agents import check_namespace
from emotion_agent.rqt_emotion.ink import Ink
from emotion_agent.rqt_emotion.panel import Panel
from emotion_msgs.msg import EmotionState, SessionStatus, Stimulus, StimulusInfo
from node_kit.images import array_to_image


class RecordingSession:
    """Has the methods of a `SessionClient`, records their calls and answers with their names."""

    def __init__(self, calls: list):
        self.status, self._calls = None, calls

    def __getattr__(self, name: str):
        def ask(*arguments):
            self._calls.append((name, *arguments))
            answer = Future()
            answer.set_result(SimpleNamespace(success=True, message=f'{name} done'))
            return answer

        return ask


class RecordingLink:
    """Has the attributes of an `AgentLink` and records the calls of its methods."""

    def __init__(self, namespace: str):
        check_namespace(namespace)
        self.namespace = namespace
        self.state, self.picture = Newest(), Newest()
        self.causes = deque()
        self.stimuli, self.rest, self.people = (), None, []
        self.attended_units = ()
        self.agents = ['/emotion', '/robot2/emotion']
        self.calls: list = []
        self.is_over = False
        self.client = SimpleNamespace(stimulate=lambda *what: self.calls.append(what))
        self.session = RecordingSession(self.calls)

    def ask(self) -> None:
        self.calls.append('ask')

    def simulate_person(self, affect) -> None:
        self.calls.append(affect)

    def close(self) -> None:
        self.calls.append('close')


@pytest.fixture(scope='module')
def application():
    application = QApplication.instance() or QApplication([])
    application.setStyle('fusion')
    return application


@pytest.fixture
def links():
    return []


@pytest.fixture
def panel(application, links):
    def connect(namespace):
        links.append(RecordingLink(namespace))
        return links[-1]

    panel = Panel(connect, '/emotion')
    panel.resize(1100, 700)
    panel.show()
    application.processEvents()
    yield panel
    panel.close_link()
    panel.deleteLater()
    application.processEvents()


def joyful() -> EmotionState:
    state = EmotionState(dominant='joy', valence=0.6, arousal=-0.4, joy=0.8, visible_joy=1.0)
    state.dopamine = 0.9
    state.header.stamp.sec = 100
    return state


def pixels(widget) -> np.ndarray:
    """What a widget looks like: (height, width, 3) of uint8, RGB."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    data = image.constBits()
    if hasattr(data, 'setsize'):  # PyQt gives a pointer, PySide a memory view
        data.setsize(image.sizeInBytes())
    return np.frombuffer(bytes(data), np.uint8).reshape(image.height(), -1, 4)[:, :, 2::-1]


def has_colour(picture: np.ndarray, colour: str) -> np.ndarray:
    """Where a picture is within 6 of a colour."""
    wanted = QColor(colour).getRgb()[:3]
    return np.abs(picture.astype(int) - wanted).max(axis=2) <= 6


def test_robot_is_drawn_at_its_valence_and_arousal_in_the_colour_of_its_emotion(panel, links):
    links[0].state.put(joyful())
    panel.refresh()

    circle = panel.circumplex
    x, y = Plane(circle.width(), circle.height()).to_pixels(Affect(0.6, -0.4))
    rows, columns = np.nonzero(has_colour(pixels(circle), COLOURS['joy']))
    assert len(rows) > 100
    assert (np.median(columns), np.median(rows)) == pytest.approx((x, y), abs=2.0)


def test_trail_of_the_robot_is_drawn(panel, links):
    circle = panel.circumplex
    before = pixels(circle)
    for second, valence in enumerate((-0.8, -0.2)):
        state = joyful()
        state.valence, state.arousal = valence, -0.8
        state.header.stamp.sec = 100 + second
        links[0].state.put(state)
        panel.refresh()

    x, y = Plane(circle.width(), circle.height()).to_pixels(Affect(-0.5, -0.8))
    spot = np.s_[int(y) - 2 : int(y) + 3, int(x) - 2 : int(x) + 3]
    assert pixels(circle)[spot].min() < before[spot].min() - 60


def test_bars_are_as_long_as_their_values(panel, links):
    links[0].state.put(joyful())
    panel.refresh()

    picture = pixels(panel.emotions)
    filled = has_colour(picture, COLOURS['joy'])
    row = filled.sum(axis=1).argmax()
    joy = np.nonzero(filled[row])[0]
    is_track = has_colour(picture, Ink(panel.emotions).track.name())[row, joy.max() + 3 :]
    empty = 2 + is_track.argmin()  # px until the track ends, beyond the smoothed edge
    assert empty > 10
    assert len(joy) / (len(joy) + empty) == pytest.approx(0.8, abs=0.03)


def test_face_is_shown_pixel_by_pixel(panel, links):
    face = np.zeros((64, 128), np.uint8)
    face[20:40, 30:60] = 255
    links[0].picture.put(array_to_image(face, 'mono8', Stimulus().header))
    panel.refresh()

    lit = np.argwhere(has_colour(pixels(panel.face), '#ffffff'))
    height, width = lit.max(axis=0) - lit.min(axis=0) + 1
    assert (height / 20, width / 30) in {(scale, scale) for scale in (1, 2, 3, 4)}
    assert len(lit) == height * width


def test_image_that_cannot_be_read_changes_nothing(panel, links):
    broken = array_to_image(np.zeros((64, 128), np.uint8), 'mono8', Stimulus().header)
    broken.encoding = 'smell8'
    before = pixels(panel.face)
    links[0].picture.put(broken)
    panel.refresh()

    assert np.array_equal(pixels(panel.face), before)


def test_button_stimulates_with_the_intensity_of_the_slider(panel, links):
    names = ['praise', 'touch_gentle', 'win']
    links[0].stimuli = tuple(StimulusInfo(name=name, doses=[0.5] + [0.0] * 6) for name in names)
    panel.refresh()
    buttons = {button.text(): button for button in panel.buttons.findChildren(QPushButton)}
    assert set(buttons) == {'praise', 'touch gentle', 'win'}
    assert buttons['praise'].toolTip() == 'adrenaline +0.5'

    panel.buttons.slider.setValue(40)
    buttons['touch gentle'].click()

    assert links[0].calls[-1] == ('touch_gentle', 0.4)


def test_buttons_are_made_anew_only_for_another_library(panel, links, application):
    for _ in range(2):
        links[0].stimuli = (StimulusInfo(name='praise'),)
        panel.refresh()
    (button,) = panel.buttons.findChildren(QPushButton)
    links[0].stimuli = (StimulusInfo(name='praise'), StimulusInfo(name='win'))
    panel.refresh()

    application.sendPostedEvents(None, 52)  # deferred deletion
    buttons = panel.buttons.findChildren(QPushButton)
    assert [button.text() for button in buttons] == ['praise', 'win']
    assert button not in buttons


def test_simulated_person_follows_the_mouse(panel, links):
    circle = panel.circumplex
    plane = Plane(circle.width(), circle.height())
    there = QPoint(*(round(pixel) for pixel in plane.to_pixels(Affect(0.5, -0.25))))

    QTest.mousePress(circle, Qt.MouseButton.LeftButton, pos=there)
    assert links[0].calls == ['ask']  # not a pad yet

    panel.play.setChecked(True)
    assert links[0].calls[-1] == Affect(0.0, 0.0)
    QTest.mousePress(circle, Qt.MouseButton.LeftButton, pos=there)
    assert links[0].calls[-1] == pytest.approx(Affect(0.5, -0.25), abs=0.02)

    panel.play.setChecked(False)
    assert links[0].calls[-1] is None


def test_people_are_rings_and_a_simulated_one_is_highlighted(panel, links):
    highlight = panel.palette().color(QPalette.ColorRole.Highlight).name()
    links[0].people = [Person(Affect(-0.3, -0.6), is_simulated=False)]
    panel.refresh()
    assert not has_colour(pixels(panel.circumplex), highlight).any()

    links[0].people = [Person(Affect(-0.3, -0.6), is_simulated=True)]
    panel.refresh()
    assert has_colour(pixels(panel.circumplex), highlight).sum() > 20


def test_log_of_causes_is_bounded(panel, links):
    for count in range(500):
        links[0].causes.append(Stimulus(name=f'event{count}', intensity=1.0, source='test'))
        panel.refresh()

    lines = panel.causes.toPlainText().splitlines()
    assert len(lines) == 200
    assert lines[-1].endswith('event499  ·  test')


def test_agent_without_a_state_is_said_to_be_missing(panel, links):
    panel.refresh()

    assert panel.dominant.text() == 'no agent'
    assert panel.why.text() == 'no state in /emotion'
    links[0].state.put(joyful())
    panel.refresh()
    assert panel.dominant.text() == 'joy'


def test_panel_survives_the_end_of_ros(panel, links):
    links[0].stimuli = (StimulusInfo(name='praise'),)
    panel.refresh()
    links[0].calls.clear()
    links[0].is_over = True

    panel.ask()
    panel.buttons.findChild(QPushButton).click()

    assert links[0].calls == []


def test_another_agent_can_be_chosen(panel, links):
    links[0].causes.append(Stimulus(name='praise'))
    panel.refresh()
    panel.play.setChecked(True)
    assert [panel.agents.itemText(index) for index in range(2)] == links[0].agents

    panel.agents.setCurrentText('/robot2/emotion')
    panel.agents.activated.emit(1)

    assert links[0].calls[-2:] == [None, 'close']
    assert links[-1].namespace == '/robot2/emotion'
    assert panel.causes.toPlainText() == ''


def test_invalid_namespace_is_refused_and_the_agent_kept(panel, links):
    panel.agents.setEditText('my robot')
    panel.agents.lineEdit().returnPressed.emit()

    assert len(links) == 1
    assert 'close' not in links[0].calls
    assert panel.agents.currentText() == panel.namespace == '/emotion'
    assert panel.why.text().startswith('expected a namespace such as /emotion')


def test_odd_numbers_and_names_are_shown_and_end_nothing(panel, links):
    state = EmotionState(dominant='boredom', valence=math.nan, arousal=math.inf, joy=math.nan)
    state.fear, state.dopamine, state.visible_fear = 7.0, -3.0, math.inf
    links[0].state.put(state)
    links[0].people = [Person(Affect(math.nan, 9.0), is_simulated=False)]
    panel.refresh()
    panel.grab()

    assert panel.dominant.text() == 'boredom'


def test_colours_follow_a_dark_palette(panel, links, application):
    light = pixels(panel.circumplex).mean()
    palette = QPalette()
    colours = {'Window': '#202020', 'Base': '#101010', 'WindowText': '#f0f0f0'}
    for role, colour in colours.items():
        palette.setColor(getattr(QPalette.ColorRole, role), QColor(colour))
    panel.setPalette(palette)
    application.processEvents()

    assert light > 180.0
    assert pixels(panel.circumplex).mean() < 60.0


def test_panel_shows_a_new_state_by_itself_until_it_is_closed(panel, links, application):
    links[0].state.put(joyful())
    end_s = monotonic() + 5.0
    while panel.dominant.text() != 'joy' and monotonic() < end_s:
        application.processEvents()
    assert panel.dominant.text() == 'joy'

    panel.close_link()
    state = joyful()
    state.dominant = 'fear'
    links[0].state.put(state)
    end_s = monotonic() + 0.3
    while monotonic() < end_s:
        application.processEvents()
    assert panel.dominant.text() == 'joy'
    assert links[0].calls[-1] == 'close'


def test_closed_panels_leave_no_widgets(application):
    def open_and_close():
        panel = Panel(RecordingLink, '/emotion')
        panel.show()
        application.processEvents()
        panel.close_link()
        panel.close()
        panel.deleteLater()
        application.sendPostedEvents(None, 52)  # deferred deletion
        application.processEvents()

    open_and_close()
    before = len(application.allWidgets())
    for _ in range(5):
        open_and_close()

    assert len(application.allWidgets()) == before


def test_units_of_the_person_are_shown_while_they_come(panel, links):
    panel.refresh()
    before = panel.units.isVisible()

    links[0].attended_units = (0.0,) * 7 + (0.9,) + (0.0,) * 10
    panel.refresh()
    QApplication.processEvents()
    during, values = panel.units.isVisible(), panel.units._values
    links[0].attended_units = ()
    panel.refresh()

    assert (before, during, panel.units.isVisible()) == (False, True, False)
    assert values[7] == 0.9


def press(button):
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_session_is_started_marked_and_stopped(panel, links):
    box, session, calls = panel.session, links[0].session, links[0].calls
    panel.refresh()
    assert not box.start.isEnabled()
    assert 'session:=true' in box.answer.text()

    session.status = SessionStatus(scripts=['day', 'study'], temperaments=['calm', 'timid'])
    panel.refresh()
    box.participant.setText('p01')
    box.condition.setText('warm')
    press(box.start)
    session.status = SessionStatus(session='p01', scripts=['day', 'study'])
    panel.refresh()
    assert box.answer.text() == 'start done'
    assert not box.participant.isEnabled()
    box.text.setText('laughs')
    QTest.keyClick(box.text, Qt.Key.Key_Return)
    press(box.rest)
    press(box.start)

    assert [call for call in calls if call != 'ask'] == [
        ('start', 'p01', 'warm', '', False), ('mark', 'laughs'), ('reset',), ('stop',),
    ]  # fmt: skip
    assert box.text.text() == ''


def test_a_script_is_played_paused_skipped_and_told_of_keys(panel, links):
    box, session, calls = panel.session, links[0].session, links[0].calls
    status = {'scripts': ['day', 'study'], 'temperaments': ['calm', 'timid']}
    session.status = SessionStatus(**status)
    panel.refresh()
    assert not box.pause.isEnabled()
    box.scripts.setCurrentText('study')
    press(box.play)
    status |= {'script': 'study', 'script_at_s': 12.0, 'script_duration_s': 60.0}
    session.status = SessionStatus(**status, script_state='waiting', waits_for='key yes')
    panel.refresh()
    assert box.where.text() == 'study: waiting for key yes, 12 of 60 s'
    assert box.scripts.currentText() == 'study'
    press(box.key)
    press(box.pause)
    session.status = SessionStatus(**status, script_state='paused')
    panel.refresh()
    press(box.pause)
    press(box.skip)
    press(box.play)
    box.temperaments.activated.emit(1)

    assert [call for call in calls if call != 'ask'] == [
        ('play', 'study'), ('control', 'key', 'yes'), ('control', 'pause'),
        ('control', 'resume'), ('control', 'skip'), ('control', 'stop'),
        ('set_temperament', 'calm'),
    ]  # fmt: skip
