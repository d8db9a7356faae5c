# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Quality of service for every kind of topic."""

from rclpy.qos import DurabilityPolicy, QoSProfile, ReliabilityPolicy, qos_profile_sensor_data

# Best effort matches every camera driver; only the newest image counts.
CAMERA_READER = QoSProfile(depth=1, reliability=ReliabilityPolicy.BEST_EFFORT)

# Our own camera node: reliable, so that it matches reliable subscribers too.
CAMERA_WRITER = QoSProfile(depth=1, reliability=ReliabilityPolicy.RELIABLE)

# Small, periodic results.
RESULT = QoSProfile(depth=5, reliability=ReliabilityPolicy.RELIABLE)

# The newest state, also for subscribers that join later.
LATCHED = QoSProfile(
    depth=1,
    reliability=ReliabilityPolicy.RELIABLE,
    durability=DurabilityPolicy.TRANSIENT_LOCAL,
)

# Events of several publishers: none may be lost, and none is repeated to a node that restarts.
EVENT = QoSProfile(depth=50, reliability=ReliabilityPolicy.RELIABLE)

# Pictures for a panel or a viewer: only the newest counts.
PICTURE = QoSProfile(depth=1, reliability=ReliabilityPolicy.RELIABLE)

SENSOR_DATA = qos_profile_sensor_data
