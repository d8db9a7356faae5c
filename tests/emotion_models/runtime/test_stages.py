# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The life of a stage: made with its face, reset when time jumps, dropped with the face."""

import numpy as np
import pytest

from emotion_models.runtime import CropReader, Reading
from emotion_models.runtime.stages import LONGEST_GAP_S, FaceStages


class RunningMean:
    """A stage with a state: the mean of all readings since the last reset."""

    def __init__(self):
        self.readings = []
        self.resets = 0

    def reset(self):
        self.readings.clear()
        self.resets += 1

    def __call__(self, reading):
        self.readings.append(reading)
        return np.mean([reading.values for reading in self.readings], 0)


@pytest.fixture
def made():
    """The stages that were made, in order."""
    return []


@pytest.fixture
def make_stage(made):
    def make():
        made.append(RunningMean())
        return made[-1]

    return make


@pytest.fixture
def stages(make_stage):
    return FaceStages(make_stage)


def reading(value, stamp_s):
    return Reading(np.full(10, value), 0.9, stamp_s)


def test_each_face_has_a_stage_of_its_own(stages, made):
    first = [stages('a', reading(value, stamp_s))[0] for stamp_s, value in enumerate((0.0, 1.0))]
    second = stages('b', reading(0.4, 1.0))[0]

    assert len(made) == 2
    assert first == [0.0, 0.5]
    assert second == 0.4
    assert [stage.resets for stage in made] == [0, 0]


def test_a_stage_is_dropped_with_its_face_and_made_anew_when_it_returns(stages, made):
    stages('a', reading(0.0, 0.0))
    stages('b', reading(0.2, 0.0))
    stages.keep({'b'})

    back = stages('a', reading(1.0, 0.1))[0]
    stayed = stages('b', reading(0.4, 0.1))[0]

    assert len(made) == 3
    assert back == 1.0
    assert stayed == pytest.approx(0.3)


@pytest.mark.parametrize('stamp_s', [5.0 + LONGEST_GAP_S + 0.1, 5.0, 4.9, -100.0])
def test_a_stage_is_reset_when_time_jumps(stages, made, stamp_s):
    stages('a', reading(0.0, 5.0))

    after = stages('a', reading(1.0, stamp_s))[0]
    later = stages('a', reading(0.0, stamp_s + LONGEST_GAP_S))[0]

    assert (after, later) == (1.0, 0.5)
    assert made[0].resets == 1


def test_a_reader_feeds_its_stages_what_the_network_reads(make_stage, made):
    reader = CropReader(make_stage=make_stage)
    faces = np.random.default_rng(0).integers(0, 256, (3, 64, 64), dtype=np.uint8)

    read = [reader([('a', face, 0.1 * index)])[0] for index, face in enumerate(faces)]
    reader.keep(())
    (again,) = reader([('a', faces[0], 0.3)])

    fed = made[0].readings
    assert [reading.stamp_s for reading in fed] == pytest.approx([0.0, 0.1, 0.2])
    assert [reading.values[0] for reading in fed] == [face.raw_valence for face in read]
    assert [reading.values[1] for reading in fed] == [face.raw_arousal for face in read]
    assert all(reading.confidence == max(reading.values[2:]) for reading in fed)
    assert read[2].valence == pytest.approx(np.mean([face.raw_valence for face in read]))
    assert len(made) == 2
    assert again.valence == again.raw_valence
