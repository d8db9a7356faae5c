# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What the documentation shows is what happens."""

import doctest
import re
from pathlib import Path

import yaml

from emotion_agent import neuromodulation
from emotion_agent.neuromodulation import load

PAGE = Path(__file__).parents[3] / 'docs' / 'neuromodulation.md'


def test_the_example_of_the_package_runs():
    assert doctest.testmod(neuromodulation).failed == 0


def test_the_configuration_of_the_page_is_valid_and_shows_the_defaults():
    (block,) = re.findall(r'```yaml\n(.*?)```', PAGE.read_text(encoding='utf-8'), re.DOTALL)
    shown = yaml.safe_load(block)
    del shown['emotion']['stimuli']

    assert load(shown) == load()


def test_the_page_names_every_stimulus():
    rows = re.findall(r'^\| ([a-z_, ]+) \|', PAGE.read_text(encoding='utf-8'), re.MULTILINE)
    named = {name for row in rows for name in row.split(', ')}

    assert set(load().stimuli) <= named
