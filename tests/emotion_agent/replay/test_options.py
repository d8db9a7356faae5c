# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What is asked of `emotion-agent replay` is done, or refused in one line that says why."""

import errno
import os

import pytest
from rosbags.rosbag2 import Writer

SCALE = 'ros__parameters: {time_scale: 2.0}'


def moved(lines, namespace):
    """The same messages in another namespace."""
    return [line._replace(topic=line.topic.replace('/emotion', namespace, 1)) for line in lines]


@pytest.mark.parametrize('namespace', ['/robot_1', '/lab/robot', ''])
def test_the_namespace_of_a_bag_is_found(maker, replay, tmp_path, namespace):
    bag = maker.write(tmp_path / 'bag', moved(maker.story()[:2], namespace))

    status, said, _ = replay(bag)

    assert status == 0, said
    assert f'2 {namespace}/stimulus' in said


def test_what_the_agent_published_tells_its_namespace(maker, replay, tmp_path):
    """Others may publish stimuli from elsewhere."""
    lines = [*maker.observations(2.0), *moved(maker.story()[:1], '/bumper')]
    status, said, _ = replay(maker.write(tmp_path / 'bag', lines))

    assert status == 0, said
    assert '20 /emotion/human_affect' in said


def test_of_several_namespaces_one_is_to_be_chosen(maker, replay, tmp_path):
    lines = [*maker.observations(2.0), *moved(maker.observations(2.0), '/robot_2')]
    bag = maker.write(tmp_path / 'bag', lines)

    status, said, _ = replay(bag)
    assert status == 2
    assert 'choose one with the option or argument namespace: emotion, robot_2' in said
    assert replay(bag, '--namespace', 'robot_2')[0] == 0

    status, said, _ = replay(bag, '--namespace', 'robot_3')
    assert status == 2
    assert 'recorded: emotion, robot_2' in said


def test_files_count_in_their_order_and_an_option_more_than_they(maker, replay, tmp_path):
    bag = maker.write(tmp_path / 'bag', maker.story()[:1])
    files = []
    for scale, temperament in ((2.0, 'calm'), (4.0, 'timid')):
        files += ['--params', str(tmp_path / f'{temperament}.yaml')]
        (tmp_path / f'{temperament}.yaml').write_text(
            '/**/emotion_state:\n  ros__parameters:\n'
            f'    time_scale: {scale}\n    temperament: {temperament}\n'
        )

    status, said, _ = replay(bag, *files, '--temperament', 'touchy')

    assert status == 0, said
    assert 'time_scale 4.0' in said
    assert "temperament 'touchy'" in said


def test_a_temperament_of_ones_own_changes_the_state(maker, replay, read, tmp_path):
    bag = maker.write(tmp_path / 'bag', maker.story()[:1])
    mine = tmp_path / 'mine.yaml'
    mine.write_text('emotion: {stimuli: {praise: {doses: {dopamine: -0.7}}}}')

    usual = read(replay(bag)[2], '/emotion/state')
    status, said, out = replay(bag, '--temperament', str(mine), out='mine.mcap')

    assert status == 0, said
    assert max(state.sad for state in read(out, '/emotion/state')) > 0.2
    assert max(state.sad for state in usual) < 0.1


@pytest.mark.parametrize(
    ('arguments', 'words'),
    [
        (('--params', 'TEMPERAMENT'), 'it seems to be a temperament: write --temperament '),
        (('--params', 'MISSPELT'), 'did you mean emotion_state?'),
        (('--params', 'OTHER'), 'write /**/emotion_state'),
        (('--params', 'GOOD', '--params', 'OTHER'), 'OTHER: sets nothing for '),
        (('--temperament', 'clam'), 'did you mean calm?'),
        (
            ('--temperament', 'MISSPELT'),
            "MISSPELT: /**/emotion_stat: unknown key; everything stands under 'emotion'",
        ),
        (('--params', 'FOLDER'), 'no folder face: '),
        (('--params', 'MODEL'), 'no latent face: '),
        (('--params', 'DETECTOR', '--from', 'images'), '/no/such/model.onnx'),
        (('--params', 'NETWORK', '--from', 'images'), '/no/such/network'),
        (('--params', 'TEMPERAMENTS'), 'temperament_folder: expected a folder with NAME.yaml'),
    ],
)
def test_what_cannot_be_done_is_an_error(maker, replay, tmp_path, arguments, words):
    files = {
        'GOOD': f'/**/emotion_state: {{{SCALE}}}',
        'TEMPERAMENT': 'emotion: {time_scale: 2.0}',
        'MISSPELT': f'/**/emotion_stat: {{{SCALE}}}',
        'OTHER': f'/other/emotion_state: {{{SCALE}}}',
        'FOLDER': '/**/face_sketcher: {ros__parameters: {decoder: folder, folder: /no/pictures}}',
        'MODEL': '/**/face_sketcher: {ros__parameters: {model: /no/model}}',
        'DETECTOR': '/**/affect_estimator: {ros__parameters: {detector: /no/such/model.onnx}}',
        'NETWORK': '/**/affect_estimator: {ros__parameters: {model: /no/such/network}}',
        'TEMPERAMENTS': '/**/emotion_state: {ros__parameters: {temperament_folder: /no/folder}}',
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    bag = maker.write(tmp_path / 'bag', [*maker.pictures()[:2], *maker.story()[:1]])

    status, said, out = replay(
        bag, *(str(tmp_path / word) if word in files else word for word in arguments)
    )

    assert status == 2
    assert words in said
    assert said.startswith('emotion-agent')
    assert said.count('\n') == 1
    assert not out.exists()


@pytest.mark.parametrize('option', ['--params', '--temperament'])
def test_empty_name_is_told_in_a_line(maker, replay, tmp_path, option):
    bag = maker.write(tmp_path / 'bag', maker.story())

    status, said, _ = replay(bag, option, '')

    assert status == 2
    assert said.startswith(f'emotion-agent replay: {option}: expected')
    assert said.count('\n') == 1


@pytest.mark.parametrize('name', ['autostart', 'private_memory', 'use_sim_time'])
def test_parameters_that_mean_nothing_in_a_replay_are_told_so(maker, replay, tmp_path, name):
    bag = maker.write(tmp_path / 'bag', maker.story())
    file = tmp_path / 'mine.yaml'
    file.write_text(f'/**/emotion_state: {{ros__parameters: {{{name}: false}}}}')

    status, said, _ = replay(bag, '--params', str(file))

    assert status == 2
    assert f'{file}: sets nothing but {name}, which means nothing in a replay' in said


@pytest.mark.parametrize('moment', ['open', 'add_connection', 'write', 'close'])
def test_a_disk_that_fails_leaves_no_folder_and_is_named(
    maker, replay, tmp_path, monkeypatch, moment
):
    def fail(*_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    bag = maker.write(tmp_path / 'bag', maker.story()[:2])
    (tmp_path / 'new').mkdir()
    monkeypatch.setattr(Writer, moment, fail)

    status, said, out = replay(bag, out='new/out.mcap')

    assert status == 2
    assert said == f'emotion-agent replay: cannot write {out}: No space left on device\n'
    assert list(out.parent.iterdir()) == []


def test_a_table_that_cannot_be_written_is_named(maker, replay, tmp_path):
    (tmp_path / 'out.csv').mkdir()

    status, said, _ = replay(maker.write(tmp_path / 'bag', maker.story()[:2]))

    assert status == 2
    assert f'cannot write {tmp_path}/out.csv: Is a directory' in said
