# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The client inside another node, against the real state node over real DDS."""

import math
import subprocess
import sys
import threading
import wave
from time import monotonic

import numpy as np
import pytest

pytest.importorskip('rclpy')

from rclpy.executors import SingleThreadedExecutor
from rclpy.impl.rcutils_logger import RcutilsLogger
from rclpy.node import Node
from rclpy.parameter import Parameter
from std_msgs.msg import Float32

from emotion_agent.client import (
    GIVEN_UP,
    SENT,
    UNKNOWN,
    EmotionClient,
    StimulusLibrary,
    StimulusResult,
    action_units_of,
)
from emotion_agent.nodes.emotion_state import EmotionStateNode
from emotion_agent.ros import delivery
from emotion_agent.ros.agents import namespaces_of_agents
from emotion_msgs.msg import FaceAffect, FaceAffectArray, Stimulus
from node_kit.qos import EVENT, RESULT

TIMEOUT_S = 10.0


@pytest.fixture
def executor(ros):
    executor = SingleThreadedExecutor()
    yield executor
    executor.shutdown()


@pytest.fixture
def node(ros, executor):
    node = ros.create_node('toy')
    executor.add_node(node)
    yield node
    node.destroy_node()


@pytest.fixture
def robot(ros, executor):
    robot = EmotionStateNode(namespace='emotion')
    executor.add_node(robot)
    robot.autostart()
    yield robot
    robot.close()
    robot.destroy_node()


@pytest.fixture
def wait_until(executor):
    def wait(condition, what):
        end_s = monotonic() + TIMEOUT_S
        while not condition():
            assert monotonic() < end_s, f'waited {TIMEOUT_S} s for {what}'
            executor.spin_once(timeout_sec=0.05)

    return wait


@pytest.fixture
def causes(ros, executor):
    """The stimuli that the agent accepted."""
    causes = []
    listener = ros.create_node('listener')
    listener.create_subscription(Stimulus, 'emotion/emotion_state/causes', causes.append, EVENT)
    executor.add_node(listener)
    yield causes
    listener.destroy_node()


@pytest.fixture
def logged(monkeypatch):
    """The warnings of all nodes."""
    lines = []
    monkeypatch.setattr(RcutilsLogger, 'warning', lambda _, line, **options: lines.append(line))
    return lines


def test_stimulus_changes_the_state_that_the_client_receives(node, robot, wait_until):
    client = EmotionClient(node)
    heard = []
    client.on_state(heard.append)
    assert client.state is None
    wait_until(lambda: client.is_connected and client.state, 'the agent')

    result = client.stimulate('praise', intensity=0.5)

    wait_until(lambda: client.state.last_stimulus == 'praise', 'the praise')
    assert client.state.last_source == '/toy'
    assert client.state.joy > 0.1
    assert client.state is heard[-1]
    wait_until(result.done, 'the result')
    assert result.result() == StimulusResult('praise', SENT)


def test_duration_of_the_caller_goes_before_that_of_the_library(node, robot, wait_until):
    client = EmotionClient(node, source='hand')
    wait_until(lambda: client.is_connected and client.state, 'the agent')

    client.stimulate('low_battery', duration_s=0.0)  # at once, where the library takes 20 s

    wait_until(lambda: client.state.last_source == 'hand', 'the stimulus')
    assert client.state.sad > 0.5


def test_library_is_given_on_request(node, robot, wait_until):
    answer = EmotionClient(node).stimuli()

    wait_until(answer.done, 'the answer')

    names = [info.name for info in answer.result().stimuli]
    assert 'praise' in names
    assert names == sorted(names)
    assert answer.result().problem == ''


class Early(Node):
    """A node that uses the client in its constructor."""

    def __init__(self):
        super().__init__('early')
        self.emotion = EmotionClient(self)
        self.known = self.emotion.stimuli()
        self.results = [self.emotion.stimulate(name) for name in ('novelty', 'win', 'praise')]


def test_what_is_asked_in_a_constructor_arrives_in_its_order_once_the_agent_is_there(
    ros, executor, wait_until, causes
):
    node = Early()
    executor.add_node(node)
    for _ in range(5):
        executor.spin_once(timeout_sec=0.1)
    assert not any(result.done() for result in node.results)

    robot = EmotionStateNode(namespace='emotion')
    executor.add_node(robot)
    robot.autostart()
    wait_until(lambda: all(result.done() for result in node.results), 'the results')
    wait_until(lambda: len(causes) == 3, 'the causes')
    wait_until(node.known.done, 'the library')

    assert [result.result().outcome for result in node.results] == [SENT] * 3
    assert [cause.name for cause in causes] == ['novelty', 'win', 'praise']
    # They count when they are sent, not when they were asked for.
    assert len({cause.header.stamp.sec for cause in causes}) <= 2
    assert node.known.result().stimuli
    robot.close()
    robot.destroy_node()
    node.destroy_node()


def test_stimulus_that_waited_too_long_is_given_up_and_never_sent(
    ros, node, executor, wait_until, logged
):
    client = EmotionClient(node, 'late', patience_s=0.3)
    old = client.stimulate('insult')
    wait_until(old.done, 'giving up')
    robot = EmotionStateNode(namespace='late')
    executor.add_node(robot)
    robot.autostart()
    wait_until(lambda: client.is_connected, 'the agent')
    client.stimulate('praise')
    wait_until(lambda: client.state and client.state.last_stimulus == 'praise', 'the praise')

    assert old.result().outcome == GIVEN_UP
    assert old.result().problem == 'no emotion_state was found in /late so far'
    assert f'gave up insult: {old.result().problem}' in logged
    assert client.state.mad == 0.0
    robot.close()
    robot.destroy_node()


def test_patience_of_nothing_counts_at_once_or_not_at_all(node, robot, wait_until):
    client = EmotionClient(node, patience_s=0.0)
    nobody = EmotionClient(node, 'nobody', patience_s=0.0)
    wait_until(lambda: client.is_connected, 'the agent')

    results = client.stimulate('praise'), nobody.stimulate('praise')
    wait_until(lambda: all(result.done() for result in results), 'the results')

    assert [result.result().outcome for result in results] == [SENT, GIVEN_UP]


def test_only_so_many_stimuli_wait(node, monkeypatch, logged):
    monkeypatch.setattr(delivery, 'MOST_PENDING', 3)
    client = EmotionClient(node, 'nobody')

    results = [client.stimulate('praise') for _ in range(5)]

    assert [result.done() for result in results] == [False, False, False, True, True]
    assert results[-1].result().outcome == GIVEN_UP
    assert results[-1].result().problem.startswith('3 wait already; no emotion_state was ')
    assert f'gave up praise: {results[-1].result().problem}' in logged


def test_unknown_name_is_said_with_the_one_that_was_meant(node, robot, wait_until, logged):
    client = EmotionClient(node)

    results = [client.stimulate(name) for name in ('praize', 'praize', 'xyzzy')]
    wait_until(lambda: all(result.done() for result in results), 'the results')

    assert [result.result().outcome for result in results] == [UNKNOWN] * 3
    said = "emotion_state in /emotion knows no stimulus 'praize'; did you mean praise?"
    assert results[0].result().problem == said
    assert 'known are blocked, charging' in results[2].result().problem
    assert logged.count(said) == 1


def test_library_is_asked_for_again_after_a_restart_and_a_change_of_temperament(
    ros, node, executor, wait_until, tmp_path
):
    def robot_that_knows(name):
        file = tmp_path / f'{name}.yaml'
        file.write_text(f'emotion: {{stimuli: {{{name}: {{doses: {{dopamine: 0.5}}}}}}}}')
        choice = {'temperament': name, 'temperament_folder': str(tmp_path)}
        robot = EmotionStateNode(
            namespace='emotion',
            parameter_overrides=[Parameter(key, value=value) for key, value in choice.items()],
        )
        executor.add_node(robot)
        robot.autostart()
        return robot

    def outcome_of(name):
        result = client.stimulate(name)
        wait_until(result.done, f'the result of {name}')
        return result.result().outcome

    client = EmotionClient(node)
    robot = robot_that_knows('tickle')
    assert (outcome_of('tickle'), outcome_of('dance')) == (SENT, UNKNOWN)

    robot.close()
    robot.destroy_node()
    robot = robot_that_knows('dance')
    wait_until(lambda: outcome_of('dance') == SENT, 'the robot after its restart')
    assert outcome_of('tickle') == UNKNOWN

    robot.set_parameters([Parameter('temperament', value='tickle')])
    assert outcome_of('tickle') == SENT
    robot.close()
    robot.destroy_node()


def test_recorder_of_stimuli_is_no_agent(node, executor, ros):
    recorder = ros.create_node('recorder', namespace='emotion')
    heard = []
    recorder.create_subscription(Stimulus, 'stimulus', heard.append, EVENT)
    executor.add_node(recorder)
    client = EmotionClient(node)
    result = client.stimulate('praise')

    for _ in range(20):
        executor.spin_once(timeout_sec=0.05)

    assert not client.is_connected
    assert not result.done()
    assert heard == []
    recorder.destroy_node()


def test_without_an_agent_the_log_says_once_where_agents_are(
    ros, node, executor, wait_until, logged, monkeypatch
):
    elsewhere = [ros.create_node('emotion_state', namespace=name) for name in ('r2', 'r1/emotion')]
    wait_until(lambda: {'/r2', '/r1/emotion'} <= set(namespaces_of_agents(node)), 'the others')
    monkeypatch.setattr(delivery, 'NOTICE_S', 0.2)

    EmotionClient(node, 'nobody')
    wait_until(lambda: logged, 'a line')
    for _ in range(10):
        executor.spin_once(timeout_sec=0.05)

    (line,) = logged
    assert line.startswith('no emotion_state runs in /nobody; agents run in /')
    assert '/r1/emotion, /r2' in line
    assert line.endswith('; stimuli wait 10 s')
    for agent in elsewhere:
        agent.destroy_node()


def test_inactive_agent_is_named_as_such(ros, node, wait_until, monkeypatch, logged):
    robot = EmotionStateNode(namespace='idle')
    client = EmotionClient(node, 'idle', patience_s=0.0)
    wait_until(lambda: '/idle' in namespaces_of_agents(node), 'the node')

    result = client.stimulate('praise')
    wait_until(result.done, 'the result')

    assert result.result().outcome == GIVEN_UP
    assert result.result().problem == 'emotion_state in /idle takes no stimuli so far'

    monkeypatch.setattr(delivery, 'NOTICE_S', 0.05)
    later = EmotionClient(node, 'idle', patience_s=0.0).stimulate('praise')
    wait_until(later.done, 'the result')
    assert later.result().problem == (
        'emotion_state in /idle takes no stimuli: it is not active, see its log'
    )
    robot.destroy_node()


def test_question_that_nobody_answers_has_an_explicit_answer(node, wait_until, monkeypatch):
    monkeypatch.setattr(delivery, 'ANSWER_S', 0.2)

    answer = EmotionClient(node, 'nobody').stimuli()
    wait_until(answer.done, 'the answer')

    assert answer.result().stimuli == ()
    assert answer.result().problem == 'no emotion_state was found in /nobody so far'


def test_timer_stands_still_while_nothing_waits(node, robot, wait_until):
    client = EmotionClient(node)
    result = client.stimulate('praise')
    wait_until(result.done, 'the result')

    (timer,) = node.timers

    wait_until(timer.is_canceled, 'the end of the work')


def test_callbacks_are_called_by_the_executor_whoever_asks(node, robot, wait_until):
    client = EmotionClient(node)
    wait_until(lambda: client.is_connected, 'the agent')
    called_in = []

    def ask():
        for _ in range(10):
            client.stimulate('praise').add_done_callback(
                lambda _: called_in.append(threading.current_thread())
            )
            client.stimuli().add_done_callback(
                lambda _: called_in.append(threading.current_thread())
            )

    thread = threading.Thread(target=ask)
    thread.start()
    wait_until(lambda: len(called_in) == 20, 'the callbacks')
    thread.join()

    assert set(called_in) == {threading.current_thread()}


def test_callback_may_await_and_stimulate_again(node, robot, wait_until):
    client = EmotionClient(node)
    heard = []

    async def play():
        first = await client.stimulate('praize')
        second = await client.stimulate(first.problem.rpartition(' ')[2].strip('?'))
        heard.extend([first, second])

    node.executor.create_task(play)
    wait_until(lambda: heard, 'both results')

    assert [result.outcome for result in heard] == [UNKNOWN, SENT]
    assert heard[1].name == 'praise'


def test_namespaces_are_seen_from_the_node_unless_they_are_absolute(ros):
    node = ros.create_node('toy', namespace='robot')
    clients = [EmotionClient(node, namespace) for namespace in ('emotion', '/emotion/', '')]

    topics = dict(node.get_publisher_names_and_types_by_node('toy', '/robot'))

    assert {'/robot/emotion/stimulus', '/emotion/stimulus', '/robot/stimulus'} <= topics.keys()
    for client in clients:
        client.close()
    node.destroy_node()


def test_closed_client_leaves_nothing_on_the_graph_and_nobody_waiting(node):
    def entities():
        return [
            list(kind) for kind in (node.subscriptions, node.publishers, node.clients, node.timers)
        ]

    before = entities()
    answers = []
    for _ in range(3):
        client = EmotionClient(node)
        answers += [client.stimulate('praise'), client.stimuli()]
        client.close()

    assert entities() == before
    assert all(answer.done() for answer in answers)
    assert {answer.result().problem for answer in answers} == {'the client was closed'}


def test_closed_client_gives_up_whatever_it_is_asked(node, robot, wait_until):
    client = EmotionClient(node)
    wait_until(lambda: client.is_connected, 'the agent')
    unconfirmed = client.stimulate('praise')
    client.close()
    client.close()

    late = client.stimulate('praise')
    library = client.stimuli()

    problem = 'the client was closed'
    assert not client.is_connected
    assert late.done()
    assert library.done()
    assert late.result() == StimulusResult('praise', GIVEN_UP, problem)
    assert library.result() == StimulusLibrary(problem=problem)
    assert unconfirmed.result().outcome == GIVEN_UP
    assert unconfirmed.result().problem == f'{problem} before an agent confirmed it'


def test_long_wait_for_an_agent_leaves_it_time_to_answer(
    ros, node, executor, wait_until, monkeypatch
):
    monkeypatch.setattr(delivery, 'ANSWER_S', 1.5)
    client = EmotionClient(node, patience_s=60.0)
    unknown, asked_s = client.stimulate('praize'), monotonic()
    wait_until(lambda: monotonic() - asked_s > delivery.ANSWER_S, 'the time of an answer')

    robot = EmotionStateNode(namespace='emotion')
    executor.add_node(robot)
    robot.autostart()
    wait_until(unknown.done, 'the result')

    assert unknown.result().outcome == UNKNOWN
    robot.close()
    robot.destroy_node()


def test_many_threads_may_stimulate_at_once(node, robot, wait_until, causes):
    client = EmotionClient(node)
    wait_until(lambda: client.is_connected and client.state, 'the agent')
    names = ('praise', 'loud_sound', 'novelty', 'win')

    threads = [threading.Thread(target=client.stimulate, args=(name,)) for name in names]
    for thread in threads:
        thread.start()

    wait_until(lambda: sorted(cause.name for cause in causes) == sorted(names), 'all of them')
    for thread in threads:
        thread.join()


@pytest.mark.parametrize(
    ('numbers', 'words'),
    [
        ({'intensity': 1.5}, 'expected an intensity of 0 to 1, got 1.5'),
        ({'intensity': math.nan}, 'expected an intensity of 0 to 1, got nan'),
        ({'duration_s': -1.0}, 'expected a duration of 0 s or more, or None, got -1.0'),
        ({'duration_s': math.inf}, 'expected a duration of 0 s or more, or None, got inf'),
    ],
)
def test_numbers_out_of_range_are_refused_in_plain_words(node, numbers, words):
    with pytest.raises(ValueError, match=words):
        EmotionClient(node).stimulate('praise', **numbers)


def test_faces_come_to_who_asks_for_them_with_their_units(ros, node, wait_until):
    client, heard = EmotionClient(node), []
    publisher = node.create_publisher(FaceAffectArray, 'emotion/human_affect', RESULT)
    assert publisher.get_subscription_count() == 0

    client.on_faces(heard.append)
    wait_until(publisher.get_subscription_count, 'the client')
    units = [0.0] * 18
    units[FaceAffect.JAW_DROP] = 0.5
    faces = [FaceAffect(face_id='a', action_units=units), FaceAffect(face_id='b')]
    publisher.publish(FaceAffectArray(faces=faces))
    wait_until(lambda: heard, 'the faces')

    seen, unseen = heard[0].faces
    assert action_units_of(seen)['jaw_drop'] == 0.5
    assert sum(action_units_of(seen).values()) == 0.5
    assert action_units_of(unseen) == {}
    client.close()
    wait_until(lambda: publisher.get_subscription_count() == 0, 'the end of the subscription')


def test_units_of_another_length_are_none():
    assert action_units_of(FaceAffect(action_units=[0.5] * 17)) == {}


@pytest.fixture
def hello(tmp_path):
    """Half a second of quiet, and half a second of a voice."""
    voice = np.sin(np.arange(4000) / 4.0) * 16000
    path = tmp_path / 'hello.wav'
    with wave.open(str(path), 'wb') as file:
        file.setparams((1, 2, 8000, 0, 'NONE', ''))
        file.writeframes(np.concatenate([np.zeros(4000), voice]).astype('<i2').tobytes())
    return path


@pytest.fixture
def mouth(ros, executor):
    """What a node named face_sketcher hears of the mouth."""
    heard = []
    face = ros.create_node('face_sketcher', namespace='emotion')
    face.create_subscription(Float32, 'mouth', lambda each: heard.append(each.data), EVENT)
    executor.add_node(face)
    yield heard
    face.destroy_node()


def test_a_file_is_spoken(node, hello, mouth, wait_until, logged):
    played = []
    client = EmotionClient(node, namespace='/emotion')

    said = client.speak(hello, player=played.append)
    wait_until(lambda: said.is_done and len(mouth) == said.sent, 'the words')

    assert played == [hello]
    # On a busy machine some come late, and are left out.
    assert 10 < len(mouth) <= 31
    assert mouth[0] == mouth[-1] == 0.0
    assert max(mouth) == 1.0
    assert not any('mouth' in line for line in logged)
    client.close()


def test_who_speaks_before_is_stopped_and_so_is_who_speaks_at_the_end(node, hello, mouth):
    client = EmotionClient(node)
    first = client.speak(hello)
    second = client.speak(str(hello))
    assert first.is_done
    client.close()
    client.close()

    assert second.is_done
    with pytest.raises(ValueError, match='got one that was closed'):
        client.speak(hello)


def test_without_a_face_it_is_said_in_one_line(node, hello, logged):
    client = EmotionClient(node, namespace='nobody')

    assert client.speak(hello).wait(TIMEOUT_S)

    assert logged == ['/nobody/mouth: no face_sketcher draws the mouth']
    client.close()


def test_what_cannot_be_spoken_is_refused_at_once(node, hello, tmp_path):
    client = EmotionClient(node)
    text = tmp_path / 'a.txt'
    text.write_text('hello')

    for wav, options, problem in (
        (text, {}, "a.txt: expected a WAV file, got one that begins with b'hell'"),
        (tmp_path / 'no.wav', {}, 'cannot be read: No such file'),
        (hello, {'player': 'no-such-player'}, "got 'no-such-player', which is not there"),
        (hello, {'delay_s': -1.0}, 'expected a delay of 0 s or more, got -1.0'),
    ):
        with pytest.raises(ValueError, match=problem):
            client.speak(wav, **options)
    client.close()


def test_a_client_runs_without_torch():
    program = 'import sys, emotion_agent.client; print("torch" in sys.modules)'
    assert subprocess.check_output([sys.executable, '-c', program], text=True) == 'False\n'
