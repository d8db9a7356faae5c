# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Faces that another node finds and names, as REP-155 (ROS4HRI) has them; needs hri_msgs.

Subscribes: /humans/faces/tracked (hri_msgs/IdsList), /humans/faces/ID/cropped (sensor_msgs/Image).
Publishes:  /humans/faces/ID/expression (hri_msgs/Expression), while ID is tracked;
            /humans/faces/ID/facs (hri_msgs/FacialActionUnits), once its action units are said.
"""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any

from rclpy.publisher import Publisher
from rclpy.subscription import Subscription
from sensor_msgs.msg import Image
from std_msgs.msg import Header

from emotion_agent.logic.hri import (
    EXPRESSION,
    FACES,
    FACS,
    ID,
    IDS,
    choose_ids,
    expression_fields,
    units_fields,
)
from emotion_agent.ros.messages import make_message, message_class
from node_kit import ManagedNode, Unavailable
from node_kit.diagnostics import RateMeter
from node_kit.qos import CAMERA_READER, RESULT

if TYPE_CHECKING:
    from emotion_models.runtime import Face


@dataclass
class TrackedFace:
    """The topics of one face, and its newest crop that nobody has taken yet."""

    subscription: Subscription
    publisher: Publisher
    of_units: Publisher | None = None  # made when there are some
    crop: Image | None = None


class TrackedFaces:
    """
    Keeps the newest crop of every tracked face, and publishes what a face expresses.

    Crops arrive on the executor; they may be taken, and expressions published, on another thread.

    Attributes:
        lists: when a list of the tracked faces came.
        dropped: crops that were not taken before a newer one came or their face left.
    """

    def __init__(
        self,
        node: ManagedNode,
        on_crop: Callable[[Header], None],
        on_loss: Callable[[Header], None],
        most: int,
    ):
        """
        Begin to listen.

        Args:
            node: owner of the subscriptions and publishers.
            on_crop: called with the header of every crop.
            on_loss: called with the header of a list that a face has left, or that is empty.
            most: faces that are followed at a time.
        """
        self.lists = RateMeter()
        self.dropped = 0
        self._node = node
        self._on_crop = on_crop
        self._on_loss = on_loss
        self._most = most
        self._faces: dict[str, TrackedFace] = {}
        self._lock = Lock()
        self._list = node.create_subscription(
            message_class(IDS), f'{FACES}/tracked', self._update, CAMERA_READER
        )

    @property
    def ids(self) -> set[str]:
        """The faces that are tracked now."""
        with self._lock:
            return set(self._faces)

    def take_crops(self) -> dict[str, Image]:
        """Return by id the crops that came since the last call."""
        taken = {}
        with self._lock:
            for face_id, face in self._faces.items():
                if face.crop is not None:
                    taken[face_id], face.crop = face.crop, None
        return taken

    def express(self, face: 'Face', header: Header, says_units: bool = False) -> None:
        """
        Publish what a face expresses; nothing once it has left.

        Args:
            face: of a crop.
            header: of the crop.
            says_units: its action units too, where it has some.
        """
        message = make_message(EXPRESSION, header=header, **expression_fields(face))
        units = (
            make_message(FACS, header=header, **units_fields(face))
            if says_units and face.action_units is not None
            else None
        )
        with self._lock:
            if (tracked := self._faces.get(face.id)) is None:
                return
            self._node.send(tracked.publisher, message)
            if units is not None:
                tracked.of_units = tracked.of_units or self._publisher(face.id, 'facs', FACS)
                self._node.send(tracked.of_units, units)

    def close(self) -> None:
        """Leave all topics."""
        self._node.destroy_subscription(self._list)
        for face_id in self.ids:
            self._leave(face_id)

    def _update(self, message: Any) -> None:
        self.lists.tick()
        wanted = choose_ids(message.ids, self.ids, self._most)
        if unusable := [name for name in message.ids if not ID.fullmatch(name)]:
            self._node.warn('ids', f'ignored ids that no topic can have: {unusable}')
        lost = self.ids - set(wanted)
        for face_id in lost:
            self._leave(face_id)
        for face_id in wanted:
            if face_id not in self._faces:
                self._join(face_id)
        if lost or not wanted:
            self._on_loss(message.header)

    def _join(self, face_id: str) -> None:
        topics = f'{FACES}/{face_id}'
        face = TrackedFace(
            self._node.create_subscription(
                Image,
                f'{topics}/cropped',
                lambda crop: self._take(face_id, crop),
                CAMERA_READER,
            ),
            self._publisher(face_id, 'expression', EXPRESSION),
        )
        with self._lock:
            self._faces[face_id] = face

    def _publisher(self, face_id: str, name: str, msgtype: str) -> Publisher:
        topic = f'{FACES}/{face_id}/{name}'
        return self._node.create_publisher(message_class(msgtype), topic, RESULT)

    def _leave(self, face_id: str) -> None:
        with self._lock:
            face = self._faces.pop(face_id)
            self.dropped += face.crop is not None
        self._node.destroy_subscription(face.subscription)
        for publisher in filter(None, (face.publisher, face.of_units)):
            self._node.destroy_publisher(publisher)

    def _take(self, face_id: str, crop: Image) -> None:
        with self._lock:
            if (face := self._faces.get(face_id)) is None:
                return
            self.dropped += face.crop is not None
            face.crop = crop
        self._on_crop(crop.header)


def require_hri_messages(parameter: str) -> None:
    """
    Make sure that hri_msgs is there, which is optional.

    Args:
        parameter: what needs it.

    Raises:
        Unavailable: if it is not.
    """
    try:
        message_class(EXPRESSION), message_class(IDS)
    except ImportError as error:
        raise Unavailable(
            f'{parameter} needs the package hri_msgs, which is not installed: '
            f'sudo apt install ros-$ROS_DISTRO-hri-msgs, or set {parameter} to false'
        ) from error
