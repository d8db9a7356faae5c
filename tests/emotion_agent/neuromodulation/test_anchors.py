# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The models know no agent, so both hold the anchors of the emotions; they are the same."""

import numpy as np

from emotion_agent.neuromodulation import EMOTIONS, load
from emotion_models.labels import emotions


def test_face_and_engine_agree_on_the_emotions():
    assert tuple(emotions.EMOTIONS) == tuple(EMOTIONS)
    anchors = [load().emotions[name].pad for name in EMOTIONS]
    np.testing.assert_array_equal(emotions.EMOTION_VAD, anchors)
