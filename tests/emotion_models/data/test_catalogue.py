# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import dataclasses
import subprocess
import sys

import pytest

from emotion_models.data.catalogue import DATA_SETS
from emotion_models.data.data_set import DataSet

WITHOUT_TORCH = """
import importlib, pkgutil, sys
from emotion_models import data
names = [module.name for module in pkgutil.iter_modules(data.__path__)]
assert {'data_module', 'order'} <= set(names)
for name in set(names) - {'data_module', 'order'}:
    importlib.import_module(f'emotion_models.data.{name}')
assert not {'torch', 'lightning'} & set(sys.modules)
"""


def test_reading_data_needs_no_torch():
    answer = subprocess.run(
        [sys.executable, '-c', WITHOUT_TORCH], capture_output=True, text=True, check=False
    )

    assert answer.returncode == 0, answer.stderr


@pytest.mark.parametrize('data_set', DATA_SETS, ids=lambda data_set: data_set.__name__)
def test_a_data_set_says_what_it_is_and_can_be_configured(data_set):
    assert issubclass(data_set, DataSet)
    assert dataclasses.is_dataclass(data_set)
    assert data_set.CONTENT
    assert {'name', 'terms'} <= set(data_set.ORIGIN)
    needs_files = {'path', 'folder'} & {field.name for field in dataclasses.fields(data_set)}
    assert bool(needs_files) == bool(data_set.LAYOUT)


def test_every_data_set_is_listed_once():
    def below(kind):
        for inner in kind.__subclasses__():
            yield inner
            yield from below(inner)

    ours = {
        kind
        for kind in below(DataSet)
        if dataclasses.is_dataclass(kind) and kind.__module__.startswith('emotion_models.')
    }

    assert ours == set(DATA_SETS)
    assert len(DATA_SETS) == len(ours)
