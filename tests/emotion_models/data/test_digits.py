# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

pytest.importorskip('sklearn', reason='digits ship with scikit-learn (requirements/training.txt)')

from emotion_models.data.digits import Digits


def test_every_digit_is_in_every_part_and_no_image_in_two():
    parts = Digits().labelled(seed=3)
    shares = {name: len(part.digits) / 1797 for name, part in parts.items()}
    assert shares == pytest.approx({'training': 0.7, 'validation': 0.1, 'test': 0.2}, abs=0.002)
    for part in parts.values():
        assert set(part.digits.tolist()) == set(range(10))
        assert part.images.shape[1:] == (1, 32, 32)
        assert -1 <= part.images.min() < part.images.max() <= 1
    seen = [image.tobytes() for part in parts.values() for image in part.images]
    assert len(set(seen)) == len(seen) == 1797


def test_the_split_is_that_of_the_seed(load):
    first, again, other = (load(Digits(side=16), seed=seed)['test'] for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_shares_that_leave_nothing_are_refused():
    with pytest.raises(ValueError, match='must leave something to train with'):
        Digits(held_out=0.5, tested=0.5).load_parts(0)
