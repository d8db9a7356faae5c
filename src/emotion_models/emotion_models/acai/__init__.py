# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Autoencoders that interpolate well: the adversarial regulariser, on poses and on images."""
