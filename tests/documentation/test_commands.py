# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Every command on a page is run, or checked against what is there, or says why not."""

import os
import re
import subprocess
from pathlib import Path

import pytest
from known import CHECKS, COMMANDS, Foreign, check
from written import (
    PAGES,
    ROOT,
    Block,
    blocks,
    commands,
    manual,
    spans,
    text_of,
    without_blocks,
)

pytest.importorskip('rclpy')

LANGUAGES = {'sh', 'python', 'pycon', 'yaml', 'csv', 'text', 'mermaid', 'r'}
SHELL = blocks('sh')
MANUALS = [
    file
    for folder in ('src', 'examples', 'scripts', 'tests/benchmarks')
    for file in sorted((ROOT / folder).rglob('*.py'))
    if manual(file)
]


def test_every_block_says_its_language():
    found = blocks()

    assert len(found) > 40
    assert [block.where for block in found if block.language not in LANGUAGES] == []


@pytest.mark.parametrize('page', PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_code_stands_in_fences(page):
    """A block that is only indented says no language and is seen by no test."""
    text = without_blocks(page)

    assert re.findall(r'\n\n((?: {4}|\t)\S.*)', text) == []


@pytest.mark.parametrize('block', SHELL, ids=lambda block: block.where)
def test_commands_name_what_is_there(block):
    foreign = {
        problem.args[0] for words in commands(block.text) if (problem := foreign_in(words, block))
    }

    if not block.marker.startswith('not run: '):
        assert foreign == set(), f'{block.where}: say why these are not run: {foreign}'


@pytest.mark.parametrize('page', PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_in_the_text_name_what_is_there(page):
    for span in spans(page):
        words = next(commands(span), ['']) if span.count("'") % 2 == 0 else ['']
        if words[0] in (*CHECKS, './run') or words[0].startswith('WITH='):
            foreign_in(words, Block(str(page.relative_to(ROOT)), 'sh', span, ''))


@pytest.mark.parametrize('file', MANUALS, ids=lambda file: str(file.relative_to(ROOT)))
def test_commands_of_docstrings_name_what_is_there(file):
    for words in commands(manual(file)):
        if words[0] in (*CHECKS, './run'):
            foreign_in(words, Block(str(file.relative_to(ROOT)), 'sh', '', ''))


def foreign_in(words: list[str], block: Block) -> Foreign | None:
    """Check one command and return what says that it is one of others."""
    try:
        check(words)
    except Foreign as foreign:
        return foreign
    except AssertionError as problem:
        pytest.fail(f'{block.where}: {" ".join(words)}: {problem}')
    return None


@pytest.mark.parametrize(
    'block', [block for block in SHELL if block.marker == 'run'], ids=lambda block: block.where
)
def test_commands_run(block, scratch):
    done = subprocess.run(
        ['bash', '-euo', 'pipefail', '-c', block.text],
        cwd=scratch,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, f'{block.where}:\n{done.stdout}{done.stderr}'


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch) -> Path:
    """A folder that has what a clone has, in which `./run` only runs, and commands may write."""
    for name in ('config', 'examples', 'src', 'tests'):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / 'docs' / 'images').mkdir(parents=True)
    run = tmp_path / 'run'
    run.write_text('#!/bin/sh\nexec "$@"\n')
    run.chmod(0o755)
    programs = [
        str(ROOT / 'src' / path) for path in ('emotion_agent', 'emotion_models', 'oled_face')
    ]
    path = os.pathsep.join([*(f'{program}/bin' for program in programs), os.environ['PATH']])
    monkeypatch.setenv('PATH', path)
    return tmp_path


def test_pages_say_for_which_environment_their_commands_are():
    for page in PAGES:
        here = [
            block for block in SHELL if ROOT / block.page == page and block.marker in ('', 'run')
        ]
        own = {words[0] for block in here for words in commands(block.text)}
        if own & {*COMMANDS, 'ros2', 'python', 'pytest'}:
            assert './run' in without_blocks(page), f'{page.name}: is it `./run COMMAND`, or bare?'


@pytest.mark.parametrize('program', ['emotion-agent', 'emotion-models'])
def test_every_command_is_on_a_page(program):
    help_text = subprocess.run(
        [program, '--help'], capture_output=True, text=True, check=True
    ).stdout
    names = re.findall(r'^    ([a-z][\w-]+)(?: |$)', help_text, re.MULTILINE)
    text = '\n'.join(map(text_of, PAGES))

    assert len(names) >= 3
    assert [name for name in names if not re.search(rf'{program} {name}\b', text)] == []
