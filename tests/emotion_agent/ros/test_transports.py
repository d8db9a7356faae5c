# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Publishers of images get a large segment, unless the user chose how to send."""

import os

import pytest

from emotion_agent.ros.transports import TRANSPORTS, use_large_segment
from node_kit.discovery import NEW_VARIABLE, OLD_VARIABLE, use_profile, variable

VARIABLES = (OLD_VARIABLE, NEW_VARIABLE)


@pytest.fixture(autouse=True)
def nothing_chosen(monkeypatch, tmp_path):
    for name in (*VARIABLES, TRANSPORTS):
        monkeypatch.setenv(name, '')  # so that what the test leaves there is undone
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def chosen():
    return {os.environ.get(name) for name in VARIABLES}


@pytest.mark.parametrize('inherits', [False, True])
def test_a_camera_gets_the_large_segment_also_as_a_child_of_a_node(inherits):
    if inherits:
        use_profile()

    use_large_segment()

    profile = os.environ[variable()]
    assert profile.endswith('fastdds_images.xml')
    assert os.path.isfile(profile)


@pytest.mark.parametrize('name', [*VARIABLES, TRANSPORTS])
def test_what_the_user_chose_stays(monkeypatch, name):
    monkeypatch.setenv(name, 'LARGE_DATA')

    use_large_segment()

    assert os.environ[name] == 'LARGE_DATA'
    assert chosen() <= {None, 'LARGE_DATA'}
