# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The shipped network on real faces that it was not trained on."""

from functools import partial

import cv2
import numpy as np
import pytest

from emotion_models.affect import evaluation
from emotion_models.affect.evaluation import compare_smiles, evaluate, read_faces
from emotion_models.data.face_parts import choose_part
from emotion_models.data.labelled_faces import LabelledFaces
from emotion_models.data.landmarks import corner_heights
from emotion_models.data.sources import load_labelled_faces
from emotion_models.labels.expressions import EXPRESSIONS, VA_MEANS
from emotion_models.metrics.agreement import bootstrap_intervals
from emotion_models.metrics.concordance import concordance
from emotion_models.runtime.affect import AffectModel
from emotion_models.runtime.detection import make_detector


@pytest.fixture(scope='module')
def model():
    return AffectModel()


@pytest.fixture(autouse=True)
def without_what_is_not_looked_at(monkeypatch):
    """Hardly any resampling for intervals, no timing."""
    monkeypatch.setattr(evaluation, 'bootstrap_intervals', partial(bootstrap_intervals, draws=2))
    monkeypatch.setattr(evaluation, '_time_one', lambda model: 0.0)


@pytest.fixture(scope='module')
def validation(shared_data):
    return load_labelled_faces(shared_data / 'fer2013plus' / 'fer2013plus_valid.npz')


@pytest.fixture(scope='module')
def read_validation(model, validation):
    """What the model reads from the faces of the validation."""
    return read_faces(model, validation)


@pytest.fixture(scope='module')
def read_crops(model, pasted):
    """What the model reads from the faces where they are known to be."""
    return read_faces(model, pasted)


@pytest.fixture(scope='module')
def pasted(validation):
    """150 rated faces, 80 to 220 pixels wide, in smooth colour images of 640×480 pixels."""
    generator = np.random.default_rng(0)
    rated = np.flatnonzero(np.isfinite(validation.affect).all(1))
    chosen = generator.choice(rated, 150, replace=False)
    images, squares = [], {}
    for index, face in enumerate(chosen):
        colours = generator.integers(40, 220, (6, 8, 3), dtype=np.uint8)
        image = cv2.resize(colours, (640, 480), interpolation=cv2.INTER_CUBIC)
        side = int(generator.integers(80, 220))
        x, y = generator.integers(0, (640 - side, 480 - side)).tolist()
        enlarged = cv2.resize(validation.images[face], (side, side), interpolation=cv2.INTER_CUBIC)
        image[y : y + side, x : x + side] = enlarged[..., None]
        images.append(image)
        squares[index] = ((x + side / 2, y + side / 2), side)
    return LabelledFaces(images, validation.expression[chosen], validation.affect[chosen], squares)


def test_validation_faces_are_read_well(validation, read_validation):
    report = evaluate(validation, read_validation)

    assert report['expression']['accuracy'] >= 0.82
    assert report['expression']['calibration_error'] <= 0.04
    assert report['valence']['ccc'] >= 0.9
    assert report['arousal']['ccc'] >= 0.87
    assert report['expression_balanced']['accuracy'] >= 0.78
    assert report['expression_balanced']['mean_recall'] >= 0.68
    rare, in_the_wild = (report[part]['recall'] for part in ('expression_balanced', 'expression'))
    for name in ('DISGUST', 'FEAR', 'SAD'):
        assert rare[name]['share'] > in_the_wild[name]['share'], name


def spread(reports, part, figure):
    figures = [report[part][figure] for report in reports]
    return max(figures) - min(figures)


def reports_of_crops(model, faces):
    return [evaluate(faces, read_faces(model, faces, factor)) for factor in (0.9, 1.1, 1.3)]


def test_studio_faces_of_persons_it_has_not_seen_are_read_at_any_crop(model, shared_data):
    faces = choose_part(load_labelled_faces(shared_data / 'ckplus48'), 'third')

    reports = reports_of_crops(model, faces)

    for part in ('expression', 'expression_balanced'):
        assert min(report[part]['accuracy'] for report in reports) >= 0.8
        assert spread(reports, part, 'accuracy') <= 0.06


def test_rated_faces_of_a_collection_are_read_at_any_crop(model, shared_data):
    faces = choose_part(load_labelled_faces(shared_data / 'diffusion_faces'), 'odd')

    reports = reports_of_crops(model, faces)

    assert min(report['expression_balanced']['mean_recall'] for report in reports) >= 0.52
    for name, least in (('valence', 0.8), ('arousal', 0.7)):
        assert min(report[name]['ccc'] for report in reports) >= least
        assert spread(reports, name, 'ccc') <= 0.03


def test_a_strong_smile_is_more_than_an_average_one(validation, read_validation, shared_data):
    heights = corner_heights(
        shared_data / 'fer2013plus_landmarks' / 'fer2013plus_landmarks_valid.npz'
    )
    happy = validation.expression == EXPRESSIONS.index('HAPPY')

    assert compare_smiles(validation, read_validation, heights)['rank_correlation'] >= 0.2
    assert read_validation.affect[happy, 0].max() > VA_MEANS['HAPPY'][0] + 0.05


@pytest.mark.parametrize(('name', 'least_found'), [('haar', 0.6), ('yunet', 0.85)])
def test_faces_found_by_a_detector_are_read_like_crops(
    name, least_found, model, pasted, read_crops, shared_data
):
    path = shared_data / 'yunet' / 'yunet_n_320_320.onnx'
    detector = make_detector('haar' if name == 'haar' else path)

    found = read_faces(model, pasted, detector=detector)

    seen = np.isfinite(found.affect).all(1)
    assert seen.mean() >= least_found
    for column in range(2):
        true = pasted.affect[seen, column].astype(float)
        loss = concordance(read_crops.affect[seen, column], true) - concordance(
            found.affect[seen, column], true
        )
        assert loss <= 0.04
