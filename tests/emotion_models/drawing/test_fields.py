# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from emotion_models.drawing import (
    NEUTRAL,
    Identity,
    ParametricFace,
    View,
    blend_action_units,
    mouth_corners,
    sample,
    to_one_bit,
)
from emotion_models.drawing.action_units import as_action_units
from emotion_models.drawing.fields import distance_field, field_to_grey
from emotion_models.drawing.geometry import eye_curves
from emotion_models.drawing.nuance import shade_action_units
from emotion_models.labels.emotions import EMOTIONS


def test_field_of_a_half_plane_is_the_distance_to_its_edge():
    canvas = np.zeros((256, 512), np.uint8)
    canvas[:, 202:] = 255  # the edge lies at 50.5 pixels of the panel

    field = distance_field(canvas)

    centres = np.arange(128) + 0.5
    np.testing.assert_allclose(field[32], centres - 50.5, atol=0.3)
    assert abs(field[32, 50]) < 0.01


@pytest.mark.parametrize('seed', range(8))
def test_zero_level_is_the_drawing(seed):
    generator = np.random.default_rng(seed)
    face = ParametricFace(Identity.random(generator))
    units = blend_action_units(generator.random(len(EMOTIONS)) * (generator.random(7) < 0.4))
    view = View(gaze_x=0.4, zoom=generator.uniform(0.8, 1.6))

    grey, field = face.render(units, view), face.render_field(units, view)

    np.testing.assert_allclose(field_to_grey(field), grey, atol=1e-6)
    np.testing.assert_array_equal(to_one_bit(field_to_grey(field)), to_one_bit(grey))


def test_valence_lifts_the_corners_of_the_mouth_whatever_the_emotion():
    for emotions in np.vstack([np.zeros(7), 0.8 * np.eye(7)]):
        units = blend_action_units(emotions)
        heights = [
            -mouth_corners(shade_action_units(units, valence, 0.0), Identity.default())[
                :, 1
            ].mean()
            for valence in (-0.6, -0.3, 0.0, 0.3, 0.6)
        ]
        assert np.all(np.diff(heights) > -1e-9)
        assert heights[-1] > heights[0] + 1.0


def test_arousal_opens_the_eyes():
    units = blend_action_units([0, 0, 0.3, 0, 0, 0, 0])
    openings = []
    for arousal in (-0.6, -0.3, 0.0, 0.3, 0.6):
        shaded = as_action_units(shade_action_units(units, 0.0, arousal))
        eye = eye_curves(shaded, Identity.default(), View(), 1)
        openings.append((eye.lower_lid - eye.upper_lid)[14, 1])
    assert np.all(np.diff(openings) > 0.5)


def test_no_nuance_changes_nothing():
    np.testing.assert_array_equal(shade_action_units(NEUTRAL, 0.0, 0.0), NEUTRAL)
    units = blend_action_units([0, 0, 1, 0, 0, 0, 0])
    np.testing.assert_array_equal(shade_action_units(units, 0.0, 0.0), units)


def test_samples_show_their_valence_and_arousal():
    plain, shaded = sample(3, 11, nuance=0.0), sample(3, 11, nuance=0.4)
    np.testing.assert_array_equal(plain.emotions, shaded.emotions)
    assert np.abs(plain.vad - shaded.vad).max() > 0.05
    assert (plain.image != shaded.image).sum() > 10


def test_sample_without_framing_fills_the_panel_and_gives_its_field():
    drawing = sample(3, 11, is_framed=False, with_field=True)
    assert (drawing.view.zoom, drawing.view.tilt) == (1.0, 0.0)
    np.testing.assert_array_equal(to_one_bit(field_to_grey(drawing.field)), drawing.image)
    assert sample(3, 11).field is None
