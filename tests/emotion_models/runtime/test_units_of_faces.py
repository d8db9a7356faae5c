# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Action units and proportions of the faces that are read, where an encoder is there."""

import numpy as np
import pytest
from photo_maker import PROPORTION, write_photo_encoder

from emotion_models.drawing.parts import FACIAL_UNITS, PROPORTIONS
from emotion_models.runtime import (
    AffectEstimator,
    Crop,
    CropReader,
    Detection,
    OneEuroFilter,
    PhotoEncoder,
)

SMILE = FACIAL_UNITS.index('lip_corner_puller')


@pytest.fixture(scope='module')
def encoder(tmp_path_factory):
    """One of smaller squares than the affect network's."""
    return PhotoEncoder(write_photo_encoder(tmp_path_factory.mktemp('photo'), size_px=32))


@pytest.fixture
def runs(encoder, monkeypatch):
    """How many squares each run of the encoder read."""
    counts = []
    call = PhotoEncoder.__call__

    def count(self, squares):
        counts.append(len(squares))
        return call(self, squares)

    monkeypatch.setattr(PhotoEncoder, '__call__', count)
    return counts


@pytest.mark.parametrize('shape', [(90, 90), (90, 90, 3)])
def test_crops_have_units_in_one_run(encoder, runs, shape):
    reader = CropReader(photo=encoder)

    bright, grey = reader(
        [
            Crop('a', np.full(shape, 255, np.uint8), 0.0),
            Crop('b', np.full(shape, 102, np.uint8), 0),
        ]
    )

    assert runs == [2]
    assert bright.action_units.shape == (len(FACIAL_UNITS),)
    assert bright.action_units[SMILE] == pytest.approx(1.0, abs=1e-3)
    assert grey.action_units[SMILE] == pytest.approx(0.4, abs=1e-3)
    assert grey.proportions == pytest.approx([PROPORTION] * len(PROPORTIONS))


def test_without_an_encoder_nothing_is_computed(runs):
    (face,) = CropReader()([Crop('a', np.full((90, 90), 255, np.uint8), 0.0)])

    assert face.action_units is None
    assert face.proportions is None
    assert runs == []


def test_what_is_no_face_to_the_encoder_has_no_units(encoder):
    reader = CropReader(photo=encoder)

    dark, bright = reader(
        [Crop(n, np.full((90, 90), v, np.uint8), 0.0) for n, v in (('a', 5), ('b', 99))]
    )

    assert dark.action_units is None
    assert dark.proportions is None
    assert bright.action_units is not None


def test_an_encoder_is_exchanged_between_two_calls(encoder):
    reader = CropReader()
    crop = np.full((90, 90), 255, np.uint8)

    reader.photo = encoder
    (with_one,) = reader([Crop('a', crop, 0.0)])
    reader.photo = None
    (without,) = reader([Crop('a', crop, 0.1)])

    assert with_one.action_units is not None
    assert without.action_units is None


def test_a_reading_that_holds_keeps_its_units(encoder, runs, scripted_detector, room):
    scripted_detector.answer = [Detection(np.array([100.0, 70.0, 90.0, 90.0]), 1.0)]
    estimator = AffectEstimator(detector=scripted_detector, photo=encoder, read_every_s=0.15)
    rng = np.random.default_rng(0)
    image = rng.integers(60, 200, room.shape, dtype=np.uint8)

    faces = [estimator(image, 0.05 * frame)[0] for frame in range(5)]

    assert sum(runs) < len(faces)
    assert all(face.action_units is not None for face in faces)
    assert (faces[0].action_units == faces[1].action_units).all()


def test_units_are_smoothed_for_each_face_until_it_is_forgotten(encoder):
    reader = CropReader(photo=encoder)
    bright, grey = (np.full((90, 90), value, np.uint8) for value in (255, 102))

    reader([Crop('a', grey, 0.0), Crop('b', bright, 0.0)])
    face, other = reader([Crop('a', bright, 0.05), Crop('b', bright, 0.05)])
    reader.keep({'b'})
    (again,) = reader([Crop('a', bright, 0.1)])

    assert 0.42 < face.action_units[SMILE] < 0.9
    assert other.action_units[SMILE] == pytest.approx(1.0, abs=1e-3)
    assert again.action_units[SMILE] == pytest.approx(1.0, abs=1e-3)


def test_noise_of_a_still_face_is_less_than_half_of_that_of_its_readings(encoder):
    noise = np.random.default_rng(0).normal(0, 12, 200)
    smoothed, raw = [], []
    for seen, make_stage in ((smoothed, OneEuroFilter), (raw, None)):
        reader = CropReader(photo=encoder, make_stage=make_stage)
        for frame, change in enumerate(noise):
            crop = np.full((90, 90), 130 + change, np.uint8)
            (face,) = reader([Crop('a', crop, frame / 15)])
            seen.append(face.action_units[SMILE])

    assert np.std(smoothed[30:]) < 0.5 * np.std(raw[30:])
