# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Pictures in, images out."""

from threading import Event

import cv2
import numpy as np
from sensor_msgs.msg import Image

from emotion_agent.nodes.camera import Camera
from node_kit.images import image_to_array
from node_kit.qos import CAMERA_READER


def test_a_picture_is_published_as_an_image(world, tmp_path):
    cv2.imwrite(str(tmp_path / 'grey.png'), np.full((48, 64, 3), 77, np.uint8))

    world.start(
        Camera, source=str(tmp_path / 'grey.png'), width=64, height=48, rate_hz=20.0, frame_id='c'
    )
    world.subscribe(Image, 'camera/image_raw', CAMERA_READER)
    world.wait_until(lambda: world.received['camera/image_raw'], 'an image')

    image = world.received['camera/image_raw'][0]
    assert (image.width, image.height, image.encoding) == (64, 48, 'bgr8')
    assert image.header.frame_id == 'c'
    assert abs(int(image_to_array(image)[24, 32, 0]) - 77) <= 2


def test_a_source_that_is_not_there_is_an_error_in_the_diagnostics(world, tmp_path):
    camera = world.start(Camera, source=str(tmp_path / 'nothing.png'))

    world.wait_until(lambda: camera.diagnose()[0].message != 'ok', 'the error')

    assert 'nothing.png' in camera.diagnose()[0].message
    assert 'trying again every 5 s' in camera.diagnose()[0].message


def test_a_source_that_is_stuck_is_a_warning(world, monkeypatch):
    is_over = Event()

    def stuck(*_):
        yield np.zeros((48, 64, 3), np.uint8)
        is_over.wait(30.0)

    monkeypatch.setattr('emotion_agent.nodes.camera.open_source', stuck)
    monkeypatch.setattr('emotion_agent.nodes.camera.STALE_S', 0.2)
    camera = world.start(Camera, source='0')

    world.wait_until(lambda: 'the source is stuck' in camera.diagnose()[0].message, 'the warning')

    is_over.set()
