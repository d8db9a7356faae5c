# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Messages in, a bag out."""

import pytest
from sensor_msgs.msg import CompressedImage
from std_msgs.msg import String

from emotion_agent.nodes.recorder import Recorder
from emotion_agent.replay.bag import Bag
from node_kit.qos import CAMERA_WRITER, EVENT


@pytest.mark.parametrize('with_images', [False, True])
def test_a_bag_has_camera_images_only_if_that_is_asked_for(world, tmp_path, with_images):
    recorder = world.start(Recorder, folder=str(tmp_path / 'bag'), record_images=with_images)
    texts = world.publisher(String, 'stimulus_text', EVENT)
    if with_images:
        images = world.publisher(CompressedImage, 'camera/image_raw/compressed', CAMERA_WRITER)
        images.publish(CompressedImage(format='jpeg', data=b'x'))
        world.wait_until(lambda: recorder.diagnose()[0].values['messages'], 'the image')
    before = recorder.diagnose()[0].values['messages']

    texts.publish(String(data='praise'))
    world.wait_until(lambda: recorder.diagnose()[0].values['messages'] > before, 'the text')
    recorder.close()

    with Bag(tmp_path / 'bag') as bag:
        recorded = {message.topic for message in bag.messages(bag.topics)}
    assert '/emotion/stimulus_text' in recorded
    assert ('/emotion/camera/image_raw/compressed' in recorded) == with_images
