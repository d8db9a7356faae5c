# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What this package installs works where it is installed."""

import subprocess
from importlib.metadata import distribution
from importlib.resources import files

from oled_face import PanelDriver, programs
from oled_face.buses import BusConfig, open_serial
from oled_face.patterns import pattern


def test_a_picture_is_sent_once():
    panel = PanelDriver(open_serial(BusConfig(interface='noop')))

    assert panel.show(pattern('border')) > 0
    assert panel.show(pattern('border')) == 0


def test_the_page_of_the_web_view_is_installed():
    page = files('oled_face').joinpath('views/page.html').read_text()

    assert '<html' in page
    for name in ('page.css', 'page.js'):
        assert name in page
        assert files('oled_face').joinpath(f'views/{name}').is_file()


def test_the_command_is_installed(tmp_path):
    (entry,) = (
        entry
        for entry in distribution('oled_face').entry_points
        if entry.group == 'console_scripts'
    )
    assert entry.load() is programs.oled_face_command

    words = ['oled-face', '--output', 'png', '--png-folder', 'frames', '--seconds', '0', 'border']
    subprocess.run(words, cwd=tmp_path, check=True)
