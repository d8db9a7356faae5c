# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Lightning and jsonargparse understand the options of every training command on a page."""

import os
import re
import subprocess

import pytest
from known import TRAINING
from written import PAGES, ROOT, blocks, commands, spans

pytest.importorskip('lightning')


def training_commands() -> list[str]:
    """Every distinct training command with a file that is there."""
    written = [words for block in blocks('sh') for words in commands(block.text)]
    written += [
        next(commands(span), []) for page in PAGES for span in spans(page) if "'" not in span
    ]
    found = {
        ' '.join(words)
        for words in written
        if words[:1] == ['emotion-models'] and words[1:2] and words[1] in TRAINING
        if not re.search('[A-Z]{3}.yaml|…', ' '.join(words)) and '--config' in words
    }
    return sorted(found)


@pytest.mark.slow
@pytest.mark.parametrize('command', training_commands())
def test_options_are_understood(command, tmp_path):
    for block in blocks('python'):
        if 'class MyFaces' in block.text:
            (tmp_path / 'my_faces.py').write_text(block.text)
    environment = os.environ | {'PYTHONPATH': f'{tmp_path}:{os.environ.get("PYTHONPATH", "")}'}

    done = subprocess.run(
        [*command.split(), '--print_config'],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert 'class_path: emotion_models.' in done.stdout
