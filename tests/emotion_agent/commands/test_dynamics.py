# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The command that compares how the engine moves with courses of people."""

import numpy as np
import pytest

from emotion_agent.commands.cli import main
from emotion_agent.neuromodulation import load
from emotion_agent.reporting import dynamics
from emotion_agent.reporting.dynamics import driven_course, dynamics_of, stimuli_for


def test_a_table_of_people_and_every_temperament(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(dynamics, 'RESAMPLES', 5)
    samples = 25 * 20
    times = np.arange(samples) / 25.0
    affect = np.stack([np.sin(times), np.cos(times / 2.0)], 1).astype(np.float32)
    courses = tmp_path / 'courses.npz'
    np.savez(
        courses,
        participant=np.repeat(np.int8([1, 2]), samples),
        video=np.ones(2 * samples, np.int8),
        sample=np.tile(np.arange(samples, dtype=np.int16), 2),
        va=np.concatenate([affect, 0.5 * affect]),
    )
    picture = tmp_path / 'dynamics.png'
    assert main(['dynamics', '--courses', str(courses), '--out', str(picture)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith('| | people | balanced |')
    transitions = next(line for line in lines if line.startswith('| distance of transitions'))
    assert transitions.split('|')[2].strip().startswith('0.00')
    assert picture.stat().st_size > 1000


def test_what_is_no_table_of_courses_is_said(tmp_path, capsys):
    np.savez(tmp_path / 'other.npz', va=np.zeros((3, 2)))
    assert main(['dynamics', '--courses', str(tmp_path / 'other.npz')]) == 2
    assert 'has no participant' in capsys.readouterr().err


def test_the_engine_rests_at_0_and_moves_under_stimuli():
    config, rng = load(), np.random.default_rng(1)
    still = driven_course(config, 50, 0, rng)
    assert np.abs(still).max() == 0.0
    moved = driven_course(config, 100, 5, rng)
    assert np.abs(moved).max() > 0.1
    assert dynamics_of([still]).moves.sum() == 0


def test_as_many_stimuli_as_peaks_and_at_least_one():
    course = np.zeros((50, 2))
    assert stimuli_for(course) == 1
    course[10], course[20], course[30, 1] = 0.5, -0.5, 0.5
    assert stimuli_for(course) == 5


@pytest.mark.parametrize('seed', [1, 2])
def test_the_same_seed_gives_the_same_course(seed):
    courses = [driven_course(load(), 40, 4, np.random.default_rng(seed)) for _ in range(2)]
    assert np.array_equal(*courses)
