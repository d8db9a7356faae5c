# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import pytest
from panel_fakes import rectangle

from oled_face.appearance import DARK, GAP, LIT, LIT_BAND, TINTS, palette, picture

FRAME = rectangle(40, 59, 12, 29)


def test_pixels_are_apart_and_the_band_has_its_own_colour():
    drawn = picture(FRAME, scale=4)

    assert drawn.shape == (256, 512)
    assert (drawn[3::4] == GAP).all()
    assert drawn[4 * 12, 4 * 40] == LIT_BAND
    assert drawn[4 * 20, 4 * 40] == LIT
    assert drawn[0, 0] == DARK


@pytest.mark.parametrize('tint', TINTS)
def test_less_contrast_is_darker_and_still_readable(tint):
    full, least = palette(tint, 0xCF).astype(int), palette(tint, 0).astype(int)

    assert (least[LIT] < full[LIT]).any()
    assert least[LIT].sum() > 3 * least[DARK].sum()


def test_refuses_an_unknown_tint():
    with pytest.raises(ValueError, match=r"expected one of white, blue.*'pink'"):
        palette('pink')
