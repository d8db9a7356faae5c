# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Ctrl-C, SIGTERM and SIGHUP end a program alike; while it still imports, without a word."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from inspect import isfunction

import pytest

SITECUSTOMIZE = """
import os, signal, sys

class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == os.environ['INTERRUPTED_AT']:
            os.kill(os.getpid(), int(os.environ['INTERRUPTED_BY']))

sys.meta_path.insert(0, Interrupting())
"""
NODES = {
    'affect_estimator': 'emotion_agent.nodes.affect_estimator',
    'emotion_state': 'emotion_agent.nodes.emotion_state',
    'face_sketcher': 'emotion_agent.nodes.face_sketcher',
    'camera': 'emotion_agent.nodes.camera',
    'recorder': 'emotion_agent.nodes.recorder',
    'session': 'emotion_agent.nodes.session',
    'emotion_web': 'emotion_agent.nodes.web',
    'agent': 'emotion_agent.agent',
    'oled_face': 'oled_face.node',
    # A node that `ros2 launch` starts, too.
    'play_bag': 'emotion_agent.commands.play_bag',
}
COMMANDS = {
    'demo': 'emotion_agent.commands.demo',
    'emotion_agent': 'emotion_agent.commands.cli',
    'gallery': 'emotion_agent.commands.gallery',
    'rqt_emotion': 'emotion_agent.rqt_emotion.main',
    'stimulate': 'emotion_agent.commands.stimulate',
    'oled_face_command': 'oled_face.cli',
    'test_pattern': 'oled_face.cli',
    'emotion_models': 'emotion_models.cli',
    'sheets': 'emotion_models.drawing.sheets',
}
EVERY_PROGRAM = NODES | COMMANDS
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# A shell may have let its children ignore the signal.
AS_FROM_A_TERMINAL = (
    'import signal\n'
    'signal.signal(signal.SIGINT, signal.default_int_handler)\n'
    'signal.signal(signal.SIGHUP, signal.SIG_DFL)\n'
)


def package_of(name: str) -> str:
    return EVERY_PROGRAM[name].partition('.')[0]


@pytest.fixture
def interrupted(tmp_path) -> Callable[[str, str, int], tuple[int, str]]:
    """Run a program, interrupted as it begins to import a module: exit status, what it said."""
    (tmp_path / 'sitecustomize.py').write_text(SITECUSTOMIZE)

    def run(name: str, module: str, number: int = signal.SIGINT) -> tuple[int, str]:
        code = f'from {package_of(name)}.programs import {name}; raise SystemExit({name}())'
        path = os.pathsep.join(filter(None, [str(tmp_path), os.environ.get('PYTHONPATH')]))
        done = subprocess.run(
            [sys.executable, '-c', f'{AS_FROM_A_TERMINAL}{code}'],
            env={
                **os.environ,
                'PYTHONPATH': path,
                'INTERRUPTED_AT': module,
                'INTERRUPTED_BY': str(int(number)),
            },
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=60,
            check=False,
        )  # fmt: skip
        return done.returncode, done.stdout

    return run


def test_every_program_is_in_the_table():
    made = {
        name
        for package in ('emotion_agent', 'oled_face', 'emotion_models')
        for name, function in vars(import_module(f'{package}.programs')).items()
        if isfunction(function) and not name.startswith('_')
        if function.__module__ in ('node_kit.programs', f'{package}.programs')
    }

    assert made - {'node', 'program'} == {*EVERY_PROGRAM}


@pytest.mark.parametrize('name', EVERY_PROGRAM)
def test_interrupt_during_the_import_is_silent(interrupted, name):
    assert interrupted(name, EVERY_PROGRAM[name]) == (0 if name in NODES else 130, '')


@pytest.mark.parametrize(
    ('name', 'module'),
    [
        *((name, 'rclpy.executors') for name in NODES),
        ('agent', 'oled_face.node'),
        ('affect_estimator', 'numpy'),
        ('emotion_models', 'yaml'),
        ('emotion_agent', 'yaml'),
        ('oled_face_command', 'numpy'),
    ],
)
def test_interrupt_deep_in_the_imports_is_silent(interrupted, name, module):
    if find_spec(module.partition('.')[0]) is None:
        pytest.skip(f'{module} is not installed')

    assert interrupted(name, module) == (0 if name in NODES else 130, '')


@pytest.mark.parametrize('number', [signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize('name', ['face_sketcher', 'oled_face', 'stimulate', 'emotion_models'])
def test_other_signals_during_the_import_are_silent(interrupted, name, number):
    status = 0 if name in NODES else 128 + number

    assert interrupted(name, EVERY_PROGRAM[name], number) == (status, '')


@pytest.mark.parametrize(
    ('name', 'number'),
    [
        *((name, signal.SIGINT) for name in COMMANDS),
        *((name, number) for name in ('gallery', 'test_pattern', 'sheets')
          for number in (signal.SIGTERM, signal.SIGHUP)),
    ],
)  # fmt: skip
def test_command_answers_the_interrupt_itself_once_it_is_imported(name, number):
    code = (
        f'{AS_FROM_A_TERMINAL}'
        'import sys, types\n'
        f'from {package_of(name)} import programs\n'
        'def main():\n'
        '    try:\n'
        f'        signal.raise_signal({int(number)})\n'
        '    except KeyboardInterrupt:\n'
        '        print("cleaned up")\n'
        '        raise\n'
        f'name = {EVERY_PROGRAM[name]!r}\n'
        'sys.modules[name] = types.ModuleType(name)\n'
        'sys.modules[name].main = main\n'
        f'sys.exit(programs.{name}())\n'
    )

    done = subprocess.run(
        [sys.executable, '-c', code], capture_output=True, text=True, timeout=60, check=False
    )

    assert (done.returncode, done.stdout, done.stderr) == (128 + number, 'cleaned up\n', '')


@pytest.mark.parametrize('name', ['gallery', 'test_pattern', 'sheets'])
def test_a_signal_that_the_parent_lets_it_ignore_is_ignored(name):
    code = (
        'import signal, sys, types\n'
        'signal.signal(signal.SIGHUP, signal.SIG_IGN)\n'
        f'from {package_of(name)} import programs\n'
        f'name = {EVERY_PROGRAM[name]!r}\n'
        'sys.modules[name] = types.ModuleType(name)\n'
        'sys.modules[name].main = lambda: signal.raise_signal(signal.SIGHUP) or 0\n'
        f'sys.exit(programs.{name}())\n'
    )

    done = subprocess.run([sys.executable, '-c', code], timeout=60, check=False)

    assert done.returncode == 0
