# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np

from emotion_models.data.splits import random_parts, split_groups


def test_every_sample_is_in_one_part():
    parts = random_parts(20, [3, 5], seed=1)

    assert [len(part) for part in parts] == [3, 5, 12]
    assert sorted(np.concatenate(parts)) == list(range(20))


def test_a_split_stays_what_it_is():
    # Trained models depend on these: what they were not shown is only known by the seed.
    held, _ = random_parts(1000, [5], seed=5230)
    first, second, _ = split_groups(np.arange(12) // 2, [0.2, 0.4], seed=5230)

    assert held.tolist() == [963, 300, 865, 932, 433]
    assert (first.tolist(), second.tolist()) == ([10, 11], [0, 1, 6, 7])


def test_another_seed_is_another_split():
    assert random_parts(20, [5], 1)[0].tolist() != random_parts(20, [5], 2)[0].tolist()


def test_groups_stay_together_and_their_samples_in_order():
    groups = np.array(list('abcabcabcd'))

    parts = split_groups(groups, [0.25, 0.5], seed=3)

    assert [len(set(groups[part])) for part in parts] == [1, 2, 1]
    assert set.union(*(set(groups[part]) for part in parts)) == set('abcd')
    assert all((np.diff(part) > 0).all() for part in parts)
    assert sum(map(len, parts)) == 10


def test_nothing_may_be_held_out():
    held, rest = split_groups(np.arange(5), [0.0], seed=0)

    assert len(held) == 0
    assert rest.tolist() == [0, 1, 2, 3, 4]
