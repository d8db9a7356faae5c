# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')
pytest.importorskip('lightning')

from emotion_models.data.drawn_va_faces import DrawnVaFaces, draw_va_faces  # noqa: E402
from emotion_models.data.fer_va_faces import FerVaFaces  # noqa: E402
from emotion_models.data.order import EpochOrder  # noqa: E402
from emotion_models.drawing import sample  # noqa: E402
from emotion_models.imaging.images import fit_square  # noqa: E402
from emotion_models.labels.emotions import EMOTION_VAD, EMOTIONS  # noqa: E402
from emotion_models.labels.expressions import VA_MEANS  # noqa: E402
from emotion_models.labels.prototypes import (  # noqa: E402
    AFFECTNET_PROTOTYPES,
    CLASS_OF_EXPRESSION,
    Prototypes,
)


@pytest.fixture(scope='module')
def drawn():
    return DrawnVaFaces(training=200, validation=70, test=30, batch_size=32)


def test_batches_hold_colour_images_affect_and_class(drawn):
    images, affect, expression = next(iter(drawn.in_order('training')))

    assert images.shape == (32, 3, 64, 64)
    assert images.dtype == torch.uint8
    assert torch.equal(images[:, 0], images[:, 2])
    assert (affect.shape, affect.dtype) == ((32, 2), torch.float32)
    assert affect.abs().max() <= 1
    assert expression.dtype == torch.int64
    assert 0 <= expression.min() <= expression.max() < len(drawn.classes)


def test_training_leaves_out_what_does_not_fill_a_batch_and_the_rest_nothing(drawn):
    drawn.setup()

    assert [len(batch[0]) for batch in drawn.train_dataloader()] == [32] * 6
    assert [len(batch[0]) for batch in drawn.val_dataloader()] == [32, 32, 6]
    assert [len(batch[0]) for batch in drawn.test_dataloader()] == [30]


def test_drawn_faces_are_the_letterboxed_drawings_with_their_emotions(drawn):
    images, affect, expression = next(iter(drawn.in_order('training')))

    for index in range(32):
        drawing = sample(drawn.hparams.seed, index)
        np.testing.assert_array_equal(images[index, 0], fit_square(drawing.image, 64))
        np.testing.assert_allclose(affect[index], drawing.vad[:2], atol=1e-6)
        strongest = drawing.emotions.max()
        name = EMOTIONS[drawing.emotions.argmax()] if strongest > 0.5 else 'neutral'
        assert drawn.classes[expression[index]] == name


def test_parts_show_different_identities(drawn):
    def identities(first, count):
        return {sample(drawn.hparams.seed, k).identity_id for k in range(first, first + count)}

    validation, _, _ = next(iter(drawn.in_order('validation')))
    assert not identities(0, 200) & identities(256, 70)
    assert not identities(256, 70) & identities(384, 30)
    np.testing.assert_array_equal(validation[0, 0], fit_square(sample(5230, 256).image, 64))


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


def test_the_anchors_are_the_prototypes_of_drawn_faces(drawn):
    assert drawn.classes == drawn.prototypes.names == (*EMOTIONS, 'neutral')
    np.testing.assert_array_equal(drawn.prototypes.mean[:7], EMOTION_VAD[:, :2])
    np.testing.assert_array_equal(drawn.prototypes.std, 0.1)


def test_affectnet_prototypes_have_the_means_of_the_runtime():
    names, mean = AFFECTNET_PROTOTYPES.names, AFFECTNET_PROTOTYPES.mean

    assert names == tuple(sorted(names))
    assert {ours: tuple(mean[names.index(n)]) for ours, n in CLASS_OF_EXPRESSION.items()} == dict(
        VA_MEANS
    )
    assert AFFECTNET_PROTOTYPES.std[names.index('FEAR')].tolist() == [0.071007, 0.136925]


def test_prototypes_of_the_wrong_shape_are_refused():
    with pytest.raises(ValueError, match=r'2 classes need mean and std of shape \(2, 2\)'):
        Prototypes(('a', 'b'), np.zeros((2, 2)), np.zeros((3, 2)))


def test_the_order_is_a_function_of_seed_and_epoch():
    order, again, other = EpochOrder(50, 1), EpochOrder(50, 1), EpochOrder(50, 2)

    first = list(order)
    order.set_epoch(1)
    second = list(order)
    again.set_epoch(1)

    assert sorted(first) == sorted(second) == list(range(50))
    assert first != second
    assert second == list(again)
    assert first != list(other)


def test_the_order_goes_on_from_any_place():
    whole, rest = EpochOrder(50, 1), EpochOrder(50, 1)
    whole.set_epoch(3)
    rest.begin_at(3, 20)

    assert list(rest) == list(whole)[20:]
    assert len(rest) == 50
    assert list(rest) == list(whole)


def test_voted_faces_have_the_affect_expected_under_their_votes(faces_archive):
    data = FerVaFaces(str(faces_archive), str(faces_archive), held_out=0.25, batch_size=8)
    (images, affect, expression), *_ = data.in_order('training')

    counts = {part: len(data.in_order(part).dataset) for part in ('training', 'validation')}
    assert counts == {'training': 72, 'validation': 24}
    assert images.shape == (8, 3, 64, 64)
    for row, index in zip(affect.numpy(), expression.tolist(), strict=True):
        expected = 0.9 * data.prototypes.mean[index] + 0.1 * np.array(VA_MEANS['NEUTRAL'])
        np.testing.assert_allclose(row, expected, atol=1e-6)


def test_faces_with_few_votes_for_expressions_are_left_out(faces_archive, tmp_path):
    with np.load(faces_archive) as archive:
        arrays = dict(archive)
    names = list(arrays['vote_names'])
    arrays['votes'][:10] = 0
    arrays['votes'][:10, names.index('unknown')] = 7
    arrays['votes'][:10, names.index('fear')] = 3
    path = tmp_path / 'faces.npz'
    np.savez(path, **arrays)

    data = FerVaFaces(str(path), str(faces_archive), held_out=0)

    assert len(data.in_order('training').dataset) == 86
    assert len(data.in_order('test').dataset) == 96
    assert len(data.in_order('validation').dataset) == 0


def test_the_real_archives_split_as_documented(shared_data):
    folder = shared_data / 'fer2013plus'
    data = FerVaFaces(*(str(folder / f'fer2013plus_{part}.npz') for part in ('train', 'valid')))

    parts = {part: data.in_order(part).dataset for part in ('training', 'validation', 'test')}

    assert {part: len(faces) for part, faces in parts.items()} == {
        'training': 27_048,
        'validation': 1_424,
        'test': 3_275,
    }
