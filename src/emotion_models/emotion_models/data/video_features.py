# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Features of the frames of a video, by name: of faces, of sound, and from files of one's own."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from emotion_models.data.archives import load_array
from emotion_models.data.clip_files import FEATURES_LAYOUT, Source, StoredClips, features_of
from emotion_models.data.videos import Sound
from emotion_models.imaging.images import Image
from emotion_models.labels.expressions import EXPRESSIONS
from emotion_models.reading import FileError
from emotion_models.runtime.affect import AFFECT_COLUMNS, AffectModel, Answer
from emotion_models.runtime.stages import LONGEST_GAP_S

MEL_BINS = 64
MEL_HZ = 100.0
LOUDEST_HZ = 1000.0
"""The highest rate that a feature of one's own may have."""
GEOMETRY_COLUMNS = (
    *('x', 'y', 'log_size', 'log_aspect'),
    *('x_speed', 'y_speed', 'log_size_speed', 'log_aspect_speed'),
)
ARRAY_LAYOUT = 'an array (.npy) with a row for each frame, or at a rate of its own, (rows, width)'


class CropFeature(NamedTuple):
    """
    What is seen in the square about a face.

    Args:
        name: of the feature, without commas.
        size: width D of a row.
        read: from N squares as the affect network takes them to rows (N, D).
    """

    name: str
    size: int
    read: Callable[[list[Image]], np.ndarray]


class FacePath(NamedTuple):
    """
    Where one face was seen in a video.

    Args:
        boxes: x, y, width, height in pixels, float64 (N, 4).
        stamps_s: of the frames, ascending, shape (N,).
        image_size: width and height of the frames in pixels.
    """

    boxes: np.ndarray
    stamps_s: np.ndarray
    image_size: tuple[int, int]


class BoxFeature(NamedTuple):
    """As `CropFeature`, of where a face is: from a `FacePath` of N boxes to rows (N, D)."""

    name: str
    size: int
    read: Callable[[FacePath], np.ndarray]


class SoundFeature(NamedTuple):
    """
    What is heard.

    Args:
        name: of the feature, without commas.
        size: width D of a row.
        rate_hz: rows a second; the first begins with the sound.
        read: from the sound to rows (R, D).
    """

    name: str
    size: int
    rate_hz: float
    read: Callable[[Sound], np.ndarray]


class FileFeature(NamedTuple):
    """
    What others have computed.

    Args:
        name: of the feature, without commas.
        size: width D of a row.
        rate_hz: rows a second from the first frame on; none = a row for each frame.
        read: from the name of a video to rows (R, D).
    """

    name: str
    size: int
    rate_hz: float | None
    read: Callable[[str], np.ndarray]


Feature = CropFeature | BoxFeature | SoundFeature | FileFeature


def make_features(names: list[str], model: AffectModel, video: str) -> list[Feature]:
    """
    Features by name.

    Args:
        names: `embedding`, `expression`, `va`, `geometry`, `logmel`, or `NAME=PATH[@HZ]`.
        model: the affect network that is asked for the first three.
        video: one for which files of one's own have rows.

    Raises:
        ValueError: for a name that is not known, or a file that does not fit.
    """
    available: list[Feature] = [*affect_features(model), GEOMETRY, LOGMEL]
    known = {feature.name: feature for feature in available}
    features: list[Feature] = []
    for name in names:
        if '=' in name:
            features.append(file_feature(name, video))
        elif name in known:
            features.append(known[name])
        else:
            raise ValueError(
                f'no feature {name!r}; there are {", ".join(known)}, and NAME=PATH[@HZ] of your '
                'own'
            )
    return features


def affect_features(model: AffectModel) -> tuple[CropFeature, ...]:
    """What an affect network reads from a face: its embedding, expression, valence and arousal."""
    last: tuple[list[Image], Answer] | None = None

    def answer(crops: list[Image]) -> Answer:
        nonlocal last
        if last is None or last[0] is not crops:
            none = np.zeros((len(crops), 0), np.float32)
            last = crops, model.read(crops) if model.feature_size else Answer(none, *model(crops))
        return last[1]

    def embedding(crops: list[Image]) -> np.ndarray:
        return answer(crops).features if model.feature_size else model.features(crops)

    return (
        CropFeature('embedding', model.feature_size or 0, embedding),
        CropFeature('expression', len(EXPRESSIONS), lambda crops: answer(crops).expression),
        CropFeature('va', len(AFFECT_COLUMNS), lambda crops: answer(crops).affect),
    )


def geometry(path: FacePath) -> np.ndarray:
    """
    Where a face is and how it moves, float32 (N, 8) in the order of `GEOMETRY_COLUMNS`.

    Its middle in parts of the width of the image from the middle of it, the logarithm of its size
    over that width and of its width over its height; then what they change in a second since it
    was last seen, 0 at the beginning and after a gap.
    """
    across, down = path.image_size
    size = path.boxes[:, 2:]
    middle = (path.boxes[:, :2] + size / 2 - (across / 2, down / 2)) / across
    mean, aspect = size.mean(1) / across, size[:, 0] / size[:, 1]
    place = np.column_stack((middle, np.log(mean), np.log(aspect)))
    speed = np.zeros_like(place)
    elapsed_s = np.diff(path.stamps_s)
    goes_on = elapsed_s <= LONGEST_GAP_S
    speed[1:][goes_on] = (np.diff(place, axis=0) / elapsed_s[:, None])[goes_on]
    return np.concatenate((place, speed), 1).astype(np.float32)


def log_mel(sound: Sound) -> np.ndarray:
    """
    The logarithm of the power in bands of the mel scale, by kaldi-native-fbank, float32 (R, 64).

    Windows of 25 ms about the middle of each hundredth of a second, without dither.
    """
    import kaldi_native_fbank

    options = kaldi_native_fbank.FbankOptions()
    options.frame_opts.dither = 0
    options.frame_opts.samp_freq = sound.rate_hz
    options.frame_opts.frame_shift_ms = 1000 / MEL_HZ
    options.frame_opts.snip_edges = False
    options.mel_opts.num_bins = MEL_BINS
    bank = kaldi_native_fbank.OnlineFbank(options)
    bank.accept_waveform(sound.rate_hz, sound.samples)
    bank.input_finished()
    rows = [bank.get_frame(row) for row in range(bank.num_frames_ready)]
    return np.array(rows, np.float32).reshape(-1, MEL_BINS)


GEOMETRY = BoxFeature('geometry', len(GEOMETRY_COLUMNS), geometry)
LOGMEL = SoundFeature('logmel', MEL_BINS, MEL_HZ, log_mel)


def file_feature(text: str, video: str) -> FileFeature:
    """
    A feature that lies in files of one's own.

    Args:
        text: `NAME=PATH` or `NAME=PATH@HZ`. The path is an HDF5 file with a group for each video,
            a folder with `VIDEO.npy`, or the array of the only video.
        video: one that has rows there, which say how wide they are.

    Raises:
        ValueError: if there are none.
    """
    name, _, place = text.partition('=')
    path, at, rate = place.rpartition('@')
    rate_hz = _rate(name, rate) if at else None
    source = Path(path if at else place)
    if not name or not source.exists():
        raise FileNotFoundError(
            f'no file or folder {source.absolute()} of the feature {name!r}; expected '
            f'{FEATURES_LAYOUT}, or {ARRAY_LAYOUT}'
        )

    def read(video: str) -> np.ndarray:
        return _rows_of(source, name, video)

    return FileFeature(name, read(video).shape[1], rate_hz, read)


def _rate(name: str, text: str) -> float:
    try:
        rate_hz = float(text)
    except ValueError:
        rate_hz = math.nan
    if not 0 < rate_hz <= LOUDEST_HZ:
        raise ValueError(
            f'feature {name}: expected rows a second after @, above 0 and at most {LOUDEST_HZ:g}; '
            f'got {text!r}'
        )
    return rate_hz


def _rows_of(path: Path, name: str, video: str) -> np.ndarray:
    if path.suffix in ('.h5', '.hdf5'):
        features_of(path)  # says what is wrong with the file
        (clip,) = StoredClips([Source(name, path)], names=[video])
        rows = clip.features
    else:
        path = path / f'{video}.npy' if path.is_dir() else path
        rows = load_array(path, ARRAY_LAYOUT)
    if rows.ndim != 2 or not rows.size or rows.dtype.kind not in 'iuf':
        raise FileError(f'{path}: got {rows.dtype} {rows.shape}; expected {ARRAY_LAYOUT}')
    wrong = np.argwhere(~np.isfinite(rows))
    if len(wrong):
        raise FileError(
            f'{path}: the feature {name} of {video} is {rows[tuple(wrong[0])]} in row '
            f'{wrong[0][0]}; expected finite numbers'
        )
    return rows.astype(np.float32)
