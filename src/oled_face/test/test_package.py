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
    assert b'<html' in files('oled_face').joinpath('views/page.html').read_bytes()


def test_the_command_is_installed(tmp_path):
    (entry,) = (
        entry
        for entry in distribution('oled_face').entry_points
        if entry.group == 'console_scripts'
    )
    assert entry.load() is programs.oled_face_command

    words = ['oled-face', '--output', 'png', '--png-folder', 'frames', '--seconds', '0', 'border']
    subprocess.run(words, cwd=tmp_path, check=True)
