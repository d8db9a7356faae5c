# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Valence and arousal over time: four sequence models over features of video and sound.

After Meng et al., "Multi-modal Emotion Estimation for in-the-wild Videos", arXiv 2203.13032.
"""
