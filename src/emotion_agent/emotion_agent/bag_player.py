# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Play a bag with its clock, where `ros2 bag` is not installed.

    ros2 run emotion_agent play_bag BAG [--rate 4] [--loop] [--topics /emotion/stimulus …]

Reads sqlite3 and mcap. Nodes follow its time when they run with use_sim_time.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from time import monotonic, sleep
from typing import NamedTuple

import rclpy
from builtin_interfaces.msg import Time
from rclpy.executors import ExternalShutdownException
from rclpy.node import Node
from rclpy.qos import DurabilityPolicy, QoSProfile
from rosbags.highlevel import AnyReader, AnyReaderError
from rosbags.interfaces import Connection, QosDurability
from rosbags.typesys import Stores, get_typestore
from rosgraph_msgs.msg import Clock

from emotion_agent.image_transport import use_large_segment
from node_kit.qos import EVENT, SENSOR_DATA

CLOCK_PERIOD_S = 0.01
CLOCK_TOPIC = '/clock'
STEADY_S = 1.0
_NANOSECONDS = 1_000_000_000


class Recorded(NamedTuple):
    """One message of a bag."""

    connection: Connection
    time_ns: int  # when it was recorded
    data: bytes  # as it was on the wire


class BagPlayer:
    """
    Publishes the messages of a bag in the rhythm in which they were recorded.

    Attributes:
        skipped: topics that cannot be played -> why.
    """

    def __init__(self, node: Node, reader: AnyReader, topics: Iterable[str] = ()):
        """
        Create the publishers.

        Args:
            node: publishes.
            reader: an open bag.
            topics: play only these; none = all.
        """
        self.skipped: dict[str, str] = {}
        self._node = node
        self._reader = reader
        self._clock = node.create_publisher(Clock, CLOCK_TOPIC, SENSOR_DATA)
        wanted = set(topics)
        self._publishers = {}
        for connection in reader.connections:
            # The clock is ours: a recorded one would contradict the rate.
            if connection.topic == CLOCK_TOPIC or (wanted and connection.topic not in wanted):
                continue
            try:
                kind = message_class(connection.msgtype)
            except (ImportError, AttributeError):
                self.skipped[connection.topic] = f'{connection.msgtype} is not installed'
                continue
            self._publishers[connection.id] = node.create_publisher(
                kind, connection.topic, offered_qos(connection)
            )

    def wait_for_listeners(self, timeout_s: float) -> None:
        """
        Wait until whoever wants to listen does, so that the beginning of the bag is not lost.

        Returns when no topic has gained a listener for a while, at the latest after `timeout_s`.
        """
        end = monotonic() + timeout_s
        publishers = [self._clock, *self._publishers.values()]
        seen: list[int] = []
        steady_since = monotonic()
        while monotonic() < end:
            counts = [publisher.get_subscription_count() for publisher in publishers]
            known = [
                self._node.count_subscribers(publisher.topic_name) for publisher in publishers
            ]
            if counts != seen:
                seen, steady_since = counts, monotonic()
            if all(counts) and counts == known and monotonic() - steady_since > STEADY_S:
                return
            sleep(CLOCK_PERIOD_S)

    def play(self, rate: float = 1.0) -> int:
        """
        Play the bag once.

        Args:
            rate: how many times faster than recorded.

        Returns:
            How many messages were published.
        """
        start_ns = self._reader.start_time
        begun = monotonic()
        count = 0
        for message in self._messages():
            due = begun + (message.time_ns - start_ns) / _NANOSECONDS / rate
            while (left := due - monotonic()) > 0:
                self._tell_time(start_ns + round((monotonic() - begun) * rate * _NANOSECONDS))
                sleep(min(left, CLOCK_PERIOD_S))
            self._tell_time(message.time_ns)
            self._publishers[message.connection.id].publish(message.data)
            count += 1
        return count

    def _messages(self) -> Iterator[Recorded]:
        playable = [c for c in self._reader.connections if c.id in self._publishers]
        return (Recorded(*message) for message in self._reader.messages(playable))

    def _tell_time(self, time_ns: int) -> None:
        sec, nanosec = divmod(time_ns, _NANOSECONDS)
        self._clock.publish(Clock(clock=Time(sec=sec, nanosec=nanosec)))


def offered_qos(connection: Connection) -> QoSProfile:
    """Return the quality of service that was recorded, so that the same readers match."""
    recorded = getattr(connection.ext, 'offered_qos_profiles', None)
    if not recorded:
        return EVENT
    is_latched = recorded[0].durability == QosDurability.TRANSIENT_LOCAL
    return QoSProfile(
        depth=max(EVENT.depth, recorded[0].depth),
        durability=DurabilityPolicy.TRANSIENT_LOCAL if is_latched else DurabilityPolicy.VOLATILE,
    )


def message_class(name: str) -> type:
    """Return the class of a message type such as `std_msgs/msg/String`."""
    package, _, kind = name.partition('/msg/')
    return getattr(import_module(f'{package}.msg'), kind)


def parse() -> tuple[argparse.Namespace, list[str]]:
    """Read the command line; what is left is for ROS."""
    parser = argparse.ArgumentParser(prog='play_bag', description=__doc__.splitlines()[1])
    parser.add_argument('bag', type=Path, help='folder of a sqlite3 or mcap bag')
    parser.add_argument('--rate', type=float, default=1.0, help='times faster (default 1)')
    parser.add_argument('--loop', action='store_true', help='start over at the end')
    parser.add_argument(
        '--wait', type=float, default=5.0, metavar='S', help='at most, for listeners (default 5)'
    )
    parser.add_argument('--topics', nargs='+', default=(), help='play only these')
    options, ros_arguments = parser.parse_known_args()
    if not options.rate > 0:
        parser.error(f'--rate: expected > 0, got {options.rate}')
    return options, ros_arguments


def main() -> int:
    """Run the command and return its exit status."""
    options, ros_arguments = parse()
    use_large_segment()
    rclpy.init(args=[sys.argv[0], *ros_arguments])
    node = rclpy.create_node('bag_player')
    try:
        with AnyReader(
            [options.bag], default_typestore=get_typestore(Stores.ROS2_JAZZY)
        ) as reader:
            player = BagPlayer(node, reader, options.topics)
            for topic, reason in player.skipped.items():
                node.get_logger().warning(f'skipped {topic}: {reason}')
            player.wait_for_listeners(options.wait)
            while True:
                node.get_logger().info(f'played {player.play(options.rate)} messages')
                if not options.loop:
                    return 0
    except (AnyReaderError, OSError) as problem:
        print(f'play_bag: {options.bag} is no bag that can be read: {problem}', file=sys.stderr)
        return 2
    except (KeyboardInterrupt, ExternalShutdownException):
        return 0
    finally:
        node.destroy_node()
        rclpy.try_shutdown()
