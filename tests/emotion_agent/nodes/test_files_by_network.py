# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Whoever may set parameters neither chooses a file of the robot nor learns what stands in one."""

import pytest
from rcl_interfaces.msg import Parameter as ParameterMessage
from rcl_interfaces.msg import ParameterType, ParameterValue
from rcl_interfaces.srv import SetParameters
from space_maker import write_face, write_space

from emotion_agent.nodes.affect_estimator import AffectEstimatorNode
from emotion_agent.nodes.camera import Camera
from emotion_agent.nodes.emotion_state import EmotionStateNode
from emotion_agent.nodes.face_sketcher import FaceSketcherNode
from emotion_agent.nodes.recorder import Recorder
from emotion_agent.resources.temperaments import shipped_temperaments
from emotion_models.drawing import Identity
from oled_face.node import OledFaceNode

NODES = (AffectEstimatorNode, Camera, EmotionStateNode, FaceSketcherNode, Recorder, OledFaceNode)
SECRET = 'hunter2'
FILES = {
    'text': f'root:{SECRET}:19000:0:99999:7:::',
    'lines': f'root:{SECRET}:0\ndaemon:*:{SECRET}',
    'keys': f'{SECRET}: 1',
    'keys below': f'emotion: {{{SECRET}: 1}}',
    'keys of a modulator': f'emotion: {{modulators: {{dopamine: {{{SECRET}: 1}}}}}}',
    'a name': f'emotion: {{modulators: {{{SECRET}: {{}}}}}}',
    'text for a mapping': f'emotion: {SECRET}',
    'text for a section': f'emotion: {{mood: {SECRET}}}',
    'text for a number': f'emotion: {{time_scale: {SECRET}}}',
    'a number for text': 'emotion: {snapshot: {path: 4711}}',
    'text for a list': f'emotion: {{emotions: {{joy: {{pad: {SECRET}}}}}}}',
    'text for an angle': f'emotion: {{empathy: {{matrix: {{{SECRET}: {{}}}}}}}}',
    'a list': f'[{SECRET}]',
    'a key twice': f'emotion: {{{SECRET}: 1, {SECRET}: 2}}',
    'no YAML': f'emotion: {{{SECRET}',
    'a tag': f'!!python/object:{SECRET} x',
    'an alias': f'*{SECRET}',
    'a date': f'emotion: {{2001-99-99: {SECRET}}}',
    'a tab': f'emotion:\n\t{SECRET}: 1',
    'another coding': f'emotion: {SECRET}'.encode('utf-16'),
    'no text': b'\x80' + SECRET.encode(),
}


@pytest.mark.parametrize('node', NODES)
def test_texts_that_may_name_a_file_are_fixed(node):
    texts = [item for item in node.TABLE if isinstance(item.default, str) and not item.choices]

    assert {item.name for item in texts if not item.fixed} <= {'temperament', 'identity_from'}


def set_by_network(world, node, **values):
    """The answers of the service of a node, as any participant gets them."""
    value = {
        name: ParameterValue(type=ParameterType.PARAMETER_STRING, string_value=text)
        for name, text in values.items()
    }
    parameters = [ParameterMessage(name=name, value=value) for name, value in value.items()]
    request = SetParameters.Request(parameters=parameters)
    return world.call(SetParameters, f'{node}/set_parameters', request).results


def test_no_file_is_chosen_and_none_is_quoted(world, tmp_path, capfd):
    folder = tmp_path / 'temperaments'
    folder.mkdir()
    outside = tmp_path / 'shadow'
    outside.write_text(FILES['text'])
    (folder / 'mine.yaml').write_text('emotion: {}')
    (folder / 'linked.yaml').symlink_to(outside)
    for name, content in FILES.items():
        (folder / f'{name}.yaml').write_bytes(
            content if isinstance(content, bytes) else content.encode()
        )
    world.start(EmotionStateNode, temperament='mine', temperament_folder=str(folder))

    for name in (
        str(outside),
        '/etc/passwd',
        '/proc/self/environ',
        '../shadow',
        '../temperaments/mine',
        str(folder / 'mine.yaml'),
        'mine.yaml',
        str(shipped_temperaments()['calm']),
        '~/.bashrc',
        'x' * 5000,
        'linked',
        *FILES,
    ):
        (answer,) = set_by_network(world, 'emotion_state', temperament=name)
        assert not answer.successful, name
        assert SECRET not in answer.reason, name
        assert '4711' not in answer.reason
        assert 'daemon' not in answer.reason
        assert len(answer.reason) < 1000
    said = ''.join(capfd.readouterr())
    assert SECRET not in said
    assert set_by_network(world, 'emotion_state', temperament='calm')[0].successful


def test_what_stands_in_a_file_that_became_bad_is_not_logged(world, tmp_path, capfd):
    file = tmp_path / 'mine.yaml'
    file.write_text('emotion: {}')
    node = world.start(EmotionStateNode, temperament=str(file))
    file.write_text(FILES['text'])

    (answer,) = set_by_network(world, 'emotion_state', temperament=str(file))
    node.trigger_deactivate()
    node.trigger_cleanup()
    node.trigger_configure()

    said = ''.join(capfd.readouterr())
    assert SECRET not in answer.reason + said
    assert f'cannot configure: {file}: everything stands under' in said


def test_a_path_of_another_node_cannot_be_set(world, tmp_path):
    world.start(FaceSketcherNode, decoder='parametric')

    for answer in set_by_network(world, 'face_sketcher', model='/etc', folder=str(tmp_path)):
        assert not answer.successful
        assert 'read-only' in answer.reason


def test_a_face_is_taken_by_its_name_only_and_no_file_is_quoted(world, tmp_path, capfd):
    model = write_space(tmp_path / 'model')
    folder, outside = tmp_path / 'faces', tmp_path / 'outside.json'
    folder.mkdir()
    for file in (outside, folder / 'anna.json'):
        write_face(file, model, Identity.default())
    shadow = tmp_path / 'shadow'
    shadow.write_text(FILES['text'])
    (folder / 'linked.json').symlink_to(shadow)
    (folder / 'another.json').write_text(
        f'{{"format": "latent point of emotion_agent", "space": "{SECRET}", "z": ["{SECRET}"]}}'
    )
    world.start(
        FaceSketcherNode, decoder='parametric', model=str(model), identity_folder=str(folder)
    )

    for name in (
        str(outside),
        str(shadow),
        '/etc/passwd',
        '../outside',
        'anna.json',
        'x' * 5000,
        'linked',
        'another',
    ):
        (answer,) = set_by_network(world, 'face_sketcher', identity_from=name)
        assert not answer.successful, name
        assert SECRET not in answer.reason, name
        assert 'daemon' not in answer.reason
        assert len(answer.reason) < 1000
    assert SECRET not in ''.join(capfd.readouterr())
    assert set_by_network(world, 'face_sketcher', identity_from='anna')[0].successful
    assert set_by_network(world, 'face_sketcher', identity_from='')[0].successful


def test_a_path_that_was_given_at_the_start_can_be_set_again(world, tmp_path):
    model = write_space(tmp_path / 'model')
    file = str(write_face(tmp_path / 'z.json', model, Identity.default()))
    world.start(FaceSketcherNode, decoder='parametric', model=str(model), identity_from=file)

    (again,) = set_by_network(world, 'face_sketcher', identity_from=file)
    (gone,) = set_by_network(world, 'face_sketcher', identity_from='')
    (back,) = set_by_network(world, 'face_sketcher', identity_from=file)

    assert again.successful
    assert gone.successful
    assert not back.successful
