# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A face that changes its expression and blinks: bytes on the bus, and the work of the driver."""

import sys

import numpy as np
import pytest
from luma.core.interface.serial import noop
from luma.oled.device import ssd1306
from panel_fakes import Chip, Recorder
from PIL import Image
from scripted_face import BLINK, scripted_frames

from emotion_models.drawing import NEUTRAL, ParametricFace, View, to_one_bit
from oled_face import PanelDriver, panel_for
from oled_face.packing import pack


@pytest.fixture(scope='module')
def frames():
    return scripted_frames()


@pytest.mark.parametrize(('driver', 'most'), [('ssd1306', 220), ('sh1106', 220)])
def test_mean_bytes_of_the_script(frames, driver, most):
    chip = Chip(panel_for(driver))
    oled = PanelDriver(chip, panel_for(driver), refresh_s=0.0)

    sent = []
    for frame in frames:
        sent.append(oled.show(frame))
        assert np.array_equal(chip.picture(), frame != 0)

    assert np.mean(sent) <= most


def test_mean_bytes_of_a_scene_with_a_blink():
    """Half a second at 25 Hz: the eyes close, open again, and rest."""
    oled = PanelDriver(Recorder())
    face = ParametricFace()
    closed = (0.0, *BLINK, *[0.0] * (12 - len(BLINK)))
    first, *rest = (to_one_bit(face.render(NEUTRAL, View(blink=share))) for share in closed)
    oled.show(first)

    assert np.mean([oled.show(frame) for frame in rest]) <= 220


def lines_run(call, item) -> int:
    """
    Return how many lines of Python a call runs.

    A measure of its work that does not depend on what else the machine does; times beside luma's
    are printed by tests/benchmarks/bench_display.py.
    """
    count = 0

    def trace(frame, event, argument):
        nonlocal count
        count += event == 'line'
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        call(item)
    finally:
        sys.settrace(before)
    return count


@pytest.fixture(scope='module')
def luma_lines(frames):
    """What the driver of luma needs for a frame; always the same, as it looks at every pixel."""
    luma = ssd1306(noop())
    luma.persist = True
    return lines_run(luma.display, Image.fromarray(frames[0]).convert('1'))


def test_packs_without_a_loop_over_pixels(frames, luma_lines):
    assert lines_run(pack, frames[0]) * 100 < luma_lines


@pytest.mark.parametrize('load', ['face', 'speckle'])
def test_every_frame_takes_a_quarter_of_the_work_of_luma(frames, luma_lines, load):
    generator = np.random.default_rng(0)
    speckle = [(generator.random((64, 128)) < 0.002) * np.uint8(255) for _ in range(50)]
    oled = PanelDriver(noop(), refresh_s=0.0)

    lines = [lines_run(oled.show, frame) for frame in {'face': frames, 'speckle': speckle}[load]]

    assert max(lines) * 4 < luma_lines
