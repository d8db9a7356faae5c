# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Nodes that start together find each other at once, unless the user has said how."""

import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from node_kit.discovery import (
    FILES,
    NEW_VARIABLE,
    OLD_VARIABLE,
    QUICK_START,
    use_profile,
    variable,
)

VARIABLES = (OLD_VARIABLE, NEW_VARIABLE)
PAIR = """
import sys, time
import rclpy
from node_kit.discovery import use_profile
use_profile()
rclpy.init()
node = rclpy.create_node(sys.argv[1])
end_s = time.monotonic() + 60
while sys.argv[2] not in node.get_node_names() and time.monotonic() < end_s:
    time.sleep(0.01)
assert time.monotonic() < end_s
print('found', flush=True)
sys.stdin.read()
rclpy.shutdown()
"""


@pytest.fixture
def environment(monkeypatch, tmp_path):
    for name in VARIABLES:
        monkeypatch.setenv(name, '')  # so that what the test leaves there is undone
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return os.environ


def chosen(environment):
    return {environment.get(name) for name in VARIABLES}


def test_the_profile_is_used_where_the_user_chose_none(environment):
    use_profile()

    assert chosen(environment) == {None, str(QUICK_START)}
    assert environment[variable()] == str(QUICK_START)
    assert QUICK_START.is_file()


@pytest.mark.parametrize(
    ('package', 'name'), [('fastrtps', OLD_VARIABLE), ('fastdds', NEW_VARIABLE)]
)
def test_each_fast_dds_gets_the_variable_that_it_reads(
    environment, monkeypatch, tmp_path, package, name
):
    (tmp_path / 'share' / package).mkdir(parents=True)
    monkeypatch.setenv('AMENT_PREFIX_PATH', f'/nowhere{os.pathsep}{tmp_path}')

    use_profile()

    assert environment.get(name) == str(QUICK_START)
    assert len(chosen(environment)) == 2


@pytest.mark.parametrize('name', VARIABLES)
def test_a_profile_of_the_user_stays(environment, monkeypatch, name):
    monkeypatch.setenv(name, '/home/me/dds.xml')

    use_profile()

    assert chosen(environment) == {'/home/me/dds.xml', None}


@pytest.mark.parametrize('name', FILES)
def test_a_profile_in_the_working_folder_stays(environment, tmp_path, name):
    (tmp_path / name).write_text('<profiles/>')

    use_profile()

    assert chosen(environment) == {None}


def test_a_node_of_large_images_replaces_the_profile_it_inherits(environment, tmp_path):
    use_profile()
    use_profile(tmp_path / 'large.xml')
    assert chosen(environment) == {None, str(tmp_path / 'large.xml')}

    use_profile()
    assert chosen(environment) == {None, str(tmp_path / 'large.xml')}


def test_large_images_are_announced_as_everything_else(repository):
    large = repository / 'src/emotion_agent/config/fastdds_images.xml'

    assert discovery_config(large) == discovery_config(QUICK_START)


def discovery_config(profile: Path) -> list[tuple[str, str]]:
    """What a profile says of discovery: tags and texts in their order."""
    (config,) = ElementTree.parse(profile).iterfind('.//{*}discovery_config')
    return [(part.tag.rpartition('}')[2], (part.text or '').strip()) for part in config.iter()]


@pytest.mark.dds
def test_fast_dds_takes_the_profile_without_complaint():
    """Two processes that start together find each other; a profile with a mistake is reported."""
    names = ('left', 'right')
    started = [
        subprocess.Popen(
            [sys.executable, '-c', PAIR, own, other],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for own, other in (names, names[::-1])
    ]

    found = [process.stdout.readline() for process in started]
    errors = [process.communicate(timeout=60)[1] for process in started]

    assert found == ['found\n'] * 2
    assert errors == ['', '']
