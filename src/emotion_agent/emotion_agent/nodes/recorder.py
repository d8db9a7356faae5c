# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
The node `recorder`: writes the topics of the agent into a bag (mcap, with definitions).

Subscribes: human_affect, state, emotion_state/causes, stimulus, stimulus_text, gaze, mouth,
            face_image, /diagnostics, and the camera images only if `record_images` is true; for
            an exact replay events, emotion_state/snapshot, parameters and /parameter_events.
            Of human_affect never the proportions of faces, and their action units only if
            `record_action_units` is true.
Publishes:  nothing.
No input:   the bag is empty; without state and human_affect the diagnostics and the end of the
            log name the namespaces that have an agent (`-r __ns:=/emotion` records that
            one). A recorder that is killed, or whose power is cut, loses a second at most and
            leaves a bag without its end, which `emotion-agent replay` reads all the same.
"""

if __name__ == '__main__':  # before the imports, of which one may fail
    from emotion_agent import programs

    raise SystemExit(programs.recorder())

import os
import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

from rclpy.clock import Clock, ClockType
from rclpy.qos import DurabilityPolicy, QoSProfile, ReliabilityPolicy
from rosbags.rosbag2 import CompressionFormat, CompressionMode, StoragePlugin, Writer

from emotion_agent.replay.discretion import RECORD_UNITS, discreet_affect
from emotion_agent.replay.messages import BagMessages, MalformedMessage
from emotion_agent.replay.sources import Names
from emotion_agent.replay.writer import flush, offered_qos
from emotion_agent.ros.agents import nothing_to_record
from emotion_agent.ros.home import home_folder
from emotion_agent.ros.messages import message_class
from node_kit import Diagnosis, LatestWorker, ManagedNode, Setting, Unavailable, run
from node_kit.diagnostics import RateMeter
from node_kit.limits import MESSAGE_BYTES
from node_kit.paths import expanded

DIAGNOSTICS = '/diagnostics', 'diagnostic_msgs/msg/DiagnosticArray'
AGENT_THERE_S = 5.0  # an agent that runs is found, and heard, within this time
SILENT_S = 30.0  # longer than between the states of the slowest agent
FLUSH_S = 0.5  # a loss of power costs this, and what the disk takes to write
QUEUE = 100  # a burst of small messages waits here while a chunk is written


class Recorder(ManagedNode):
    """Writes serialised messages as they come; each activation begins a bag of its own."""

    TABLE = (
        Setting('folder', '', 'of the new bag; empty = ROS_HOME/emotion_agent/bags/DATE_TIME; a '
                'number is added where it is there already', fixed=True),
        Setting('record_images', False, 'record the camera images too; false = no picture of a '
                'person is stored', fixed=True),
        Setting(RECORD_UNITS, False, 'record what faces of people do in detail, as a '
                'replay of the mirror needs it; false = human_affect is recorded without',
                fixed=True),
        Setting('image_topic', 'camera/image_raw', 'camera topic; compressed images are taken '
                'from this name + /compressed', fixed=True),
    )  # fmt: skip

    def __init__(self, **node_options):
        super().__init__('recorder', **node_options)
        self._rate = RateMeter()
        self._writer: Writer | None = None
        self._bytes = self._left_out = 0
        self._problem = ''
        self._nothing = ''  # of an agent came; why

    def check_settings(self, values: dict, given: set[str]) -> None:
        """Refuse a folder that cannot be one."""
        expanded(values['folder'])

    def on_prepare(self) -> None:
        """Read the message definitions, and find every kind that is recorded."""
        self._messages = BagMessages()
        for _, msgtype in recorded_topics(Names('', self.settings['image_topic'])):
            message_class(msgtype)

    def on_start(self) -> None:
        """Begin a bag and subscribe."""
        chosen = self.settings['folder']
        self._folder = free_folder(expanded(chosen) if chosen else default_folder())
        self._writer = Writer(
            self._folder, version=Writer.VERSION_LATEST, storage_plugin=StoragePlugin.MCAP
        )
        self._writer.set_compression(CompressionMode.STORAGE, CompressionFormat.ZSTD)
        try:
            self._writer.open()
        except OSError as error:
            self._writer = None
            raise Unavailable(f'cannot record to {self._folder}: {error.strerror}') from error
        self._disk_error: Exception | None = None
        self._disk = LatestWorker(os.fdatasync, 'disk', self._note_disk_error)
        self._problem = self._nothing = ''
        self._rate, self._bytes, self._left_out = RateMeter(), 0, 0
        self._started_s = self._heard_s = time.monotonic()
        self._came = Counter[str]()
        names = Names(self.get_namespace().strip('/'), self.settings['image_topic'])
        self._of_the_agent = (names.state, names.affect)
        self._affect = names.affect
        self._camera = (names.image, names.compressed)
        self._inputs = [
            self._listen(names, topic, msgtype)
            for topic, msgtype in recorded_topics(names)
            if self.settings['record_images'] or topic not in self._camera
        ]
        # A power cut does not wait for simulated time.
        steady = Clock(clock_type=ClockType.STEADY_TIME)
        self._timer = self.create_timer(FLUSH_S, self._flush, clock=steady)
        pictures = 'with' if self.settings['record_images'] else 'without'
        self.get_logger().info(f'recording to {self._folder}, {pictures} camera images')

    def on_stop(self) -> None:
        """Unsubscribe and end the bag."""
        self.destroy_timer(self._timer)
        for subscription in self._inputs:
            self.destroy_subscription(subscription)
        self._disk.close()
        if self._writer is None:
            return
        hears_no_agent = self._hears_no_agent()
        try:
            self._check_disk()
            self._writer.close()
        except OSError as error:
            self._stop_recording(error)
            return
        self._writer = None
        self.get_logger().info(f'recorded {self._rate.count} messages to {self._folder}')
        if hears_no_agent:
            self.get_logger().warning(self._nothing or 'neither state nor human_affect came')

    def diagnose(self) -> list[Diagnosis]:
        """Report how much was written."""
        values = {
            'messages': self._rate.count,
            'rate_hz': self._rate.hz,
            'bytes': self._bytes,
            'left_out': self._left_out,
            'folder': getattr(self, '_folder', ''),
        }
        diagnosis = Diagnosis('bag', values=values)
        if self._problem:
            diagnosis.error(self._problem)
        elif self._hears_no_agent() and time.monotonic() > self._started_s + AGENT_THERE_S:
            # Kept for the end, when ROS may be shut down and nobody can be asked.
            self._nothing = nothing_to_record(self)
            diagnosis.warn(self._nothing)
        elif self.is_active and (silent_s := time.monotonic() - self._heard_s) > SILENT_S:
            diagnosis.warn(f'neither state nor human_affect for {silent_s:.0f} s')
        return [diagnosis]

    def _hears_no_agent(self) -> bool:
        return self._writer is not None and not any(map(self._came.get, self._of_the_agent))

    def _listen(self, names: Names, topic: str, msgtype: str):
        assert self._writer is not None
        is_latched = topic in (names.state, names.parameters)
        is_camera = topic in self._camera
        connection = self._writer.add_connection(
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
        return self.create_subscription(
            message_class(msgtype), topic, self._write_to(connection, topic), qos, raw=True
        )

    def _write_to(
        self, connection, topic: str
    ) -> Any:  # rclpy does not say that it also gives the times
        most = sys.maxsize if topic in self._camera else MESSAGE_BYTES
        keeps_units = self.settings[RECORD_UNITS]

        def write(data: bytes, info: dict[str, Any]) -> None:
            if self._writer is None:
                return
            if len(data) > most:
                self._left_out += 1
                self.warn(
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
                    self.warn('malformed', f'left out a message on {topic}: {error}')
                    return
            try:
                self._writer.write(connection, self._time_of(info), data)
            except OSError as error:
                self._stop_recording(error)
                return
            self._rate.tick()
            self._came[topic] += 1
            if topic in self._of_the_agent:
                self._heard_s = time.monotonic()
            self._bytes += len(data)

        return write

    def _flush(self) -> None:
        if self._writer is None:
            return
        try:
            self._check_disk()
            file = flush(self._writer)
        except OSError as error:
            self._stop_recording(error)
            return
        if file >= 0:
            self._disk.offer(file)

    def _check_disk(self) -> None:
        """Raise what synchronising has met."""
        if self._disk_error is not None:
            raise self._disk_error

    def _note_disk_error(self, error: Exception) -> None:
        self._disk_error = error

    def _stop_recording(self, error: OSError) -> None:
        """Leave what is written so far, which can be read without its end."""
        writer, self._writer = self._writer, None
        if writer is None:
            return
        with suppress(OSError):
            writer.abort()
        self._problem = f'stopped recording to {self._folder}: {error.strerror}'
        self.get_logger().error(self._problem)

    def _time_of(self, info: dict[str, Any]) -> int:
        """When a message was received, not when there was time to write it, ns."""
        if self.get_parameter('use_sim_time').value:
            return self.get_clock().now().nanoseconds
        return info['received_timestamp'] or self.get_clock().now().nanoseconds


def recorded_topics(names: Names) -> list[tuple[str, str]]:
    """
    Return (topic, type) in the order in which to subscribe.

    The snapshot comes when its subscriber is found. So that nothing after it is missed and it
    comes before the states, it is followed only by those and the faces.
    """
    expected = names.expected()
    outcome = [(topic, expected.pop(topic)) for topic in (names.state, names.face)]
    return [*expected.items(), DIAGNOSTICS, *names.about().items(), *outcome]


def default_folder() -> Path:
    """
    Return a folder that is named by the time.

    Raises:
        Unavailable: if there is no home folder.
    """
    home = home_folder()
    if home is None:
        raise Unavailable('there is no home folder for the bag; set the parameter folder')
    return home / 'bags' / time.strftime('%Y-%m-%d_%H-%M-%S')


def free_folder(folder: Path) -> Path:
    """Return `folder`, or the first of FOLDER_1, FOLDER_2, … where it is there already."""
    number, free = 0, folder
    while free.exists():
        number += 1
        free = folder.with_name(f'{folder.name}_{number}')
    return free


def main() -> int:
    """Run the node."""
    return run(Recorder)
