# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""`COMMAND | head` ends without a traceback, whatever the command prints."""

import os
import subprocess
from pathlib import Path

import pytest
from all_programs import NODES, command, executable

ENDS = 141


def of_agent(name: str) -> str:
    return executable('oled_face' if name == 'oled_face' else 'emotion_agent', name)


@pytest.mark.parametrize(
    'words',
    [
        *([of_agent(name), '--help'] for name in (*NODES, 'agent', 'stimulate', 'play_bag')),
        [executable('oled_face', 'test_pattern'), '--help'],
        [command('oled_face', 'oled-face'), '--help'],
        [command('emotion_models', 'emotion-models'), 'list'],
        [command('emotion_agent', 'emotion-agent'), 'replay', '--help'],
    ],
    ids=lambda words: Path(words[0]).name,
)
def test_output_that_nobody_reads(words):
    reads, writes = os.pipe()
    os.close(reads)
    try:
        done = subprocess.run(
            words,
            env={**os.environ, 'PYTHONUNBUFFERED': ''},  # as from a terminal
            stdout=writes,
            stderr=subprocess.PIPE,
            text=True,
            timeout=120,
            check=False,
        )
    finally:
        os.close(writes)

    assert (done.returncode, done.stderr) == (ENDS, '')
