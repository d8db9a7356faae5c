# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What of an agent is told to browsers: there only while somebody looks."""

from collections.abc import Iterator
from time import monotonic
from typing import Any

from diagnostic_msgs.msg import DiagnosticArray
from geometry_msgs.msg import Point
from rclpy.subscription import Subscription
from sensor_msgs.msg import CompressedImage
from std_msgs.msg import Float32

from emotion_agent.panels.agent_link import AgentView, Newest
from emotion_agent.ros.session_client import SessionClient
from emotion_agent.web import protocol
from emotion_agent.web.hands import Hands
from emotion_msgs.msg import Event
from node_kit import ManagedNode
from node_kit.images import ImageError, image_to_array
from node_kit.qos import CAMERA_READER, EVENT, RESULT
from node_kit.time import to_seconds

SILENT_S = 3.0  # without a state for so long no agent is there
ASK_S = 2.0
SLOW_S = 0.25  # between two looks at what changes rarely
DIAGNOSTICS_S = 1.0
STALE_S = 5.0  # a node says how it is every second
GONE_S = 60.0  # after so long nothing is said of it any more
STALE = 3
NEAR = 0.5  # how near a gaze by hand looks, [0, 1]

News = tuple[str, dict[str, Any]]
"""Kind of which the newest counts, '' = each counts; and the message."""


class Watch:
    """
    Follows one agent on a node; all methods are called by the executor of the node.

    Attributes:
        view: of the agent.
        sessions: of the agent.
    """

    def __init__(self, node: ManagedNode, has_camera: bool):
        """
        Args:
            node: gets the subscriptions, publishers and clients.
            has_camera: whether the picture of the camera may be seen.
        """
        self._node = node
        self._has_camera = has_camera
        namespace = node.get_namespace()
        self.view = AgentView(node, namespace, source='web')
        self.sessions = SessionClient(node, namespace)
        self._events: list[Event] = []
        self._health: dict[str, tuple[float, int, str]] = {}  # name -> when, level, message
        self._picture: Newest[CompressedImage] = Newest()
        self._camera: Subscription | None = None
        self._subscriptions = [
            node.create_subscription(Event, 'events', self._events.append, EVENT),
            node.create_subscription(
                DiagnosticArray, '/diagnostics', self._on_diagnostics, RESULT
            ),
        ]
        self._mouth = node.create_publisher(Float32, 'mouth', EVENT)
        self._gaze = node.create_publisher(Point, 'gaze', RESULT)
        self._seen: dict[str, Any] = {}  # what was told last
        self._due_s: dict[str, float] = {}

    def close(self) -> None:
        """Destroy what was made on the node."""
        self.watch_camera(False)
        for subscription in self._subscriptions:
            self._node.destroy_subscription(subscription)
        for publisher in (self._mouth, self._gaze):
            self._node.destroy_publisher(publisher)
        self.sessions.close()
        self.view.close()

    def watch_camera(self, is_watched: bool) -> None:
        """Subscribe to the annotated picture of the camera, or no longer."""
        if is_watched and self._camera is None:
            self._camera = self._node.create_subscription(
                CompressedImage, 'annotated_image/compressed', self._picture.put, CAMERA_READER
            )
        elif not is_watched and self._camera is not None:
            self._node.destroy_subscription(self._camera)
            self._camera = None

    def move(self, hands: Hands) -> None:
        """Publish the mouth and the gaze that somebody holds."""
        if hands.mouth is not None:
            self._node.send(self._mouth, Float32(data=hands.mouth))
        if hands.gaze is not None:
            x, y = hands.gaze
            self._node.send(self._gaze, Point(x=x, y=y, z=NEAR))

    def news(self) -> Iterator[News]:
        """Return what is new since the last call, in the order in which a page needs it."""
        if self._is_due('ask', ASK_S):
            self.view.ask()
        if self._is_due('slow', SLOW_S):
            yield from self._changed('hello', self._hello())
            yield from self._changed('silence', self._silence())
            yield from self._changed('session', protocol.session(self.sessions.status))
        if self._is_due('diagnostics', DIAGNOSTICS_S):
            yield from self._changed('diagnostics', self._diagnostics())
        yield from self._live()
        while self.view.causes:
            yield '', protocol.cause(self.view.causes.popleft())
        while self._events:
            yield '', protocol.event(self._events.pop(0))

    def _live(self) -> Iterator[News]:
        view = self.view
        if self._is_new('state', view.state):
            yield 'state', protocol.state(view.state.value)
        if self._is_new('picture', view.picture) and (face := self._face()) is not None:
            yield from self._changed('face', face, without='t')
        people = view.faces
        if self._is_new('people', view.affect) or len(people) != self._seen.get('crowd', 0):
            self._seen['crowd'] = len(people)
            seen = view.affect.value
            stamp_s = to_seconds(seen.header.stamp) if seen is not None else 0.0
            yield 'people', protocol.people(stamp_s, people)
        if self._camera is not None and self._is_new('camera', self._picture):
            image = self._picture.value
            if image is not None and len(image.data) <= protocol.JPEG_BYTES:
                t = to_seconds(image.header.stamp)
                yield 'camera', protocol.camera(t, image.data.tobytes())

    def _is_due(self, what: str, period_s: float) -> bool:
        now_s = monotonic()
        if now_s < self._due_s.get(what, 0.0):
            return False
        self._due_s[what] = now_s + period_s
        return True

    def _is_new(self, what: str, newest: Newest) -> bool:
        if self._seen.get(what, 0) == newest.count:
            return False
        self._seen[what] = newest.count
        return True

    def _changed(self, kind: str, message: dict[str, Any], without: str = '') -> Iterator[News]:
        """A message, unless it says what the last one of its kind said."""
        content = {key: value for key, value in message.items() if key != without}
        if self._seen.get(kind) != content:
            self._seen[kind] = content
            yield kind, message

    def _hello(self) -> dict[str, Any]:
        view = self.view
        return protocol.hello(view.namespace, view.stimuli, view.rest, self._has_camera)

    def _silence(self) -> dict[str, Any]:
        return protocol.silence(self.view.state.age_s < SILENT_S)

    def _face(self) -> dict[str, Any] | None:
        image = self.view.picture.value
        if image is None or image.width * image.height > protocol.FACE_PIXELS:
            return None
        try:
            pixels = image_to_array(image)
        except ImageError:
            return None  # the page keeps the last one
        return protocol.face(to_seconds(image.header.stamp), pixels) if pixels.ndim == 2 else None

    def _on_diagnostics(self, array: DiagnosticArray) -> None:
        place = f'{self._node.get_namespace().strip("/")}/'.lstrip('/')
        now_s = monotonic()
        for status in array.status:
            if status.name.startswith(place):
                level = int.from_bytes(status.level, 'little')
                name = status.name.removeprefix(place)
                self._health[name] = now_s, level, status.message

    def _diagnostics(self) -> dict[str, Any]:
        now_s = monotonic()
        self._health = {
            name: health for name, health in self._health.items() if now_s - health[0] < GONE_S
        }
        return protocol.diagnostics(
            (name, STALE, 'says nothing any more: it has ended, or hangs')
            if now_s - at_s > STALE_S
            else (name, level, message)
            for name, (at_s, level, message) in sorted(self._health.items())
        )
