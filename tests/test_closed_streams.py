# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A command whose standard streams are closed, as daemons leave them, just does its work."""

import subprocess
import sys

import pytest

COMMANDS = {
    'emotion-models list': 'emotion_models.programs:emotion_models',
    'emotion-agent policies': 'emotion_agent.programs:emotion_agent',
    'stimulate --help': 'emotion_agent.programs:stimulate',
    'oled-face --help': 'oled_face.programs:oled_face_command',
}


def call(command, target, closed):
    module, function = target.split(':')
    name, *arguments = command.split()
    code = f'import sys; from {module} import {function}; sys.argv[0] = {name!r}; '
    code += f'sys.exit({function}())'
    return subprocess.run(
        ['sh', '-c', f'exec "$@" {closed}', 'sh', sys.executable, '-c', code, *arguments],
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.parametrize('command', COMMANDS)
def test_a_closed_output_is_silence(command):
    done = call(command, COMMANDS[command], '>&-')

    assert (done.returncode, done.stderr) == (0, '')


def test_with_all_streams_closed_a_command_writes_its_file(tmp_path):
    out = tmp_path / 'policies.xml'

    done = call(
        f'emotion-agent policies --out {out}', COMMANDS['emotion-agent policies'], '<&- >&- 2>&-'
    )

    assert done.returncode == 0
    assert out.read_text(encoding='utf-8').rstrip().endswith('</policy>')


def test_a_refusal_is_not_printed_on_the_output_where_errors_go_nowhere(tmp_path):
    done = call(
        f'emotion-agent plot-state {tmp_path}/none.yaml',
        COMMANDS['emotion-agent policies'],
        '2>&-',
    )

    assert (done.returncode, done.stdout) == (2, '')
