# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from emotion_models.data.drawn_faces import (
    NAMED,
    UNKNOWN,
    DrawnVaFaces,
    DrawnVotes,
    draw_va_faces,
    draw_voted_faces,
)
from emotion_models.data.voted_faces import VOTE_NAMES
from emotion_models.drawing import sample
from emotion_models.imaging.images import fit_square
from emotion_models.labels.emotions import EMOTION_VAD, EMOTIONS


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
        most = {faces.vote_names[column] for column in np.flatnonzero(votes == votes.max())}
        assert most & {strongest, 'neutral', UNKNOWN}
        assert 8 <= votes.sum() <= 12


def test_drawings_may_begin_anywhere():
    assert np.array_equal(draw_voted_faces(30, 1).images[20:], draw_voted_faces(10, 1, 20).images)


def test_the_parts_of_voted_drawings_are_of_other_identities():
    parts = DrawnVotes(count=128, held_out=0.5).load_parts(5230)
    drawn = draw_voted_faces(192, 5230).images
    stretches = {'validation': drawn[:64], 'training': drawn[64:128], 'test': drawn[128:]}

    assert sum(len(parts[name]) for name in ('training', 'validation')) > 100
    for name, stretch in stretches.items():
        faces = parts[name].samples.faces[:, 0]
        assert (faces[:, None] == stretch[None]).all((2, 3)).any(1).mean() > 0.95


@pytest.fixture(scope='module')
def drawn():
    return DrawnVaFaces(training=200, validation=70, test=30).load_parts(5230)


def test_batches_hold_colour_images_affect_and_class(drawn):
    images, affect, expression = drawn['training'].take(np.arange(32))

    assert images.shape == (32, 3, 64, 64)
    assert images.dtype == np.uint8
    assert (affect.shape, affect.dtype) == ((32, 2), np.float32)
    assert np.abs(affect).max() <= 1
    assert expression.dtype == np.int64
    assert 0 <= expression.min() <= expression.max() < len(DrawnVaFaces.classes)


def test_drawn_faces_are_the_letterboxed_drawings_with_their_emotions(drawn):
    images, affect, expression = drawn['training'].take(np.arange(32))

    for index in range(32):
        drawing = sample(5230, index)
        np.testing.assert_array_equal(images[index, 0], fit_square(drawing.image, 64))
        np.testing.assert_allclose(affect[index], drawing.vad[:2], atol=1e-6)
        strongest = drawing.emotions.max()
        name = EMOTIONS[drawing.emotions.argmax()] if strongest > 0.5 else 'neutral'
        assert DrawnVaFaces.classes[expression[index]] == name


def test_parts_show_different_identities(drawn):
    def identities(first, count):
        return {sample(5230, k).identity_id for k in range(first, first + count)}

    starts = {'training': 0, 'validation': 256, 'test': 384}
    for name, first in starts.items():
        image = drawn[name].take(np.array([0])).images[0, 0]
        np.testing.assert_array_equal(image, fit_square(sample(5230, first).image, 64))
    shown = [identities(first, len(drawn[name])) for name, first in starts.items()]
    assert len(set.union(*shown)) == sum(map(len, shown))


def test_drawings_are_taken_from_the_cache_and_do_without_one(tmp_path, monkeypatch):
    fresh = draw_va_faces(3, 0, 5)
    (kept,) = (tmp_path / 'cache').rglob('*.npz')
    written = kept.stat().st_mtime_ns

    again = draw_va_faces(3, 0, 5)
    monkeypatch.setenv('XDG_CACHE_HOME', '/dev/null/nowhere')
    without = draw_va_faces(3, 0, 5)

    for one, two, three in zip(fresh, again, without, strict=True):
        np.testing.assert_array_equal(one, two)
        np.testing.assert_array_equal(one, three)
    assert kept.stat().st_mtime_ns == written


def test_the_anchors_are_the_prototypes_of_drawn_faces():
    prototypes = DrawnVaFaces.prototypes

    assert DrawnVaFaces.classes == prototypes.names == (*EMOTIONS, 'neutral')
    np.testing.assert_array_equal(prototypes.mean[:7], EMOTION_VAD[:, :2])
    np.testing.assert_array_equal(prototypes.std, 0.1)
