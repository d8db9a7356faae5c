# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The tables of the documentation are those of the code."""

import ast
import re
from importlib import import_module

import pytest
import yaml

from emotion_agent.agent import CAMERA, NODES, find

RECORDER = 'emotion_agent.nodes.recorder:Recorder'
SETTINGS = {name: find(name).TABLE for name in (*NODES, CAMERA, RECORDER)}


@pytest.mark.parametrize('name', SETTINGS)
def test_every_parameter_is_documented_with_its_default(name, repository):
    text = (repository / 'docs' / 'interfaces.md').read_text()

    for setting in SETTINGS[name]:
        assert f'| `{setting.name}` | `{setting.default!r}` |' in text


def test_parameter_file_sets_only_parameters_that_exist(repository):
    nodes = yaml.safe_load((repository / 'config' / 'agent.yaml').read_text())['/**']
    known = {
        name.partition(':')[0].rpartition('.')[2]: {setting.name for setting in table}
        for name, table in SETTINGS.items()
    }
    known['oled_face'] = known.pop('node')

    for node, sections in nodes.items():
        assert set(sections['ros__parameters']) <= known[node]


def test_launch_arguments_of_the_readme_exist(repository):
    tree = ast.parse((repository / 'launch' / 'agent.launch.py').read_text())
    declared = {
        call.args[0].value
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and getattr(call.func, 'id', '') == 'argument'
    }
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
