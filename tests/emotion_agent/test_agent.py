# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""One process gets the nodes, the parameters and the namespace that the launch file gives."""

import signal

import pytest

from emotion_agent import agent
from emotion_agent.agent import find, main, ros_arguments
from emotion_agent.launching.nodes import NODES
from emotion_agent.launching.plan import plan
from emotion_agent.resources.folders import config_folder
from node_kit.arguments import Arguments


def test_what_the_user_leaves_out_gets_the_defaults_of_the_launch_file():
    added = ros_arguments([])

    assert added == [
        *('--ros-args', '--params-file', str(config_folder() / 'agent.yaml')),
        *('-r', '__ns:=/emotion'),
    ]


def test_same_nodes_as_the_launch_file():
    for camera in ('false', 'true'):
        launched = [node.executable for node in plan({'camera': camera}).nodes]
        together = [*agent.NAMES, *([agent.CAMERA] if camera == 'true' else [])]
        assert sorted(together) == sorted(launched)
    assert {find(place).__module__ for place in NODES.values()} == {
        place.partition(':')[0] for place in NODES.values()
    }


@pytest.fixture
def started(monkeypatch):
    """Call the agent; returns what would be run, as ([names of classes], `Arguments`)."""

    def start(*words: str) -> tuple[list[str], Arguments]:
        calls = []
        monkeypatch.setattr(agent, 'run', lambda *nodes, args: calls.append((nodes, args)) or 0)
        monkeypatch.setattr(agent, 'use_large_segment', lambda: None)
        monkeypatch.setattr('sys.argv', ['agent', *words])
        assert main() == 0
        ((nodes, args),) = calls
        return [node.__name__ for node in nodes], Arguments(args)

    return start


def values(arguments: Arguments, node: str) -> dict:
    return {given.name: given.value for given in arguments.of(f'/emotion/{node}')}


@pytest.mark.parametrize('marker', [[], ['--ros-args']])
def test_parameters_are_understood_before_and_behind_ros_args(started, tmp_path, marker):
    first, second = tmp_path / 'a.yaml', tmp_path / 'b.yaml'
    first.write_text(
        '/**:\n  ros__parameters: {tint: blue}\n'
        '/**/oled_face:\n  ros__parameters: {output: gif, contrast: 5, rotate180: true}\n'
    )
    second.write_text('/**:\n  ros__parameters: {contrast: 6}\n')

    _, arguments = started(
        *marker, '--params-file', str(first), '--params-file', str(second),
        '-p', 'oled_face:output:=web',
    )  # fmt: skip

    given = values(arguments, 'oled_face')
    assert {name: given[name] for name in ('output', 'contrast', 'rotate180', 'tint')} == {
        'output': 'web', 'contrast': 6, 'rotate180': True, 'tint': 'blue',
    }  # fmt: skip
    assert given['idle_s'] == 30.0, 'the shipped file counts where nobody says otherwise'
    assert values(arguments, 'emotion_state')['empathy.gain'] == 2.33


def test_camera_and_namespace_of_the_user(started):
    classes, arguments = started('--camera', '--ros-args', '-r', '__ns:=/robot')

    assert 'Camera' in classes
    assert arguments.full_name('camera') == '/robot/camera'


def test_section_that_misses_its_node_is_told(started, tmp_path, capsys):
    (tmp_path / 'a.yaml').write_text(
        '/**/emotion_sate:\n  ros__parameters: {seed: 1}\n'
        '/**/camera:\n  ros__parameters: {loop: false}\n'
    )

    started('--params-file', str(tmp_path / 'a.yaml'))

    assert capsys.readouterr().err == (
        f'warning: {tmp_path / "a.yaml"}: ignored /**/emotion_sate, which is no node here; '
        'did you mean emotion_state?\n'
    )


@pytest.mark.parametrize('rule', ['source:=3', 'loop:=false', 'camera:source:=3'])
def test_parameter_of_the_camera_without_it_is_told_with_the_option(started, capsys, rule):
    _, arguments = started('-p', rule, '-p', 'image_topic:=rear')

    assert capsys.readouterr().err == (
        f'warning: ignored -p {rule}, as camera is not started; give --camera\n'
    )
    assert arguments.unknown({'affect_estimator': ['image_topic']}) == []
    assert values(arguments, 'affect_estimator')['image_topic'] == 'rear'


@pytest.mark.parametrize('rule', ['source:=3', 'camera:source:=3'])
def test_parameter_of_the_camera_reaches_it(started, capsys, rule):
    _, arguments = started('--camera', '-p', rule)

    assert values(arguments, 'camera')['source'] == 3
    assert capsys.readouterr().err == ''


@pytest.mark.parametrize(
    'rule', ['image_topic:=rear', 'use_sim_time:=true', 'emotion_state:seed:=1', 'weather:=rain']
)
def test_parameter_that_others_may_have_is_left_to_them(started, capsys, rule):
    started('-p', rule)

    assert '--camera' not in capsys.readouterr().err


@pytest.fixture
def signals():
    """The handlers of this process, which `run` changes, as they were."""
    names = (signal.SIGINT, signal.SIGTERM)
    before = [signal.getsignal(name) for name in names]
    yield
    for name, handler in zip(names, before, strict=True):
        signal.signal(name, handler)


@pytest.mark.dds
@pytest.mark.usefixtures('signals')
@pytest.mark.parametrize(
    ('words', 'line'),
    [
        (['--camra'], "unknown argument '--camra'"),
        (['output:=web'], "unknown argument 'output:=web'"),
        (['-p', 'oled_fac:output:=web'], 'did you mean oled_face?'),
        (['-p', 'oled_face:output:=wbe'], '/emotion/oled_face: output: expected '),
        (['-p', 'time_scale:=10'], '/emotion/emotion_state: time_scale: expected a number with a '
                                   'decimal point, got 10; write 10.0'),
        (['--params-file', '/nowhere.yaml'], '/nowhere.yaml: No such file or directory'),
        (['--ros-args', '--log-level', 'loud'], "Couldn't parse log level: '--log-level loud'"),
        (['--ros-args', '-r', '__ns:=emotion'], "Couldn't parse remap rule: '-r __ns:=emotion'"),
        (['--ros-args', '-p'], '-p: expected a value behind it, got none'),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_in_the_last_line(monkeypatch, capfd, words, line):
    monkeypatch.setattr('sys.argv', ['agent', *words])

    assert main() == 78

    last = capfd.readouterr().err.splitlines()[-1]
    assert last.startswith('cannot start: ')
    assert line in last


def test_help_says_how_parameters_are_written(monkeypatch, capsys):
    monkeypatch.setattr('sys.argv', ['agent', '--help'])

    with pytest.raises(SystemExit) as ended:
        main()

    said = capsys.readouterr().out
    assert ended.value.code == 0
    assert '-p NODE:NAME:=VALUE' in said
    assert '--params-file FILE' in said
