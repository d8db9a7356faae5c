# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The launch files that record and replay, with the real `ros2 launch` where there is one."""

import os
import shutil
import signal
import subprocess
from importlib.util import module_from_spec, spec_from_file_location

import pytest
from bag_maker import START_NS, BagMaker
from life import Life

from emotion_agent.replay.bag import Bag
from node_kit.time import to_seconds

pytest.importorskip('launch_ros', reason='this ROS has no launch_ros (it is not on PyPI)')
needs_command = pytest.mark.skipif(not shutil.which('ros2'), reason='this ROS has no ros2 command')


@pytest.fixture
def bag(tmp_path):
    maker = BagMaker()
    lines = sorted([*maker.observations(9.0), *maker.story()[:1]], key=lambda line: line.at_s)
    return maker.write(tmp_path / 'bag', lines)


@pytest.fixture
def launch(tmp_path):
    """Start a launch file; ends it at the end of the test."""
    started = []

    def start(*arguments, **variables):
        environment = {
            **os.environ,
            'ROS_HOME': str(tmp_path),
            'ROS_LOG_DIR': str(tmp_path),
        }
        for name, folder in variables.items():
            environment[name] = os.pathsep.join([str(folder), environment.get(name, '')])
        started.append(
            subprocess.Popen(
                ['ros2', 'launch', 'emotion_agent', *arguments],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )
        )
        return started[-1]

    yield start
    for process in started:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=30)


@needs_command
@pytest.mark.parametrize('origin', ['affect', 'stimuli'])
def test_bag_is_played_to_the_nodes_that_are_needed(launch, listener, bag, origin):
    process = launch('replay.launch.py', f'bag:={bag}', f'from:={origin}', 'rate:=3',
                     'display:=none', 'respawn:=false')  # fmt: skip
    listener.wait_until(lambda: process.poll() is not None, 'the end of the bag', 90.0)
    said = process.communicate()[0]

    assert process.returncode == 0, said
    assert 'affect_estimator' not in said
    states = [state for state in listener.heard['state']
              if to_seconds(state.header.stamp) > START_NS / 1e9]  # fmt: skip
    causes = [cause.name for cause in listener.heard['emotion_state/causes']]
    # The first cause may come before the listener is known to the node that tells it.
    noticed = {*causes, *(state.last_stimulus for state in listener.heard['state'])}
    assert ('face_seen' in noticed) == (origin == 'affect')
    assert 'praise' in causes
    assert max(state.joy for state in states) > 0.5
    assert listener.heard['face_image']


@needs_command
def test_nodes_have_the_parameters_of_the_bag(launch, tmp_path):
    life = Life(BagMaker(), temperament='touchy', time_scale=2.0)
    life.go_on(17.0)
    bag = BagMaker().write(tmp_path / 'life', life.lines)
    (tmp_path / 'mine.yaml').write_text(
        '/**/emotion_state: {ros__parameters: {empathy.gain: 1.5}}'
    )

    process = launch('replay.launch.py', f'bag:={bag}', 'rate:=3', 'display:=none',
                     f'params_file:={tmp_path / "mine.yaml"}')  # fmt: skip
    said = process.communicate(timeout=90)[0]

    assert process.returncode == 0, said
    assert "recorded emotion_state: temperament 'touchy', time_scale 2.0" in said
    assert 'the nodes begin at rest' in said
    configured = next(line for line in said.splitlines() if 'time_scale=2.0' in line)
    assert "/touchy.yaml'" in configured
    assert 'empathy.gain=1.5' in configured


@needs_command
def test_bag_of_several_agents_is_told_in_a_line(launch, tmp_path):
    maker = BagMaker()
    lines = maker.observations(2.0)
    others = [line._replace(topic=line.topic.replace('emotion', 'robot_2')) for line in lines]
    bag = maker.write(tmp_path / 'bag', [*lines, *others])

    process = launch('replay.launch.py', f'bag:={bag}')
    said = process.communicate(timeout=60)[0]

    assert process.returncode == 1
    assert 'choose one with' in said
    assert 'emotion, robot_2' in said
    assert 'Traceback' not in said


@needs_command
def test_bag_that_has_nothing_to_play_is_told_in_a_line(launch, tmp_path):
    process = launch('replay.launch.py', f'bag:={tmp_path}')
    said = process.communicate(timeout=60)[0]

    assert process.returncode == 1
    assert f'{tmp_path} is no bag: it has neither a .mcap nor a .db3 file' in said
    assert 'Traceback' not in said


@needs_command
def test_launched_recorder_leaves_the_camera_out(launch, listener, tmp_path):
    process = launch('agent.launch.py', 'camera:=true', 'source:=astronaut', 'display:=none',
                     'record:=true', f'record_to:={tmp_path / "recorded"}')  # fmt: skip
    listener.wait_until(
        lambda: int(listener.diagnostics('recorder').get('messages', 0)) > 100,
        'messages in the recorder',
        90.0,
    )
    listener.wait_until(lambda: listener.last('human_affect'), 'an image looked at', 90.0)
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=60)[0]

    assert 'without camera images' in said
    with Bag(tmp_path / 'recorded') as recorded:
        assert recorded.damage == []
        topics = set(recorded.topics)
    assert {'/emotion/state', '/emotion/human_affect', '/emotion/face_image'} < topics
    assert not any('camera' in topic for topic in topics)


@pytest.fixture
def describe(repository, bag):
    """What the launch file would start for a bag, as (actions, module)."""
    from launch import LaunchContext

    spec = spec_from_file_location('replay_launch', repository / 'launch' / 'replay.launch.py')
    module = module_from_spec(spec)
    spec.loader.exec_module(module)

    def actions(**arguments):
        context = LaunchContext()
        context.launch_configurations.update(
            {
                **{'bag': str(bag), 'rate': '2.0', 'loop': 'false', 'from': 'auto'},
                **{'namespace': '', 'image_topic': ''},
                **arguments,
            }
        )
        return [
            ''.join(part.perform(context) for part in word)
            for word in module.replay(context)[1].cmd
        ]

    return actions, module


def test_rosbag2_is_used_where_it_is_installed(describe, monkeypatch, bag):
    actions, module = describe
    monkeypatch.setattr(module, 'has_rosbag2', lambda: True)

    assert actions(loop='true') == [
        *('ros2', 'bag', 'play', str(bag), '--clock', '100', '--rate', '2.0'),
        *('--delay', '3.0', '--loop'),
        *('--topics', '/emotion/human_affect', '/emotion/stimulus'),
    ]


def test_causes_are_played_as_stimuli(describe, monkeypatch, bag, tmp_path):
    from emotion_agent.commands.cli import main

    assert main(['replay', str(bag), '--out', str(tmp_path / 'run.mcap'), '--no-plot']) == 0
    actions, module = describe
    monkeypatch.setattr(module, 'has_rosbag2', lambda: True)

    command = actions(**{'bag': str(tmp_path / 'run.mcap'), 'from': 'stimuli'})

    assert command[-4:] == [
        *('--topics', '/emotion/emotion_state/causes', '--remap'),
        '/emotion/emotion_state/causes:=/emotion/stimulus',
    ]


def test_damaged_bag_is_left_to_our_player(describe, monkeypatch, bag):
    actions, module = describe
    monkeypatch.setattr(module, 'has_rosbag2', lambda: True)
    (bag / 'metadata.yaml').unlink()

    assert 'play_bag' in ' '.join(actions())


@needs_command
@pytest.mark.parametrize('rate', ['abc', '0', '-1', 'inf'])
def test_rate_that_is_none_is_told_in_a_line(launch, bag, rate):
    process = launch('replay.launch.py', f'bag:={bag}', f'rate:={rate}')
    said = process.communicate(timeout=60)[0]

    assert process.returncode == 1
    assert f"rate: expected a number above 0, got '{rate}'" in said
    assert 'the bag has ended' not in said


@needs_command
def test_player_that_fails_ends_the_launch_with_status_1(launch, bag, tmp_path):
    failing = tmp_path / 'sitecustomize.py'
    failing.write_text(
        "import sys\nif any('play_bag' in word for word in sys.argv + sys.orig_argv):\n"
        '    sys.exit(7)\n'
    )
    process = launch('replay.launch.py', f'bag:={bag}', 'display:=none', PYTHONPATH=tmp_path)
    said = process.communicate(timeout=60)[0]

    assert process.returncode == 1, said
    assert 'the player of the bag ended with status' in said
    assert 'the bag has ended' not in said


@needs_command
def test_what_counts_instead_of_the_bag_is_said_with_both_sides(launch, tmp_path):
    life = Life(BagMaker(), temperament='touchy', time_scale=2.0, snapshot_path='/robot/state')
    life.go_on(15.0)
    bag = BagMaker().write(tmp_path / 'life', life.lines)
    (tmp_path / 'mine.yaml').write_text(
        '/**/emotion_state: {ros__parameters: {time_scale: 3.0}}\n'
        '/**/oled_face: {ros__parameters: {rotate: 2}}'
    )

    process = launch('replay.launch.py', f'bag:={bag}', 'rate:=5', 'display:=none',
                     'temperament:=timid', f'params_file:={tmp_path / "mine.yaml"}')  # fmt: skip
    said = process.communicate(timeout=90)[0]

    assert process.returncode == 0, said
    assert "given    emotion_state: temperament 'timid', recorded 'touchy'" in said
    assert 'given    emotion_state: time_scale 3.0, recorded 2.0' in said
    assert '/robot/state' not in said
