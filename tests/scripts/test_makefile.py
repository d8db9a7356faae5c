# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What is given to make reaches the programs as it was written."""

import os
import shutil
import subprocess

import pytest

ECHO = '#!/bin/sh\nfor word in "$@"; do printf "%s\\n" "$word"; done\n'


@pytest.fixture
def make(repository, tmp_path):
    """Run make in a folder where ./run prints the words that it is given, a line each."""
    folder = tmp_path / "jörg's $HOME clone"
    folder.mkdir()
    shutil.copy(repository / 'Makefile', folder)
    (folder / 'run').write_text(ECHO)
    (folder / 'run').chmod(0o755)

    def call(*words: str, **variables: str) -> list[str]:
        return subprocess.run(
            ['make', '--no-print-directory', *words],
            cwd=folder,
            env=os.environ | variables,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.splitlines()

    return call


AWKWARD = [
    'my film.mp4',
    'jörg.mp4',
    '$HOME/a.mp4',
    'a"b.mp4',
    "o'neill.mp4",
    '$(shell date)',
    'a;b#c',
]


@pytest.mark.parametrize('name', AWKWARD)
@pytest.mark.parametrize(
    ('variable', 'option'),
    [('CAMERA', '--camera'), ('VIDEO', '--video'), ('IMAGES', '--images'), ('SCRIPT', '--script')],
)
def test_words_for_the_demo(make, variable, option, name):
    demo = ['python', '-m', 'emotion_agent.commands.demo']

    assert make('demo', f'{variable}={name}') == [*demo, option, name]
    assert make('demo', **{variable: name}) == [*demo, option, name]


def test_nothing_given(make):
    assert make('demo') == ['python', '-m', 'emotion_agent.commands.demo']


def test_several(make):
    words = make('demo', 'CAMERA=0', 'SCRIPT=none', 'DURATION=5')

    assert words[3:] == ['--camera', '0', '--script', 'none', '--duration', '5']


def test_help_in_any_folder(make):
    assert any(line.startswith('demo') for line in make('help'))
