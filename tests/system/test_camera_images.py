# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Camera images between processes: none is lost, and malformed ones do no harm."""

from collections import Counter
from pathlib import Path

import cv2
import numpy as np
import pytest
from lifecycle_msgs.msg import Transition
from lifecycle_msgs.srv import ChangeState
from rclpy.qos import QoSProfile
from sensor_msgs.msg import CompressedImage, Image
from std_msgs.msg import Header

from emotion_agent.camera.sources import built_in_photo
from node_kit.images import array_to_image, image_to_array
from node_kit.qos import CAMERA_READER, CAMERA_WRITER
from node_kit.time import to_message

FRAMES = 60
TEN_MINUTES = 18_000
SCENE_FRAMES = 30
MOST_GROWTH_MB = 8
ANSWER_S = 1.2  # longer than a transport is silent until the other one takes over


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
    # Deep enough for all: this process may wait for a processor for longer than a frame.
    reader = QoSProfile(depth=FRAMES, reliability=CAMERA_READER.reliability)
    listener.listen(Image, 'camera/image_raw', reader)
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


class MixedCamera:
    """Scenes of a second at changing sizes: nobody, noise, a torn face, a face; no pictures."""

    SIZES = ((160, 160), (256, 256), (120, 240), (200, 150))

    def __init__(self):
        self._photo = built_in_photo()
        self._malformed = malformed_images()
        self._generator = np.random.default_rng(0)

    def frame(self, index: int) -> tuple[Image | CompressedImage, bool]:
        """The message, a thirtieth of a second later than the last, and whether it is good."""
        header = Header(stamp=to_message(1000 + index / 30))
        scene, step = divmod(index, SCENE_FRAMES)
        if index % 23 == 22:
            message = self._malformed[index // 23 % len(self._malformed)]
            message.header = header
            return message, False
        pixels = self._pixels(scene, step)
        if scene % 3:
            return array_to_image(pixels, 'bgr8', header), True
        packed = cv2.imencode('.jpg', pixels)[1].tobytes()
        is_good = step % 11 > 0
        packed = packed if is_good else packed[:40]
        return CompressedImage(header=header, format='jpeg', data=packed), is_good

    def _pixels(self, scene: int, step: int) -> np.ndarray:
        height, width = self.SIZES[scene // 4 % len(self.SIZES)]
        pixels = cv2.resize(self._photo[:400, 2 * step : 400 + 2 * step], (width, height))
        match scene % 4:
            case 0:
                pixels[:] = 90 + scene % 60
            case 1:
                pixels = self._generator.integers(0, 256, pixels.shape, dtype=np.uint8)
            case 2:
                pixels[height // 4 :] = np.roll(pixels[height // 4 :], 37, axis=1)
        return pixels


@pytest.mark.parametrize(
    'frames', [120, pytest.param(TEN_MINUTES, marks=[pytest.mark.soak, pytest.mark.timeout(3600)])]
)
def test_whatever_a_camera_sends_every_image_counts_and_nothing_grows(
    frames, start_nodes, listener
):
    nodes = start_nodes()
    process = nodes.start('emotion_agent', 'affect_estimator', {'detector': 'haar'})
    publishers = {
        kind: listener.node.create_publisher(kind, f'camera/image_raw{suffix}', CAMERA_WRITER)
        for kind, suffix in ((Image, ''), (CompressedImage, '/compressed'))
    }
    listener.wait_until(
        lambda: all(publisher.get_subscription_count() for publisher in publishers.values()),
        'the estimator',
    )
    camera, answers = MixedCamera(), Counter()
    heard = listener.heard['human_affect']

    for index in range(frames):
        if index == frames // 6:
            warm_mb = resident_mb(process.pid)
        message, is_good = camera.frame(index)
        publishers[type(message)].publish(message)
        if is_good:  # A camera may lose an image, and what is no picture gets no answer.
            listener.spin_until(
                lambda stamp=message.header.stamp: heard and heard[-1].header.stamp == stamp,
                ANSWER_S,
            )
        answers.update('face' if answer.faces else 'none' for answer in heard)
        heard.clear()

    listener.heard['/diagnostics'].clear()
    listener.wait_until(lambda: unaccounted(listener) == 0, 'counters that add up')
    figures = listener.diagnostics('affect_estimator')
    grown_mb = resident_mb(process.pid) - warm_mb
    print(f'\n{frames} images: {answers}, {figures}, {grown_mb:.1f} MB more than at first')
    assert int(figures['received']) > 0.9 * frames
    assert int(figures['malformed']) > 0.01 * frames
    assert min(answers['face'], answers['none']) > 0.15 * frames
    assert grown_mb < MOST_GROWTH_MB


def unaccounted(listener) -> int:
    """Images that were received and neither looked at, dropped nor ignored; -1 = not known."""
    figures = listener.diagnostics('affect_estimator')
    if not figures:
        return -1
    outcomes = ('processed', 'dropped', 'malformed', 'late', 'duplicates')
    return int(figures['received']) - sum(int(figures[name]) for name in outcomes)


def resident_mb(pid: int) -> float:
    pages = int(Path(f'/proc/{pid}/statm').read_text().split()[1])
    return pages * 4096 / 1e6
