# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Who and what in a video, apart: codes of the clip, of the pose of each frame, and of the motion.

Vowels, Camgoz, Bowden, "VDSM: Unsupervised Video Disentanglement with State-Space Modeling and
Deep Mixtures of Experts", CVPR 2021 (arXiv 2103.07292).
"""
