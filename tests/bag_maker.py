# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Bags for tests: a minute in the life of a robot, made anew and small enough to keep."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
from rosbags.rosbag2 import StoragePlugin, Writer

from emotion_agent.logic import (
    COMPRESSED_IMAGE,
    HEADER,
    IMAGE,
    REGION,
    STATE,
    STIMULUS,
    TIME,
)
from emotion_agent.logic.events import make_event
from emotion_agent.replay.messages import BagMessages
from emotion_agent.replay.writer import offered_qos
from emotion_models.drawing import View
from emotion_models.labels.emotions import EMOTIONS
from emotion_models.runtime.parametric_decoder import ParametricDecoder
from node_kit.time import stamp_fields

START_NS = 1_700_000_000_000_000_000
LENGTH_S = 60.0
CAMERA_HZ = 2.0
SIZE = 320, 240
# (s, name): at least one of each kind of feeling.
STORY = (
    (5.0, 'praise'),
    (14.0, 'insult'),
    (22.5, 'loud_sound'),
    (30.0, 'goal_failed'),
    (38.0, 'win'),
    (46.2, 'threat_near'),
    (53.0, 'touch_gentle'),
)


class Line(NamedTuple):
    """One message to be recorded."""

    topic: str
    msgtype: str
    at_s: float
    message: Any


class BagMaker:
    """Makes messages and writes bags."""

    def __init__(self) -> None:
        self.messages = BagMessages()

    def header(self, at_s: float) -> Any:
        stamp = self.messages.make(TIME, **stamp_fields(START_NS + round(at_s * 1e9)))
        return self.messages.make(HEADER, stamp=stamp, frame_id='camera')

    def stimulus(self, name: str, at_s: float, **fields: Any) -> Any:
        return self.messages.make(
            STIMULUS,
            header=self.header(at_s),
            name=name,
            **{'intensity': 1.0, 'duration': -1.0, 'source': 'test', **fields},
        )

    def affect(self, at_s: float, valence: float = 0.8, **fields: Any) -> Any:
        make = self.messages.make
        face = make(
            'emotion_msgs/msg/FaceAffect',
            face_id='anna',
            roi=make(REGION, x_offset=200, y_offset=100, width=120, height=120),
            valence=valence,
            arousal=0.2,
            confidence=0.9,
        )
        return make(
            'emotion_msgs/msg/FaceAffectArray',
            header=self.header(at_s),
            **{'faces': [face], 'image_width': 640, 'image_height': 480, **fields},
        )

    def state(self, at_s: float, **fields: Any) -> Any:
        return self.messages.make(STATE, header=self.header(at_s), **fields)

    def event(self, at_s: float, kind: str, name: str = '', value: Any = None) -> Any:
        stamp_ns = START_NS + round(at_s * 1e9)
        return make_event(self.messages.make, kind, stamp_ns, 'test', name, value)

    def drawn(self, at_s: float, grey: int = 0, size: tuple[int, int] = (128, 64)) -> Any:
        """A face of one grey."""
        width, height = size
        return self.messages.make(
            IMAGE,
            header=self.header(at_s),
            width=width,
            height=height,
            encoding='mono8',
            step=width,
            data=np.full(width * height, grey, np.uint8),
        )

    def camera(self, at_s: float, picture: np.ndarray) -> Any:
        _, data = cv2.imencode('.jpg', picture, [cv2.IMWRITE_JPEG_QUALITY, 60])
        return self.messages.make(
            COMPRESSED_IMAGE, header=self.header(at_s), format='jpeg', data=data.ravel()
        )

    def write(
        self,
        folder: Path,
        lines: Iterable[Line],
        storage: StoragePlugin = StoragePlugin.MCAP,
        is_latched: bool = False,
        version: int = 9,
    ) -> Path:
        """Write a bag in the order of the lines."""
        with Writer(folder, version=version, storage_plugin=storage) as writer:
            connections: dict[tuple[str, str], Any] = {}
            for topic, msgtype, at_s, message in lines:
                if (topic, msgtype) not in connections:
                    connections[topic, msgtype] = writer.add_connection(
                        topic,
                        msgtype,
                        typestore=self.messages.typestore,
                        offered_qos_profiles=[offered_qos(is_latched)],
                    )
                writer.write(
                    connections[topic, msgtype],
                    START_NS + round(at_s * 1e9),
                    self.messages.to_bytes(msgtype, message),
                )
        return folder

    def story(self) -> list[Line]:
        """The stimuli of `STORY`, each heard 10 ms after it has happened."""
        return [
            Line('/emotion/stimulus', STIMULUS, at_s + 0.01, self.stimulus(name, at_s))
            for at_s, name in STORY
        ]

    def observations(self, seconds: float, rate_hz: float = 10.0) -> list[Line]:
        """Somebody who smiles and frowns by turns, seen 20 ms ago each time."""
        return [
            Line(
                '/emotion/human_affect',
                'emotion_msgs/msg/FaceAffectArray',
                index / rate_hz + 0.02,
                self.affect(index / rate_hz, 0.8 if index // 40 % 2 == 0 else -0.7),
            )
            for index in range(round(seconds * rate_hz))
        ]

    def pictures(self) -> list[Line]:
        """A photograph of a person for 20 s, then drawn faces, then nobody."""
        from emotion_agent.camera.photo import place
        from emotion_agent.camera.sources import built_in_photo

        photo = built_in_photo()
        decoder = ParametricDecoder()
        lines = []
        for index in range(round(LENGTH_S * CAMERA_HZ)):
            at_s = index / CAMERA_HZ
            if at_s < 20.0:
                picture = place(photo, SIZE, shift=(0.02 * np.sin(at_s), 0.0))
            elif at_s < 45.0:
                visible = np.zeros(len(EMOTIONS))
                visible[index // 8 % len(EMOTIONS)] = 1.0
                drawn = 255.0 * decoder.decode(decoder.encode(visible), View())
                picture = cv2.resize(drawn.astype(np.uint8), SIZE)
            else:
                picture = np.full((SIZE[1], SIZE[0]), 90, np.uint8)
            lines.append(
                Line(
                    '/emotion/camera/image_raw/compressed',
                    COMPRESSED_IMAGE,
                    at_s + 0.005,
                    self.camera(at_s, picture),
                )
            )
        return lines
