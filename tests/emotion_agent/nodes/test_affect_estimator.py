# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Images in, one observation out for each picture that is looked at."""

import cv2
import numpy as np
import pytest
from sensor_msgs.msg import CompressedImage, Image
from std_msgs.msg import Header

from emotion_agent.camera.sources import built_in_photo
from emotion_agent.nodes.affect_estimator import AffectEstimatorNode
from emotion_msgs.msg import FaceAffectArray
from node_kit.images import array_to_image
from node_kit.qos import CAMERA_WRITER, RESULT
from node_kit.time import to_message, to_seconds

GREY = np.full((48, 64), 90, np.uint8)
JPEG = cv2.imencode('.jpg', GREY)[1].tobytes()


@pytest.fixture
def estimator(world):
    return world.start(AffectEstimatorNode, detector='haar')


@pytest.fixture
def cameras(world, estimator):
    world.subscribe(FaceAffectArray, 'human_affect', RESULT)
    return {
        'raw': world.publisher(Image, 'camera/image_raw', CAMERA_WRITER),
        'compressed': world.publisher(
            CompressedImage, 'camera/image_raw/compressed', CAMERA_WRITER
        ),
    }


def image(transport, stamp_s, pixels=GREY):
    header = Header(stamp=to_message(stamp_s), frame_id='camera')
    if transport == 'raw':
        return array_to_image(pixels, 'mono8' if pixels.ndim == 2 else 'bgr8', header)
    return CompressedImage(header=header, format='jpeg', data=JPEG)


def figures(node):
    return node.diagnose()[0].values


def accounted(node):
    """Images that were taken or left out, whatever became of them."""
    values = figures(node)
    return sum(values[name] for name in ('received', 'late', 'duplicates'))


def show(world, estimator, cameras, images):
    """Send images one by one, each when the last one has come."""
    for transport, stamp_s in images:
        before = accounted(estimator)
        cameras[transport].publish(image(transport, stamp_s))
        world.wait_until(lambda before=before: accounted(estimator) > before, f'{stamp_s} to come')
    world.wait_until(
        lambda: (
            figures(estimator)['processed'] + figures(estimator)['dropped']
            == figures(estimator)['received']
        ),
        'all images to be looked at',
    )


def test_a_photo_is_answered_with_its_header_and_a_face(world, estimator, cameras):
    photo = cv2.resize(built_in_photo(), (200, 200))

    cameras['raw'].publish(image('raw', 1000.5, photo))
    world.wait_until(lambda: world.received['human_affect'], 'an answer')

    (affect,) = world.received['human_affect']
    assert (to_seconds(affect.header.stamp), affect.header.frame_id) == (1000.5, 'camera')
    assert (affect.image_width, affect.image_height) == (200, 200)
    assert len(affect.faces) == 1
    assert affect.processing_ms > 0


def test_raw_and_compressed_images_one_frame_apart_are_one_stream(world, estimator, cameras):
    images = [
        image
        for number in range(43)
        for image in (
            ('raw', 1000.0 + number / 30),
            ('compressed', 1000.0 + (number - 1) / 30),
        )
    ]

    show(world, estimator, cameras, images)

    stamps_s = [to_seconds(affect.header.stamp) for affect in world.received['human_affect']]
    assert stamps_s == sorted(stamps_s)
    assert figures(estimator)['received'] == figures(estimator)['duplicates'] == 43
    assert 'do not arrive' not in estimator.diagnose()[0].message


def test_sixty_images_with_one_stamp_are_sixty_and_the_diagnostics_say_so(
    world, estimator, cameras
):
    show(world, estimator, cameras, [('raw', 1000.0)] * 60)

    assert figures(estimator)['received'] == 60
    assert 'the stamp stands still' in estimator.diagnose()[0].message


def test_an_image_that_comes_late_is_counted(world, estimator, cameras):
    show(world, estimator, cameras, [('raw', 1000.0), ('raw', 1000.2), ('raw', 1000.1)])

    assert figures(estimator)['late'] == 1
    assert figures(estimator)['received'] == 2


def test_what_is_no_image_is_counted_with_the_reason(world, estimator, cameras):
    broken = image('raw', 1000.0)
    broken.step = 7

    cameras['raw'].publish(broken)
    world.wait_until(lambda: figures(estimator)['malformed'], 'the image')

    diagnosis = estimator.diagnose()[0]
    assert '1 images ignored; the last: ' in diagnosis.message
    assert 'step' in diagnosis.message
