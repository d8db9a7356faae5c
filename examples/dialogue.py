# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
A dialogue that stimulates the robot, and whose tone follows its state.

    python3 examples/dialogue.py

Subscribes: heard (std_msgs/String), what a person said.
Publishes:  say (std_msgs/String), what the robot answers.
Stimulates: `praise`, `scold` or `insult`.
"""

import re

import rclpy
from rclpy.executors import ExternalShutdownException
from rclpy.node import Node
from rclpy.time import Duration, Time
from std_msgs.msg import String

from emotion_agent.client import EmotionClient
from emotion_msgs.msg import EmotionState

EFFECT_DELAY = Duration(nanoseconds=200_000_000)
WORDS = {
    'praise': ('good', 'great', 'well', 'thanks', 'nice'),
    'scold': ('bad', 'wrong', 'no', 'stop'),
    'insult': ('stupid', 'useless', 'idiot'),
}
ANSWERS = {
    'joy': 'Hooray!',
    'love': 'I like you.',
    'power': 'I can do that.',
    'surprise': 'Oh!',
    'sad': 'I am sorry…',
    'fear': 'Please do not hurt me.',
    'mad': 'That was not fair!',
    'neutral': 'I see.',
}


class Dialogue(Node):
    """Answers as the state is after the words of the person."""

    def __init__(self):
        super().__init__('dialogue')
        self.emotion = EmotionClient(self)
        self.emotion.on_state(self.on_state)
        self.answer_after: Time | None = None
        self.say = self.create_publisher(String, 'say', 10)
        self.create_subscription(String, 'heard', self.on_heard, 10)

    def on_heard(self, message: String) -> None:
        words = re.findall(r'\w+', message.data.lower())
        for name, signs in WORDS.items():
            if hits := sum(word in signs for word in words):
                self.emotion.stimulate(name, min(1.0, 0.4 + 0.3 * hits))
        self.answer_after = self.get_clock().now() + EFFECT_DELAY

    def on_state(self, state: EmotionState) -> None:
        if self.answer_after and Time.from_msg(state.header.stamp) > self.answer_after:
            self.answer_after = None
            self.say.publish(String(data=ANSWERS[state.dominant]))


if __name__ == '__main__':
    rclpy.init()
    try:
        rclpy.spin(Dialogue())
    except (KeyboardInterrupt, ExternalShutdownException):
        rclpy.try_shutdown()
