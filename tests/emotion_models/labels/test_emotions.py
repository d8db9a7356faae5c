# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotion_models.labels.emotions import EMOTION_VAD, EMOTIONS, check_emotions, emotion_vad


def test_a_single_emotion_lies_at_its_anchor():
    for emotion, anchor in zip(np.eye(len(EMOTIONS)), EMOTION_VAD, strict=True):
        assert emotion_vad(emotion) == pytest.approx(anchor)
        assert emotion_vad(emotion / 2) == pytest.approx(anchor / 2)


@given(st.lists(st.floats(0, 1), min_size=7, max_size=7))
def test_a_mixture_lies_between_its_anchors_and_the_origin(strengths):
    vad = emotion_vad(strengths)

    assert (vad <= EMOTION_VAD.max(0).clip(min=0) + 1e-9).all()
    assert (vad >= EMOTION_VAD.min(0).clip(max=0) - 1e-9).all()


@pytest.mark.parametrize(
    ('strengths', 'words'),
    [
        (np.zeros(6), r'one number for each of fear, .*, got \(6,\)'),
        ([0, 0, 1.5, 0, 0, 0, 0], r'must lie in \[0, 1\], got .*1\.5.*; clip them first'),
        ([0, 0, np.nan, 0, 0, 0, 0], r'must lie in \[0, 1\], got .*nan'),
    ],
)
def test_what_is_no_mixture_is_refused(strengths, words):
    with pytest.raises(ValueError, match=words):
        check_emotions(strengths)
