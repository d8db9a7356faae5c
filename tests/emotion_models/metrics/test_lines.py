# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from emotion_models.data.drawn_lines import draw_lines, line_bank
from emotion_models.metrics.lines import cosine_distances, measure_lines, unevenness

JUMP = np.repeat([1.0, 2.0], 8)


@pytest.fixture(scope='module')
def bank():
    return line_bank()


@pytest.mark.parametrize(
    ('angles', 'expected'),
    [
        (np.linspace(1, 3, 16), 0),
        (np.linspace(3, 1, 16), 0),
        (JUMP, 14 / 15),
        ([0, 0.1, 0.3, 0.6], 1 / 6),
        ([6.1, 6.2, 6.3 - 2 * np.pi, 6.4 - 2 * np.pi], 0),
    ],
    ids=['even', 'backwards', 'one jump', 'growing', 'across zero'],
)
def test_unevenness(angles, expected):
    np.testing.assert_allclose(unevenness([angles]), [expected], atol=1e-9)


def test_no_turn_has_no_evenness():
    np.testing.assert_array_equal(unevenness([[1, 2, 1], [1, 1, 1]]), [np.nan, np.nan])


def test_cosine_distance():
    images = np.array([[1.0, 1, -1, -1], [2, 2, -2, -2], [0, 0, 0, 0]])
    templates = np.array([[1.0, -1, -1, -1], [-1, -1, 1, 1]])
    np.testing.assert_allclose(cosine_distances(images, templates), [[0.5, 2], [0.5, 2], [1, 1]])


def test_every_template_is_found_again(bank):
    assert len(bank.angles) == 10_000
    angles, distances = bank.match(draw_lines(bank.angles[::97]))
    np.testing.assert_array_equal(angles, bank.angles[::97])
    assert abs(distances).max() < 1e-9


def test_brightness_does_not_matter_but_noise_does(bank):
    images = draw_lines([0.5, 4.0])
    angles, distances = bank.match(np.stack([0.3 * images, images]))
    np.testing.assert_allclose(angles, [[0.5, 4.0]] * 2, atol=1e-3)
    assert distances.max() < 1e-5

    noisy = images + np.random.default_rng(0).normal(0, 0.2, images.shape)
    assert bank.match(noisy)[1].min() > 0.01


def test_turning_lines_score_well_and_fading_ones_badly(bank):
    starts = np.array([0.3, 2.0, 5.5])[:, None]
    share = np.linspace(0, 1, 16)
    turning = draw_lines((starts + 2 * share).ravel()).reshape(3, 16, 32, 32)
    fade = share[:, None, None]
    fading = (1 - fade) * turning[:, :1] + fade * turning[:, -1:]

    good, bad = measure_lines(turning, bank), measure_lines(fading, bank)

    assert good['mean_distance']['mean'] < 1e-5
    assert good['smoothness']['mean'] < 0.002
    assert bad['mean_distance']['mean'] > 0.005
    assert bad['smoothness']['mean'] == pytest.approx(14 / 15, abs=0.05)
    assert (good['pairs'], good['undefined']) == (3, 0)


def test_pairs_that_do_not_turn_are_counted_and_left_out(bank):
    still = np.repeat(draw_lines([1.0])[None], 5, 1)
    turning = draw_lines(np.linspace(0, 1, 5))[None]
    report = measure_lines(np.concatenate([still, turning]), bank)
    assert (report['pairs'], report['undefined']) == (2, 1)
    assert report['smoothness']['mean'] < 0.01
