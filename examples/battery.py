# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
A battery monitor: an empty battery weighs on the robot, the charger is a relief.

    python3 examples/battery.py

Hears:   battery_state (sensor_msgs/BatteryState).
Does:    stimulates `low_battery`, again every minute and stronger towards the end, and
         `charging` when the charger is plugged in.
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
    """Turns charge and charger into stimuli, at the moments that matter."""

    def __init__(self):
        super().__init__('battery')
        self.emotion = EmotionClient(self)
        self.is_charging = False
        self.complained = None
        self.create_subscription(BatteryState, 'battery_state', self.on_battery, 10)

    def on_battery(self, battery: BatteryState) -> None:
        is_charging = battery.power_supply_status == BatteryState.POWER_SUPPLY_STATUS_CHARGING
        if is_charging and not self.is_charging:
            self.emotion.stimulate('charging')
        elif not is_charging and battery.percentage < LOW:
            self.complain(1.0 - battery.percentage / LOW)
        self.is_charging = is_charging

    def complain(self, intensity: float) -> None:
        now = self.get_clock().now()
        is_time = self.complained is None or now - self.complained > REPEAT
        if is_time and self.emotion.stimulate('low_battery', intensity):
            self.complained = now


if __name__ == '__main__':
    rclpy.init()
    try:
        rclpy.spin(Battery())
    except (KeyboardInterrupt, ExternalShutdownException):
        rclpy.try_shutdown()
