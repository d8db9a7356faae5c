# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from emotion_models.affect.evaluation import Predictions, compare_smiles, evaluate, read_faces
from emotion_models.affect.report import describe
from emotion_models.data.labelled_faces import LabelledFaces
from emotion_models.imaging.framing import Framing
from emotion_models.labels.expressions import EXPRESSIONS
from emotion_models.runtime import Detection
from emotion_models.runtime.affect import AffectModel

pytestmark = pytest.mark.usefixtures('quick_evaluation')

HAPPY = EXPRESSIONS.index('HAPPY')


class FixedDetector:
    framing = Framing(side=1.0, down=0.0)

    def __init__(self, *boxes):
        self.found = [Detection(np.array(box, float), 0.9) for box in boxes]

    def __call__(self, image):
        return self.found if image.any() else []


def labelled(images, **more):
    count = len(images)
    return LabelledFaces(images, np.full(count, HAPPY), np.full((count, 2), 0.6), **more)


@pytest.fixture(scope='module')
def model():
    return AffectModel()


@pytest.fixture(scope='module')
def noise():
    return np.random.default_rng(0).integers(1, 256, (200, 300, 3), dtype=np.uint8)


def test_misses_of_the_detector_are_counted(model, noise):
    faces = labelled([noise, np.zeros_like(noise), None, noise], skipped={'without a label': 4})

    predictions = read_faces(model, faces, detector=FixedDetector((20, 30, 100, 100)))
    report = evaluate(faces, predictions)

    assert (predictions.missed, predictions.unreadable) == (1, 1)
    assert np.isfinite(predictions.affect).all(1).tolist() == [True, False, False, True]
    assert report['expression']['n'] == report['valence']['n'] == 2
    text = describe('four', report)
    assert 'left out: 1 not found by the detector' in text
    assert 'left out: 1 not readable' in text
    assert 'left out: 4 without a label' in text


def test_of_several_faces_the_known_one_is_read(model, noise):
    square = ((150.0, 100.0), 60.0)
    known = read_faces(model, labelled([noise], squares={0: square}))
    detector = FixedDetector((0, 0, 110, 110), (122, 72, 56, 56))

    found = read_faces(model, labelled([noise], squares={0: square}), 60 / 56, detector)
    other = FixedDetector((0, 0, 40, 40))
    missed = read_faces(model, labelled([noise], squares={0: square}), detector=other)

    assert found.affect == pytest.approx(known.affect, abs=0.02)
    assert missed.missed == 1


def test_without_any_prediction_only_counts_are_reported(model, noise):
    faces = labelled([np.zeros_like(noise)])

    report = evaluate(faces, read_faces(model, faces, detector=FixedDetector()))

    assert report['missed'] == 1
    assert 'expression' not in report
    assert 'valence' not in report


def test_every_figure_has_an_interval_about_it(model):
    images = list(np.random.default_rng(1).integers(0, 256, (40, 48, 48), dtype=np.uint8))
    generator = np.random.default_rng(2)
    faces = LabelledFaces(images, generator.integers(0, 8, 40), generator.uniform(-1, 1, (40, 2)))

    report = evaluate(faces, read_faces(model, faces))

    for part, names in {
        'expression': ('accuracy', 'macro_f1'),
        'valence': ('ccc', 'pearson', 'rmse', 'sign_agreement'),
    }.items():
        for name in names:
            low, high = report[part][f'{name}_interval']
            assert low <= high
            assert low - 0.1 < report[part][name] < high + 0.1
    assert sum(row['n'] for row in report['expression']['reliability']) == 40


def happy_ones(valence):
    """Happy faces without pictures, and what a network has read from them."""
    faces = labelled([None] * len(valence))
    affect = np.stack((valence, np.zeros(len(valence))), 1)
    return faces, Predictions(np.full((len(valence), 8), 1 / 8), None, affect, 1.0)


def test_smiles_are_ordered_by_the_corners_of_the_mouth():
    heights = np.array([0.1, 0.2, 0.3, 0.4, np.nan])
    rising = happy_ones(np.array([0.2, 0.3, 0.5, 0.8, 0.1]))
    falling = happy_ones(np.array([0.8, 0.5, 0.3, 0.2, np.nan]))

    found = compare_smiles(*rising, heights)

    assert (found['n'], found['rank_correlation']) == (4, 1)
    assert compare_smiles(*falling, heights)['rank_correlation'] == -1
    report = evaluate(*rising) | {'smiles': found}
    assert 'n 4  rank correlation of valence with the height' in describe('four', report)


def test_smiles_that_cannot_be_compared_are_refused():
    faces, predictions = happy_ones(np.array([0.2, 0.3]))

    with pytest.raises(ValueError, match='those of 3 faces, and there are 2'):
        compare_smiles(faces, predictions, np.zeros(3))
    with pytest.raises(ValueError, match='no two happy faces'):
        compare_smiles(faces, predictions, np.array([0.1, np.nan]))
