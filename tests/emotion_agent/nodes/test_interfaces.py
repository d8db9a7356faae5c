# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Every node uses the topics and services of the table that policies are made of; no more."""

import time

import pytest

from emotion_agent.agent import find
from emotion_agent.camera.sources import BUILT_IN_PHOTO
from emotion_agent.launching.nodes import NODES
from emotion_agent.security.interfaces import OF_EVERY_NODE, Choices, Interfaces, interfaces

GIVEN = {
    'camera': {'source': BUILT_IN_PHOTO},
    'emotion_state': {'snapshot_path': 'none'},
    'oled_face': {'output': 'none'},
}
CHOSEN = Choices(image_topic='/eye/left', use_sim_time=True, record_images=True)


@pytest.mark.parametrize('choices', [Choices(), CHOSEN], ids=['usual', 'chosen'])
@pytest.mark.parametrize('name', NODES)
def test_a_node_uses_what_the_table_says(world, tmp_path, name, choices):
    kind = find(NODES[name])
    known = {setting.name for setting in kind.TABLE}
    given = {**GIVEN.get(name, {}), 'folder': str(tmp_path / 'bag')}
    wanted = {'image_topic': choices.image_topic, 'record_images': choices.record_images, **given}
    parameters = {key: value for key, value in wanted.items() if key in known}
    if name == 'face_sketcher':
        del parameters['folder']

    node = world.start(kind, use_sim_time=choices.use_sim_time, **parameters)

    expected = OF_EVERY_NODE + interfaces(choices)[name]
    end_s = time.monotonic() + 20
    while used_by(node) != resolved(expected, node) and time.monotonic() < end_s:
        time.sleep(0.05)
    assert used_by(node) == resolved(expected, node)


def used_by(node) -> dict[str, set[str]]:
    mine = node.get_name(), node.get_namespace()
    found = {
        'publishes': node.get_publisher_names_and_types_by_node,
        'subscribes': node.get_subscriber_names_and_types_by_node,
        'serves': node.get_service_names_and_types_by_node,
        'calls': node.get_client_names_and_types_by_node,
    }
    return {kind: {name for name, _ in look(*mine)} for kind, look in found.items()}


def resolved(expected: Interfaces, node) -> dict[str, set[str]]:
    return {
        kind: {node.resolve_topic_name(name) for name in getattr(expected, kind)}
        for kind in ('publishes', 'subscribes', 'serves', 'calls')
    }
