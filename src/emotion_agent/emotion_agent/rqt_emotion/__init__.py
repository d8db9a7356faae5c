# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
A panel for rqt: what the robot sees in a person, feels and shows, and buttons to touch it.

`link` speaks ROS and knows no Qt; `plane` and `words` know neither; everything else draws. rqt and
its python_qt_binding are needed for drawing only, and only by whoever opens the panel.
"""
