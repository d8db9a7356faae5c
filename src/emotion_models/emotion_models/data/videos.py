# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Pictures, time stamps and sound of video files, by PyAV."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from emotion_models.data.data_set import check_file
from emotion_models.imaging.images import ROTATIONS, Image, turn
from emotion_models.imaging.limits import PIXELS
from emotion_models.reading import FileError, reading

if TYPE_CHECKING:
    import av.container

EXPECTED = 'a video file that FFmpeg can read'
SOUND_HZ = 16000
USUAL_RATE = 30.0
"""Frames a second where a file does not say."""


class Frame(NamedTuple):
    """A picture, uint8 (H, W, 3) BGR and upright, and its time in s after the first one's."""

    stamp_s: float
    image: Image


class SoundBlock(NamedTuple):
    """Some samples of a sound, an `av.AudioFrame`, and when they sound, as in `Sound`."""

    stamp_s: float
    samples: Any


class Sound(NamedTuple):
    """
    The sound of a video, its channels mixed into one.

    Args:
        samples: in [-1, 1], float32 (N,), `rate_hz` of them a second.
        start_s: when the first sample sounds, in seconds after the first picture.
        rate_hz: samples a second.
    """

    samples: np.ndarray
    start_s: float = 0.0
    rate_hz: int = SOUND_HZ


def read_frames(path: str | Path) -> Iterator[Frame]:
    """
    All pictures of a video with the times at which they are shown.

    Their stamps ascend: a picture without a time, or not later than the one before, follows that
    at the rate of the file.

    Raises:
        FileNotFoundError: if there is no such file.
        FileError: if it has no pictures, or is damaged.
    """
    with _opened(path) as container:
        stream = _pictures_of(path, container)
        period_s = 1 / frame_rate(stream)
        first_s = stamp_s = -np.inf
        for picture in container.decode(stream):
            time_s = picture.time
            is_later = time_s is not None and time_s > stamp_s
            stamp_s = float(time_s) if is_later else max(stamp_s, -period_s) + period_s
            first_s = stamp_s if first_s == -np.inf else first_s
            # FFmpeg gives the turn to be made counter-clockwise.
            rotation = round(-getattr(picture, 'rotation', 0)) % 360
            image = picture.to_ndarray(format='bgr24')
            yield Frame(
                stamp_s - first_s, turn(image, rotation) if rotation in ROTATIONS else image
            )
        if first_s == -np.inf:
            raise FileError(f'{path} has no picture that can be decoded; expected {EXPECTED}')


def said_length(path: str | Path) -> int | None:
    """How many pictures a video says that it has, which may be wrong; none = it does not say."""
    with _opened(path) as container:
        stream = _pictures_of(path, container)
        if stream.frames:
            return stream.frames
        if container.duration is None:
            return None
        return round(container.duration / 1e6 * frame_rate(stream))  # in microseconds


def read_sound(path: str | Path, rate_hz: int = SOUND_HZ) -> Sound | None:
    """
    The sound of a video; none if it has no sound.

    Args:
        path: of the file.
        rate_hz: samples a second.

    Raises:
        FileNotFoundError: if there is no such file.
        FileError: if it is damaged.
    """
    blocks = list(read_sound_blocks(path, (rate_hz,), 'mono'))
    if not blocks:
        return None
    samples = np.concatenate([block.samples.to_ndarray()[0] for block in blocks])
    return Sound(samples, blocks[0].stamp_s, rate_hz)


def read_sound_blocks(
    path: str | Path, rates_hz: Sequence[int], layout: str | None = None
) -> Iterator[SoundBlock]:
    """
    The sound of a video, some milliseconds at a time; nothing if it has no sound.

    Args:
        path: of the file.
        rates_hz: samples a second that are taken; another rate becomes the last of them.
        layout: of the channels; none = `mono` or `stereo`, whichever is nearer to the file.

    Raises:
        FileNotFoundError: if there is no such file.
        FileError: if it is damaged.
    """
    import av

    with _opened(path) as container:
        if not container.streams.audio:
            return
        stream = container.streams.audio[0]
        rate = stream.rate if stream.rate in rates_hz else rates_hz[-1]
        layout = layout or ('mono' if stream.channels == 1 else 'stereo')
        resampler = av.AudioResampler(format='fltp', layout=layout, rate=rate)
        begun, count = None, 0
        for heard in chain(container.decode(stream), (None,)):
            if begun is None:
                begun = float((heard and heard.time) or 0) - _first_stamp(path)
            for block in resampler.resample(heard):
                block.pts, block.time_base = round(begun * rate) + count, Fraction(1, rate)
                yield SoundBlock(begun + count / rate, block)
                count += block.samples


def video_rate(path: str | Path) -> float:
    """
    Pictures a second, as a video says, or a usual number.

    Raises:
        FileNotFoundError: if there is no such file.
        FileError: if it has no pictures, or is damaged.
    """
    with _opened(path) as container:
        return frame_rate(_pictures_of(path, container))


def frame_rate(stream: Any) -> float:
    """Pictures a second, as a stream says, or a usual number."""
    return float(stream.average_rate or stream.guessed_rate or USUAL_RATE)


def _first_stamp(path: str | Path) -> float:
    with _opened(path) as container:
        first = next(container.decode(_pictures_of(path, container)), None)
    return float(first.time or 0) if first is not None else 0.0


@contextmanager
def _opened(path: str | Path) -> 'Iterator[av.container.InputContainer]':
    import av

    path = check_file(path, EXPECTED)
    with reading(path, EXPECTED):
        try:
            with av.open(str(path)) as container:
                yield container
        except av.error.FFmpegError as error:  # some are errors of the operating system as well
            raise FileError(
                f'{path} cannot be read ({error.strerror}); expected {EXPECTED}'
            ) from error


def _pictures_of(path: str | Path, container: 'av.container.InputContainer') -> Any:
    if not container.streams.video:
        raise FileError(f'{path} has no pictures; expected {EXPECTED}')
    stream = container.streams.video[0]
    width, height = stream.codec_context.width, stream.codec_context.height
    if width * height > PIXELS:
        raise FileError(f'{path} has {width} x {height} pixels; at most {PIXELS} are taken')
    stream.thread_type = 'AUTO'
    return stream
