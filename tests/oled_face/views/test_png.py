# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
from panel_fakes import frame_of, pixels_of, rectangle
from PIL import Image

from oled_face.errors import OutputFinished
from oled_face.views.png import PngView

FRAME = rectangle(40, 59, 12, 29)


def test_writes_every_change(tmp_path):
    view = PngView(tmp_path / 'frames', max_frames=2)
    view.show(FRAME)
    view.show(FRAME)
    view.show(frame_of((5, 10)))

    with pytest.raises(OutputFinished, match='wrote 2 pictures'):
        view.show(frame_of())

    paths = sorted((tmp_path / 'frames').iterdir())
    assert [path.name for path in paths] == ['000001.png', '000002.png']
    assert np.array_equal(pixels_of(Image.open(paths[1])), frame_of((5, 10)) != 0)
