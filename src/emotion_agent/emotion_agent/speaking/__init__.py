# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Speech as a mouth shows it: from a WAV file to how far the mouth is open, in time with the sound.

Needs neither ROS nor torch.
"""
