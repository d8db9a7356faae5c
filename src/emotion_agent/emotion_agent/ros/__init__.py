# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What several nodes need of ROS: messages by name, processes, transports, tracked faces."""
