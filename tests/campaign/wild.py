# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Messages of every type that the nodes take in: some as they should be, most of them odd."""

import math
import random

import cv2
import numpy as np
from builtin_interfaces.msg import Time
from campaign import ODD_WORDS, damaged
from geometry_msgs.msg import Point
from rclpy.parameter import Parameter
from sensor_msgs.msg import CompressedImage, Image
from std_msgs.msg import Float32, String

from emotion_agent.neuromodulation.defaults import DEFAULTS
from emotion_models.labels.emotions import EMOTIONS
from emotion_msgs.msg import EmotionState, FaceAffectArray, Stimulus

STIMULI = tuple(DEFAULTS['emotion']['stimuli'])
NAMES = (*STIMULI, *EMOTIONS, 'anna', 'neutral', 'test')
ODD_NUMBERS = (
    *(math.nan, math.inf, -math.inf, 3.4e38, -3.4e38, 1e-45, -0.0, 1e9, -1e9, 86400.5, 2.0, -2.0),
)
ODD_TEXTS = (
    *ODD_WORDS,
    *(
        '',
        ' ',
        ':',
        '::',
        'praise:',
        ':0.5',
        'praise:nan',
        'praise:-1e999',
        'praise:0,5',
        '٣',
        '😀',
    ),
    *('a\x00b', '\x1b]0;x\x07', '\u202e', '../x', '/', '~', 'x' * 201, 'é' * 250, 'x' * 30_000),
)
ENCODINGS = (
    *('mono8', 'bgr8', 'rgb8', 'bgra8', 'rgba8', 'mono16', '8UC1', '8UC3', '16UC1', '32FC1'),
    *('yuv422', 'yuv422_yuy2', 'uyvy', 'nv12', 'bayer_rggb8', '64FC1', '8UC5'),
)
SIDES = (*[8, 16, 33, 64, 128] * 4, 0, 1, 2, 7, 640, 2**16, 2**31, 2**32 - 1)


class Wild:
    """
    Draws messages.

    Args:
        draw: of all choices.
        now_s: the time that sound stamps lie shortly before.
    """

    KINDS = (
        *[(Stimulus, 'stimulus')] * 8,
        *[(String, 'stimulus_text')] * 3,
        *[(FaceAffectArray, 'human_affect')] * 6,
        *[(EmotionState, 'state')] * 3,
        *[(Point, 'gaze')] * 2,
        *[(Float32, 'mouth')] * 2,
        *[(Image, 'face_image')] * 2,
        (Image, 'camera/image_raw'),
        (CompressedImage, 'camera/image_raw/compressed'),
    )  # fmt: skip

    def __init__(self, draw: random.Random, now_s=lambda: 1.7e9):
        self.draw = draw
        self._now_s = now_s
        noise = np.random.default_rng(0).integers(0, 256, (48, 64, 3), np.uint8)
        self._pictures = [
            cv2.imencode(kind, noise[:side, :side])[1].tobytes()
            for kind in ('.jpg', '.png', '.webp', '.bmp')
            for side in (48, 5)
        ]

    def message(self, kind: type):
        """A message of a type."""
        special = {String: self._text_message, Image: self._image, CompressedImage: self._packed}
        return special[kind]() if kind in special else self._filled(kind)

    def number(self, low: float = -1.0, high: float = 1.0) -> float:
        draw = self.draw
        return draw.choice(ODD_NUMBERS) if draw.random() < 0.08 else draw.uniform(low, high)

    def text(self) -> str:
        draw = self.draw
        if draw.random() < 0.8:
            return draw.choice(NAMES)
        if draw.random() < 0.002:
            return 'x' * 2_000_000
        return draw.choice(ODD_TEXTS)

    def stamp(self) -> Time:
        draw = self.draw
        late_s = (
            draw.uniform(-3.0, 13.0) if draw.random() < 0.03 else draw.choice([0.0, 0.02, 0.1])
        )
        if draw.random() < 0.9:
            ns = max(0, round((self._now_s() - late_s) * 1e9))
            return Time(sec=ns // 10**9, nanosec=ns % 10**9)
        return Time(
            sec=draw.choice([0, 0, 1, -1, -(2**31), 2**31 - 1, 2_147_310_848]),
            nanosec=draw.choice([0, 1, 10**9 - 1, 10**9, 2**32 - 1]),
        )

    def parameter(self, table) -> Parameter:
        """A parameter of a table of settings, or an unknown one."""
        draw = self.draw
        setting = draw.choice(table)
        name = setting.name if draw.random() < 0.97 else self.text()[:1000] or 'x'
        if draw.random() < 0.6:
            return Parameter(name, value=setting.default)
        values = (*(self.number(-10.0, 10.0) for _ in range(4)), draw.getrandbits(63), -1, 0)
        values = (*values, self.text(), self.text(), True, False, [b'x'], [1, 2], ['a'], [])
        return Parameter(name, value=draw.choice(values))

    def _filled(self, kind: type):
        message = kind()
        for name, of_type in kind.get_fields_and_field_types().items():
            setattr(message, name, self._value(getattr(message, name), name, of_type))
        return message

    def _value(self, before, name: str, of_type: str):
        draw = self.draw
        if of_type == 'sequence<float>':
            size = draw.choice([0, 0, 6, 18, 17, 10_000] if draw.random() < 0.1 else [0, 6, 18])
            is_possible = draw.random() < 0.5
            return [draw.random() if is_possible else self.number() for _ in range(size)]
        if of_type.startswith('sequence'):
            return self._faces()
        if of_type == 'builtin_interfaces/Time':
            return self.stamp()
        if '[' in of_type:
            return np.array([self.number() for _ in before], np.float32)
        match of_type:
            case 'string':
                return self.text()
            case 'float' | 'double':
                if name == 'duration' and draw.random() < 0.8:
                    return -1.0
                return self.number(-1.0, 1.0)
            case 'uint32':
                return draw.choice(SIDES)
            case 'boolean':
                return draw.random() < 0.5
        return self._filled(type(before))

    def _faces(self) -> list:
        draw = self.draw
        kind = FaceAffectArray.get_fields_and_field_types()['faces']
        assert kind == 'sequence<emotion_msgs/FaceAffect>'
        if draw.random() < 0.001:
            return [self._face()] * draw.choice([999, 1000, 1001, 5000])
        return [self._face() for _ in range(draw.choice([0, 1, 1, 1, 2, 5]))]

    def _face(self):
        from emotion_msgs.msg import FaceAffect

        face = self._filled(FaceAffect)
        if self.draw.random() < 0.7:
            face.face_id = self.draw.choice(['anna', 'bob'])
            face.confidence = self.draw.uniform(0.5, 1.0)
        return face

    def _text_message(self) -> String:
        text = self.text()
        return String(data=f'{text}:{self.number()}' if self.draw.random() < 0.4 else text)

    def _image(self) -> Image:
        draw = self.draw
        encoding = draw.choice(ENCODINGS) if draw.random() < 0.9 else self.text()
        height, width = draw.choice(SIDES), draw.choice(SIDES)
        image = self._filled_header(Image, encoding=encoding, height=height, width=width)
        image.is_bigendian = draw.choice([0, 0, 1, 255])
        bytes_each = {'mono8': 1, '8UC1': 1, 'bgra8': 4, 'rgba8': 4, '32FC1': 4, 'mono16': 2}.get(
            encoding, 3
        )
        step = width * bytes_each + draw.choice([0, 0, 0, 0, 1, -1, 64])
        image.step = max(0, min(step, 2**32 - 1))
        size = image.step * height + draw.choice([0, 0, 0, 0, 1, -1])
        size = size if 0 <= size <= 2_000_000 else draw.choice([0, 1, 100])
        image.data = draw.choice([bytes(size), draw.randbytes(size)])
        return image

    def _packed(self) -> CompressedImage:
        draw = self.draw
        data = draw.choice(self._pictures)
        data = data if draw.random() < 0.3 else damaged(data, draw)
        kind = draw.choice(['jpeg', 'png', 'rgb8; jpeg compressed bgr8', self.text()])
        return self._filled_header(CompressedImage, format=kind, data=data)

    def _filled_header(self, kind: type, **fields):
        message = kind(**fields)
        message.header.stamp = self.stamp()
        message.header.frame_id = self.text()
        return message
