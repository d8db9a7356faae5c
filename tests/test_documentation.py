# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What the pages name is there: files, links, and the modules of examples."""

import importlib.util
import re
from pathlib import Path

import pytest

SHORT = {
    'agent/': 'src/emotion_agent/emotion_agent/',
    'models/': 'src/emotion_models/emotion_models/',
    'oled/': 'src/oled_face/oled_face/',
}
"""Abbreviations of docs/change.md."""


def pages(repository):
    return [repository / 'README.md', *sorted((repository / 'docs').rglob('*.md'))]


def test_files_of_the_page_of_changes_exist(repository):
    page = (repository / 'docs' / 'change.md').read_text(encoding='utf-8')
    named = set(re.findall(r'`((?:agent|models|oled|src|config|docs|tests)/[\w/.-]*)`', page))
    places = {name for name in named if not re.search(r'[A-Z]{3,}', name)}
    assert len(places) > 20

    for name in places:
        head, slash, rest = name.partition('/')
        path = repository / (SHORT.get(head + slash, head + slash) + rest)
        assert path.exists(), f'docs/change.md names {name}'


def test_links_between_pages_lead_somewhere(repository):
    for page in pages(repository):
        for link in re.findall(r'\]\(([^)#\s]+)', page.read_text(encoding='utf-8')):
            if not re.match(r'\w+:', link):
                assert (page.parent / link).exists(), f'{page.name}: {link}'


@pytest.mark.parametrize('package', ['emotion_agent', 'emotion_models', 'oled_face', 'node_kit'])
def test_modules_that_the_pages_name_exist(repository, package):
    for page in pages(repository):
        for name in re.findall(rf'\b{package}(?:\.(?!gif)\w+)+', page.read_text(encoding='utf-8')):
            assert leads_somewhere(name), f'{page.name}: {name}'


def leads_somewhere(name: str) -> bool:
    """Whether it is a module, or a name in the text of a module; nothing is imported."""
    module, _, attribute = name.rpartition('.')
    try:
        if importlib.util.find_spec(name):
            return True
        spec = importlib.util.find_spec(module)
    except ModuleNotFoundError:
        return leads_somewhere(module)  # a method of a class
    if spec is None or spec.origin is None:
        return False
    source = Path(spec.origin).read_text(encoding='utf-8')
    return re.search(rf'\b{attribute}\b', source) is not None
