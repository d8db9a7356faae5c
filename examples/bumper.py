# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
A bumper: the faster the robot drove, the stronger the stimulus.

    python3 examples/bumper.py

Subscribes: bumper (std_msgs/Bool, true = pressed), cmd_vel (geometry_msgs/Twist).
Stimulates: `collision` when the bumper is pressed.
"""

import math

import rclpy
from geometry_msgs.msg import Twist
from rclpy.executors import ExternalShutdownException
from rclpy.node import Node
from std_msgs.msg import Bool

from emotion_agent.client import EmotionClient

LEAST_INTENSITY = 0.2


class Bumper(Node):
    """Turns the rising edge of a switch into a stimulus."""

    def __init__(self):
        super().__init__('bumper')
        self.full_speed = self.declare_parameter('full_speed', 0.5).value  # m/s
        # A startle that comes late would be strange, so it does not wait long for an agent.
        self.emotion = EmotionClient(self, patience_s=0.5)
        self.speed = 0.0
        self.is_pressed = False
        self.create_subscription(Twist, 'cmd_vel', self.on_velocity, 10)
        self.create_subscription(Bool, 'bumper', self.on_bumper, 10)

    def on_velocity(self, command: Twist) -> None:
        self.speed = math.hypot(command.linear.x, command.linear.y)

    def on_bumper(self, message: Bool) -> None:
        if message.data and not self.is_pressed:
            share = min(1.0, self.speed / self.full_speed)
            self.emotion.stimulate('collision', LEAST_INTENSITY + (1.0 - LEAST_INTENSITY) * share)
        self.is_pressed = message.data


if __name__ == '__main__':
    rclpy.init()
    try:
        rclpy.spin(Bumper())
    except (KeyboardInterrupt, ExternalShutdownException):
        rclpy.try_shutdown()
