# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""How the face moves: transitions, blinks, gaze, breath, sleep, and black or white pixels."""

from emotion_agent.animation.animator import Decoder, FaceAnimator
from emotion_agent.animation.config import AnimatorConfig
from emotion_agent.animation.one_bit import OneBit

__all__ = ['AnimatorConfig', 'Decoder', 'FaceAnimator', 'OneBit']
