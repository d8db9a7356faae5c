# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The panel in a browser, over real nodes: what is clicked there, the robot feels."""

import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / 'emotion_agent' / 'web'))

from browser import Browser, find_browser, wait_for

ADDRESS = re.compile(r'http://127\.0\.0\.1:\d+/')


@pytest.mark.skipif(find_browser() is None, reason='no browser: apt install chromium')
def test_praise_is_clicked_and_joy_is_seen(start_nodes, tmp_path):
    nodes = start_nodes()
    nodes.start('emotion_agent', 'emotion_state', {'snapshot_path': 'none'})
    nodes.start('emotion_agent', 'face_sketcher')
    nodes.start('emotion_agent', 'session', {'folder': str(tmp_path / 'sessions')})
    nodes.start('emotion_agent', 'emotion_web', {'port': 0})
    logs = tmp_path / 'log'

    def address():
        texts = [file.read_text() for file in logs.glob('*.log')]
        return next(iter(ADDRESS.findall(''.join(texts))), None)

    wait_for(address, 60, 'the address of the page')
    browser = Browser(tmp_path / 'browser')
    try:
        page = browser.open(address())
        page.wait("document.querySelector('#session_start').checkVisibility()", 60)
        page.wait("document.querySelector('[data-name=praise]')", 60)
        page.click('[data-name=praise]')
        page.wait("dominant.textContent === 'joy' && why.textContent.endsWith('praise by web')")
        page.wait("face.getContext('2d').getImageData(0, 0, face.width, face.height).data"
                  '.some(value => value > 200 && value < 255)')  # fmt: skip

        page.value("participant.value = 'P07'")
        page.click('#session_start button')
        page.wait("session_participant.textContent === 'P07'", 60)
        page.wait("dominant.textContent === 'neutral'")  # a session begins from rest
        page.value("marker.value = 'laughs'")
        page.click('#marker_form button')
        page.wait("log.textContent.includes('▸ laughs')")
        page.click('#script_play')
        page.wait("script_state.textContent === 'day plays'")
        page.click('#session_stop')
        page.click('#session_stop')
        page.wait("document.querySelector('#session_start').checkVisibility()")
        assert page.problems == []
    finally:
        browser.close()
    assert list((tmp_path / 'sessions').glob('*P07*/**/*.mcap'))
