# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The mouth opens with the loudness of the voice, whatever the file."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotion_agent.speaking.envelope import RATE_HZ, babble, openings


def tone(seconds, amplitude=0.5, rate_hz=16000):
    times = np.arange(round(seconds * rate_hz)) / rate_hz
    return amplitude * np.sin(2 * np.pi * 240 * times)[:, None]


def words(rate_hz=16000, loud=0.5, noise=0.0):
    """A second of quiet, a second of a word, and so on for 6 s."""
    quiet = tone(1.0, noise, rate_hz)
    return np.concatenate([part for _ in range(3) for part in (quiet, tone(1.0, loud, rate_hz))])


def test_silence_is_a_shut_mouth_and_a_loud_tone_an_open_one():
    assert not openings(np.zeros((16000, 1)), 16000).any()
    assert openings(tone(1.0, 0.5), 16000) == pytest.approx(np.ones(30), abs=0.02)


def test_noise_between_the_words_shuts_it():
    curve = openings(words(noise=0.01), 16000)

    spoken = np.arange(180) // 30 % 2 == 1
    assert curve[spoken].min() > 0.95
    assert curve[~spoken].max() < 0.05


def test_a_whisper_near_the_noise_of_a_microphone_is_no_voice():
    assert openings(tone(1.0, 0.0005), 16000).max() < 0.25


def test_the_louder_the_wider():
    ramp = tone(3.0, 1.0) * np.linspace(0.0, 0.5, 48000)[:, None]

    curve = openings(ramp, 16000)

    assert (np.diff(curve) >= 0.0).all()
    assert curve[0] < 0.1
    assert curve[-1] == 1.0
    # Half as loud is more than half as open.
    assert 0.6 < curve[45] < 0.75


@pytest.mark.parametrize('rate_hz', [8000, 11025, 22050, 44100, 48000])
def test_the_rate_of_the_file_plays_no_part(rate_hz):
    curve = openings(words(rate_hz), rate_hz)

    assert len(curve) == 180
    assert curve == pytest.approx(openings(words(), 16000), abs=0.1)


@pytest.mark.parametrize('loud', [0.05, 0.9])
def test_nor_does_its_volume(loud):
    assert openings(words(loud=loud), 16000) == pytest.approx(openings(words(), 16000), abs=0.01)


def test_voices_in_opposite_phase_do_not_cancel():
    mono = words()

    assert openings(np.hstack([mono, -mono]), 16000) == pytest.approx(openings(mono, 16000))


@given(st.integers(0, 5000), st.sampled_from([1000, 8000, 44100]), st.integers(1, 3))
def test_there_is_one_opening_for_each_thirtieth_of_a_second(frames, rate_hz, channels):
    samples = np.random.default_rng(frames).uniform(-1, 1, (frames, channels))

    curve = openings(samples, rate_hz)

    assert len(curve) == int(np.ceil(frames * RATE_HZ / rate_hz))
    assert ((curve >= 0.0) & (curve <= 1.0)).all()


def test_a_babble_opens_and_shuts_the_mouth_as_syllables_do():
    opening = babble(2.0)

    assert opening.shape == (60,)
    assert opening.dtype == np.float32
    assert 0.0 <= opening.min() < 0.01
    assert 0.9 < opening.max() <= 1.0
    shut = np.flatnonzero((opening[1:-1] < opening[:-2]) & (opening[1:-1] < opening[2:]))
    assert len(shut) == 7  # between eight syllables
    for length_s in (0.0, -1.0, 601.0, float('nan')):
        with pytest.raises(ValueError, match='up to 600 s'):
            babble(length_s)
