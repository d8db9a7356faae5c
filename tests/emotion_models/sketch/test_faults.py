# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Faults of pixels are counted over changes of expression, without a trained network."""

import numpy as np

from emotion_models.drawing import Identity, ParametricFace, View
from emotion_models.sketch.faults import changes, count_per_thousand, not_counted


def computed(units, affect, identity, look):
    assert len(units) == len(affect) == len(identity) == len(look)
    face = ParametricFace(Identity.from_vector(identity[0]))
    return np.array([face.render(row, View(*seen)) for row, seen in zip(units, look, strict=True)])


def without_a_row(*labels):
    """Faces whose row 40 is dark: it cuts mouths, blush and lids to pieces."""
    pictures = computed(*labels)
    pictures[:, 40:42:] = 0.0
    pictures[:, 10, 5] = 1.0  # and a lit speck
    return pictures


def test_changes_lead_from_each_expression_to_every_other_one_and_about():
    units, affect, views = zip(*changes(), strict=True)

    assert np.shape(units)[1:] == (21,)
    assert np.shape(affect)[1:] == (2,)
    assert np.min(units) >= 0.0
    assert np.max(units) <= 1.0
    assert len(views) == 8 * 7 * 4 + (7 * 3 + 1) * 12
    assert {view.blink for view in views} >= {0.0, 0.9}


def test_the_computed_face_has_few_and_a_broken_one_has_many():
    few, many = (count_per_thousand(draw, people=0) for draw in (computed, without_a_row))

    assert few.keys() == many.keys() == not_counted().keys()
    assert few['faults_lit_specks'] == few['faults_blush'] == 0.0
    assert few['faults_mouth'] < 100.0
    assert many['faults_lit_specks'] >= 1000.0
    assert sum(many.values()) > 3.0 * sum(few.values()) + 1000.0
