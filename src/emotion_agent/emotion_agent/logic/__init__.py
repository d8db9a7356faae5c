# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
What each node does with its messages, as a class without ROS: the nodes run it live, the replay
offline.

Messages come in as they are, from ROS or from a bag: both have the same fields. Messages go out by
a function `make`, called with the name of a type and its fields, that the caller brings along, and
the time comes from a function `clock` that returns nanoseconds.
"""

from collections.abc import Callable
from typing import Any

Make = Callable[..., Any]
Clock = Callable[[], int]

AFFECT = 'emotion_msgs/msg/FaceAffectArray'
COMPRESSED_IMAGE = 'sensor_msgs/msg/CompressedImage'
EVENT = 'emotion_msgs/msg/Event'
FACE = 'emotion_msgs/msg/FaceAffect'
FLOAT = 'std_msgs/msg/Float32'
HEADER = 'std_msgs/msg/Header'
IMAGE = 'sensor_msgs/msg/Image'
PARAMETER_EVENT = 'rcl_interfaces/msg/ParameterEvent'
POINT = 'geometry_msgs/msg/Point'
REGION = 'sensor_msgs/msg/RegionOfInterest'
SESSION_STATUS = 'emotion_msgs/msg/SessionStatus'
STATE = 'emotion_msgs/msg/EmotionState'
STIMULUS = 'emotion_msgs/msg/Stimulus'
TEXT = 'std_msgs/msg/String'
TIME = 'builtin_interfaces/msg/Time'
