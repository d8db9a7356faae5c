# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A study as a researcher runs it: sessions of two participants, each recorded and replayed."""

import json
from pathlib import Path

import pytest
from rclpy.task import Future

from emotion_agent.commands.cli import main
from emotion_agent.replay.bag import Bag
from emotion_agent.ros.session_client import SessionClient
from emotion_msgs.msg import Event
from node_kit.qos import EVENT

SCRIPT = """
duration_s: 0.6
stimuli: [{at_s: 0.1, name: insult, intensity: 1.0}]
markers: [{at_s: 0.2, text: from the script}]
waits: [{at_s: 0.3, for: key, key: yes}]
"""


class Experimenter:
    """Asks the node `session`, and waits for its answers."""

    def __init__(self, listener):
        self._listener = listener
        self.client = SessionClient(listener.node, '/emotion')
        listener.wait_until(lambda: self.client.status, 'the node session')

    def get(self, answer: Future):
        self._listener.wait_until(answer.done, 'an answer')
        return answer.result()

    def wait_for(self, condition, what: str) -> None:
        self._listener.wait_until(lambda: condition(self.client.status), what)

    def make_angry(self) -> None:
        heard = len(self._listener.heard['emotion_state/causes'])
        self._listener.stimulate('insult')
        self._listener.wait_until(
            lambda: (
                len(self._listener.heard['emotion_state/causes']) > heard
                and self._listener.last('state').mad > 0.2
            ),
            'anger',
        )


@pytest.fixture
def study(start_nodes, listener, tmp_path):
    (tmp_path / 'scripts').mkdir()
    (tmp_path / 'scripts' / 'short.yaml').write_text(SCRIPT)
    nodes = start_nodes()
    nodes.start('emotion_agent', 'emotion_state', {'snapshot_path': 'none'})
    folders = {
        'folder': str(tmp_path / 'sessions'),
        'script_folder': str(tmp_path / 'scripts'),
    }
    nodes.start('emotion_agent', 'session', folders)
    listener.listen(Event, 'events', EVENT)
    return nodes, Experimenter(listener)


def first_of(bag: Bag, topic: str):
    message = next(bag.messages([topic]))
    return bag.types.from_bytes(message.msgtype, message.data)


def events_in(folder: str) -> list[tuple[str, str, dict]]:
    """(kind, name, value) of what a bag has on `events`, in order."""
    with Bag(Path(folder)) as bag:
        events = [
            bag.types.from_bytes(message.msgtype, message.data)
            for message in bag.messages(['/emotion/events'])
        ]
    return [
        (event.kind, event.name, json.loads(event.value) if event.value else {})
        for event in events
    ]


def assert_replays(folder: str, tmp_path, capfd) -> None:
    again = str(tmp_path / f'{folder.rpartition("/")[2]}.mcap')
    assert main(['replay', folder, '--out', again, '--no-plot', '--at-recorded-stamps']) == 0
    status = main(['compare', folder, again, '--topics', '/emotion/state'])
    assert status == 0, capfd.readouterr().out


def test_two_participants_and_what_is_left_of_them(study, listener, tmp_path, capfd):
    nodes, experimenter = study
    client, get = experimenter.client, experimenter.get
    experimenter.make_angry()

    first = get(client.start('Ann Ä/1', 'warm', 'left-handed'))
    assert first.success, first.message
    assert first.session.endswith('_Ann-1')
    assert get(client.mark('before the insult')).success
    assert get(client.play('short')).success
    experimenter.wait_for(lambda status: status.waits_for == 'key yes', 'the wait')
    assert get(client.control('key', 'yes')).success
    experimenter.wait_for(lambda status: status.script_state == 'ended', 'the end of the script')
    assert get(client.set_temperament('timid')).success
    experimenter.make_angry()
    refused = get(client.start('p02'))
    assert (refused.success, refused.message) == (
        False, f'session {first.session} runs; stop it first'
    )  # fmt: skip
    assert get(client.stop()).success
    experimenter.wait_for(lambda status: status.session == '', 'the end')

    second = get(client.start('p02', 'cold'))
    assert get(client.mark('a mark at the last moment')).success
    assert get(client.stop()).success
    experimenter.make_angry()
    third = get(client.start('p02', keep_state=True))
    assert get(client.reset()).success
    nodes.stop('session')  # as Ctrl-C does

    about = {'participant': 'Ann Ä/1', 'condition': 'warm', 'notes': 'left-handed'}
    about['folder'] = first.folder
    events = events_in(first.folder)
    assert [(kind, name) for kind, name, _ in events if kind != 'parameters'] == [
        ('session', first.session),
        ('marker', 'before the insult'),
        *[('script', 'short')],
        ('marker', 'from the script'),
        *[('script', 'short'), ('key', 'yes')],
        *[('script', 'short'), ('script', 'short')],
        ('temperament', 'timid'),
        ('session', ''),
    ]
    assert events[0][2] == events[-1][2] == about
    assert [value['state'] for kind, _, value in events if kind == 'script'] == [
        *('playing', 'waiting', 'playing', 'ended'),
    ]
    assert [name for kind, name, _ in events_in(second.folder) if kind != 'parameters'] == [
        *(second.session, 'a mark at the last moment', ''),
    ]
    assert [kind for kind, _, _ in events_in(third.folder)] == ['session', 'reset', 'session']
    for answer in (first, second, third):
        assert_replays(answer.folder, tmp_path, capfd)
        with Bag(Path(answer.folder)) as bag:
            begins_at_rest = first_of(bag, '/emotion/state').mad < 0.1
        assert begins_at_rest == (answer is not third)


def test_a_node_that_is_killed_leaves_a_session_that_can_be_read(study, tmp_path, capfd):
    nodes, experimenter = study
    session = experimenter.get(experimenter.client.start('p01'))
    assert experimenter.get(experimenter.client.mark('kept')).success
    experimenter.make_angry()
    experimenter._listener.spin_until(lambda: False, 1.5)  # longer than what a crash costs

    nodes.kill('session')

    assert [kind for kind, _, _ in events_in(session.folder)] == ['session', 'marker']
    assert_replays(session.folder, tmp_path, capfd)
