# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The tables of the documentation are those of the code."""

import re
from importlib import import_module

import pytest

from emotion_agent.agent import find
from emotion_agent.launching.arguments import ARGUMENTS
from emotion_agent.launching.nodes import NODES
from emotion_agent.logic.shown_expression import MIXTURES
from node_kit.settings import OF_EVERY_NODE

SETTINGS = {name: find(place).TABLE for name, place in NODES.items()}


@pytest.mark.parametrize('name', SETTINGS)
def test_every_parameter_is_documented_with_its_default(name, repository):
    text = (repository / 'docs' / 'interfaces.md').read_text()

    for setting in SETTINGS[name]:
        assert f'| `{setting.name}` | `{setting.default!r}` |' in text


def test_parameters_of_every_node_are_documented(repository):
    text = (repository / 'docs' / 'interfaces.md').read_text()

    for setting in OF_EVERY_NODE:
        assert f'| `{setting.name}` | `{setting.default!r}` | {setting.description}' in text


def test_expressions_of_rep_155_are_documented_with_what_is_shown(repository):
    text = (repository / 'docs' / 'interfaces.md').read_text()

    for name, mixture in MIXTURES.items():
        parts = [f'{strength:g} {emotion}' for emotion, strength in mixture.items()]
        assert f'| `{name}` | {" + ".join(parts) or "no emotion"} |' in text


def test_launch_arguments_of_the_readme_exist(repository):
    declared = {argument.name for argument in ARGUMENTS}
    readme = (repository / 'README.md').read_text()
    table = readme[readme.index('| launch argument') : readme.index('On a small computer')]
    rows = re.findall(r'^\| (`.*?`) \|', table, re.MULTILINE)

    assert declared == {name for row in rows for name in re.findall(r'`(\w+)`', row)} | {'source'}


@pytest.mark.parametrize(
    'name', ['camera', 'affect_estimator', 'emotion_state', 'face_sketcher', 'recorder']
)
def test_node_module_says_what_it_subscribes_to_and_publishes(name):
    manual = import_module(f'emotion_agent.nodes.{name}').__doc__

    for heading in ('Subscribes:', 'Publishes:', 'No input:'):
        assert heading in manual
