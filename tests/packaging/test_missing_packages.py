# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Every program where a Python package is not installed: it works, or one line says what to do."""

import os
import re
import sys

import pytest
from all_programs import NODES, PROGRAMS, executable, run, start

FROM_PIP = ('lightning', 'luma', 'lz4', 'onnxruntime', 'pygame', 'rosbags', 'skimage', 'torch')
"""What plain rosdep does not bring."""
FROM_APT = ('PIL', 'aiohttp', 'cv2', 'matplotlib', 'numpy', 'smbus2', 'tqdm', 'yaml')
FROM_ROS = ('diagnostic_msgs', 'emotion_msgs', 'rclpy')

SITECUSTOMIZE = """
import os, sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition('.')[0] in os.environ['ABSENT'].split():
            raise ModuleNotFoundError(f'No module named {name!r}', name=name)

sys.meta_path.insert(0, Absent())
"""
SAID_ANYWAY = {
    'emotion-models evaluate': 'none.npz, and none of that name',
    'oled-face --scan': '/dev/i2c-250 not found',
    # Contributors call it as a module, and Python imports the package of that first.
    'sheets': 'emotion_models/drawing/__init__.py',
}
"""What ends for another reason where everything is installed, and the line about it."""


@pytest.fixture
def without(tmp_path):
    """The environment of a process in which packages are not installed."""
    (tmp_path / 'sitecustomize.py').write_text(SITECUSTOMIZE)

    def environment(*absent: str) -> dict[str, str]:
        path = os.pathsep.join(filter(None, [str(tmp_path), os.environ.get('PYTHONPATH')]))
        return {**os.environ, 'PYTHONPATH': path, 'ABSENT': ' '.join(absent)}

    return environment


def check_said(name: str, status: int, said: str, absent: tuple[str, ...]) -> None:
    """It went well, or one line names a package that is absent and what brings it."""
    assert 'Traceback' not in said, f'{name}:\n{said}'
    assert status in (0, 1, 2), f'{name}: {status}\n{said}'
    if status == 0 and 'cannot configure' not in said:
        return
    lines = [line for line in said.splitlines() if any(word in line for word in absent)]
    assert lines, f'{name} does not name what is absent ({absent}):\n{said}'
    assert re.search(r'install \S|colcon build|source |WITH=\w', lines[-1]), lines[-1]


@pytest.mark.parametrize('name', NODES)
def test_nodes_answer_help_and_end(name, without, tmp_path):
    package = 'oled_face' if name == 'oled_face' else 'emotion_agent'

    status, said = run([executable(package, name), '--help'], without(*FROM_PIP), tmp_path)

    check_said(name, status, said, FROM_PIP)
    if name != 'recorder':
        assert (status, said.startswith(f'usage: {name} [--ros-args')) == (0, True), said
        assert '\nparameters:\n  ' in said


@pytest.mark.dds
@pytest.mark.parametrize('name', NODES)
def test_nodes_with_only_what_rosdep_brings(name, without, tmp_path):
    status, said = start(name, without(*FROM_PIP), tmp_path)

    check_said(name, status, said, FROM_PIP)
    needs = {'affect_estimator': 'onnxruntime', 'recorder': 'rosbags'}
    assert (': active' in said) == (name not in needs)
    assert name not in needs or f'pip install {needs[name]}' in said


@pytest.mark.dds
def test_the_computed_face_is_drawn_without_onnxruntime(without, tmp_path):
    _, said = start('face_sketcher', without('onnxruntime'), tmp_path)

    assert 'no latent face: the Python package onnxruntime is not installed' in said
    assert 'drawing the parametric one' in said
    assert ': active' in said


@pytest.mark.parametrize('name', PROGRAMS)
def test_commands_with_only_what_rosdep_brings(name, without, tmp_path):
    status, said = run(PROGRAMS[name], without(*FROM_PIP), tmp_path)

    if name == 'oled-face --scan':
        assert (status, 'pip install luma.oled' in said) == (1, True), said
        return
    check_said(name, status, said, FROM_PIP)
    needs = (
        *(f'emotion-agent {command}' for command in ('replay', 'export', 'compare')),
        *('play_bag', 'emotion-models fit', 'emotion-models evaluate'),
    )
    assert (status == 0) == (name not in needs), said


@pytest.mark.parametrize('name', ['demo', 'stimulate', 'emotion-agent plot-state', 'oled-face'])
def test_commands_without_ros(name, without, tmp_path):
    status, said = run(PROGRAMS[name], without(*FROM_ROS, 'ament_index_python'), tmp_path)

    check_said(name, status, said, FROM_ROS)
    assert (status == 0) == (name in ('emotion-agent plot-state', 'oled-face')), said


def test_the_state_needs_neither_networks_nor_pictures(without, tmp_path):
    words = [sys.executable, '-c', 'import emotion_agent.nodes.emotion_state']

    status, said = run(words, without(*FROM_PIP, 'cv2', 'PIL', 'matplotlib'), tmp_path)

    assert status == 0, said


@pytest.mark.slow
@pytest.mark.parametrize('package', [*FROM_PIP, *FROM_APT, *FROM_ROS])
@pytest.mark.parametrize('name', PROGRAMS)
def test_every_command_without_each_package(name, package, without, tmp_path):
    status, said = run(PROGRAMS[name], without(package), tmp_path)

    if name not in SAID_ANYWAY or SAID_ANYWAY[name] not in said:
        check_said(name, status, said, (package,))


@pytest.mark.slow
@pytest.mark.dds
@pytest.mark.parametrize('package', [*FROM_PIP, *FROM_APT, *FROM_ROS])
@pytest.mark.parametrize('name', NODES)
def test_every_node_without_each_package(name, package, without, tmp_path):
    check_said(name, *start(name, without(package), tmp_path), (package,))
