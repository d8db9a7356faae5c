# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import csv

import cv2
import numpy as np
import pytest

from emotion_models.data.own_drawings import OwnDrawings


def write_drawings(folder, rows):
    folder.mkdir(exist_ok=True)
    with (folder / 'drawings.csv').open('w', newline='') as file:
        writer = csv.DictWriter(file, ['file', 'valence', 'arousal', 'joy'])
        writer.writeheader()
        for number, row in enumerate(rows):
            picture = np.zeros((128, 256), np.uint8)
            cv2.line(picture, (40, 64), (216, 64 - number), 255, 6)
            cv2.imwrite(str(folder / f'{number}.png'), picture)
            writer.writerow({'file': f'{number}.png', **row})


def test_own_drawings_are_read_and_split(tmp_path, load):
    write_drawings(tmp_path, [{'valence': n / 20, 'arousal': 0.1, 'joy': ''} for n in range(20)])

    parts = load(OwnDrawings(str(tmp_path), repeats=3))

    valences = {name: part.affect[:, 0].tolist() for name, part in parts.items()}
    assert {name: len(values) for name, values in valences.items()} == {
        'training': 48,
        'validation': 2,
        'test': 2,
    }
    assert len(set().union(*valences.values())) == 16 + 2 + 2
    assert parts['test'].field.shape == (2, 1, 64, 128)
    assert (parts['test'].field > 128).any()
    assert not parts['test'].emotions.any()


@pytest.mark.parametrize(
    ('row', 'message'),
    [
        ({'valence': 2, 'arousal': 0}, r'valence of 0\.png must be a number in \[-1, 1\], got'),
        ({'valence': 0, 'arousal': 'high'}, r"arousal of 0\.png must be .* got 'high'"),
        ({'valence': 0, 'arousal': 0, 'joy': -0.5}, r'joy of 0\.png must be a number in \[0, 1\]'),
    ],
)
def test_bad_labels_are_named(tmp_path, row, message):
    write_drawings(tmp_path, [row])
    with pytest.raises(ValueError, match=message):
        OwnDrawings(str(tmp_path)).load_parts(0)


def test_missing_table_says_what_was_expected(tmp_path):
    with pytest.raises(FileNotFoundError, match=r'drawings\.csv; expected a folder with'):
        OwnDrawings(str(tmp_path)).load_parts(0)
