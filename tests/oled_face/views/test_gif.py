# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import os

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from panel_fakes import Clock, frame_of, pixels_of, rectangle
from PIL import Image

from oled_face.errors import OutputBroken, OutputFinished
from oled_face.views.gif import GifView

FRAME = rectangle(40, 59, 12, 29)


def record(path, changes, **options):
    """Record frames; `changes` are (seconds until the next one, frame)."""
    clock = Clock()
    view = GifView(path, clock=clock, **options)
    for seconds, frame in changes:
        view.show(frame)
        clock.advance(seconds)
    view.close()
    return Image.open(path)


def frames_of(gif):
    for number in range(gif.n_frames):
        gif.seek(number)
        yield pixels_of(gif), gif.info['duration']


random_frames = st.lists(
    st.tuples(st.sampled_from([0.02, 0.04, 0.33, 2.5]), st.integers(0, 2**32 - 1)),
    min_size=1,
    max_size=8,
    unique_by=lambda item: item[1],
)


@given(random_frames)
def test_records_every_frame_for_as_long_as_it_was_shown(tmp_path_factory, changes):
    changes = [
        (seconds, (np.random.default_rng(seed).random((64, 128)) < 0.2) * np.uint8(255))
        for seconds, seed in changes
    ]

    gif = record(tmp_path_factory.mktemp('gif') / 'face.gif', changes)

    assert gif.size == (512, 256)
    recorded = list(frames_of(gif))
    assert len(recorded) == len(changes)
    for (lit, duration_ms), (seconds, frame) in zip(recorded, changes, strict=True):
        assert np.array_equal(lit, frame != 0)
        assert duration_ms == pytest.approx(1e3 * seconds, abs=10)


def test_durations_do_not_drift(tmp_path):
    frames = [frame_of((number % 128, number // 128)) for number in range(300)]

    gif = record(tmp_path / 'face.gif', [(0.033, frame) for frame in frames])

    assert sum(duration for _, duration in frames_of(gif)) == pytest.approx(300 * 33, abs=10)


def test_identical_pictures_are_one_frame(tmp_path):
    gif = record(tmp_path / 'face.gif', [(1.0, FRAME)] * 5 + [(1.0, frame_of())])

    assert [duration for _, duration in frames_of(gif)] == [5000, 1000]


def test_skips_frames_too_short_to_be_seen(tmp_path):
    gif = record(tmp_path / 'face.gif', [(0.001, frame_of((x, 0))) for x in range(100)])

    assert gif.n_frames <= 6
    assert all(duration >= 20 for _, duration in frames_of(gif))


def test_file_is_complete_without_being_closed(tmp_path):
    clock = Clock()
    view = GifView(tmp_path / 'face.gif', clock=clock)
    for x in range(3):
        view.show(frame_of((x, 0)))
        clock.advance(0.1)

    gif = Image.open(tmp_path / 'face.gif')

    assert [np.argwhere(lit).tolist() for lit, _ in frames_of(gif)] == [[[0, 0]], [[0, 1]]]


def test_ends_at_its_full_length(tmp_path):
    clock = Clock()
    view = GifView(tmp_path / 'folder' / 'face.gif', max_s=2.0, clock=clock)
    view.show(FRAME)
    clock.advance(2.0)

    with pytest.raises(OutputFinished, match=r'recorded 2 s into .*face\.gif'):
        view.show(FRAME)

    gif = Image.open(tmp_path / 'folder' / 'face.gif')
    assert [duration for _, duration in frames_of(gif)] == [2000]


def test_failed_recording_is_not_started_again():
    clock = Clock()
    view = GifView('/dev/full', clock=clock)
    view.show(frame_of((0, 0)))
    clock.advance(0.1)

    with pytest.raises(OutputBroken, match=r'cannot go on with /dev/full: No space left'):
        view.show(frame_of((1, 0)))


def test_recording_of_nothing_writes_no_file(tmp_path):
    GifView(tmp_path / 'face.gif').close()

    assert not (tmp_path / 'face.gif').exists()


@pytest.mark.parametrize('kind', ['folder', 'below a file', 'pipe'])
def test_what_cannot_be_written_is_said_before_there_is_a_frame(tmp_path, kind):
    path = tmp_path / 'face.gif'
    if kind == 'folder':
        path.mkdir()
    elif kind == 'pipe':
        os.mkfifo(path)
    else:
        path.touch()
        path /= 'face.gif'

    with pytest.raises(OSError, match=r'face\.gif'):
        GifView(path)


def test_a_recording_of_before_stays_until_there_is_a_frame(tmp_path):
    path = tmp_path / 'face.gif'
    path.write_bytes(b'a recording')

    view = GifView(path)

    assert path.read_bytes() == b'a recording'
    view.show(FRAME)
    view.close()
    assert Image.open(path).n_frames == 1


def test_a_last_frame_that_cannot_be_written_is_said_at_the_end():
    clock = Clock()
    view = GifView('/dev/full', clock=clock)
    view.show(FRAME)

    with pytest.raises(OutputBroken, match='cannot go on with /dev/full'):
        view.close()

    view.close()
