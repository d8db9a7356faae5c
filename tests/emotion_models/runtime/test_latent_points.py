# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import json

import numpy as np
import pytest

from emotion_models.runtime.artefact import load_artefact
from emotion_models.runtime.latent_points import FORMAT, read_point, write_point
from emotion_models.runtime.latent_space import LatentSpace


@pytest.fixture(scope='module')
def space():
    return LatentSpace(load_artefact('sketch'))


def test_a_point_comes_back(tmp_path, space):
    point = np.random.default_rng(1).normal(size=space.size)

    write_point(tmp_path / 'z.json', point, space)

    np.testing.assert_allclose(read_point(tmp_path / 'z.json', space), point, atol=1e-6)


@pytest.mark.parametrize(
    ('change', 'said'),
    [
        ({'space': 'another'}, "is of the face 'another', this one is '.*'; make it again"),
        ({'format': 'x'}, 'is not a latent point of emotion_agent'),
        ({'z': 'x'}, "z must be a list of numbers, got 'x'"),
        ({'z': [1.0, float('nan')]}, 'z must be a list of numbers'),
        ({'z': [1.0]}, 'z has 1 numbers, expected 48'),
    ],
)
def test_what_is_no_point_of_this_face_is_one_line(tmp_path, space, change, said):
    content = {'format': FORMAT, 'space': space.id, 'z': [0.0] * space.size, **change}
    path = tmp_path / 'z.json'
    path.write_text(json.dumps(content))

    with pytest.raises(ValueError, match=said) as refusal:
        read_point(path, space)

    assert '\n' not in str(refusal.value)


@pytest.mark.parametrize('text', [b'', b'\xff\xfe', b'[' * 50_000, b'3', b'x' * 200_000])
def test_damaged_files_are_one_line(tmp_path, space, text):
    path = tmp_path / 'z.json'
    path.write_bytes(text)

    with pytest.raises(ValueError, match=r'z\.json') as refusal:
        read_point(path, space)

    assert '\n' not in str(refusal.value)
