# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from luma.oled.device import ssd1306
from panel_fakes import Recorder, frame_of, rectangle, unpack
from PIL import Image

from oled_face.packing import pack

ROWS, COLUMNS = np.indices((64, 128))
FULL_FRAMES = {
    'blank': (frame_of(), '5f70bf18a0860070'),
    'first pixel': (frame_of((0, 0)), '91fd9dbe4d5a5fd8'),
    'two pixels': (frame_of((127, 63), (5, 10)), '843ba238bb138350'),
    'all on': (np.ones((64, 128), bool), '5f4ecdb7b71c3e40'),
    'checker': ((COLUMNS + ROWS) % 2 == 1, 'd4576a496a9c3150'),
    'diagonal': (COLUMNS == 2 * ROWS, 'b1ea3297045ed6de'),
    'rectangle': (rectangle(40, 59, 20, 29), '28bc09252fa8fc1c'),
}


@pytest.mark.parametrize(('frame', 'digest'), FULL_FRAMES.values(), ids=FULL_FRAMES)
def test_packs_the_reference_frames(frame, digest):
    assert hashlib.sha256(pack(frame).tobytes()).hexdigest()[:16] == digest


@pytest.mark.parametrize('frame', [frame for frame, _ in FULL_FRAMES.values()], ids=FULL_FRAMES)
def test_packs_as_luma_does(frame):
    serial = Recorder()
    luma = ssd1306(serial)
    luma.persist = True
    serial.take()

    luma.display(Image.fromarray(np.where(frame, 255, 0).astype(np.uint8)).convert('1'))

    assert serial.take()[-1] == ('D', pack(frame).tobytes())


@given(arrays(np.uint8, st.sampled_from([(64, 128), (32, 128), (16, 96), (48, 64)])))
def test_unpacking_undoes_packing(frame):
    assert np.array_equal(unpack(pack(frame)), frame != 0)


def test_takes_any_view_of_a_frame():
    frame = np.random.default_rng(0).random((64, 128)) < 0.5

    assert np.array_equal(unpack(pack(frame[::-1, ::-1])), frame[::-1, ::-1])
