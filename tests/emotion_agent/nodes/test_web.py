# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What browsers see of a real agent, and what they do to it."""

import asyncio
import json
import socket
import threading

import aiohttp
import pytest
from geometry_msgs.msg import Point
from rclpy.parameter import Parameter
from sensor_msgs.msg import CompressedImage
from std_msgs.msg import Float32

from emotion_agent.nodes.emotion_state import EmotionStateNode
from emotion_agent.nodes.face_sketcher import FaceSketcherNode
from emotion_agent.nodes.web import EmotionWeb, unusable
from emotion_msgs.msg import Event, FaceAffectArray
from node_kit.qos import EVENT, RESULT
from node_kit.web.server import WebServer


class Browser:
    """A connection that keeps what it is sent."""

    def __init__(self, url):
        self.received = []
        self._url = f'{url}socket'
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def newest(self, kind):
        return next((m for m in reversed(self.received) if m['type'] == kind), None)

    def ask(self, id_, do, **fields):
        text = json.dumps({'id': id_, 'do': do, **fields})
        asyncio.run_coroutine_threadsafe(self._socket.send_str(text), self._loop).result(10)

    def answer(self, id_):
        return next((m for m in self.received if m['type'] == 'answer' and m['id'] == id_), None)

    def close(self):
        if self._thread.is_alive():
            asyncio.run_coroutine_threadsafe(self._socket.close(), self._loop).result(10)
            self._thread.join(10)

    def _run(self):
        self._loop.run_until_complete(self._listen())

    async def _listen(self):
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(self._url, max_msg_size=0) as self._socket,
        ):
            async for message in self._socket:
                self.received.append(json.loads(message.data))


@pytest.fixture
def browsers(world):
    opened = []

    def open_one(node):
        opened.append(Browser(node._server.url))
        world.wait_until(lambda: opened[-1].newest('hello'), 'a greeting')
        return opened[-1]

    yield open_one
    for browser in opened:
        browser.close()


def start(world, **parameters):
    return world.start(EmotionWeb, port=0, **parameters)


def ask(world, browser, do, **fields):
    """The answer to a request: whether it was done, and a line."""
    id_ = len(browser.received)
    browser.ask(id_, do, **fields)
    world.wait_until(lambda: browser.answer(id_), f'an answer to {do}')
    return browser.answer(id_)['ok'], browser.answer(id_)['text']


def test_a_browser_sees_the_agent_and_stimulates_it(world, browsers):
    world.start(EmotionStateNode, snapshot_path='none')
    world.start(FaceSketcherNode)
    node = start(world)
    browser = browsers(node)

    world.wait_until(lambda: browser.newest('hello')['stimuli'], 'the stimuli')
    world.wait_until(lambda: browser.newest('hello')['rest'], 'the levels at rest')
    names = [info['name'] for info in browser.newest('hello')['stimuli']]
    assert 'praise' in names
    assert ask(world, browser, 'stimulate', name='praise', intensity=0.5) == (True, '')
    refused, why = ask(world, browser, 'stimulate', name='praize')
    assert (refused, why) == (False, "no stimulus 'praize'; did you mean praise?")

    joy = [one['name'] for one in browser.newest('hello')['emotions']].index('joy')
    world.wait_until(lambda: browser.newest('state')['emotions'][joy] > 0.1, 'joy')
    world.wait_until(lambda: browser.newest('face') and browser.newest('diagnostics'), 'a face')
    cause = browser.newest('cause')
    assert (cause['name'], cause['intensity'], cause['source']) == ('praise', 0.5, 'web')
    face = browser.newest('face')
    assert (face['width'], face['height']) == (128, 64)
    assert browser.newest('silence') == {'type': 'silence', 'agent': True}
    nodes = {item['node'] for item in browser.newest('diagnostics')['items']}
    world.wait_until(
        lambda: (
            nodes | {i['node'] for i in browser.newest('diagnostics')['items']}
            >= {'emotion_state', 'face_sketcher', 'emotion_web'}
        ),
        'diagnostics',
    )
    refused, why = ask(world, browser, 'reset')
    assert not refused
    assert why.startswith('no node session is there')


def test_who_plays_a_person_ends_with_the_connection_and_is_told_to_others(world, browsers):
    node = start(world)
    one, other = browsers(node), browsers(node)
    world.subscribe(FaceAffectArray, 'human_affect', RESULT)

    assert ask(world, one, 'person', valence=0.5, arousal=-0.25) == (True, '')
    world.wait_until(lambda: other.newest('people'), 'the person')
    (person,) = other.newest('people')['people']
    assert (person['valence'], person['arousal'], person['simulated']) == (0.5, -0.25, True)
    refused, why = ask(world, other, 'person', valence=0.0, arousal=0.0)
    assert (refused, 'browser 1 at 127.0.0.1 plays' in why) == (False, True)
    assert one.newest('player')['text'] == 'you play the person'
    assert other.newest('player')['text'] == 'browser 1 at 127.0.0.1 plays the person'

    one.close()

    world.wait_until(lambda: other.newest('player')['text'] == '', 'the end')
    world.wait_until(lambda: other.newest('people')['people'] == [], 'nobody')
    sent = len(world.received['human_affect'])
    assert ask(world, other, 'person', valence=-1.0, arousal=0.0) == (True, '')
    world.wait_until(lambda: len(world.received['human_affect']) > sent + 1, 'another person')
    assert world.received['human_affect'][-1].faces[0].valence == -1.0


def test_mouth_and_gaze_are_held_until_they_are_left(world, browsers):
    browser = browsers(start(world))
    world.subscribe(Float32, 'mouth', EVENT)
    world.subscribe(Point, 'gaze', RESULT)

    ask(world, browser, 'mouth', open=0.75)
    ask(world, browser, 'gaze', x=-0.5, y=0.25)
    world.wait_until(lambda: len(world.received['mouth']) > 3, 'the mouth')
    world.wait_until(lambda: len(world.received['gaze']) > 3, 'the gaze')
    ask(world, browser, 'mouth')
    ask(world, browser, 'gaze')
    sent = len(world.received['mouth'])
    ask(world, browser, 'mouth', open=0.0)
    world.wait_until(lambda: len(world.received['mouth']) > sent, 'the mouth')

    assert {message.data for message in world.received['mouth'][:sent]} == {0.75}
    assert {(point.x, point.y) for point in world.received['gaze']} == {(-0.5, 0.25)}


def test_events_and_a_camera_that_is_allowed_are_shown(world, browsers):
    browser = browsers(start(world, allow_camera_image=True))
    assert browser.newest('hello')['allowed'] == {'camera': True}
    events = world.publisher(Event, 'events', EVENT)
    events.publish(Event(kind='marker', name='begin', value='', source='test'))
    world.wait_until(lambda: browser.newest('event'), 'an event')
    assert browser.newest('event')['name'] == 'begin'

    pictures = world._node.create_publisher(CompressedImage, 'annotated_image/compressed', RESULT)
    assert pictures.get_subscription_count() == 0
    assert ask(world, browser, 'camera', on=True) == (True, '')
    world.wait_until(pictures.get_subscription_count, 'a subscriber')
    pictures.publish(CompressedImage(format='jpeg', data=b'abc'))
    world.wait_until(lambda: browser.newest('camera'), 'a picture')
    assert browser.newest('camera')['jpeg'] == 'YWJj'
    assert ask(world, browser, 'camera', on=False) == (True, '')
    world.wait_until(lambda: not pictures.get_subscription_count(), 'the end')


def test_a_camera_that_is_not_allowed_is_not_shown(world, browsers):
    refused, why = ask(world, browsers(start(world)), 'camera', on=True)

    assert (refused, why.startswith('camera: not allowed; set ')) == (False, True)


def test_nothing_is_subscribed_to_while_nobody_looks(world, browsers, monkeypatch):
    monkeypatch.setattr('emotion_agent.nodes.web.LINGER_S', 0.2)
    node = start(world)
    face = node.resolve_topic_name('face_image')
    assert node.count_subscribers(face) == 0

    browser = browsers(node)
    world.wait_until(lambda: node.count_subscribers(face) == 1, 'a subscription')
    browser.close()

    world.wait_until(lambda: node.count_subscribers(face) == 0, 'its end')
    other = browsers(node)
    world.wait_until(lambda: other.newest('session'), 'what is told to all')
    assert other.newest('session') == {'type': 'session', 'there': False}


def test_a_port_that_is_taken_is_one_line_with_the_parameter(world):
    with socket.create_server(('127.0.0.1', 0)) as taken:
        port = taken.getsockname()[1]
        node = EmotionWeb(namespace='emotion', parameter_overrides=[Parameter('port', value=port)])
        try:
            node.autostart()
            (diagnosis,) = [
                one for one in node._diagnostics._diagnose() if one.name == 'lifecycle'
            ]
            assert not node.is_active
            assert diagnosis.message == (
                f'port {port}: already in use, mostly by the page of another robot on this '
                'computer; set port to another number above 1023, or to 0 for any that is free'
            )
        finally:
            node.destroy_node()


@pytest.mark.parametrize('given', [{'host': '0.0.0.0'}, {'token': 'short'}])
def test_others_need_a_token(ros, given):
    overrides = [Parameter(name, value=value) for name, value in given.items()]
    with pytest.raises(ValueError, match='^token: expected'):
        EmotionWeb(namespace='emotion', parameter_overrides=overrides)


@pytest.mark.parametrize('host', ['192.0.2.1', 'nobody.invalid'])
def test_a_host_that_is_not_here_is_one_line_with_the_parameter(host):
    with pytest.raises(OSError) as error:  # noqa: PT011
        WebServer(0, {}, host, 'a token of enough characters')

    line = unusable(host, 8066, error.value)

    assert line.startswith(f'host {host}: ')
    assert line.endswith('; set host to 127.0.0.1, or to an address of this computer')
    assert '(' not in line
