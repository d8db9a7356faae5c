# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The locks are in step with the pins, complete, and the same wherever they meet."""

import re

import lock
import pytest

ENTRY = re.compile(r'(?P<name>[\w.-]+)==(?P<version>[^ ;]+)(?: ; (?P<marker>[^\\]+?))?(?: \\)?')
HASH = re.compile(r'    --hash=sha256:[0-9a-f]{64}(?: \\)?')


def entries(name: str) -> dict[str, int]:
    """Requirement as it stands in the lock -> number of hashes."""
    found: dict[str, int] = {}
    for line in (lock.LOCKS / f'{name}.txt').read_text().splitlines()[1:]:
        if HASH.fullmatch(line):
            found[next(reversed(found))] += 1
        else:
            assert ENTRY.fullmatch(line), f'{name}: {line}'
            found[line.rstrip(' \\')] = 0
    return found


def normalised(name: str) -> str:
    return re.sub(r'[-_.]+', '-', name).lower()


@pytest.mark.parametrize('name', lock.LOCKED)
def test_lock_is_of_the_pins(name):
    assert lock.lock_of(name), f'requirements/{name}.txt was changed: make lock'


@pytest.mark.parametrize('name', lock.LOCKED)
def test_every_pin_is_locked(name):
    locked = {requirement.partition(' ')[0] for requirement in entries(name)}

    for pin in lock.pins(name):
        package, version = re.split(r'==', pin.partition(';')[0].strip())
        assert f'{normalised(package.partition("[")[0])}=={version}' in locked


@pytest.mark.parametrize('name', lock.LOCKED)
def test_every_locked_package_has_hashes(name):
    assert all(entries(name).values())


def test_locks_agree():
    versions: dict[tuple[str, str], str] = {}
    for name in lock.TOGETHER:
        for requirement in entries(name):
            parts = ENTRY.fullmatch(requirement)
            key = parts['name'], parts['marker'] or ''
            assert versions.setdefault(key, parts['version']) == parts['version'], key


def test_every_set_has_a_lock_but_training(repository):
    sets = {file.stem for file in (repository / 'requirements').glob('*.txt')}

    assert sets - set(lock.LOCKED) == {'training', 'constraints-ros'}
    assert {file.stem for file in lock.LOCKS.iterdir()} == set(lock.LOCKED)


def test_lock_of_changed_pins_is_not_used(monkeypatch, tmp_path):
    monkeypatch.setattr(lock, 'REQUIREMENTS', tmp_path)
    monkeypatch.setattr(lock, 'LOCKS', tmp_path / 'lock')
    (tmp_path / 'lock').mkdir()
    (tmp_path / 'demo.txt').write_text('# plots\nmatplotlib==3.10.9\n')
    locked = tmp_path / 'lock' / 'demo.txt'
    locked.write_text(lock.head_of('demo') + 'matplotlib==3.10.9\n')
    assert lock.lock_of('demo') == locked

    (tmp_path / 'demo.txt').write_text('# other words\nmatplotlib==3.10.9  # plots\n')
    assert lock.lock_of('demo') == locked

    (tmp_path / 'demo.txt').write_text('matplotlib==3.10.8\n')
    assert lock.lock_of('demo') is None


def test_it_says_what_it_wrote(monkeypatch, capsys):
    written = []
    monkeypatch.setattr(lock.shutil, 'which', lambda name: name)
    monkeypatch.setattr(lock, 'resolve', lambda names, limits='': '')
    monkeypatch.setattr(lock.Path, 'write_text', lambda path, text: written.append(path))

    assert lock.main() == 0

    said = capsys.readouterr().out.splitlines()
    assert said == [f'requirements/lock/{name}.txt' for name in lock.LOCKED]
    assert [path.stem for path in written] == list(lock.LOCKED)


def test_no_address_is_in_a_lock():
    for file in lock.LOCKS.iterdir():
        assert '://' not in file.read_text()
