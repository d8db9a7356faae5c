# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np

from emotion_models.data.drawn_faces import NAMED, UNKNOWN, draw_voted_faces
from emotion_models.data.fer2013plus import VOTE_NAMES
from emotion_models.drawing import sample
from emotion_models.labels.emotions import EMOTIONS


def test_drawings_are_a_function_of_the_seed():
    first, again, other = draw_voted_faces(20, 1), draw_voted_faces(30, 1), draw_voted_faces(20, 2)

    assert np.array_equal(first.images, again.images[:20])
    assert not np.array_equal(first.images, other.images)
    assert first.images.shape == (20, 48, 48)


def test_most_vote_for_the_strongest_emotion_or_neutral():
    faces = draw_voted_faces(50, 3)

    for index, votes in enumerate(faces.votes):
        strengths = sample(3, index).emotions
        emotion = EMOTIONS[strengths.argmax()]
        strongest = VOTE_NAMES[NAMED[emotion]] if emotion in NAMED else UNKNOWN
        assert faces.vote_names[votes.argmax()] in (strongest, 'neutral', UNKNOWN)
        assert 8 <= votes.sum() <= 12
