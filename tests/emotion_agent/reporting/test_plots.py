# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Plots of states are drawn, and whatever they show has a colour."""

import pytest

from emotion_agent.neuromodulation import EMOTIONS, MODULATORS, EmotionEngine, load
from emotion_agent.replay.people import Person
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


def test_a_person_has_rings_and_courses(tmp_path):
    matplotlib = pytest.importorskip('matplotlib.image')
    engine = EmotionEngine(load(), 0.0)
    readings = [engine.read(at_s) for at_s in (0.0, 1.0, 2.0)]
    people = [Person(-0.5, 0.8, None), Person(0.5, -0.8, None), None]

    plot_state(course_of(readings, []), tmp_path / 'alone.png')
    plot_state(course_of(readings, [], people), tmp_path / 'seen.png')
    plot_state(course_of(readings, [], [None] * 3), tmp_path / 'unseen.png')

    alone, seen, unseen = (
        matplotlib.imread(tmp_path / f'{name}.png') for name in ('alone', 'seen', 'unseen')
    )
    assert (unseen == alone).all()
    assert seen.shape[0] > alone.shape[0]  # a row more
