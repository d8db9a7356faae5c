# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Scripts of what happens to a robot and when: their grammar, and playing them; without ROS."""
