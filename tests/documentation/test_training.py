# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Lightning and jsonargparse understand the options of every training command on a page."""

import re
import shlex

import pytest
from known import TRAINING
from written import PAGES, ROOT, blocks, commands, spans

from emotion_models.cli import main

pytest.importorskip('lightning')


def training_commands() -> list[str]:
    """Every distinct training command with a file that is there."""
    written = [words for block in blocks('sh') for words in commands(block.text)]
    written += [
        next(commands(span), []) for page in PAGES for span in spans(page) if "'" not in span
    ]
    found = {
        shlex.join(words)
        for words in written
        if words[:1] == ['emotion-models'] and words[1:2] and words[1] in TRAINING
        if not re.search('[A-Z]{3}.yaml|CLASS|…', ' '.join(words)) and '--config' in words
    }
    return sorted(found)


@pytest.mark.slow
@pytest.mark.parametrize('command', training_commands())
def test_options_are_understood(command, tmp_path, monkeypatch, capsys):
    for block in blocks('python'):
        if 'class MyFaces' in block.text:
            (tmp_path / 'my_faces.py').write_text(block.text)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.chdir(ROOT)

    with pytest.raises(SystemExit) as ended:
        main([*shlex.split(command)[1:], '--print_config'])
    assert ended.value.code in (None, 0)
    assert 'class_path: emotion_models.' in capsys.readouterr().out
