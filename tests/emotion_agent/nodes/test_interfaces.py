# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Every node uses the topics and services of the table that policies are made of; no more."""

import asyncio
import threading
import time
from contextlib import contextmanager

import aiohttp
import pytest

from emotion_agent.agent import find
from emotion_agent.camera.sources import BUILT_IN_PHOTO
from emotion_agent.launching.nodes import NODES
from emotion_agent.logic.hri import EXPRESSION
from emotion_agent.ros.messages import is_installed
from emotion_agent.security.interfaces import OF_EVERY_NODE, Choices, Interfaces, interfaces

GIVEN = {
    'camera': {'source': BUILT_IN_PHOTO},
    'emotion_state': {'snapshot_path': 'none'},
    'oled_face': {'output': 'none'},
    'emotion_web': {'port': 0, 'allow_camera_image': True},
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
    if name == 'emotion_web':
        with somebody_looks_at(node):
            world.wait_until(lambda: used_by(node) == resolved(expected, node), 'its topics')
        return
    if name == 'session':
        wanted, used = resolved(expected, node), used_by(node)
        # It listens to what it records during a session only.
        assert not any(used[kind] - wanted[kind] for kind in wanted)
        assert used['serves'] == wanted['serves']
        return
    end_s = time.monotonic() + 20
    while used_by(node) != resolved(expected, node) and time.monotonic() < end_s:
        time.sleep(0.05)
    assert used_by(node) == resolved(expected, node)


@contextmanager
def somebody_looks_at(node):
    """A browser that shows the page with the camera; without one nothing is subscribed to."""
    has_seen = threading.Event()

    async def look():
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(f'{node._server.url}socket') as socket,
        ):
            await socket.receive()
            await socket.send_str('{"id": 1, "do": "camera", "on": true}')
            while not has_seen.is_set():
                await socket.receive()

    thread = threading.Thread(target=lambda: asyncio.run(look()))
    thread.start()
    try:
        yield
    finally:
        has_seen.set()
        node._server.close()  # so that the last receive ends
        thread.join(10)


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
    missing = set() if is_installed(EXPRESSION) else {'show_expression'}
    return {
        kind: {node.resolve_topic_name(name) for name in {*getattr(expected, kind)} - missing}
        for kind in ('publishes', 'subscribes', 'serves', 'calls')
    }
