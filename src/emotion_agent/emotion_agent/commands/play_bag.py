# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Play a bag and its time on /clock, where `ros2 bag` is not installed.

    ros2 run emotion_agent play_bag BAG [--rate 4] [--loop] [--topics /emotion/stimulus …]

Reads sqlite3 and mcap, and skips what is damaged. Nodes follow its time when they run with
use_sim_time. They keep their own parameters: `replay.launch.py` gives them those of the bag.
"""

if __name__ == '__main__':  # before the imports, of which one may fail
    from emotion_agent import programs

    raise SystemExit(programs.play_bag())

import argparse
import math
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from time import monotonic, sleep

import rclpy
from builtin_interfaces.msg import Time
from rclpy.executors import ExternalShutdownException
from rclpy.node import Node
from rclpy.qos import DurabilityPolicy, QoSProfile
from rosgraph_msgs.msg import Clock

from emotion_agent.replay.bag import Bag
from emotion_agent.replay.gaps import GAP_S, Gap, is_possible
from emotion_agent.ros.messages import message_class
from emotion_agent.ros.transports import use_large_segment
from node_kit.discovery import use_profile
from node_kit.log_folder import log_arguments
from node_kit.publishing import publish
from node_kit.qos import EVENT, SENSOR_DATA
from node_kit.ros_environment import require_usable_environment
from node_kit.text import printable
from node_kit.time import stamp_fields

CLOCK_PERIOD_S = 0.01
CLOCK_TOPIC = '/clock'
STEADY_S = 1.0
_NANOSECONDS = 1_000_000_000


class BagPlayer:
    """
    Publishes the messages of a bag at the intervals at which they were recorded.

    Attributes:
        skipped: topics that cannot be played -> why.
    """

    def __init__(
        self,
        node: Node,
        bag: Bag,
        topics: Iterable[str] = (),
        remappings: Mapping[str, str] | None = None,
    ):
        """
        Create the publishers.

        Args:
            node: publishes.
            bag: the recording.
            topics: play only these; none = all.
            remappings: recorded topic -> topic to publish on.
        """
        self.skipped: dict[str, str] = {}
        self._node = node
        self._bag = bag
        self._clock = node.create_publisher(Clock, CLOCK_TOPIC, SENSOR_DATA)
        self._publishers_of = {}
        # /clock comes from the player: a recorded one would contradict the rate.
        for topic in (set(topics) or set(bag.topics)) - {CLOCK_TOPIC}:
            if topic not in bag.topics:
                self.skipped[topic] = 'not recorded'
                continue
            msgtype, problem = bag.topics[topic].msgtype, bag.topics[topic].problem
            if problem:
                self.skipped[topic] = problem
                continue
            try:
                kind = message_class(msgtype)
            except (ImportError, AttributeError):
                self.skipped[topic] = f'{msgtype} is not installed'
                continue
            name = (remappings or {}).get(topic, topic)
            qos = offered_qos(bag.topics[topic].is_latched)
            self._publishers_of[topic] = node.create_publisher(kind, name, qos)

    def wait_for_subscribers(self, timeout_s: float) -> None:
        """
        Wait until all subscribers are matched, so that the beginning of the bag is not lost.

        Returns when no topic has gained a subscriber for a while, at the latest after `timeout_s`.
        """
        end_s = monotonic() + timeout_s
        publishers = [self._clock, *self._publishers_of.values()]
        seen: list[int] = []
        steady_since_s = monotonic()
        while monotonic() < end_s:
            counts = [publisher.get_subscription_count() for publisher in publishers]
            known = [
                self._node.count_subscribers(publisher.topic_name) for publisher in publishers
            ]
            if counts != seen:
                seen, steady_since_s = counts, monotonic()
            if all(counts) and counts == known and monotonic() - steady_since_s > STEADY_S:
                return
            sleep(CLOCK_PERIOD_S)

    def play(self, rate: float = 1.0) -> int:
        """
        Play the bag once; a gap of more than `GAP_S` without a message is jumped.

        Args:
            rate: how many times faster than recorded.

        Returns:
            How many messages were published.
        """
        begun_ns = newest_ns = max(0, self._bag.start_ns)
        begun_s = monotonic()
        count = misplaced = 0
        for message in self._bag.messages(self._publishers_of):
            if not self._node.context.ok():
                break
            if message.msgtype != self._bag.topics[message.topic].msgtype:
                continue
            if not is_possible(message.time_ns):
                misplaced += 1
                continue
            gap = Gap(newest_ns, message.time_ns)
            if gap.length_s > GAP_S:
                self._node.get_logger().info(f'jumped a gap of {gap}')
                begun_ns, begun_s = message.time_ns, monotonic()
            newest_ns = max(newest_ns, message.time_ns)
            due_s = begun_s + (message.time_ns - begun_ns) / _NANOSECONDS / rate
            while (left_s := due_s - monotonic()) > 0:
                self._publish_time(begun_ns + round((monotonic() - begun_s) * rate * _NANOSECONDS))
                sleep(min(left_s, CLOCK_PERIOD_S))
            self._publish_time(message.time_ns)
            publish(self._node, self._publishers_of[message.topic], message.data)
            count += 1
        if misplaced:
            self._bag.damage.append(f'{misplaced} messages: a time that cannot be')
        return count

    def _publish_time(self, time_ns: int) -> None:
        publish(self._node, self._clock, Clock(clock=Time(**stamp_fields(time_ns))))


def offered_qos(is_latched: bool) -> QoSProfile:
    """Return a quality of service that matches the subscribers of the recorded topic."""
    if not is_latched:
        return EVENT
    return QoSProfile(depth=EVENT.depth, durability=DurabilityPolicy.TRANSIENT_LOCAL)


def parse() -> tuple[argparse.Namespace, list[str]]:
    """Read the command line; what is left is for ROS."""
    parser = argparse.ArgumentParser(prog='play_bag', description=__doc__.splitlines()[1])
    parser.add_argument('bag', type=Path, help='sqlite3 or mcap bag, folder or file')
    parser.add_argument('--rate', type=float, default=1.0, help='times faster (default 1)')
    parser.add_argument('--loop', action='store_true', help='start over at the end')
    parser.add_argument(
        '--wait', type=float, default=5.0, metavar='S', help='for subscribers, at most (default 5)'
    )
    parser.add_argument('--topics', nargs='+', default=(), help='play only these')
    parser.add_argument(
        '--remap', nargs='+', type=remapping, default=(), metavar='A:=B', help='play A as B'
    )
    options, ros_arguments = parser.parse_known_args()
    if not 0.0 < options.rate < math.inf:
        parser.error(f'--rate: expected > 0, got {options.rate}')
    return options, ros_arguments


def remapping(text: str) -> tuple[str, str]:
    """Read one pair of topics."""
    recorded, mark, played = text.partition(':=')
    if not (recorded and mark and played):
        raise argparse.ArgumentTypeError(f'expected A:=B, got {text!r}')
    return recorded, played


def main() -> int:
    """Run the command and return its exit status."""
    options, ros_arguments = parse()
    use_large_segment()
    require_usable_environment()
    use_profile()
    rclpy.init(args=[sys.argv[0], *ros_arguments, *log_arguments()])
    node = rclpy.create_node('bag_player')
    try:
        with Bag(options.bag) as bag:
            play_all(node, bag, options)
    except (KeyboardInterrupt, ExternalShutdownException):
        pass
    finally:
        node.destroy_node()
        rclpy.try_shutdown()
    return 0


def play_all(node: Node, bag: Bag, options: argparse.Namespace) -> None:
    """Play a bag as the options say, and log what is left out."""
    player = BagPlayer(node, bag, options.topics, dict(options.remap))
    for topic, reason in player.skipped.items():
        node.get_logger().warning(printable(f'skipped {topic}: {reason}'))
    player.wait_for_subscribers(options.wait)
    while True:
        node.get_logger().info(f'played {player.play(options.rate)} messages')
        for line in bag.damage:
            node.get_logger().warning(printable(f'skipped: {line}'))
        bag.damage.clear()
        if not options.loop or not node.context.ok():
            return
