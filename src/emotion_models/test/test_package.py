# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What this package installs works where it is installed."""

import subprocess
from importlib.metadata import distribution

import numpy as np

from emotion_models import programs
from emotion_models.drawing import ParametricFace, blend_action_units, to_one_bit
from emotion_models.runtime import list_artefacts


def test_shipped_models_are_installed_and_whole():
    assert {'affect', 'sketch'} <= {artefact.name for artefact in list_artefacts()}


def test_the_face_is_drawn_without_a_network():
    picture = to_one_bit(ParametricFace().render(blend_action_units(np.eye(7)[2])))

    assert picture.shape == (64, 128)
    assert 0 < (picture > 0).mean() < 0.5


def test_the_command_is_installed():
    (entry,) = (
        entry
        for entry in distribution('emotion_models').entry_points
        if entry.group == 'console_scripts'
    )

    assert entry.name == 'emotion-models'
    assert entry.load() is programs.emotion_models
    assert 'evaluate' in subprocess.check_output(['emotion-models', '--help'], text=True)
