# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np
import pytest

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')
pytest.importorskip('lightning')

from emotion_models.data.data_module import DataModule, to_tensors  # noqa: E402
from emotion_models.data.data_set import DataSet, InMemory, Rarity  # noqa: E402


class NumberBatch(NamedTuple):
    number: Any
    square: Any


@dataclass(frozen=True)
class Numbers(DataSet):
    CONTENT = 'whole numbers and their squares'
    ORIGIN: ClassVar[dict[str, str]] = {'name': 'numbers'}

    count: int = 200
    is_weighted: bool = False

    def load_parts(self, seed):
        def part(first, count, rarity=None):
            number = np.arange(first, first + count)
            return InMemory(NumberBatch(number, np.float32(number) ** 2), rarity)

        classes = np.eye(2, dtype=np.float32)[np.arange(self.count) % 2]
        rarity = Rarity(classes, 1.0) if self.is_weighted else None
        return {
            'training': part(0, self.count, rarity),
            'validation': part(1000, 70),
            'test': part(2000, 30),
        }


@pytest.mark.parametrize('is_weighted', [False, True])
def test_training_leaves_out_what_does_not_fill_a_batch_and_the_rest_nothing(is_weighted):
    data = DataModule(Numbers(is_weighted=is_weighted), batch_size=32)

    assert [len(batch.number) for batch in data.train_dataloader()] == [32] * 6
    assert [len(batch.number) for batch in data.val_dataloader()] == [32, 32, 6]
    assert [len(batch.number) for batch in data.test_dataloader()] == [30]


def test_batches_are_tensors_whose_rows_belong_together():
    data = DataModule(Numbers(), batch_size=8)

    for batch in data.train_dataloader():
        assert isinstance(batch, NumberBatch)
        assert torch.equal(batch.square, batch.number.float() ** 2)


@pytest.mark.parametrize('is_weighted', [False, True])
def test_training_is_shuffled_by_seed_and_epoch(is_weighted):
    numbers = Numbers(is_weighted=is_weighted)

    def epoch(seed, number):
        loader = DataModule(numbers, batch_size=50, seed=seed).train_dataloader()
        loader.sampler.set_epoch(number)
        return torch.cat([batch.number for batch in loader]).tolist()

    assert epoch(1, 2) == epoch(1, 2)
    assert epoch(1, 2) != epoch(1, 3)
    assert epoch(1, 2) != epoch(2, 2)


def test_workers_read_the_same_batches():
    alone, helped = (DataModule(Numbers(), batch_size=32, workers=n) for n in (0, 1))

    for one, other in zip(alone.train_dataloader(), helped.train_dataloader(), strict=True):
        assert torch.equal(one.number, other.number)


def test_parts_are_in_a_fixed_order_as_arrays_too():
    data = DataModule(Numbers())

    assert data.samples('validation').number.tolist() == list(range(1000, 1070))
    assert torch.cat([batch.number for batch in data.in_order('test')]).tolist() == [
        *range(2000, 2030)
    ]


def test_its_hyperparameters_are_what_an_experiment_says():
    data = DataModule(Numbers(count=64), batch_size=8, seed=7)

    assert dict(data.hparams) == {
        'data_set': {
            'class_path': f'{__name__}.Numbers',
            'init_args': {'count': 64, 'is_weighted': False},
        },
        'batch_size': 8,
        'seed': 7,
        'workers': 0,
    }


def test_an_array_alone_becomes_a_tensor():
    assert to_tensors(np.ones((2, 3), np.float32)).shape == (2, 3)
