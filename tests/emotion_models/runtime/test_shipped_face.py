# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What the shipped learned face can do."""

import itertools

import cv2
import numpy as np
import pytest

from emotion_models.drawing import Identity, View, measure_mouth_corner_lift, to_one_bit
from emotion_models.labels.emotions import emotion_vad
from emotion_models.runtime.latent_decoder import LatentDecoder
from emotion_models.runtime.parametric_decoder import ParametricDecoder

EXPRESSIONS = np.vstack([np.zeros(7), 0.8 * np.eye(7)])  # neutral and every emotion


@pytest.fixture(scope='module')
def decoder():
    return LatentDecoder('sketch')


@pytest.fixture(scope='module')
def strangers(decoder):
    """Fifty people's expressions, learned and computed: bool (50, 8, 64, 128) each."""
    generator = np.random.default_rng(123)
    learned, computed = [], []
    for _ in range(50):
        decoder.identity = Identity.random(generator)
        learned.append([draw(decoder, visible) for visible in EXPRESSIONS])
        computed.append(
            [draw(ParametricDecoder(decoder.identity), visible) for visible in EXPRESSIONS]
        )
    decoder.identity = Identity.default()
    return np.array(learned), np.array(computed)


def draw(decoder, visible, view=None):
    return to_one_bit(decoder.decode(decoder.encode(visible), view or View())) > 0


def blurred(picture):
    return cv2.GaussianBlur(picture.astype(np.float32), (0, 0), 1.5)


def eye_opening(field):
    """Rows from the upper to the lower lid of the right eye: below the brow, above the mouth."""
    lit = field[:44, 94:99].max(1) > 0
    starts = np.flatnonzero(np.diff(lit.astype(int)) == 1)
    return int(np.flatnonzero(lit).max() - starts[1])


def test_strangers_are_recognised_by_the_nearest_prototype(strangers):
    learned, _ = strangers
    prototypes = np.array([blurred(draw(ParametricDecoder(), visible)) for visible in EXPRESSIONS])
    hits = [
        np.argmin(((prototypes - blurred(picture)) ** 2).sum((1, 2))) == true
        for person in learned
        for true, picture in enumerate(person)
    ]
    assert np.mean(hits) >= 0.95


def test_strangers_stay_apart(strangers):
    def median_distance(people):
        return np.median([(a != b).sum((1, 2)) for a, b in itertools.combinations(people, 2)])

    learned, computed = strangers
    assert median_distance(learned) >= 0.7 * median_distance(computed)


def test_drawings_are_light_and_near_the_computed_ones(strangers):
    learned, computed = strangers
    lit = learned.mean((2, 3))
    assert 0.04 <= lit.min() <= lit.max() <= 0.30
    assert (learned != computed).sum((2, 3)).mean() < 0.25 * computed.sum((2, 3)).mean()


@pytest.mark.parametrize('emotion', [0, 1, 4, 6])
def test_valence_lifts_the_mouth_at_one_emotion(decoder, emotion):
    visible = 0.3 * np.eye(7)[emotion]
    valence, arousal, _ = emotion_vad(visible)
    lifts = [
        measure_mouth_corner_lift(decoder.decode(decoder.encode(visible, (v, arousal)), View()))
        for v in valence + np.array([-0.35, 0.0, 0.35])
    ]
    assert lifts == sorted(lifts)
    assert lifts[-1] > lifts[0]


@pytest.mark.parametrize('emotion', [0, 1, 2, 4, 6])
def test_arousal_opens_the_eyes_at_one_emotion(decoder, emotion):
    visible = 0.3 * np.eye(7)[emotion]
    valence, arousal, _ = emotion_vad(visible)
    openings = []
    for a in arousal + np.array([-0.35, 0.0, 0.35]):
        openings.append(eye_opening(decoder.field(decoder.encode(visible, (valence, a)), View())))
    assert openings[0] <= openings[1] <= openings[2]
    assert openings[2] > openings[0]


def test_look_moves_pupils_and_lids(decoder):
    at_rest = draw(decoder, np.zeros(7))
    asleep = draw(decoder, np.zeros(7), View(blink=1.0))
    eyes = np.s_[14:46, 16:112]
    assert asleep[eyes].sum() < 0.75 * at_rest[eyes].sum()
    pupils = [~draw(decoder, np.zeros(7), View(gaze_x=x))[18:42, 22:44] for x in (-1.0, 1.0)]
    left, right = (np.nonzero(dark)[1].mean() for dark in pupils)
    assert right - left > 4.0
