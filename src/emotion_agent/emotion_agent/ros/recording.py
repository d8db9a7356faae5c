# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Recordings of one agent: its topics, serialised as they come, in a bag (mcap, with definitions).

Of human_affect never the proportions of faces are written, their action units only if
`record_action_units` of the node is true, and camera images only if `record_images` is. A process
that is killed, or whose power is cut, loses a second at most and leaves a bag without its end,
which `emotion-agent replay` reads all the same.
"""

import os
import shutil
import sys
import time
from collections import Counter, deque
from contextlib import suppress
from pathlib import Path
from typing import Any

from rclpy.clock import Clock, ClockType
from rclpy.qos import DurabilityPolicy, QoSProfile, ReliabilityPolicy
from rclpy.serialization import deserialize_message, serialize_message
from rosbags.interfaces import Connection
from rosbags.rosbag2 import CompressionFormat, CompressionMode, StoragePlugin, Writer

from emotion_agent.logic.hri import EXPRESSION
from emotion_agent.logic.recorder import RECORD_UNITS
from emotion_agent.replay.discretion import discreet_affect
from emotion_agent.replay.messages import BagMessages, MalformedMessage
from emotion_agent.replay.sources import Names
from emotion_agent.replay.writer import flush, offered_qos
from emotion_agent.ros.agents import nothing_to_record
from emotion_agent.ros.home import home_folder
from emotion_agent.ros.messages import is_installed, message_class
from node_kit import Diagnosis, LatestWorker, ManagedNode, Unavailable
from node_kit.diagnostics import RateMeter
from node_kit.limits import MESSAGE_BYTES

DIAGNOSTICS = '/diagnostics', 'diagnostic_msgs/msg/DiagnosticArray'
AGENT_THERE_S = 5.0  # an agent that runs is found, and heard, within this time
SILENT_S = 30.0  # longer than between the states of the slowest agent
FLUSH_S = 0.5  # a loss of power costs this, and what the disk takes to write
QUEUE = 100  # a burst of small messages waits here while a chunk is written
MOST_OWN = 100  # messages of the node itself that are on their way back to it


class Recording:
    """
    One bag, from its beginning to `close`.

    Attributes:
        folder: of the bag.
        count: messages that were written.
        came: how many, by topic.
        problem: why nothing is written any more, in one line; empty while it goes well.
    """

    def __init__(self, node: ManagedNode, folder: Path, messages: BagMessages):
        """
        Begin a bag and subscribe.

        Args:
            node: whose subscriptions they are; has the parameters of `logic.recorder.TABLE`.
            folder: of the bag; a number is added where it is there already.
            messages: of `known_messages`.

        Raises:
            Unavailable: if it cannot be written.
        """
        self._node = node
        self._messages = messages
        self.folder = free_folder(folder)
        self._writer: Writer | None = new_bag(self.folder)
        self._disk_error: Exception | None = None
        self._disk = LatestWorker(os.fdatasync, 'disk', self._note_disk_error)
        self.problem = self._nothing = ''  # of an agent came; why
        self._rate, self._bytes, self._left_out = RateMeter(), 0, 0
        self._started_s = self._heard_s = time.monotonic()
        self.came = Counter[str]()
        self._own: deque[Any] = deque(maxlen=MOST_OWN)
        names = Names(node.get_namespace().strip('/'), node.settings['image_topic'])
        self._snapshot = names.snapshot
        self._of_the_agent = (names.state, names.affect)
        self._affect = names.affect
        self._camera = (names.image, names.compressed)
        self._connections: dict[str, Connection] = {}
        self._inputs = [
            self._listen(names, topic, msgtype)
            for topic, msgtype in recorded_topics(names)
            if node.settings['record_images'] or topic not in self._camera
        ]
        # A power cut does not wait for simulated time.
        steady = Clock(clock_type=ClockType.STEADY_TIME)
        self._timer = node.create_timer(FLUSH_S, self._flush, clock=steady)
        pictures = 'with' if node.settings['record_images'] else 'without'
        node.get_logger().info(f'recording to {self.folder}, {pictures} camera images')

    @property
    def count(self) -> int:
        """How many messages were written."""
        return self._rate.count

    @property
    def is_over(self) -> bool:
        """Whether nothing is written any more: it was closed, or there is a problem."""
        return self._writer is None

    @property
    def can_be_replayed(self) -> bool:
        """Whether it has where the state stood, which comes before the first state."""
        return self.came[self._snapshot] > 0

    def add(self, topic: str, message: Any) -> None:
        """
        Write a message of the node itself, before it publishes it; also once ROS is shut down.

        What comes of it on the topic is not written again.

        Args:
            topic: one that is recorded, relative to the namespace of the node.
            message: of ROS.
        """
        self._own.append(message)
        name = Names(self._node.get_namespace().strip('/'))[topic]
        self._write(name, self._node.get_clock().now().nanoseconds, serialize_message(message))

    def close(self) -> None:
        """Unsubscribe and end the bag."""
        self._unsubscribe()
        if self._writer is None:
            return
        hears_no_agent = self._hears_no_agent()
        try:
            self._check_disk()
            self._writer.close()
        except OSError as error:
            self._stop(error)
            return
        self._writer = None
        self._node.get_logger().info(f'recorded {self.count} messages to {self.folder}')
        if hears_no_agent:
            line = self._nothing or 'neither state nor human_affect came'
            self._node.get_logger().warning(line)

    def discard(self) -> None:
        """Unsubscribe and remove the bag."""
        self._unsubscribe()
        writer, self._writer = self._writer, None
        with suppress(OSError):
            if writer is not None:
                writer.abort()
        shutil.rmtree(self.folder, ignore_errors=True)

    def diagnosis(self) -> Diagnosis:
        """Report how much was written."""
        values = {
            'messages': self.count,
            'rate_hz': self._rate.hz,
            'bytes': self._bytes,
            'left_out': self._left_out,
            'folder': str(self.folder),
        }
        diagnosis = Diagnosis('bag', values=values)
        if self.problem:
            diagnosis.error(self.problem)
        elif self._hears_no_agent() and time.monotonic() > self._started_s + AGENT_THERE_S:
            # Kept for the end, when ROS may be shut down and nobody can be asked.
            self._nothing = nothing_to_record(self._node)
            diagnosis.warn(self._nothing)
        elif self._writer and (silent_s := time.monotonic() - self._heard_s) > SILENT_S:
            diagnosis.warn(f'neither state nor human_affect for {silent_s:.0f} s')
        return diagnosis

    def _hears_no_agent(self) -> bool:
        return self._writer is not None and not any(map(self.came.get, self._of_the_agent))

    def _unsubscribe(self) -> None:
        self._node.destroy_timer(self._timer)
        for subscription in self._inputs:
            self._node.destroy_subscription(subscription)
        self._disk.close()

    def _listen(self, names: Names, topic: str, msgtype: str):
        assert self._writer is not None
        is_latched = topic in (names.state, names.parameters)
        is_camera = topic in self._camera
        self._connections[topic] = self._writer.add_connection(
            topic,
            msgtype,
            typestore=self._messages.typestore,
            offered_qos_profiles=[offered_qos(is_latched)],
        )
        qos = QoSProfile(
            depth=QUEUE // 10 if is_camera else QUEUE,
            # A best-effort reader matches every camera driver.
            reliability=ReliabilityPolicy.BEST_EFFORT if is_camera else ReliabilityPolicy.RELIABLE,
            # A state from before the snapshot could not be replayed.
            durability=DurabilityPolicy.TRANSIENT_LOCAL
            if topic == names.parameters
            else DurabilityPolicy.VOLATILE,
        )
        return self._node.create_subscription(
            message_class(msgtype), topic, self._take_from(topic, msgtype), qos, raw=True
        )

    def _take_from(
        self, topic: str, msgtype: str
    ) -> Any:  # rclpy does not say that it also gives the times
        most = sys.maxsize if topic in self._camera else MESSAGE_BYTES
        keeps_units = self._node.settings[RECORD_UNITS]

        def take(data: bytes, info: dict[str, Any]) -> None:
            if self._writer is None:
                return
            if len(data) > most:
                self._left_out += 1
                self._node.warn(
                    'large',
                    f'left out a message of {len(data)} bytes on {topic}: at most {most} are '
                    'recorded of what is no camera image',
                )
                return
            if topic == self._affect:
                try:
                    data = discreet_affect(self._messages, data, keeps_units)
                except MalformedMessage as error:
                    self._left_out += 1
                    self._node.warn('malformed', f'left out a message on {topic}: {error}')
                    return
            if not self._is_own(msgtype, data):
                self._write(topic, self._time_of(info), data)

        return take

    def _is_own(self, msgtype: str, data: bytes) -> bool:
        """Whether it was written before it was published."""
        kind = message_class(msgtype)
        if not any(isinstance(message, kind) for message in self._own):
            return False
        message = deserialize_message(data, kind)
        if message not in self._own:
            return False
        self._own.remove(message)
        return True

    def _write(self, topic: str, time_ns: int, data: bytes) -> None:
        if self._writer is None:
            return
        try:
            self._writer.write(self._connections[topic], time_ns, data)
        except OSError as error:
            self._stop(error)
            return
        self._rate.tick()
        self.came[topic] += 1
        if topic in self._of_the_agent:
            self._heard_s = time.monotonic()
        self._bytes += len(data)

    def _flush(self) -> None:
        if self._writer is None:
            return
        try:
            self._check_disk()
            file = flush(self._writer)
        except OSError as error:
            self._stop(error)
            return
        if file >= 0:
            self._disk.offer(file)

    def _check_disk(self) -> None:
        """Raise what synchronising has met."""
        if self._disk_error is not None:
            raise self._disk_error

    def _note_disk_error(self, error: Exception) -> None:
        self._disk_error = error

    def _stop(self, error: OSError) -> None:
        """Leave what is written so far, which can be read without its end."""
        writer, self._writer = self._writer, None
        if writer is None:
            return
        with suppress(OSError):
            writer.abort()
        self.problem = f'stopped recording to {self.folder}: {error.strerror}'
        self._node.get_logger().error(self.problem)

    def _time_of(self, info: dict[str, Any]) -> int:
        """When a message was received, not when there was time to write it, ns."""
        if self._node.get_parameter('use_sim_time').value:
            return self._node.get_clock().now().nanoseconds
        return info['received_timestamp'] or self._node.get_clock().now().nanoseconds


def known_messages(image_topic: str) -> BagMessages:
    """
    Read the message definitions, and find every kind that is recorded.

    Raises:
        ImportError: if its package is not installed.
    """
    for _, msgtype in recorded_topics(Names('', image_topic)):
        message_class(msgtype)
    return BagMessages()


def recorded_topics(names: Names) -> list[tuple[str, str]]:
    """
    Return (topic, type) in the order in which to subscribe.

    The snapshot comes when its subscriber is found. So that nothing after it is missed and it
    comes before the states, it is followed only by those and the faces. Expressions to be shown
    are left out where their type is not installed, as there are none then.
    """
    expected = names.expected()
    if not is_installed(EXPRESSION):
        del expected[names.shown]
    outcome = [(topic, expected.pop(topic)) for topic in (names.state, names.face)]
    return [*expected.items(), DIAGNOSTICS, *names.about().items(), *outcome]


def new_bag(folder: Path) -> Writer:
    """
    Return the open writer of a new bag.

    Raises:
        Unavailable: if it cannot be written.
    """
    writer = Writer(folder, version=Writer.VERSION_LATEST, storage_plugin=StoragePlugin.MCAP)
    writer.set_compression(CompressionMode.STORAGE, CompressionFormat.ZSTD)
    try:
        writer.open()
    except OSError as error:
        raise Unavailable(f'cannot record to {folder}: {error.strerror}') from error
    return writer


def usual_folder(kind: str) -> Path:
    """
    Return the folder of all bags of a kind.

    Args:
        kind: its name within that of the agent.

    Raises:
        Unavailable: if there is no home folder.
    """
    home = home_folder()
    if home is None:
        raise Unavailable(f'there is no home folder for {kind}; set the parameter folder')
    return home / kind


def free_folder(folder: Path) -> Path:
    """Return `folder`, or the first of FOLDER_1, FOLDER_2, … where it is there already."""
    number, free = 0, folder
    while free.exists():
        number += 1
        free = folder.with_name(f'{folder.name}_{number}')
    return free
