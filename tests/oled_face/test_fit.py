# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
from importlib import import_module

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from panel_fakes import frame_of

from oled_face.fit import METHODS, PLACEMENTS, fit, to_one_bit

fitting = import_module('oled_face.fit')
shapes = st.tuples(st.integers(1, 200), st.integers(1, 200), st.sampled_from([1, 3]))
images = shapes.flatmap(lambda shape: arrays(np.uint8, shape[:2] if shape[2] == 1 else shape))


@given(images, st.sampled_from(METHODS), st.sampled_from(PLACEMENTS), st.integers(1, 255))
def test_any_image_becomes_a_frame(image, method, placement, threshold):
    frame = fit(image, 128, 64, method=method, placement=placement, threshold=threshold)

    assert frame.shape == (64, 128)
    assert frame.dtype == np.uint8
    assert set(np.unique(frame)) <= {0, 255}


@pytest.mark.parametrize('method', METHODS)
def test_a_frame_of_the_panel_stays_as_it_is(method):
    frame = (np.random.default_rng(0).random((64, 128)) < 0.3) * np.uint8(255)

    assert np.array_equal(fit(frame, 128, 64, method=method), frame)


def test_contain_shows_all_and_leaves_bars():
    frame = fit(np.full((100, 100), 255, np.uint8), 128, 64)

    assert frame[:, 32:96].all()
    assert not frame[:, :32].any()
    assert not frame[:, 96:].any()


def test_cover_fills_the_panel_with_the_middle():
    image = np.zeros((128, 128), np.uint8)
    image[32:96] = 255

    assert fit(image, 128, 64, placement='cover').all()


def test_stretch_moves_every_side_to_the_edge():
    image = np.zeros((100, 100), np.uint8)
    image[:, 50:] = 255

    frame = fit(image, 128, 64, placement='stretch')

    assert not frame[:, :64].any()
    assert frame[:, 64:].all()


def test_colours_count_as_bright_as_they_look():
    image = np.zeros((64, 128, 3), np.uint8)
    image[:, :64] = (255, 0, 0)  # blue
    image[:, 64:] = (0, 255, 0)  # green

    frame = fit(image, 128, 64)

    assert not frame[:, :64].any()
    assert frame[:, 64:].all()


@pytest.mark.parametrize('method', ['ordered', 'floyd_steinberg'])
@pytest.mark.parametrize('grey', [32, 64, 128, 192, 224])
def test_dither_lights_the_share_that_grey_means(method, grey):
    frame = to_one_bit(np.full((64, 128), grey, np.uint8), method)

    assert frame.mean() / 255 == pytest.approx(grey / 255, abs=0.04)


@pytest.mark.parametrize('method', METHODS)
@pytest.mark.parametrize('level', [0, 255])
def test_black_and_white_stay_whole(method, level):
    assert (to_one_bit(np.full((64, 128), level, np.uint8), method) == level).all()


@pytest.mark.parametrize('method', METHODS)
def test_a_higher_threshold_lights_less(method):
    grey = np.tile(np.arange(0, 256, 2, np.uint8), (64, 1))

    lit = [to_one_bit(grey, method, threshold).mean() for threshold in (64, 128, 192)]

    assert lit[0] > lit[1] > lit[2]


@pytest.mark.parametrize(
    ('call', 'text'),
    [
        (lambda: fit(np.zeros((64, 128)), 128, 64), r'expected uint8.*got float64'),
        (lambda: fit(np.zeros((64, 128, 4), np.uint8), 128, 64), r'got uint8 of shape'),
        (lambda: fit(frame_of(), 128, 64, method='x'), 'method: expected one of threshold'),
        (lambda: fit(frame_of(), 128, 64, placement='x'), 'placement: expected one of contain'),
    ],
)
def test_refuses_by_name(call, text):
    with pytest.raises(ValueError, match=text):
        call()


@pytest.mark.parametrize('shape', [(1, 40_000_000), (40_000_000, 1), (3, 10_000_000)])
def test_a_picture_that_is_much_longer_than_the_panel_is_cut_before_it_is_scaled(
    shape, monkeypatch
):
    sizes = []
    resize = fitting.cv2.resize
    monkeypatch.setattr(
        fitting.cv2, 'resize', lambda *a, **k: sizes.append(a[1]) or resize(*a, **k)
    )
    image = np.zeros(shape, np.uint8)
    middle = tuple(slice(max(0, side // 2 - 500), side // 2 + 500) for side in shape)
    image[middle] = 255

    assert (fit(image, 128, 64, placement='cover') == 255).all()
    assert all(width * height <= fitting.LARGEST_SCALED for width, height in sizes)
