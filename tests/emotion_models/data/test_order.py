# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')
pytest.importorskip('lightning')

from emotion_models.data.data_set import Rarity  # noqa: E402
from emotion_models.data.order import EpochOrder, WeightedSampler  # noqa: E402


def two_classes():
    """40 samples, of which every fourth is of the rarer class."""
    classes = np.eye(2, dtype=np.float32)[(np.arange(40) % 4 == 0).astype(int)]
    return Rarity(classes, 0.5)


ORDERS = pytest.mark.parametrize(
    'make',
    [lambda seed: EpochOrder(40, seed), lambda seed: WeightedSampler(two_classes(), seed)],
    ids=['once', 'weighted'],
)


@ORDERS
def test_an_order_is_a_function_of_seed_and_epoch(make):
    order, again, other = make(1), make(1), make(2)

    first = list(order)
    order.set_epoch(1)
    second = list(order)
    again.set_epoch(1)

    assert len(first) == len(order) == 40
    assert set(first) <= set(range(40))
    assert first != second
    assert second == list(again)
    assert first != list(other)


@ORDERS
def test_an_order_goes_on_from_any_place(make):
    whole, rest = make(1), make(1)
    whole.set_epoch(3)
    rest.begin_at(3, 15)

    assert list(rest) == list(whole)[15:]
    assert len(rest) == 40
    assert list(rest) == list(whole)


def test_an_epoch_has_every_sample_once():
    assert sorted(EpochOrder(50, 1)) == list(range(50))


def test_orders_stay_what_they_are():
    # What is published as reproducible depends on these.
    plain, weighted = EpochOrder(40, 5230), WeightedSampler(two_classes(), 5230)
    for order in (plain, weighted):
        order.set_epoch(2)

    assert list(plain)[:8] == [19, 30, 11, 32, 24, 25, 36, 15]
    assert list(weighted)[:8] == [3, 35, 16, 29, 22, 14, 27, 29]


def test_rare_classes_are_drawn_as_often_as_the_power_says():
    sampler = WeightedSampler(two_classes(), seed=0)
    drawn = []
    for epoch in range(200):
        sampler.set_epoch(epoch)
        drawn += list(sampler)

    # 10 of 40 samples are rare; with the power ½ each of them counts √3 times as much.
    expected = 10 * 3**0.5 / (30 + 10 * 3**0.5)
    assert np.mean(np.array(drawn) % 4 == 0) == pytest.approx(expected, abs=0.02)
