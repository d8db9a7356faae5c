# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
A panel for rqt: the observed people, the state, the face, and a button for each stimulus.

`link` uses ROS and no Qt; `plane` and `words` use neither; everything else draws. rqt and its
python_qt_binding are imported only when the panel is opened.
"""
