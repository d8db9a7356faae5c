# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from emotion_models.data.face_parts import choose_part
from emotion_models.data.labelled_faces import LabelledFaces


def make_faces(**more):
    images = [np.full((4, 4), k, np.uint8) for k in range(12)]
    return LabelledFaces(images, np.arange(12) % 8, np.zeros((12, 2)), **more)


def test_everything_is_a_part():
    assert len(choose_part(make_faces(), 'all')) == 12


def test_even_and_odd_go_by_the_numbers_of_the_files():
    faces = make_faces(
        keys=[f'set2/{k:04}.jpg' for k in range(12)], squares={3: ((1.0, 1.0), 2.0)}
    )

    odd, even = choose_part(faces, 'odd'), choose_part(faces, 'even')

    assert [image[0, 0] for image in odd.images] == [1, 3, 5, 7, 9, 11]
    assert [image[0, 0] for image in even.images] == [0, 2, 4, 6, 8, 10]
    assert odd.expression.tolist() == [1, 3, 5, 7, 1, 3]
    assert odd.keys[1] == 'set2/0003.jpg'
    assert odd.squares == {1: ((1.0, 1.0), 2.0)}


def test_the_thirds_share_no_person_and_are_always_the_same():
    faces = make_faces(groups=[f'S{k // 2}' for k in range(12)])

    third, rest = choose_part(faces, 'third'), choose_part(faces, 'two_thirds')

    assert (len(third), len(rest)) == (4, 8)
    assert not set(third.groups) & set(rest.groups)
    assert choose_part(faces, 'third').groups == third.groups


@pytest.mark.parametrize(
    ('part', 'message'),
    [
        ('odd', 'go by the numbers of the files'),
        ('third', 'is one of persons'),
        ('half', 'no part half; expected one of all, even'),
    ],
)
def test_a_part_that_cannot_be_made_is_refused(part, message):
    with pytest.raises(ValueError, match=message):
        choose_part(make_faces(), part)
