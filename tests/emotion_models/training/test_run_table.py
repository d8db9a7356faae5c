# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import math

import numpy as np
import pytest

from emotion_models.training.run_table import (
    append_row,
    configuration_of,
    read_rows,
    run_name,
    summarise,
    summarise_runs,
    unique_names,
    write_rows,
    write_summary,
)


def test_tables_grow_by_rows_and_columns(tmp_path):
    path = tmp_path / 'table.csv'

    append_row(path, {'name': 'a', 'n': 1, 'x': 0.5})
    append_row(path, {'name': 'b', 'n': 2, 'y': float('inf')})

    assert read_rows(path) == [{'name': 'a', 'n': 1, 'x': 0.5}, {'name': 'b', 'n': 2, 'y': np.inf}]
    assert read_rows(tmp_path / 'none.csv') == []


def test_an_interruption_leaves_the_table_as_it_was(tmp_path):
    path = tmp_path / 'table.csv'
    write_rows(path, [{'n': 1}])

    class Interrupted(dict):
        def get(self, *arguments):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_rows(path, [{'n': 2}, Interrupted(n=3)])

    assert read_rows(path) == [{'n': 1}]


def test_the_interval_is_students():
    summary = summarise([1.0, 2.0, 3.0])

    assert (summary.mean, summary.std, summary.seeds) == (2, 1, 3)
    assert summary.half_width == pytest.approx(4.30265 / math.sqrt(3), abs=1e-4)
    assert summary.show() == '2.000 ± 2.484'


def test_one_seed_has_a_mean_and_no_spread():
    summary = summarise([12.34])

    assert summary.show() == '12.3'
    assert math.isnan(summary.std)
    assert math.isnan(summary.half_width)


def test_runs_that_differ_in_the_seed_are_one_configuration():
    rows = [
        {'model': 'plain', 'seed': 1, 'error': 1.0},
        {'model': 'other', 'seed': 1, 'error': 5.0, 'extra': 2.0},
        {'model': 'plain', 'seed': 2, 'error': 3.0},
    ]

    found = summarise_runs(rows, ['model'], ['error', 'extra'])

    assert list(found) == [('plain',), ('other',)]
    assert found['plain',]['error'].mean == 2
    assert found['plain',]['error'].seeds == 2
    assert set(found['plain',]) == {'error'}
    assert found['other',]['extra'].mean == 2


def test_a_summary_is_a_table_with_mean_spread_and_interval(tmp_path):
    rows = [{'size': 8, 'weight': w, 'seed': s, 'x': w + s} for w in (0, 1) for s in (1, 2)]
    path = tmp_path / 'summary.csv'

    write_summary(
        path, [*rows, {'size': 9, 'weight': 0, 'seed': 1, 'x': 7}], ['size', 'weight'], 'x'
    )

    first, second, single = read_rows(path)
    assert {name: first[name] for name in ('size', 'weight', 'seeds', 'x')} == {
        'size': 8,
        'weight': 0,
        'seeds': 2,
        'x': 1.5,
    }
    assert first['x_std'] == pytest.approx(math.sqrt(0.5))
    assert first['x_interval'] == pytest.approx(12.7062 * 0.5, abs=1e-3)
    assert second['x'] == 2.5
    assert single == {'size': 9, 'weight': 0, 'seeds': 1, 'x': 7}


def test_folders_of_runs_name_configuration_and_seed():
    assert run_name('d8_w0.1', 3) == 'd8_w0.1_s3'
    assert configuration_of('d8_w0.1_s3') == 'd8_w0.1'
    assert configuration_of('shipped') == 'shipped'


def test_runs_get_the_first_kind_of_name_that_tells_them_apart():
    assert unique_names(['a', 'a'], ['a 1', 'a 2'], ['x', 'y']) == ['a 1', 'a 2']
    with pytest.raises(ValueError, match='expected different runs, got runs/a, runs/a'):
        unique_names(['a', 'a'], ['runs/a', 'runs/a'])
