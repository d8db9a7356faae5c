# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The node: messages in, pixels out, over real DDS."""

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import fields

import numpy as np
import pytest

pytest.importorskip('rclpy')

from panel_fakes import Chip, frame_of
from PIL import Image as Picture
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from rclpy.parameter import Parameter
from sensor_msgs.msg import Image
from std_msgs.msg import Header, String
from std_srvs.srv import SetBool, Trigger

from node_kit.calls import RepeatedCall
from node_kit.images import array_to_image
from node_kit.qos import PICTURE
from oled_face import panel_for
from oled_face.buses import BusConfig
from oled_face.lettering import text_frame
from oled_face.node import OledFaceNode
from oled_face.outputs import DisplayConfig
from oled_face.patterns import pattern
from oled_face.power_saving import PowerSavingConfig
from oled_face.squares import squares_frame

TIMEOUT_S = 20.0
FRAME = frame_of((5, 10))


class Robot:
    """The node under test, and another that talks to it."""

    def __init__(self, **parameters):
        self.node = OledFaceNode(
            parameter_overrides=[
                Parameter(name, value=value) for name, value in parameters.items()
            ]
        )
        self.other = Node('other')
        self.publisher = self.other.create_publisher(Image, 'face_image', PICTURE)
        self.executor = SingleThreadedExecutor()
        self.executor.add_node(self.node)
        self.executor.add_node(self.other)
        self.node.autostart()

    def spin_until(self, condition, again=lambda: None) -> None:
        end = time.monotonic() + TIMEOUT_S
        while not condition():
            assert time.monotonic() < end, f'nothing happened within {TIMEOUT_S} s'
            again()
            self.executor.spin_once(timeout_sec=0.02)

    def show(self, pixels, encoding='mono8', until=lambda: True) -> None:
        message = array_to_image(pixels, encoding, Header())
        self.publish(message, until)

    def publish(self, message, until=lambda: True) -> None:
        self.spin_until(until, lambda: self.publisher.publish(message))

    def call(self, kind, name, request):
        client = self.other.create_client(kind, f'oled_face/{name}')
        assert client.wait_for_service(TIMEOUT_S)
        call = RepeatedCall(client, request)
        self.spin_until(call.is_answered)
        return call.answer()

    def diagnosis(self):
        (diagnosis,) = self.node.diagnose()
        return diagnosis

    def close(self) -> None:
        self.node.close()
        self.executor.shutdown()
        self.node.destroy_node()
        self.other.destroy_node()


@pytest.fixture
def robot(ros):
    robots = []

    def start(**parameters):
        robots.append(Robot(**parameters))
        return robots[-1]

    yield start
    for started in robots:
        started.close()


@pytest.fixture
def chip(monkeypatch):
    chip = Chip(panel_for())
    monkeypatch.setattr('luma.core.interface.serial.i2c', lambda **options: chip)
    return chip


def shows(chip, frame):
    return lambda: np.array_equal(chip.picture(), frame != 0)


def test_panel_shows_the_topic(robot, chip):
    robot(output='panel').show(FRAME, until=shows(chip, FRAME))


def test_images_of_any_kind_are_fitted(robot, chip):
    agent = robot(output='ssd1306')
    wide = np.zeros((120, 480, 3), np.uint8)
    wide[:, 240:] = 255

    agent.show(wide, 'rgb8', until=lambda: chip.picture().any())

    expected = np.zeros((64, 128), np.uint8)
    expected[16:48, 64:] = 255
    agent.spin_until(shows(chip, expected))


def test_sleeps_wakes_inverts_and_shows_patterns(robot, chip):
    agent = robot(output='panel')
    agent.show(FRAME, until=shows(chip, FRAME))

    assert agent.call(Trigger, 'sleep', Trigger.Request()).success
    agent.spin_until(lambda: not chip.is_on)
    assert agent.call(Trigger, 'wake', Trigger.Request()).success
    agent.spin_until(shows(chip, FRAME))
    assert agent.call(SetBool, 'invert', SetBool.Request(data=True)).success
    agent.spin_until(shows(chip, FRAME == 0))
    assert agent.call(SetBool, 'invert', SetBool.Request(data=False)).success
    assert 'border' in agent.call(Trigger, 'test_pattern', Trigger.Request()).message
    agent.spin_until(shows(chip, pattern('border')))


def test_texts_and_images_take_the_panel_over_and_give_it_back(robot, chip):
    agent = robot(output='panel', show_s=60.0, dither='ordered')
    agent.show(FRAME, until=shows(chip, FRAME))
    texts = agent.other.create_publisher(String, 'show_text', PICTURE)
    images = agent.other.create_publisher(Image, 'show_image', PICTURE)
    battery = text_frame('Battery 9 %', 128, 64)
    code = np.kron(np.pad(np.indices((15, 15)).sum(0) % 2, 1), np.ones((9, 9)))
    code = (255 * code).astype(np.uint8)

    def publish(publisher, message, until):
        agent.spin_until(until, lambda: publisher.publish(message))

    publish(texts, String(data='Battery 9 %'), shows(chip, battery))
    assert agent.diagnosis().values['taken_over']
    publish(texts, String(), shows(chip, FRAME))
    image = array_to_image(code, 'mono8', Header())
    publish(images, image, shows(chip, squares_frame(code, 128, 64)))
    publish(images, Image(), shows(chip, FRAME))
    torn = Image(height=9, width=9, step=9, encoding='mono8', data=[0])
    publish(images, torn, lambda: agent.diagnosis().values['frames_refused'])
    grey = array_to_image(np.full((64, 128), 128, np.uint8), 'mono8', Header())
    publish(images, grey, lambda: 0.4 < chip.picture().mean() < 0.6)

    (answer,) = agent.node.set_parameters([Parameter('show_s', value=0.1)])
    assert answer.successful
    texts.publish(String(data='short'))
    agent.spin_until(shows(chip, FRAME))


def test_at_the_start_name_and_addresses_are_shown_and_follow_the_network(
    robot, chip, monkeypatch
):
    said = ['robot-7\nno network', 'robot-7\n10.0.0.2']
    monkeypatch.setattr(
        'oled_face.node.name_and_addresses', lambda: said.pop(0) if said[1:] else said[0]
    )
    frames = [text_frame(text, 128, 64) for text in said]

    agent = robot(output='panel', show_address_s=3.0)

    agent.spin_until(shows(chip, frames[0]))
    agent.show(FRAME, until=shows(chip, frames[1]))
    agent.spin_until(shows(chip, FRAME))


def test_a_stuck_bus_does_not_hold_the_executor(robot, chip, monkeypatch):
    agent = robot(output='panel')
    agent.show(FRAME, until=shows(chip, FRAME))
    may_write, write = threading.Event(), chip.data
    monkeypatch.setattr(chip, 'data', lambda data: may_write.wait(TIMEOUT_S) and write(data))
    before = agent.diagnosis().values['frames_in']

    agent.show(
        frame_of((1, 0)), until=lambda: agent.diagnosis().values['frames_in'] >= before + 50
    )
    assert shows(chip, FRAME)()
    may_write.set()

    agent.show(frame_of((49, 0)), until=shows(chip, frame_of((49, 0))))
    assert agent.diagnosis().values['frames_dropped'] >= 48


def test_contrast_is_live_and_fixed_parameters_are_not(robot, chip):
    agent = robot(output='panel')
    agent.spin_until(lambda: chip.is_on)

    (accepted,) = agent.node.set_parameters([Parameter('contrast', value=0x55)])
    (refused,) = agent.node.set_parameters([Parameter('width', value=96)])

    assert accepted.successful
    assert not refused.successful
    agent.spin_until(lambda: chip.contrast == 0x55)


def test_diagnoses_what_it_did(robot, chip):
    agent = robot(output='panel')
    agent.show(FRAME, until=shows(chip, FRAME))

    diagnosis = agent.diagnosis()

    assert diagnosis.values['frames_shown'] >= 1
    assert diagnosis.values['frames_in'] >= diagnosis.values['frames_shown']
    assert diagnosis.values['bytes_sent'] >= 1034
    assert diagnosis.values['errors'] == 0
    assert diagnosis.values['panel'].startswith('works, bus at')
    assert diagnosis.message == 'ok'


def test_emulator_counts_what_a_panel_would_get(robot):
    agent = robot(output='none')
    agent.show(FRAME, until=lambda: agent.diagnosis().values['bytes_sent'] > 0)

    assert agent.diagnosis().values['bytes_sent'] == 1034


def test_missing_images_are_diagnosed(robot, chip):
    assert 'no image on /face_image yet' in robot(output='panel').diagnosis().message


def test_missing_panel_is_diagnosed_and_survived(robot):
    agent = robot(output='panel', i2c_port=250)

    agent.show(FRAME, until=lambda: '/dev/i2c-250 not found' in agent.diagnosis().message)

    assert agent.node.is_active


def malformed():
    unknown = array_to_image(FRAME, 'mono8', Header())
    unknown.encoding = 'purple'
    short = array_to_image(FRAME, 'mono8', Header())
    short.height = 65
    return {
        'unknown encoding': unknown,
        'too little data': short,
        'empty': Image(encoding='mono8'),
    }


@pytest.mark.parametrize('message', malformed().values(), ids=malformed())
def test_malformed_images_are_counted_and_survived(robot, chip, message):
    agent = robot(output='panel')

    agent.publish(message, lambda: agent.diagnosis().values['frames_refused'] > 0)

    assert 'expected' in agent.diagnosis().message
    agent.show(FRAME, until=shows(chip, FRAME))
    assert agent.diagnosis().message == 'ok'


def test_starts_anew_after_cleanup(robot, chip):
    agent = robot(output='panel')
    agent.show(FRAME, until=shows(chip, FRAME))

    agent.node.trigger_deactivate()
    agent.node.trigger_cleanup()
    assert not chip.is_on
    agent.node.trigger_configure()
    agent.node.trigger_activate()

    agent.show(FRAME, until=shows(chip, FRAME))


@pytest.mark.parametrize(
    ('parameters', 'text'),
    [
        ({'output': 'paper'}, 'output: expected some of'),
        ({'output': False}, 'output: expected a text such as sh1106,web; got False'),
        ({'output': 'sh1107,web'}, "got 'sh1107'; did you mean sh1106"),
        ({'output': 'sh1106,ssd1306'}, 'output: expected one panel at most'),
        (
            {'output': 'sh1106,web', 'driver': 'ssd1306'},
            'output names the panel sh1106, and driver is ssd1306: ',
        ),
        ({'i2c_address': 0x99}, r'i2c_address: expected 0x08\.\.0x77.*got 153 = 0x99'),
        ({'i2c_address': 'three'}, "i2c_address: expected an address such as 0x3C.*got 'three'"),
        ({'i2c_address': 60.0}, 'i2c_address: expected an address such as 0x3C.*got 60.0'),
        ({'width': 100}, 'size of ssd1306: expected one of 128x64'),
        ({'spi_speed_hz': 10_000_000}, 'spi_speed_hz: expected one of'),
    ],
)
def test_refuses_impossible_parameters(ros, parameters, text):
    with pytest.raises(ValueError, match=text):
        Robot(**parameters)


@pytest.mark.parametrize(
    ('written', 'address', 'is_explained'),
    [
        ('60', 0x3C, False),
        ('0x3C', 0x3C, False),
        ('"0x3D"', 0x3D, False),
        ('3C', 0x3C, True),
        ('3d', 0x3D, True),
        ('0x78', 0x3C, True),
        ('7A', 0x3D, True),
        ('122', 0x3D, True),
    ],
)
def test_address_in_a_file_is_the_one_that_is_opened(
    ros, monkeypatch, tmp_path, written, address, is_explained
):
    opened, said = [], []
    monkeypatch.setattr(
        'luma.core.interface.serial.i2c',
        lambda **options: opened.append(options) or Chip(panel_for()),
    )
    monkeypatch.setattr(
        'rclpy.impl.rcutils_logger.RcutilsLogger.info', lambda _, line: said.append(line)
    )
    file = tmp_path / 'robot.yaml'
    file.write_text(
        f'oled_face: {{ros__parameters: {{output: [sh1106, gif], i2c_address: {written}, '
        f'gif_path: {tmp_path}/face.gif}}}}'
    )
    node = OledFaceNode(cli_args=['--ros-args', '--params-file', str(file)])

    node.autostart()
    end = time.monotonic() + TIMEOUT_S
    while not opened:
        assert time.monotonic() < end
        time.sleep(0.01)
    node.close()
    node.destroy_node()

    assert opened[0]['address'] == address
    explained = [line for line in said if line.startswith('i2c_address: ')]
    assert len(explained) == is_explained
    assert not any('panel cannot be identified' in line for line in said)


def test_every_output_that_fails_is_diagnosed(robot, tmp_path):
    (tmp_path / 'file').touch()
    agent = robot(output='panel,png', i2c_port=250, png_folder=str(tmp_path / 'file' / 'frames'))

    agent.show(FRAME, until=lambda: 'png_folder' in agent.diagnosis().message)

    message = agent.diagnosis().message
    assert message.startswith('panel: /dev/i2c-250 not found')
    assert f'; png: png_folder {tmp_path}/file/frames: Not a directory; choose' in message


def test_every_field_of_the_configuration_is_a_parameter():
    parameters = {setting.name for setting in OledFaceNode.TABLE}
    made_by_the_node = {'panel', 'bus', 'outputs'}

    for kind in (BusConfig, DisplayConfig, PowerSavingConfig):
        assert {field.name for field in fields(kind)} - made_by_the_node <= parameters


NODE = 'import sys; from oled_face.node import main; sys.exit(main())'


@pytest.mark.parametrize('ending', [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_without_a_panel_the_process_says_one_line_and_ends_cleanly(ros, tmp_path, ending):
    path = tmp_path / 'face.gif'
    process = subprocess.Popen(
        [sys.executable, '-c', NODE, '--ros-args', '-p', 'output:=panel,gif', '-p',
         'i2c_port:=250', '-p', f'gif_path:={path}'],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        env=os.environ,
    )  # fmt: skip
    other = Node('other')
    try:
        publisher = other.create_publisher(Image, 'face_image', PICTURE)
        end = time.monotonic() + TIMEOUT_S
        seen = 0  # in a row: it is there for an instant when it is tried
        while seen < 2:
            assert time.monotonic() < end
            seen = seen + 1 if path.exists() else 0
            publisher.publish(array_to_image(FRAME, 'mono8', Header()))
            time.sleep(0.05)
        process.send_signal(ending)
        _, said = process.communicate(timeout=TIMEOUT_S)
    finally:
        process.kill()
        other.destroy_node()

    assert process.returncode == 0
    assert said.count('/dev/i2c-250 not found: enable I2C') == 1
    assert 'Traceback' not in said
    assert np.array_equal(np.asarray(Picture.open(path).convert('L'))[::4, ::4] > 100, FRAME != 0)
