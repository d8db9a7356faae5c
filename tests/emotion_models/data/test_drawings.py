# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np

from emotion_models.data.drawings import REACH_PX, Drawings, draw
from emotion_models.drawing import sample, to_one_bit
from emotion_models.drawing.fields import field_to_grey


def test_batches_hold_the_drawings_and_what_is_known():
    drawings = draw(5, range(0, 64, 8), 0.15)

    first = sample(5, 0, 0.15, is_framed=False, with_field=True, mixed=0.5)
    grey = field_to_grey(drawings.distances()[0, 0] * REACH_PX)
    np.testing.assert_array_equal(to_one_bit(grey), first.image)
    np.testing.assert_allclose(drawings.affect[0], first.vad[:2], atol=1e-6)
    np.testing.assert_allclose(drawings.emotions[0], first.emotions, atol=1e-6)
    np.testing.assert_allclose(drawings.identity[0], first.identity, atol=1e-6)
    np.testing.assert_allclose(drawings.action_units[0], first.action_units, atol=1e-6)
    assert 0 < drawings.is_mixed.sum() < len(drawings.is_mixed)


def test_parts_share_no_identity(load):
    parts = load(Drawings(training=20, validation=8, test=8))

    people = {name: {tuple(row) for row in part.identity} for name, part in parts.items()}

    assert {name: len(faces) for name, faces in people.items()} == {
        'training': 5,
        'validation': 2,
        'test': 2,
    }
    assert len(set.union(*people.values())) == 5 + 2 + 2


def test_training_drawings_alone_are_faint_and_look_ahead(load):
    parts = load(Drawings(training=20, validation=8, test=8, mixed=0.0, faint=1.0, ahead=1.0))

    assert parts['training'].emotions.max() <= 0.5
    assert not parts['training'].look[:, :2].any()
    assert parts['test'].emotions.max() > 0.5
    assert parts['test'].look[:, :2].all()
