# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""WAV files of every usual kind give the same sound; what is none is refused in one line."""

import struct

import numpy as np
import pytest

from emotion_agent.speaking.wav import WavError, read_wav

RATE_HZ = 8000
TONE = 0.5 * np.sin(np.arange(400) / 5.0)
GUID = bytes.fromhex('000000001000800000aa00389b71')


def encoded(values, kind, bits):
    if kind == 3:
        return values.astype(f'<f{bits // 8}').tobytes()
    if bits == 8:
        return np.rint(values * 127 + 128).astype(np.uint8).tobytes()
    whole = np.rint(values * (2 ** (bits - 1) - 1)).astype('<i4')
    if bits == 24:
        return whole.view(np.uint8).reshape(-1, 4)[:, :3].tobytes()
    return whole.astype(f'<i{bits // 8}').tobytes()


def wav(data, kind=1, bits=16, channels=1, length=None, extensible=False, before=b''):
    size = channels * bits // 8
    said = 0xFFFE if extensible else kind
    header = struct.pack('<HHIIHH', said, channels, RATE_HZ, RATE_HZ * size, size, bits)
    if extensible:
        header += struct.pack('<HHIH', 22, bits, 0, kind) + GUID
    length = len(data) if length is None else length
    parts = b'fmt ' + struct.pack('<I', len(header)) + header + before
    return b'RIFF' + struct.pack('<I', 0) + b'WAVE' + parts + (
        b'data' + struct.pack('<I', length) + data
    )  # fmt: skip


@pytest.fixture
def file(tmp_path):
    def write(data):
        path = tmp_path / 'a.wav'
        path.write_bytes(data)
        return path

    return write


@pytest.mark.parametrize('extensible', [False, True])
@pytest.mark.parametrize(('kind', 'bits'), [(1, 8), (1, 16), (1, 24), (1, 32), (3, 32), (3, 64)])
def test_every_kind_of_samples_gives_the_same_sound(file, kind, bits, extensible):
    data = wav(encoded(TONE, kind, bits), kind, bits, extensible=extensible)

    sound = read_wav(file(data))

    assert sound.rate_hz == RATE_HZ
    assert sound.samples.dtype == np.float32
    assert sound.samples[:, 0] == pytest.approx(TONE, abs=0.02 if bits == 8 else 1e-4)
    assert sound.length_s == pytest.approx(0.05)


def test_channels_stay_apart(file):
    both = np.stack([TONE, -TONE / 2], axis=1)

    samples = read_wav(file(wav(encoded(both.ravel(), 1, 16), channels=2))).samples

    assert samples == pytest.approx(both, abs=1e-4)


@pytest.mark.parametrize('length', [0, 0x7FFFF000, 0xFFFFFFFF])
def test_a_stream_without_a_length_is_read_to_its_end(file, length):
    sound = read_wav(file(wav(encoded(TONE, 1, 16), length=length)))

    assert sound.samples[:, 0] == pytest.approx(TONE, abs=1e-4)


def test_other_parts_are_passed_over_and_half_a_sample_is_left_out(file):
    note = b'LIST' + struct.pack('<I', 3) + b'abc\0'

    sound = read_wav(file(wav(encoded(TONE, 1, 16) + b'x', before=note)))

    assert sound.samples.shape == (400, 1)


def test_numbers_that_are_none_are_silent(file):
    values = np.array([0.5, np.nan, np.inf])

    samples = read_wav(file(wav(encoded(values, 3, 32), 3, 32))).samples

    assert samples.ravel().tolist() == [0.5, 0.0, 1.0]


@pytest.mark.parametrize(
    ('data', 'problem'),
    [
        (b'', "expected a WAV file, got one that begins with b''"),
        (b'ID3 and so on, an MP3', "begins with b'ID3 '; convert it"),
        (b'RIFF    WAVE', 'got one without'),
        (b'RIFF    WAVEfmt \xff\xff\xff\xff', 'got one without'),
        (wav(b''), 'expected sound, got 0 samples'),
        (wav(b'LIST' + struct.pack('<I', 3) + b'abc\0', length=0), 'got 0 samples'),
        (wav(bytes(8), channels=0), 'expected sound'),
        (wav(bytes(8), kind=7, bits=8), 'got mu-law of 8 bits; convert it'),
        (wav(bytes(8), bits=12), 'got PCM of 12 bits'),
        (wav(bytes(8), bits=0), 'got PCM of 0 bits'),
        (wav(bytes(8), kind=3, bits=16), 'got format 3 of 16 bits'),
    ],
)
def test_what_is_no_sound_is_refused_in_one_line(file, data, problem):
    path = file(data)

    with pytest.raises(WavError) as caught:
        read_wav(path)
    assert str(caught.value).startswith(f'{path}: ')
    assert problem in str(caught.value)
    assert '\n' not in str(caught.value)


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(WavError, match='no.wav: cannot be read: No such file'):
        read_wav(tmp_path / 'no.wav')
    with pytest.raises(WavError, match='cannot be read: Is a directory'):
        read_wav(tmp_path)


def test_a_file_beyond_the_limit_is_refused(file, monkeypatch):
    monkeypatch.setattr('emotion_agent.speaking.wav.WAV_BYTES', 100)

    with pytest.raises(WavError, match='at most 100 bytes'):
        read_wav(file(wav(bytes(200))))


def test_a_rate_that_makes_days_of_a_short_sound_is_refused(file):
    data = bytearray(wav(bytes(2 * 30_000)))
    struct.pack_into('<I', data, data.index(b'fmt ') + 12, 1)

    with pytest.raises(WavError, match='expected at most 21600 s of sound, got 30000 s at 1 Hz'):
        read_wav(file(bytes(data)))


def test_floats_that_are_too_large_are_loud(file):
    data = wav(np.array([1e300, -1e300]).astype('<f8').tobytes(), kind=3, bits=64)

    assert read_wav(file(data)).samples[:, 0].tolist() == [1.0, -1.0]
