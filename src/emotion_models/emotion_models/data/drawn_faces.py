# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Faces from the parametric generator in the form of voted photographs: training without data."""

import cv2
import numpy as np

from emotion_models.data.fer2013plus import VOTE_NAMES, VotedFaces
from emotion_models.drawing import sample
from emotion_models.labels.emotions import EMOTIONS

FACE_PX = 48
VOTERS = 10
UNKNOWN = 'unknown'

NAMED = {'fear': 'FEAR', 'mad': 'ANGER', 'joy': 'HAPPY', 'sad': 'SAD', 'surprise': 'SURPRISE'}
"""Emotions that are an expression; what voters make of the others is unknown."""

ORIGIN = {
    'name': 'drawings of the parametric face',
    'source': 'emotion_models.drawing',
    'terms': 'Apache-2.0',
    'affect': 'expected under the shares of the emotions drawn',
}
"""For the cards of models trained on them."""


def draw_voted_faces(count: int, seed: int) -> VotedFaces:
    """
    Drawings as 48×48 grey faces, with the votes that ten perfect annotators would give.

    The votes share out the strengths of the emotions drawn, and to neutral what the strongest one
    lacks. Each 64 consecutive drawings are of one face.

    Args:
        count: number of drawings, >= 1.
        seed: which endless set they are the beginning of.
    """
    names = (*VOTE_NAMES.values(), UNKNOWN)
    emotion_columns = [
        names.index(VOTE_NAMES[NAMED[emotion]] if emotion in NAMED else UNKNOWN)
        for emotion in EMOTIONS
    ]
    images = np.zeros((count, FACE_PX, FACE_PX), np.uint8)
    votes = np.zeros((count, len(names)), np.uint8)
    for index in range(count):
        drawing = sample(seed, index)
        images[index] = cv2.resize(drawing.image, (FACE_PX, FACE_PX), interpolation=cv2.INTER_AREA)
        shares = np.zeros(len(names))
        np.add.at(shares, emotion_columns, drawing.emotions)
        shares[names.index(VOTE_NAMES['NEUTRAL'])] = 1 - drawing.emotions.max()
        votes[index] = np.rint(VOTERS * shares / shares.sum())
    return VotedFaces(images, votes, names)
