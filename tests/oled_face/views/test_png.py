# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import errno
import os
from pathlib import Path

import numpy as np
import pytest
from panel_fakes import frame_of, pixels_of, rectangle
from PIL import Image

from oled_face.errors import OutputBroken, OutputFinished
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


def test_what_cannot_be_written_is_said_before_there_is_a_frame(tmp_path):
    (tmp_path / 'frames').touch()

    with pytest.raises(OSError, match='frames'):
        PngView(tmp_path / 'frames')


def test_a_picture_that_was_cut_off_is_removed_and_said(tmp_path, monkeypatch):
    view = PngView(tmp_path)
    view.show(FRAME)
    write = Path.write_bytes

    def cut_off(path, data):
        write(path, data[:50])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    monkeypatch.setattr(Path, 'write_bytes', cut_off)

    with pytest.raises(OutputBroken, match='000002.png: No space left on device; 1 pictures'):
        view.show(frame_of((5, 10)))

    assert [path.name for path in tmp_path.iterdir()] == ['000001.png']
