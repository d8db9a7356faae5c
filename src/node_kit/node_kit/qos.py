# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Quality of service of every topic kind, in one place."""

from rclpy.qos import DurabilityPolicy, QoSProfile, ReliabilityPolicy, qos_profile_sensor_data

# A best-effort reader matches every camera driver; only the newest image matters.
CAMERA_READER = QoSProfile(depth=1, reliability=ReliabilityPolicy.BEST_EFFORT)

# Our own camera: reliable readers are served too, an old image is not worth keeping.
CAMERA_WRITER = QoSProfile(depth=1, reliability=ReliabilityPolicy.RELIABLE)

# Small, periodic results.
RESULT = QoSProfile(depth=5, reliability=ReliabilityPolicy.RELIABLE)

# The newest state, also for whoever comes later.
LATCHED = QoSProfile(
    depth=1,
    reliability=ReliabilityPolicy.RELIABLE,
    durability=DurabilityPolicy.TRANSIENT_LOCAL,
)

# Events of many writers: none may be lost, none replayed to a node that restarts.
EVENT = QoSProfile(depth=50, reliability=ReliabilityPolicy.RELIABLE)

# Pictures for a panel or a viewer: the newest is enough.
PICTURE = QoSProfile(depth=1, reliability=ReliabilityPolicy.RELIABLE)

SENSOR_DATA = qos_profile_sensor_data
