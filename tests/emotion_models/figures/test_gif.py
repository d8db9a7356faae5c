# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
from PIL import Image

from emotion_models.figures.gif import COLOURS, save_gif


def read(path):
    """The frames and how long each is shown, in ms."""
    with Image.open(path) as animation:
        frames, durations = [], []
        for number in range(animation.n_frames):
            animation.seek(number)
            frames.append(np.asarray(animation.convert('RGB')))
            durations.append(animation.info['duration'])
        return frames, durations, animation.info['loop']


def test_grey_frames_are_kept_to_the_pixel(tmp_path):
    greys = np.random.default_rng(0).choice(np.uint8([0, 70, 160, 255]), (4, 20, 30))

    save_gif(tmp_path / 'a.gif', iter(greys), rate_hz=25)

    frames, durations, loop = read(tmp_path / 'a.gif')
    np.testing.assert_array_equal([frame[..., 0] for frame in frames], greys)
    assert durations == [40] * 4
    assert loop == 0


def test_frames_in_colour_share_one_small_palette(tmp_path):
    ramp = np.linspace(0, 255, 64).astype(np.uint8)
    colours = np.stack([*np.meshgrid(ramp, ramp), np.full((64, 64), 128, np.uint8)], -1)

    save_gif(tmp_path / 'b.gif', [colours, colours[::-1], colours[:, ::-1]], rate_hz=10)

    frames, durations, _ = read(tmp_path / 'b.gif')
    used = np.unique(np.concatenate(frames).reshape(-1, 3), axis=0)
    assert len(used) <= COLOURS
    assert durations == [100] * 3
    assert np.abs(frames[0].astype(int) - colours).mean() == pytest.approx(0, abs=20)
