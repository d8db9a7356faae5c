# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Texts on panels: large, wrapped, in the middle, cut where they are too long."""

import numpy as np
import pytest

from oled_face.lettering import COLUMNS, CUT, UNKNOWN, laid_out, text_frame

SIZES = [(128, 64), (128, 32), (96, 16), (64, 48), (64, 32), (8, 8), (132, 128)]
LONG = 'the quick brown fox jumps over the lazy dog and ' * 4


@pytest.mark.parametrize(
    ('text', 'size', 'expected'),
    [
        ('87 %', (128, 64), (['87 %'], 5)),
        ('Battery 87 %', (128, 64), (['Battery', '87 %'], 3)),
        ('Battery 87 %', (128, 32), (['Battery 87 %'], 1)),
        ('robot\n192.168.178.123', (128, 32), (['robot', '192.168.178.123'], 1)),
        ('one\r\n\ntwo', (128, 64), (['one', '', 'two'], 2)),
        ('  ', (128, 64), ([''], 5)),
    ],
)
def test_a_text_is_as_large_as_it_fits_on_words(text, size, expected):
    assert laid_out(text, *size) == expected


@pytest.mark.parametrize('size', SIZES)
@pytest.mark.parametrize('text', ['OK', 'Battery 87 %', 'x' * 200, LONG, 'é\n' * 9, ''])
def test_it_fits_every_panel_and_stands_in_the_middle(text, size):
    frame = text_frame(text, *size)

    assert frame.shape == size[::-1]
    assert set(np.unique(frame)) <= {0, 255}
    lines, times = laid_out(text, *size)
    if size != (8, 8):
        assert COLUMNS * times * max(map(len, lines)) <= size[0]
        assert frame.any() == bool(text)
    if text == 'OK' and size != (8, 8):
        across, down = np.flatnonzero(frame.any(0)), np.flatnonzero(frame.any(1))
        assert abs(across.mean() - size[0] / 2) <= 2 * times
        assert abs(down.mean() - size[1] / 2) <= 3 * times


def test_what_is_too_long_is_cut_with_a_mark():
    lines, times = laid_out(LONG, 128, 64)

    assert times == 1
    assert len(lines) == 6
    assert lines[-1].endswith(CUT)
    assert all(len(line) <= 21 for line in lines)
    assert LONG.startswith(' '.join(lines).removesuffix(CUT))


def test_a_word_is_broken_only_where_it_fits_in_no_other_way():
    assert laid_out('http://192.168.178.123:8066', 128, 64) == (
        ['http://192.168.178.12', '3:8066'],
        1,
    )


@pytest.mark.parametrize(
    ('text', 'shown'),
    [
        ('Grüße', 'Grüße'),
        ('u\N{COMBINING DIAERESIS}', 'ü'),
        ('\u201eschön\u201c \u2013 \u2026', '"schön" - ...'),
        ('漢😀', UNKNOWN * 2),
        ('a\x07b', f'a{UNKNOWN}b'),
        ('a\tb\xa0c', 'a b c'),
    ],
)
def test_characters_that_the_font_does_not_have_are_boxes(text, shown):
    assert ' '.join(laid_out(text, 128, 64)[0]) == shown
    assert text_frame(text, 128, 64).any()


def test_letters_differ():
    pictures = {bytes(text_frame(chr(code), 12, 12)) for code in (*range(33, 127), 0xE4, 0x25A1)}

    assert len(pictures) == 96
