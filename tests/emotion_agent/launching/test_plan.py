# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Which nodes a launch starts and what reaches each: what was given, and nothing else."""

from pathlib import Path

import pytest
import yaml

from emotion_agent.agent import find
from emotion_agent.animation.config import PRESETS
from emotion_agent.launching.arguments import ARGUMENTS, BOOLEAN, EVERY_NODE
from emotion_agent.launching.nodes import NODES
from emotion_agent.launching.plan import LaunchRefused, plan
from emotion_agent.logic.life_settings import PRESET
from emotion_agent.resources.folders import config_folder
from node_kit.settings import OF_EVERY_NODE, Setting

TABLES = {name: {setting.name: setting for setting in find(NODES[name]).TABLE} for name in NODES}
SHIPPED = config_folder() / 'agent.yaml'
USUAL = ['affect_estimator', 'emotion_state', 'face_sketcher', 'oled_face']
SETTING = [argument for argument in ARGUMENTS if argument.parameter]
VALUES = {
    'use_sim_time': 'true',
    'record_images': 'true',
    'autostart': 'false',
    'private_memory': 'true',
    'action_units': 'true',
    'share_proportions': 'true',
    'record_action_units': 'true',
    'mirror': '0.5',
    'life_preset': 'calm',
}
IMPLIED = {'mirror': {'affect_estimator': {'action_units': True}}}
STARTING = {'camera': 'true', 'record': 'true', 'web': 'true'}


def names(planned) -> list[str]:
    return [node.executable for node in planned.nodes]


def written(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text)
    return folder / name


@pytest.mark.parametrize('given', [{}, {argument.name: '' for argument in ARGUMENTS}])
def test_without_arguments_no_parameter_is_set(given):
    planned = plan(given)

    assert planned.namespace == 'emotion'
    assert names(planned) == USUAL
    for node in planned.nodes:
        assert node.parameters == {}
        assert node.files == (SHIPPED,)
        enclave = f'/emotion/{node.executable}'
        assert node.arguments == ('--log-level', 'info', '--enclave', enclave)
    assert (planned.has_rqt, planned.respawns, planned.warnings) == (False, False, [])


@pytest.mark.parametrize('argument', SETTING, ids=lambda argument: argument.name)
def test_argument_that_is_given_sets_its_parameter_and_no_other(argument):
    text = VALUES.get(argument.name, 'mine')

    planned = plan({**STARTING, argument.name: text})

    value = text == 'true' if argument.choices == BOOLEAN else text
    value = float(text) if argument.limits else value
    for node in planned.nodes:
        implied = IMPLIED.get(argument.name, {}).get(node.executable, {})
        expected = {argument.parameter: value} if node.executable in argument.nodes else implied
        assert node.parameters == expected
    assert set(argument.nodes) <= set(names(planned))


@pytest.mark.parametrize('argument', SETTING, ids=lambda argument: argument.name)
def test_argument_says_which_parameter_it_sets_and_its_default(argument):
    for node in argument.nodes:
        setting = {**TABLES[node], **COMMON}[argument.parameter]
        usual = str(setting.default)
        assert argument.unset == (usual.lower() if argument.choices else usual) or (
            usual == '' and argument.unset.partition(',')[0] in setting.description
        )
    assert f'sets {argument.parameter} of ' in argument.description
    assert argument.unset in argument.description


COMMON = {
    'use_sim_time': Setting('use_sim_time', False, ''),
    **{setting.name: setting for setting in OF_EVERY_NODE},
}


@pytest.mark.parametrize(
    ('given', 'expected'),
    [
        ({'camera': 'true'}, ['camera', *USUAL]),
        ({'perception': 'false'}, USUAL[1:]),
        ({'display': 'none'}, USUAL[:-1]),
        ({'display': 'sh1106,web'}, USUAL),
        ({'record': 'true'}, [*USUAL, 'recorder']),
        ({'session': 'true'}, [*USUAL, 'session']),
        ({'rqt': 'true'}, [*USUAL, 'session']),
        ({'web': 'true'}, [*USUAL, 'session', 'emotion_web']),
        (
            {'camera': 'true', 'perception': 'false', 'display': 'none', 'record': 'true'},
            ['camera', 'emotion_state', 'face_sketcher', 'recorder'],
        ),
    ],
)
def test_nodes_that_are_asked_for_start(given, expected):
    assert names(plan(given)) == expected


def test_what_concerns_the_launch_itself():
    planned = plan({'namespace': '/robot/', 'rqt': 'true', 'respawn': 'true',
                    'log_level': 'debug'})  # fmt: skip

    assert (planned.namespace, planned.has_rqt, planned.respawns) == ('robot', True, True)
    assert all(node.arguments[:2] == ('--log-level', 'debug') for node in planned.nodes)


@pytest.mark.parametrize(
    ('outer', 'given', 'namespace'),
    [('', '', 'emotion'), ('/robot', '', 'robot/emotion'), ('/robot', '/mind', 'mind'),
     ('/', 'mind/', 'mind'), ('', '/', ''), ('robot', 'a/b', 'robot/a/b')],
)  # fmt: skip
def test_namespace_is_within_that_of_the_launch_file_around(tmp_path, outer, given, namespace):
    name = f'/{namespace}/emotion_state'.replace('//', '/')
    file = written(tmp_path, 'a.yaml', f'{name}:\n  ros__parameters: {{seed: 1}}\n')

    planned = plan({'namespace': given, 'params_file': str(file)}, outer)

    assert planned.namespace == namespace
    assert [node.executable for node in planned.nodes if file in node.files] == ['emotion_state']


@pytest.mark.parametrize(
    ('given', 'warnings'),
    [
        ({'temprament': 'calm'}, ['ignored temprament:=…, which is no argument here; '
                                  'did you mean temperament?']),
        ({'bag': 'x', 'rate': '1.0', 'from': 'affect', 'loop': 'true', 'ros_namespace': '/a',
          'global_params': [('use_sim_time', 'true')], 'map': 'house.yaml'}, []),
        ({'source': '0'}, ['ignored source:=0, as camera is not started; give camera:=true']),
        ({'detector': 'haar', 'perception': 'false'},
         ['ignored detector:=haar, as affect_estimator is not started; give perception:=true']),
        ({'record_to': 'day'}, ['ignored record_to:=day, as recorder is not started; '
                                'give record:=true']),
        ({'image_topic': 'a', 'perception': 'false', 'use_sim_time': 'true'},
         ['ignored image_topic:=a, as camera or affect_estimator or recorder or session is not '
          'started; give camera:=true or perception:=true or record:=true or session:=true']),
        ({'source': '0', 'camera': 'true', 'display': 'none'}, []),
    ],
)  # fmt: skip
def test_argument_without_effect_is_told(given, warnings):
    assert plan(given).warnings == warnings


@pytest.mark.parametrize(
    ('name', 'value', 'likely'),
    [('log_level', 'warning', 'warn'), ('camera', 'True', 'true'), ('use_sim_time', 'maybe', ''),
     ('record_images', 'flase', 'false'), ('respawn', '1', '')],
)  # fmt: skip
def test_value_that_is_no_choice_is_refused(name, value, likely):
    with pytest.raises(LaunchRefused, match=f'^{name}: expected one of .*, got {value!r}') as told:
        plan({name: value})

    assert str(told.value).endswith(f'did you mean {likely}?' if likely else repr(value))


def test_files_reach_the_nodes_that_they_set_something_for_in_their_order(tmp_path, monkeypatch):
    everybody = written(tmp_path, 'a.yaml', '/**:\n  ros__parameters: {autostart: false}\n')
    state = written(tmp_path, 'b.yaml', '/**/emotion_state:\n  ros__parameters: {seed: 1}\n')
    monkeypatch.setenv('HOME', str(tmp_path))

    planned = plan({'params_file': f'~/a.yaml, {state}', 'temperament': 'touchy'})

    files = {node.executable: node.files for node in planned.nodes}
    assert files.pop('emotion_state') == (SHIPPED, everybody, state)
    assert set(files.values()) == {(SHIPPED, everybody)}


@pytest.mark.parametrize(
    ('text', 'words'),
    [
        ('', 'sets nothing'),
        ('a: [', 'while parsing'),
        ('emotion:\n  time_scale: 2.0\n', 'give temperament:='),
        ('/**/emotion_sate:\n  ros__parameters: {a: 1}\n', 'did you mean emotion_state'),
        ('emotion_state:\n  ros__parameters: {a: 1}\n', r'write /\*\*/emotion_state'),
        ('/other/emotion_state:\n  ros__parameters: {a: 1}\n', 'sets nothing for /emotion/affect'),
        (
            '/**/camera:\n  ros__parameters: {source: astronaut}\n',
            r'it is for /\*\*/camera; '
            'camera is not started: give camera:=true$',
        ),
        ('/emotion/recorder:\n  ros__parameters: {folder: a}\n', 'give record:=true$'),
        (None, 'No such file'),
    ],
)
def test_file_without_effect_is_refused_in_one_line(tmp_path, text, words):
    file = tmp_path / 'mine.yaml'
    if text is not None:
        file.write_text(text)

    with pytest.raises(LaunchRefused, match=words) as told:
        plan({'params_file': f'{SHIPPED},{file}'})

    assert str(told.value).startswith(f'params_file: {file}: ')
    assert '\n' not in str(told.value)


@pytest.mark.parametrize(
    ('node', 'given', 'remedy'),
    [
        ('oled_face', {'display': 'none'}, 'oled_face is not started: give another display than'),
        ('affect_estimator', {'perception': 'false'}, 'give perception:=true'),
        ('camera', {}, 'give camera:=true'),
        ('recorder', {}, 'give record:=true'),
    ],
)
def test_file_for_a_node_that_is_not_started_says_what_starts_it(tmp_path, node, given, remedy):
    file = written(tmp_path, 'a.yaml', f'/**/{node}:\n  ros__parameters: {{rate_hz: 1.0}}\n')

    with pytest.raises(LaunchRefused, match=remedy):
        plan({'params_file': str(file), **given})


@pytest.mark.parametrize(
    ('pattern', 'warning'),
    [
        ('/**/emotion_sate', 'which is no node here; did you mean emotion_state?'),
        ('camera', 'which is no node here; write /**/camera'),
        ('/**/camera', None),
        ('/**/amcl', None),
        ('$(var robot)/emotion_state', None),
    ],
)
def test_section_that_misses_its_node_is_told(tmp_path, pattern, warning):
    file = written(
        tmp_path,
        'mine.yaml',
        yaml.safe_dump(
            {
                pattern: {'ros__parameters': {'a': 1}},
                '/**/oled_face': {'ros__parameters': {'output': 'web'}},
            }
        ),
    )

    warnings = plan({'params_file': str(file)}).warnings

    place = pattern if pattern.startswith('/') else f'/{pattern}'
    assert warnings == ([f'{file}: ignored {place}, {warning}'] if warning else [])


def test_shipped_file_says_what_holds_without_it():
    """What the file repeats is what the tables say, node by node, and it names every node."""
    nodes = yaml.safe_load(SHIPPED.read_text(encoding='utf-8'))['/**']

    assert set(nodes) == set(EVERY_NODE)
    for node, section in nodes.items():
        for name, value in section['ros__parameters'].items():
            default = TABLES[node][name].default
            assert (name, value, type(value)) == (name, default, type(default))


def of(planned, name: str):
    return next(node.parameters for node in planned.nodes if node.executable == name)


@pytest.mark.parametrize(
    ('given', 'files', 'units'),
    [
        ({'mirror': '0.3'}, '', True),
        ({'mirror': '0'}, '', None),
        ({'mirror': '0.3', 'action_units': 'false'}, '', False),
        ({}, 'face_sketcher: {ros__parameters: {mirror: 0.7}}', True),
        ({'mirror': '0.0'}, 'face_sketcher: {ros__parameters: {mirror: 0.7}}', None),
        ({}, 'face_sketcher: {ros__parameters: {mirror: $(env SHARE)}}', None),
        (
            {'mirror': '0.3'},
            'affect_estimator: {ros__parameters: {action_units: false}}',
            None,
        ),
    ],
)
def test_the_mirror_switches_action_units_on_unless_somebody_says_else(
    tmp_path, given, files, units
):
    if files:
        given = {**given, 'params_file': str(written(tmp_path, 'a.yaml', f'/**/{files}'))}

    planned = plan(given)

    assert of(planned, 'affect_estimator').get('action_units') is units
    assert planned.warnings == []


def test_a_mirror_without_an_estimator_needs_no_warning():
    planned = plan({'mirror': '1', 'perception': 'false'})

    assert of(planned, 'face_sketcher') == {'mirror': 1.0}
    assert planned.warnings == []


@pytest.mark.parametrize('text', ['2', '-0.1', 'half', 'nan'])
def test_a_share_that_is_none_is_refused(text):
    with pytest.raises(LaunchRefused, match=f"mirror: expected 0 to 1, got '{text}'"):
        plan({'mirror': text})


def test_every_preset_of_the_life_can_be_launched():
    (argument,) = (each for each in ARGUMENTS if each.name == 'life_preset')

    assert argument.choices == PRESETS
    assert argument.parameter == PRESET
