# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Videos that are made of the pictures of another one, at its times and with its sound."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from emotion_models.data.videos import USUAL_RATE, read_sound_blocks
from emotion_models.imaging.images import Image
from emotion_models.reading import FileError

if TYPE_CHECKING:
    import av

ENDING = '.mp4'
TICKS = 120_000
"""Of the clock of a video, in a second: all usual rates, 24000/1001 too, fall on them."""
CODECS = {'libx264': {'crf': '19', 'preset': 'veryfast'}, 'mpeg4': {'qmin': '2', 'qmax': '4'}}
"""Whichever FFmpeg has first, and its settings."""
BT709 = 1
SOUND_RATES = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)
"""Samples a second that AAC may have."""


@contextmanager
def writing_video(
    path: str | Path, rate_hz: float = USUAL_RATE, sound_of: str | Path | None = None
) -> 'Iterator[VideoWriter]':
    """
    A new video that is at `path` as soon as it is whole, and never in part.

    Args:
        path: ends in `.mp4`; its folder is made if it is not there.
        rate_hz: frames a second, which players show; each has its own time.
        sound_of: video whose sound is taken; none = without sound.

    Raises:
        ValueError: for another ending.
        FileError: if the sound cannot be read.
        OSError: if it cannot be written.
    """
    import av

    path = check_ending(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f'{path.name}.unfinished')
    try:
        with av.open(str(unfinished), 'w', 'mp4', options={'movflags': 'faststart'}) as container:
            writer = VideoWriter(container, rate_hz, sound_of)
            yield writer
            writer.finish()
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


def check_ending(path: str | Path) -> Path:
    """
    The path of a video that can be written.

    Raises:
        ValueError: for another ending than `.mp4`.
    """
    if Path(path).suffix.lower() != ENDING:
        raise ValueError(f'{path} must end in {ENDING}')
    return Path(path)


class VideoWriter:
    """
    Pictures and sound on their way into a file, at times that go on together.

    Args:
        container: of the file.
        rate_hz: frames a second.
        sound_of: video whose sound is taken; none = without sound.
    """

    def __init__(
        self,
        container: 'av.container.OutputContainer',
        rate_hz: float,
        sound_of: str | Path | None = None,
    ) -> None:
        self._container = container
        self._rate = Fraction(rate_hz).limit_denominator(1001)
        self._pictures: Any = None
        self._last = -1
        self._blocks = read_sound_blocks(sound_of, SOUND_RATES) if sound_of else iter(())
        self._next = next(self._blocks, None)
        self._sound: Any = None
        if self._next is not None:
            rate, layout = self._next.samples.sample_rate, self._next.samples.layout.name
            self._sound = container.add_stream('aac', rate=rate, layout=layout)

    def write(self, image: Image, stamp_s: float) -> None:
        """
        The next picture.

        Args:
            image: uint8 (H, W, 3) BGR, of even height and width, all of one size.
            stamp_s: when it is shown, in seconds after the first.
        """
        import av
        from av.video.reformatter import Colorspace

        if self._pictures is None:
            self._pictures = self._add_pictures(*image.shape[:2])
        self._write_sound(stamp_s)
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(image), format='bgr24').reformat(
            format='yuv420p', dst_colorspace=Colorspace.ITU709
        )
        self._last = frame.pts = max(round(stamp_s * TICKS), self._last + 1)
        frame.time_base = Fraction(1, TICKS)
        frame.duration = round(TICKS / self._rate)
        self._container.mux(self._pictures.encode(frame))

    def finish(self) -> None:
        """Write what is still held back."""
        if self._pictures is None:
            raise FileError('a video needs at least one picture')
        self._write_sound(np.inf)
        self._container.mux(self._pictures.encode())
        if self._sound is not None:
            self._container.mux(self._sound.encode())

    def _add_pictures(self, height: int, width: int) -> Any:
        from av.codec import codecs_available

        codec = next(name for name in CODECS if name in codecs_available)
        stream = self._container.add_stream(codec, rate=self._rate, options=dict(CODECS[codec]))
        stream.height, stream.width, stream.pix_fmt = height, width, 'yuv420p'
        context = stream.codec_context
        context.time_base = Fraction(1, TICKS)
        context.colorspace = context.color_primaries = context.color_trc = BT709
        return stream

    def _write_sound(self, until_s: float) -> None:
        while self._next is not None and self._next.stamp_s <= until_s:
            self._container.mux(self._sound.encode(self._next.samples))
            self._next = next(self._blocks, None)
