# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from emotion_models.levasa.analysis.alignment import (
    alignment,
    between_class_share,
    constant_alignment,
    skill,
)


def test_distances_are_over_images_and_dimensions():
    opposite = alignment(np.array([[1.0, -1.0], [1.0, -1.0]]), np.array([1e-9, -1e-9]))
    between = alignment(np.full((2, 3), 0.5), np.array([0.5, -0.5]))

    assert (opposite['mse'], opposite['mae']) == pytest.approx((1, 1))
    assert (between['mse'], between['mae']) == pytest.approx((0.5, 0.5))


def test_correlation_is_that_of_the_mean_of_the_chunk():
    label = np.random.default_rng(0).uniform(-1, 1, 200)
    noise = np.random.default_rng(1).standard_normal((200, 1))
    chunk = np.hstack([label[:, None] + noise, label[:, None] - noise])

    found = alignment(chunk, label)

    assert found['pearson'] == pytest.approx(1)
    assert found['ccc'] == pytest.approx(1)
    assert found['skill'] < 0  # its dimensions are far from the label, though their mean is it


def test_constant_predictors_have_no_skill():
    label = np.random.default_rng(0).normal(0.3, 0.2, 500)

    zero, mean = (constant_alignment(kind, label) for kind in ('zero', 'mean'))

    assert mean['skill'] == pytest.approx(0)
    assert zero['mse'] == pytest.approx(np.square(label).mean())
    assert zero['skill'] < -1
    assert np.isnan(zero['pearson'])
    assert zero['ccc'] == 0


def test_skill_is_one_for_the_label_itself():
    label = np.linspace(-1, 1, 11)

    assert skill(label, label) == 1
    assert skill(-label, label) == pytest.approx(-3)


def test_the_share_between_classes_bounds_what_images_can_tell():
    classes = np.repeat([0, 1, -1], 1000)
    generator = np.random.default_rng(0)
    label = np.where(classes == 1, 0.6, -0.2) + 0.4 * generator.standard_normal(3000)
    label[classes == -1] = 5

    share = between_class_share(label, classes)

    assert share == pytest.approx(0.16 / (0.16 + 0.16), abs=0.03)
    best = np.where(classes == 1, 0.6, -0.2)[classes >= 0]
    assert skill(best, label[classes >= 0]) == pytest.approx(share, abs=0.01)


def test_latents_depend_neither_on_batches_nor_on_order():
    torch = pytest.importorskip('torch')
    pytest.importorskip('lightning')
    from emotion_models.levasa.analysis.models import encode
    from emotion_models.levasa.module import LevasaModule

    torch.manual_seed(0)
    module = LevasaModule(variant='continuous').train()
    images = torch.randint(0, 256, (66, 3, 64, 64), dtype=torch.uint8)
    label = np.random.default_rng(0).uniform(-1, 1, 66)
    order = torch.randperm(66)

    found = [alignment(encode(module, images, batch), label) for batch in (1, 2, 64)]
    shuffled = alignment(encode(module, images[order]), label[order.numpy()])

    for other in (*found[1:], shuffled):
        assert other == pytest.approx(found[0], abs=1e-6)
