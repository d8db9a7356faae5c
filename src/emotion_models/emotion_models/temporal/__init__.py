# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Valence and arousal over time, from the features of each frame of a video."""
