# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The load that the display is made for: a face that changes its mind, and blinks."""

import time

import numpy as np
import pytest
from luma.core.interface.serial import noop
from luma.oled.device import ssd1306
from oled_fakes import Chip, Recorder
from oled_script import BLINK, scripted_frames
from PIL import Image

from emotion_models.drawing import NEUTRAL, ParametricFace, View, to_one_bit
from oled_face import FastMono, panel_for
from oled_face.packing import pack


@pytest.fixture(scope='module')
def frames():
    return scripted_frames()


@pytest.mark.parametrize(('driver', 'most'), [('ssd1306', 300), ('sh1106', 300)])
def test_mean_bytes_of_the_script(frames, driver, most):
    chip = Chip(panel_for(driver))
    oled = FastMono(chip, panel_for(driver), refresh_s=0.0)

    sent = []
    for frame in frames:
        sent.append(oled.show(frame))
        assert np.array_equal(chip.picture(), frame != 0)

    assert np.mean(sent) <= most


def test_mean_bytes_of_a_scene_with_a_blink():
    """Half a second at 25 Hz: the eyes close, open again, and rest."""
    oled = FastMono(Recorder())
    face = ParametricFace()
    closed = (0.0, *BLINK, *[0.0] * (12 - len(BLINK)))
    first, *rest = (to_one_bit(face.render(NEUTRAL, View(blink=share))) for share in closed)
    oled.show(first)

    assert np.mean([oled.show(frame) for frame in rest]) <= 150


def fastest(call, items) -> float:
    """Return the least time of a call, s: what the machine can do when nobody disturbs it."""
    durations = []
    for item in items:
        begun = time.perf_counter()
        call(item)
        durations.append(time.perf_counter() - begun)
    return min(durations)


@pytest.fixture(scope='module')
def luma_s(frames):
    luma = ssd1306(noop())
    luma.persist = True
    return fastest(luma.display, [Image.fromarray(frame).convert('1') for frame in frames[:100]])


def test_packs_20_times_faster_than_luma(frames, luma_s):
    assert luma_s / fastest(pack, frames[:100]) >= 20


def test_shows_faster_than_luma_whatever_changes(frames, luma_s):
    generator = np.random.default_rng(0)
    speckle = [(generator.random((64, 128)) < 0.002) * np.uint8(255) for _ in range(50)]
    oled = FastMono(noop(), refresh_s=0.0)

    assert fastest(oled.show, frames[1:100]) < luma_s
    assert fastest(oled.show, speckle) < luma_s
