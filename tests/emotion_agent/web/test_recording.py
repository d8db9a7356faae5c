# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The page over a bag, in a browser."""

import threading
from contextlib import closing

import pytest
from bag_maker import BagMaker, Line
from rosbags.rosbag2 import StoragePlugin

from emotion_agent.commands import cli
from emotion_agent.logic import AFFECT, EVENT, IMAGE, STATE, STIMULUS
from emotion_agent.web.recording import RecordingServer

TEN_S = 10
VALENCE = "Number(document.querySelector('circle.robot').getAttribute('cx'))"
AT = 'Number(at.value) - Number(at.min)'


@pytest.fixture(scope='module')
def bag(tmp_path_factory):
    """The robot grows happier for ten seconds; somebody is there for the first three."""
    maker, lines = BagMaker(), []
    for index in range(10 * TEN_S + 1):
        at_s = index / 10
        fields = {'valence': at_s / TEN_S, 'joy': at_s / TEN_S, 'attended_face': 'anna'}
        dominant = 'joy' if at_s >= 5 else 'neutral'
        state = maker.state(at_s, dominant=dominant, **fields)
        lines.append(Line('/emotion/state', STATE, at_s, state))
        if at_s < 3:
            lines.append(Line('/emotion/human_affect', AFFECT, at_s, maker.affect(at_s, 0.5)))
    lines += [
        Line('/emotion/face_image', IMAGE, 0.0, maker.drawn(0.0, 7)),
        Line('/emotion/emotion_state/causes', STIMULUS, 6.0, maker.stimulus('praise', 6.0)),
        Line('/emotion/events', EVENT, 8.0, maker.event(8.0, 'marker', 'laughs')),
    ]
    folder = tmp_path_factory.mktemp('bags') / 'bag'
    return maker.write(folder, sorted(lines, key=lambda line: line.at_s), StoragePlugin.MCAP)


@pytest.fixture
def page(browser, bag):
    ended = threading.Event()
    ready = threading.Event()
    urls = []

    def serve():
        with closing(RecordingServer(bag)) as server:
            urls.append(server.url)
            ready.set()
            while not ended.is_set():
                server.run(0.2)

    serving = threading.Thread(target=serve)
    serving.start()
    assert ready.wait(30)
    page = browser.open(urls[0])
    yield page
    page.close()
    ended.set()
    serving.join()
    assert page.problems == []


def test_a_recording_is_scrubbed_and_played(page):
    page.wait(f"{VALENCE} === 0 && document.querySelector('circle.person')")
    assert page.text('#namespace') == '/emotion'
    assert not page.value('stimuli.checkVisibility() || play.checkVisibility()')

    page.value("at.value = Number(at.min) + 7; at.dispatchEvent(new Event('input'))")
    page.wait(f"{VALENCE} === 0.7 && dominant.textContent === 'joy'")
    page.wait("!document.querySelector('circle.person')")  # nobody has been there for long
    assert page.value(
        "[...document.querySelectorAll('#log .later b')].map(e => e.textContent)"
    ) == ['▸ laughs']
    assert page.text('#at_said').endswith('0:07 of 0:10')

    page.press('Tab')
    page.value("document.querySelector('#log .cause button').click()")
    page.wait(f'{VALENCE} === 0.6')
    page.value('speed.value = 5')
    page.click('#run')
    page.wait(f"{VALENCE} > 0.8 && run.textContent === 'stop'")
    page.wait(f"{VALENCE} === 1 && run.textContent === 'play'")
    page.press('k')  # from the beginning again
    page.wait(f"{VALENCE} > 0 && {VALENCE} < 0.9 && document.querySelector('circle.person')")


def test_says_why_a_recording_cannot_be_shown(tmp_path, capsys):
    assert cli.main(['view', str(tmp_path / 'nothing')]) == 2
    assert cli.main(['view', str(tmp_path), '--port', '70000']) == 2
    no_bag, bad_port = capsys.readouterr().err.splitlines()
    assert no_bag.startswith('emotion-agent view: there is no bag')
    assert bad_port.endswith('--port: expected a number from 0 to 65535, got 70000')


def test_says_that_the_port_is_taken(bag, capsys):
    with closing(RecordingServer(bag)) as server:
        port = server.url.rpartition(':')[2].strip('/')
        assert cli.main(['view', str(bag), '--port', port]) == 2
    assert f'--port: {port} is taken' in capsys.readouterr().err
