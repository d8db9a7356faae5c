# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The ROS nodes. Each only converts messages, parameters and time for a class without ROS."""
