# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import sys
from fractions import Fraction
from functools import partial
from pathlib import Path

import numpy as np
import pytest

# What several rooms of tests share is no package of its own.
sys.path.insert(0, str(Path(__file__).parents[1]))

VOTE_NAMES = (
    'neutral',
    'happiness',
    'surprise',
    'sadness',
    'anger',
    'disgust',
    'fear',
    'contempt',
    'unknown',
    'not_a_face',
)


@pytest.fixture(autouse=True)
def empty_cache(tmp_path, monkeypatch):
    """What the user has fetched plays no part."""
    monkeypatch.setenv('XDG_CACHE_HOME', str(tmp_path / 'cache'))


@pytest.fixture
def narrow_levasa(monkeypatch):
    """LeVAsa networks of a hundredth of the weights, whose checkpoints are written in no time."""
    pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')
    from emotion_models.levasa import network

    monkeypatch.setattr(network, 'WIDTHS', (4, 8, 8, 16))
    monkeypatch.setattr(network, 'FLAT', 16 * network.SMALLEST_MAP**2)


@pytest.fixture(scope='module')
def loose_plots():
    """Plots are drawn where they are put: to arrange them takes longer than the rest of it."""
    layout_engine = pytest.importorskip('matplotlib.layout_engine')
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layout_engine.ConstrainedLayoutEngine, 'execute', lambda *_: None)
        yield


@pytest.fixture
def quick_evaluation(monkeypatch):
    """Evaluations of affect that resample seldom for their intervals, and time little."""
    from emotion_models.affect import evaluation

    for name, setting in (('bootstrap_intervals', {'draws': 20}), ('_time_one', {'runs': 2})):
        monkeypatch.setattr(evaluation, name, partial(getattr(evaluation, name), **setting))


@pytest.fixture(scope='session')
def vote_names():
    """The ten classes of FER+, in its order."""
    return VOTE_NAMES


@pytest.fixture(scope='session')
def faces_archive(tmp_path_factory):
    """96 drawn faces: wide bright mouths are happy, dark ones angry, small ones sad."""
    generator = np.random.default_rng(0)
    kinds = generator.choice(['happiness', 'anger', 'sadness'], 96, p=[0.45, 0.35, 0.2])
    images = generator.integers(110, 140, (96, 48, 48), dtype=np.uint8)
    images[:, 14:20, 10:18] = images[:, 14:20, 30:38] = 40
    for image, kind in zip(images, kinds, strict=True):
        mouth = np.s_[36:40, 20:28] if kind == 'sadness' else np.s_[32:40, 12:36]
        image[mouth] = 20 if kind == 'anger' else 240
    votes = np.zeros((96, len(VOTE_NAMES)), np.uint8)
    votes[np.arange(96), [VOTE_NAMES.index(kind) for kind in kinds]] = 9
    votes[:, 0] = 1
    path = tmp_path_factory.mktemp('faces') / 'faces.npz'
    np.savez(path, images=images, votes=votes, vote_names=VOTE_NAMES)
    return path


@pytest.fixture(scope='session')
def write_video():
    """write_video(path, images, rate, sound, stamps, sound_hz): a video file."""
    av = pytest.importorskip('av', reason='videos need PyAV (requirements/training.txt)')

    def write(path, images, rate=24, sound=None, stamps=None, sound_hz=16000):
        """
        Write a video file.

        Args:
            path: `.mp4` or another ending that FFmpeg knows.
            images: uint8 (H, W, 3) BGR.
            rate: frames a second.
            sound: samples in [-1, 1]; none = no sound.
            stamps: of the frames in milliseconds, in place of the rate.
            sound_hz: samples a second.
        """
        with av.open(str(path), 'w') as container:
            stream = container.add_stream('mpeg4', rate=rate)
            stream.height, stream.width = images[0].shape[:2]
            stream.pix_fmt, stream.bit_rate = 'yuv420p', 2_000_000
            if stamps is not None:
                stream.codec_context.time_base = Fraction(1, 1000)
            heard = (
                container.add_stream('aac', rate=sound_hz, layout='mono')
                if sound is not None
                else None
            )
            for number, image in enumerate(images):
                frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(image), format='bgr24')
                frame.pts = number if stamps is None else stamps[number]
                frame.time_base = Fraction(1, rate) if stamps is None else Fraction(1, 1000)
                container.mux(stream.encode(frame))
            container.mux(stream.encode())
            if heard is not None:
                block = av.AudioFrame.from_ndarray(
                    np.float32(sound)[None], format='fltp', layout='mono'
                )
                block.sample_rate, block.pts = sound_hz, 0
                container.mux(heard.encode(block))
                container.mux(heard.encode())

    return write


@pytest.fixture(scope='session')
def write_acted():
    """write_acted(path, training, others): a miniature of acted courses; returns the path."""

    def write(path, training, others):
        h5py = pytest.importorskip('h5py', reason='clips need h5py (requirements/training.txt)')
        from emotion_models.data.clip_files import write_clip, write_features

        rng = np.random.default_rng(0)
        widths = {'embedding': 160, 'expression': 8, 'va': 2}
        with h5py.File(path, 'w') as file:
            write_features(file, widths)
            file.attrs['affect_network'] = 'a' * 64
            for part in ('training', 'validation', 'test'):
                for number in range(training if part == 'training' else others):
                    affect = np.sin(np.arange(50)[:, None] / 9 + number + np.arange(2)) / 2
                    rows = rng.random((50, sum(widths.values())), np.float32)
                    rows[:, -2:] = affect + rng.normal(0, 0.2, affect.shape)
                    arrays = {'fts': rows, 'stamps': np.arange(50) / 25, 'length': 50}
                    arrays |= {'valence': affect[:, 0], 'arousal': affect[:, 1], 'shown': affect}
                    origin = ('ceap', 'afew')[number % 2]
                    write_clip(file, f'{origin}_{part}_{number}', arrays, {'part': part})
        return path

    return write
