# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What this package installs works where it is installed."""

import os
from importlib.metadata import distribution
from pathlib import Path

import pytest
from ament_index_python.packages import get_package_prefix, get_package_share_directory

from emotion_agent import programs
from emotion_agent.neuromodulation import load
from emotion_agent.resources.temperaments import shipped_temperaments, temperament_file

SHARED = (
    'config/agent.yaml',
    'config/experiments/sketch.yaml',
    'config/fastdds_images.xml',
    'config/rqt_emotion.perspective',
    'config/scripts/day.yaml',
    'config/scripts/study.yaml',
    'launch/agent.launch.py',
    'launch/replay.launch.py',
    'package.xml',
    'rqt_plugin.xml',
)


@pytest.mark.parametrize('name', SHARED)
def test_shared_files_are_installed(name):
    assert Path(get_package_share_directory('emotion_agent'), name).is_file()


def test_executables_are_installed_and_lead_to_a_program():
    prefix = Path(get_package_prefix('emotion_agent'))
    executables = sorted((prefix / 'lib' / 'emotion_agent').iterdir())

    assert len(executables) > 5
    for file in executables:
        assert os.access(file, os.X_OK)
        assert callable(getattr(programs, file.name))
    assert (prefix / 'bin' / 'emotion-agent').is_file()


def test_the_command_is_a_console_script_which_pip_leads_to_its_own_python():
    [script] = [
        entry
        for entry in distribution('emotion_agent').entry_points
        if entry.group == 'console_scripts'
    ]

    assert script.name == 'emotion-agent'
    assert script.load() is programs.emotion_agent


def test_shipped_temperaments_can_be_loaded():
    assert 'balanced' in shipped_temperaments()
    for name in shipped_temperaments():
        load(temperament_file(name))
