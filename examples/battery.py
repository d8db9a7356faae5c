# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
A battery monitor that stimulates the robot when the battery runs low and when it is charged.

    python3 examples/battery.py

Subscribes: battery_state (sensor_msgs/BatteryState).
Stimulates: `low_battery` once a minute, stronger towards the end; `charging` when the charger is
            plugged in.
"""

import rclpy
from rclpy.executors import ExternalShutdownException
from rclpy.node import Node
from rclpy.time import Duration
from sensor_msgs.msg import BatteryState

from emotion_agent.client import EmotionClient

LOW = 0.2  # share of the charge
REPEAT = Duration(seconds=60)


class Battery(Node):
    """Turns a low charge and the plugging in of the charger into stimuli."""

    def __init__(self):
        super().__init__('battery')
        self.emotion = EmotionClient(self)
        self.is_charging = False
        self.warned_at = None
        self.create_subscription(BatteryState, 'battery_state', self.on_battery, 10)

    def on_battery(self, battery: BatteryState) -> None:
        is_charging = battery.power_supply_status == BatteryState.POWER_SUPPLY_STATUS_CHARGING
        if is_charging and not self.is_charging:
            self.emotion.stimulate('charging')
        elif not is_charging and battery.percentage < LOW:
            self.warn(1.0 - battery.percentage / LOW)
        self.is_charging = is_charging

    def warn(self, intensity: float) -> None:
        now = self.get_clock().now()
        is_time = self.warned_at is None or now - self.warned_at > REPEAT
        if is_time:
            self.emotion.stimulate('low_battery', intensity)
            self.warned_at = now


if __name__ == '__main__':
    rclpy.init()
    try:
        rclpy.spin(Battery())
    except (KeyboardInterrupt, ExternalShutdownException):
        rclpy.try_shutdown()
