# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
WAV files with samples of 8, 16, 24 or 32 bits, or floats.

`wave` of the standard library reads no floats, and before Python 3.12 no extensible headers, which
is what many programs write for more than 16 bits; nothing else that reads them is installed with
the nodes.
"""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

WAV_BYTES = (
    64 * 1024 * 1024
)  # of a file: eleven minutes of 48 kHz, 16 bits, mono; ten times that in memory
LONGEST_S = 6 * 3600  # a file says that it is longer only where its rate is wrong
_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_OTHERS = {2: 'ADPCM', 6: 'A-law', 7: 'mu-law', 17: 'IMA ADPCM', 85: 'MP3'}
_HEADER = struct.Struct('<HHIIHH')  # format, channels, rate, bytes a second, of a frame; bits
_SUBFORMAT = 24  # place of the format in the rest of an extensible header


class WavError(ValueError):
    """No sound can be read from a file. The message names it and says what to do."""


class Sound(NamedTuple):
    """
    Samples of a sound.

    Args:
        samples: float32 (frames, channels), in [-1, 1] unless a file of floats has others.
        rate_hz: frames a second.
    """

    samples: np.ndarray
    rate_hz: int

    @property
    def length_s(self) -> float:
        """How long it takes, s."""
        return len(self.samples) / self.rate_hz


def read_wav(path: str | Path) -> Sound:
    """
    Read a WAV file of any rate and number of channels.

    Files whose length was not known as they were written (`espeak-ng --stdout`) are read to
    their end.

    Raises:
        WavError: if it cannot be read, is none, is empty, or has samples of another kind.
    """
    try:
        return _sound(_content(Path(path)))
    except OSError as error:
        raise WavError(f'{path}: cannot be read: {error.strerror}; give a WAV file') from None
    except WavError as error:
        raise WavError(f'{path}: {error}') from None


def _content(path: Path) -> bytes:
    with path.open('rb') as file:
        data = file.read(WAV_BYTES + 1)
    if len(data) > WAV_BYTES:
        raise WavError(f'expected at most {WAV_BYTES} bytes, got more; say it in parts')
    return data


def _sound(data: bytes) -> Sound:
    if data[:4] != b'RIFF' or data[8:12] != b'WAVE':
        raise WavError(f'expected a WAV file, got one that begins with {data[:4]!r}; convert it')
    parts = dict(_parts(data))
    header, samples = parts.get(b'fmt ', b''), parts.get(b'data')
    if len(header) < _HEADER.size or samples is None:
        raise WavError('expected a WAV file with a header and samples, got one without; '
                       'write it anew')  # fmt: skip
    kind, channels, rate_hz, _, _, bits = _HEADER.unpack_from(header)
    if kind == _EXTENSIBLE and len(header) >= _SUBFORMAT + 2:
        (kind,) = struct.unpack_from('<H', header, _SUBFORMAT)
    values = _values(samples, kind, bits)
    if not channels or not rate_hz or len(values) < channels:
        raise WavError(f'expected sound, got {len(values)} samples of {channels} channels at '
                       f'{rate_hz} Hz; write it anew')  # fmt: skip
    frames = len(values) // channels
    if frames > LONGEST_S * rate_hz:
        raise WavError(f'expected at most {LONGEST_S} s of sound, got {frames / rate_hz:.0f} s at '
                       f'{rate_hz} Hz; say it in parts')  # fmt: skip
    return Sound(values[: frames * channels].reshape(frames, channels), rate_hz)


def _parts(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Names and contents of the chunks; the last one may be shorter than it says."""
    place = 12
    while place + 8 <= len(data):
        name, length = struct.unpack_from('<4sI', data, place)
        content = data[place + 8 : place + 8 + length]
        # A stream has no length: 0, or more than there is.
        is_open = name == b'data' and not length and not _are_parts(data[place + 8 :])
        yield name, data[place + 8 :] if is_open else content
        if is_open:
            return
        place += 8 + length + length % 2


def _are_parts(data: bytes) -> bool:
    """Whether this is chunks to its very end, as may follow `data` that is empty."""
    place = 0
    while place + 8 <= len(data):
        name, length = struct.unpack_from('<4sI', data, place)
        if not (name.isascii() and name.decode('latin-1').isprintable()):
            return False
        place += 8 + length + length % 2
    return place == len(data)


def _values(data: bytes, kind: int, bits: int) -> np.ndarray:
    """The samples of all channels, one after the other, as float32."""
    size = bits // 8
    data = data[: len(data) // size * size] if size else data
    if kind == _FLOAT and bits in (32, 64):
        with np.errstate(over='ignore'):
            values = np.frombuffer(data, f'<f{size}').astype(np.float32)
        return np.nan_to_num(values, nan=0.0, posinf=1.0, neginf=-1.0)
    if kind != _PCM or bits not in (8, 16, 24, 32):
        what = _OTHERS.get(kind, 'PCM' if kind == _PCM else f'format {kind}')
        raise WavError(f'expected PCM of 8, 16, 24 or 32 bits or floats, got {what} of {bits} '
                       'bits; convert it: ffmpeg -i OLD.wav -c:a pcm_s16le NEW.wav')  # fmt: skip
    if bits == 8:
        return (np.frombuffer(data, np.uint8).astype(np.float32) - 128.0) / 128.0
    if bits == 24:
        wide = np.zeros((len(data) // 3, 4), np.uint8)
        wide[:, 1:] = np.frombuffer(data, np.uint8).reshape(-1, 3)
        data, size = wide.tobytes(), 4
    return np.frombuffer(data, f'<i{size}').astype(np.float32) / 2.0 ** (8 * size - 1)
