# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import cv2
import numpy as np
import pytest

from emotion_models.drawing import ParametricFace, View, blend_action_units
from emotion_models.drawing.framing import frame_picture
from emotion_models.labels.emotions import EMOTIONS
from emotion_models.runtime.folder_decoder import FolderDecoder


@pytest.fixture
def folder(tmp_path):
    """Pictures of three emotions, one of them large, one of them square."""
    face = ParametricFace()
    for name, size in (('neutral', (128, 64)), ('joy', (512, 256)), ('sad', (64, 64))):
        emotions = [float(name == other) for other in EMOTIONS]
        picture = 255 * face.render(blend_action_units(emotions))
        cv2.imwrite(str(tmp_path / f'{name}.png'), cv2.resize(picture, size))
    return tmp_path


def only(name, strength=1.0):
    return np.array([strength * (name == other) for other in EMOTIONS])


def test_pictures_are_shown_and_faded(folder):
    decoder = FolderDecoder(folder)
    neutral, joy, half = (
        decoder.decode(decoder.encode(only('joy', strength)), View()) for strength in (0, 1, 0.5)
    )
    drawn = ParametricFace().render(blend_action_units(np.zeros(7)))
    np.testing.assert_allclose(neutral, drawn, atol=0.01)
    assert np.abs(joy - neutral).max() > 0.9
    np.testing.assert_allclose(half, (joy + neutral) / 2, atol=1e-6)


def test_emotions_without_a_picture_look_neutral_and_are_named(folder):
    decoder = FolderDecoder(folder)
    assert set(decoder.missing) == set(EMOTIONS) - {'joy', 'sad'}
    fear, neutral = (
        decoder.decode(decoder.encode(v), View()) for v in (only('fear'), 0 * only('joy'))
    )
    np.testing.assert_array_equal(fear, neutral)


def test_mixtures_stay_in_range(folder):
    decoder = FolderDecoder(folder)
    latent = decoder.encode(np.ones(7))
    assert latent.sum() == pytest.approx(1.0)
    picture = decoder.decode(latent, View(zoom=1.5, tilt=0.1, shift_x=3))
    assert picture.shape == (64, 128)
    assert picture.dtype == np.float32
    assert 0.0 <= picture.min() <= picture.max() <= 1.0


def test_folder_without_neutral_and_damaged_files_are_refused(folder, tmp_path):
    (folder / 'joy.png').write_bytes(b'no picture')
    with pytest.raises(ValueError, match=r'joy\.png is not a picture'):
        FolderDecoder(folder)
    with pytest.raises(ValueError, match=r'neutral\.png; expected neutral and any of fear'):
        FolderDecoder(tmp_path / 'nowhere')


def test_framing_follows_the_parametric_face():
    face, units = ParametricFace(), blend_action_units(only('joy', 0.8))
    view = View(zoom=1.3, tilt=0.05, shift_x=4.0, shift_y=-2.0)
    framed = frame_picture(face.render(units), view, outside=0.0)
    # Lines of the parametric face grow less than the face, so the two differ by their edges.
    drawn = face.render(units, view)
    assert np.corrcoef(framed.ravel(), drawn.ravel())[0, 1] > 0.9


def test_framing_by_whole_pixels_moves_the_picture():
    picture = np.random.default_rng(0).random((64, 128)).astype(np.float32)
    moved = frame_picture(picture, View(shift_x=3.0, shift_y=2.0), outside=-1.0)
    np.testing.assert_allclose(moved[2:, 3:], picture[:-2, :-3], atol=1e-6)
    assert np.all(moved[:2] == -1.0)
    assert frame_picture(picture, View(), outside=0.0) is picture
