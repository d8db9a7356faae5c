# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Pictures and videos that are too large are named with the limit and not decoded."""

import cv2
import numpy as np
import pytest

from emotion_agent.camera import sources
from emotion_agent.camera.sources import SourceError, open_source

SIZE = 64, 48


def test_a_picture_that_claims_too_much_is_named_and_not_decoded(tmp_path, monkeypatch):
    data = bytearray(cv2.imencode('.png', np.zeros((8, 8), np.uint8))[1].tobytes())
    data[16:24] = (30_000).to_bytes(4, 'big') * 2
    file = tmp_path / 'bomb.png'
    file.write_bytes(data)
    monkeypatch.setattr(cv2, 'imdecode', lambda *_: pytest.fail('it was decoded'))

    with pytest.raises(SourceError, match=r'bomb.png has 30000 x 30000 pixels; expected 1 to'):
        open_source(str(file), SIZE, 10.0)


def test_a_video_with_pictures_that_are_too_large_is_named(tmp_path, monkeypatch):
    file = tmp_path / 'video.avi'
    writer = cv2.VideoWriter(str(file), cv2.VideoWriter_fourcc(*'MJPG'), 10.0, (96, 64))
    writer.write(np.zeros((64, 96, 3), np.uint8))
    writer.release()
    assert next(open_source(str(file), SIZE, 10.0)).shape == (64, 96, 3)

    monkeypatch.setattr(sources, 'PIXELS', 96 * 64 - 1)
    with pytest.raises(SourceError, match='video.avi has 96 x 64 pixels; expected at most 6143'):
        open_source(str(file), SIZE, 10.0)
