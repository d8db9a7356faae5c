# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import struct

import numpy as np
import pytest

from emotion_models.data.videos import read_frames, read_sound, said_length

pytest.importorskip('av', reason='videos need PyAV (requirements/training.txt)')


def shades(count, size=(48, 64)):
    return [np.full((*size, 3), 10 + 200 * index // count, np.uint8) for index in range(count)]


def test_frames_come_in_order_with_their_own_times(tmp_path, write_video):
    path = tmp_path / 'video.mp4'
    write_video(path, shades(12), rate=24)

    frames = list(read_frames(path))

    assert [frame.stamp_s for frame in frames] == pytest.approx(np.arange(12) / 24)
    assert [frame.image.mean() for frame in frames] == pytest.approx(
        [image.mean() for image in shades(12)], abs=4
    )
    assert frames[0].image.shape == (48, 64, 3)
    assert said_length(path) == 12


def test_uneven_frames_keep_their_times(tmp_path, write_video):
    path = tmp_path / 'video.mkv'
    write_video(path, shades(4), stamps=[40, 80, 200, 240])

    assert [frame.stamp_s for frame in read_frames(path)] == pytest.approx([0, 0.04, 0.16, 0.2])


def test_sound_is_mono_at_16_khz(tmp_path, write_video):
    path = tmp_path / 'video.mp4'
    tone = 0.5 * np.sin(2 * np.pi * 440 * np.arange(48000) / 48000)
    write_video(path, shades(24), sound=tone, sound_hz=48000)

    sound = read_sound(path)

    assert sound.rate_hz == 16000
    assert len(sound.samples) == pytest.approx(16000, rel=0.1)
    spectrum = np.abs(np.fft.rfft(sound.samples[:16000]))
    assert spectrum.argmax() == pytest.approx(440, abs=2)
    assert sound.start_s == pytest.approx(0, abs=0.1)


def test_a_video_without_sound_has_none(tmp_path, write_video):
    path = tmp_path / 'video.mp4'
    write_video(path, shades(3))

    assert read_sound(path) is None


def test_a_video_that_was_filmed_on_its_side_stands_upright(tmp_path, write_video):
    """A telephone writes a matrix into the file, which players follow."""
    path = tmp_path / 'video.mp4'
    image = np.zeros((48, 64, 3), np.uint8)
    image[:, :20] = 255  # bright on the left
    write_video(path, [image] * 3)
    data = bytearray(path.read_bytes())
    matrix = data.index(b'tkhd') + 4 + 40  # ISO/IEC 14496-12, 8.3.2, version 0
    one = 1 << 16
    assert struct.unpack_from('>iii', data, matrix) == (one, 0, 0)
    struct.pack_into('>iiiiiiiii', data, matrix, 0, one, 0, -one, 0, 0, 48 << 16, 0, 1 << 30)
    path.write_bytes(data)

    shown = next(read_frames(path)).image

    assert shown.shape == (64, 48, 3)
    assert shown[:15].mean() > 200  # turned clockwise, left is at the top
    assert shown[25:].mean() < 50


@pytest.mark.parametrize('read', [lambda path: list(read_frames(path)), read_sound, said_length])
@pytest.mark.parametrize('content', [b'', b'no video', bytes(5000)])
def test_what_is_no_video_is_one_line(tmp_path, read, content):
    path = tmp_path / 'video.mp4'
    path.write_bytes(content)

    with pytest.raises(ValueError, match=r'video\.mp4.*expected a video') as refusal:
        read(path)

    assert '\n' not in str(refusal.value)


def test_a_video_that_is_not_there_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r'none\.mp4; expected a video'):
        list(read_frames(tmp_path / 'none.mp4'))


def test_a_file_of_sound_alone_has_no_pictures(tmp_path):
    import av

    path = tmp_path / 'sound.wav'
    with av.open(str(path), 'w') as container:
        stream = container.add_stream('pcm_s16le', rate=16000, layout='mono')
        block = av.AudioFrame.from_ndarray(np.zeros((1, 1600), np.int16), 's16', 'mono')
        block.sample_rate = 16000
        container.mux(stream.encode(block))

    with pytest.raises(ValueError, match=r'sound\.wav has no pictures'):
        list(read_frames(path))


def test_too_many_pixels_are_refused_before_they_are_decoded(tmp_path, monkeypatch, write_video):
    path = tmp_path / 'video.mp4'
    write_video(path, shades(2))
    monkeypatch.setattr('emotion_models.data.videos.PIXELS', 1000)

    with pytest.raises(ValueError, match='64 x 48 pixels; at most 1000'):
        list(read_frames(path))
