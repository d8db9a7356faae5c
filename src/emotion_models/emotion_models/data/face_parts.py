# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Fixed parts of a collection of faces, so that what is reported on was never trained on."""

import re

import numpy as np

from emotion_models.data.labelled_faces import LabelledFaces
from emotion_models.data.splits import split_groups

PARTS = ('all', 'even', 'odd', 'two_thirds', 'third')
"""
What a part may be: everything; the faces whose file has an even or an odd number; two thirds of
the persons, or the other third.
"""

SEED = 5230
"""Of the choice of the persons, the same for everyone."""


def choose_part(faces: LabelledFaces, part: str) -> LabelledFaces:
    """
    The faces of one of `PARTS`.

    Args:
        faces: with file names for `even` and `odd`, with persons for the thirds.
        part: which.

    Raises:
        ValueError: if there is no such part, or the faces say neither names nor persons.
    """
    if part == 'all':
        return faces
    if part in ('even', 'odd'):
        return faces.choose(np.flatnonzero(_numbers(faces) % 2 == (part == 'odd')))
    if part in ('third', 'two_thirds'):
        if not faces.groups:
            raise ValueError(f'the part {part} is one of persons, and these faces name none')
        third, rest = split_groups(np.array(faces.groups), [1 / 3], SEED)
        return faces.choose(third if part == 'third' else rest)
    raise ValueError(f'there is no part {part}; expected one of {", ".join(PARTS)}')


def _numbers(faces: LabelledFaces) -> np.ndarray:
    """The last number in the name of each face's file, (N,)."""
    found = [re.findall(r'\d+', key) for key in faces.keys]
    if not found or not all(found):
        raise ValueError(
            'the parts even and odd go by the numbers of the files, and these faces have none'
        )
    return np.array([int(numbers[-1]) for numbers in found])
