# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A clone in any folder is reached by a path in which everything can be built."""

import os
from pathlib import Path

import place
import pytest
from prerequisites import Missing

NAMES = (
    'my clone',
    'jörg',
    "o'neill",
    '$HOME',
    'semi(colon)',
    'ロボット',
    'c++',
    'x&y',
    '100%',
)


@pytest.fixture
def cache(monkeypatch, tmp_path):
    folder = tmp_path / 'cache'
    monkeypatch.setenv('XDG_CACHE_HOME', str(folder))
    return folder


def clone(tmp_path: Path, name: str) -> Path:
    folder = tmp_path / name
    folder.mkdir()
    (folder / 'run').touch()
    return folder


def test_plain_path_is_used_as_it_is(tmp_path, cache):
    folder = clone(tmp_path, 'emotion_agent-2.0')

    assert place.plain_path(folder) == folder
    assert not cache.exists()


@pytest.mark.parametrize('name', NAMES)
def test_any_other_is_reached_by_a_plain_link(tmp_path, cache, name):
    folder = clone(tmp_path, name)

    link = place.plain_path(folder)

    assert place.PLAIN.fullmatch(str(link))
    assert link.resolve() == folder
    assert (link / 'run').exists()
    assert link.is_relative_to(cache)
    assert place.plain_path(folder) == link


def test_two_clones_have_two_links(tmp_path, cache):
    one, other = clone(tmp_path, 'my clone'), clone(tmp_path, 'my clone 2')

    assert place.plain_path(one) != place.plain_path(other)


def test_link_that_leads_elsewhere_is_mended(tmp_path, cache):
    folder = clone(tmp_path, 'my clone')
    link = place.plain_path(folder)
    link.unlink()
    link.symlink_to(tmp_path)

    assert place.plain_path(folder) == link
    assert link.resolve() == folder
    assert [entry.name for entry in link.parent.iterdir()] == [link.name]


def test_link_lies_elsewhere_where_the_home_has_such_a_name(monkeypatch, tmp_path):
    home = clone(tmp_path, 'jörg')
    other = tmp_path / 'var'
    monkeypatch.setattr(place, 'link_folders', lambda: iter([home / '.cache', other]))

    assert place.plain_path(home).parent == other


def test_folder_of_links_that_others_may_write_is_not_used(monkeypatch, tmp_path):
    shared = tmp_path / 'shared'
    shared.mkdir()
    shared.chmod(0o777)
    monkeypatch.setattr(place, 'link_folders', lambda: iter([shared]))

    with pytest.raises(Missing, match='move the clone') as missing:
        place.plain_path(clone(tmp_path, 'my clone'))
    assert '\n' not in str(missing.value)


@pytest.mark.parametrize(
    'name',
    [
        'a:b',
        'a;b',
        'a#b',
        'a"b',
        '[a]',
        'a\\b',
        '${a}',
        '$ENV{A}',
        'two\nlines',
        os.fsdecode(b'\xf6'),
    ],
)
def test_what_no_link_helps_is_refused_in_one_line(tmp_path, cache, name):
    with pytest.raises(Missing, match='move the clone to a path without it') as missing:
        place.plain_path(tmp_path / name)
    assert '\n' not in str(missing.value)
    str(missing.value).encode()
