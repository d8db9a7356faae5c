# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Camera images between processes: none is lost, and malformed ones do no harm."""

import cv2
import numpy as np
from lifecycle_msgs.msg import Transition
from lifecycle_msgs.srv import ChangeState
from sensor_msgs.msg import Image
from std_msgs.msg import Header

from emotion_agent.picture_sources import built_in_photo
from node_kit.images import array_to_image, image_to_array
from node_kit.qos import CAMERA_READER, CAMERA_WRITER

FRAMES = 120


def test_no_raw_image_is_lost_between_processes(start_nodes, listener, tmp_path):
    folder = tmp_path / 'numbered'
    folder.mkdir()
    for number in range(FRAMES):
        picture = np.full((48, 64, 3), number, np.uint8)
        cv2.imwrite(str(folder / f'{number:03}.png'), picture)
    nodes = start_nodes()
    nodes.start(
        'emotion_agent',
        'camera',
        {'source': str(folder), 'hold_s': 0.0, 'rate_hz': 30.0, 'loop': False, 'autostart': False},
    )
    change_state = 'camera/change_state'
    configure = Transition(id=Transition.TRANSITION_CONFIGURE)
    listener.call(ChangeState, change_state, ChangeState.Request(transition=configure))
    listener.listen(Image, 'camera/image_raw', CAMERA_READER)
    topic = '/emotion/camera/image_raw'
    listener.wait_until(lambda: listener.node.count_publishers(topic) == 1, 'the camera')

    activate = Transition(id=Transition.TRANSITION_ACTIVATE)
    listener.call(ChangeState, change_state, ChangeState.Request(transition=activate))
    listener.wait_until(
        lambda: (
            listener.heard['camera/image_raw']
            and number_of(listener.last('camera/image_raw')) == FRAMES - 1
        ),
        'the last image',
    )

    images = listener.heard['camera/image_raw']
    assert (images[0].width, images[0].height, images[0].encoding) == (640, 480, 'bgr8')
    assert [number_of(image) for image in images] == list(range(FRAMES))


def number_of(image: Image) -> int:
    return int(image_to_array(image)[240, 320, 0])


def malformed_images() -> list[Image]:
    good = array_to_image(np.zeros((48, 64, 3), np.uint8), 'bgr8', Header())
    fields = [
        {'data': bytes(100)},
        {'step': 7},
        {'encoding': 'no_such_encoding'},
        {'width': 0, 'height': 0, 'data': b''},
        {'encoding': '32FC1', 'width': 48, 'data': np.full(48 * 48, np.nan, 'f4').tobytes()},
    ]
    images = []
    for changes in fields:
        image = Image(height=good.height, width=good.width, step=good.step, encoding='bgr8')
        image.data = good.data
        for name, value in changes.items():
            setattr(image, name, value)
        images.append(image)
    return images


def test_malformed_images_are_counted_and_survived(start_nodes, listener):
    nodes = start_nodes()
    nodes.start('emotion_agent', 'affect_estimator')
    camera = listener.node.create_publisher(Image, 'camera/image_raw', CAMERA_WRITER)
    # Small enough for Fast DDS's default transport, which this process uses.
    photo = cv2.resize(built_in_photo(), (256, 256))

    def show(image: Image) -> None:
        image.header.stamp = listener.node.get_clock().now().to_msg()
        camera.publish(image)

    def answered(frame_id: str) -> bool:
        return any(result.header.frame_id == frame_id for result in listener.heard['human_affect'])

    before = array_to_image(photo, 'bgr8', Header(frame_id='before'))
    listener.wait_until(lambda: show(before) or answered('before'), 'an answer')

    images = malformed_images()
    for count, image in enumerate(images, start=1):
        show(image)
        listener.wait_until(
            lambda count=count: counter(listener, 'malformed') == count, f'the {count}. count'
        )
    show(array_to_image(photo, 'bgr8', Header(frame_id='after')))

    listener.wait_until(lambda: answered('after'), 'an answer after all that')
    assert listener.last('human_affect').faces
    assert counter(listener, 'malformed') == len(images)


def counter(listener, name: str) -> int:
    return int(listener.diagnostics('affect_estimator').get(name, 0))
