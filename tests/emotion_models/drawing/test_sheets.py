# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import cv2
import pytest

from emotion_models.drawing.action_units import NEUTRAL
from emotion_models.drawing.face import ParametricFace, to_one_bit
from emotion_models.drawing.sheets import contact_sheet, main


def test_sheet_shows_the_pixels_of_the_panel():
    grey = ParametricFace().render(NEUTRAL)
    sheet = contact_sheet([{'rest': grey}], scale=3)

    assert (sheet[4 : 4 + 192 : 3, 4 : 4 + 384 : 3] == to_one_bit(grey)).all()


def test_sheets_are_written_small_enough_to_commit(tmp_path):
    main([str(tmp_path)])
    files = sorted(tmp_path.glob('face_*.png'))

    assert [f.name for f in files] == [
        'face_emotions.png',
        'face_identities.png',
        'face_parts.png',
        'face_styles.png',
        'face_views.png',
    ]
    assert all(f.stat().st_size < 60_000 for f in files)
    assert cv2.imread(str(files[0])).any()


def test_a_missing_folder_is_made(tmp_path):
    main([str(tmp_path / 'out' / 'sheets')])

    assert (tmp_path / 'out' / 'sheets' / 'face_views.png').is_file()


def test_a_place_that_is_no_folder_is_named(tmp_path):
    (tmp_path / 'file').touch()

    with pytest.raises(OSError, match='file'):
        main([str(tmp_path / 'file')])
