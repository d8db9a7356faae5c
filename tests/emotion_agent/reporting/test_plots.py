# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Plots of states are drawn, and whatever they show has a colour."""

import pytest

from emotion_agent.neuromodulation import EMOTIONS, MODULATORS, EmotionEngine, load
from emotion_agent.reporting.colours import COLOURS
from emotion_agent.reporting.course import course_of
from emotion_agent.reporting.plots import plot_state


def test_everything_has_a_colour():
    assert set(COLOURS) == {*EMOTIONS, *MODULATORS, 'neutral'}


def test_a_single_state_is_drawn(tmp_path):
    pytest.importorskip('matplotlib')
    picture = tmp_path / 'rest.png'

    plot_state(course_of([EmotionEngine(load(), 0.0).read(0.0)], []), picture)

    assert picture.read_bytes().startswith(b'\x89PNG')
