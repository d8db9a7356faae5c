# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Nodes of a user without a home folder: a container, a service, an unknown uid."""

import pytest
from std_srvs.srv import Trigger

from emotion_agent.nodes.camera import Camera
from emotion_agent.nodes.emotion_state import EmotionStateNode
from emotion_agent.nodes.recorder import Recorder
from emotion_agent.ros.home import home_folder
from emotion_agent.ros.recording import usual_folder
from node_kit import Unavailable


def unknown():
    raise RuntimeError('Could not determine home directory.')


@pytest.fixture(autouse=True)
def no_home(monkeypatch, world):
    monkeypatch.delenv('ROS_HOME', raising=False)
    monkeypatch.setattr('pathlib.Path.home', unknown)


def test_there_is_no_folder_for_what_nodes_keep():
    assert home_folder() is None
    with pytest.raises(Unavailable, match='no home folder for bags; set the parameter folder'):
        usual_folder('bags')


def test_a_state_that_cannot_be_kept_is_felt_all_the_same(world):
    world.start(EmotionStateNode)

    answer = world.call(Trigger, 'emotion_state/save', Trigger.Request())

    assert not answer.success
    assert answer.message == 'no snapshot_path is set'


@pytest.mark.parametrize(
    ('node', 'parameter'), [(Recorder, 'folder'), (EmotionStateNode, 'snapshot_path')]
)
def test_a_path_in_no_home_is_refused(world, node, parameter):
    with pytest.raises(ValueError, match='there is no home folder; name the whole path'):
        world.start(node, **{parameter: '~nobody_of_this_name/file'})


@pytest.mark.parametrize('source', ['', ' '])
def test_a_source_without_a_name_is_refused(world, source):
    with pytest.raises(ValueError, match=r'source: expected astronaut, a picture.*got an empty'):
        world.start(Camera, source=source)
