# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Write requirements/lock/: every package that each set of requirements needs, with hashes.

    make lock

One resolution by uv for Python 3.10 to 3.14 serves all sets, so that they can be installed
together. Training has no lock, as one chooses a build of torch for one's machine. A lock says in
its first line from which pins it was made, and is not used once they were changed.
"""

import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

REQUIREMENTS = Path(__file__).resolve().parent.parent / 'requirements'
LOCKS = REQUIREMENTS / 'lock'
TOGETHER = ('ros-wheels-jazzy', 'libraries', 'runtime', 'demo', 'development')
OTHER_ROS = ('ros-wheels-kilted',)
LOCKED = (*TOGETHER, *OTHER_ROS)


def lock_of(name: str) -> Path | None:
    """Return the lock of the set `name`; None if it has none or its pins were changed since."""
    lock = LOCKS / f'{name}.txt'
    if lock.exists() and lock.read_text().startswith(head_of(name)):
        return lock
    return None


def has_lock(name: str) -> bool:
    """Whether the set `name` has a lock, in step or not."""
    return name in LOCKED


def head_of(name: str) -> str:
    """Return the first line of the lock of the set `name`."""
    digest = hashlib.sha256('\n'.join(pins(name)).encode()).hexdigest()
    return f'# Made by `make lock` from {name}.txt with the pins {digest}\n'


def pins(name: str) -> list[str]:
    """Return the requirements of a set, without comments."""
    lines = (REQUIREMENTS / f'{name}.txt').read_text().splitlines()
    return [pin for line in lines if (pin := line.partition('#')[0].strip())]


def resolve(names: Iterable[str], constraints: str = '') -> str:
    """Return all packages that the sets `names` need, with hashes, under `constraints`."""
    with tempfile.TemporaryDirectory() as folder:
        limits, out = Path(folder, 'limits.txt'), Path(folder, 'out.txt')
        limits.write_text(constraints)
        subprocess.run(
            ['uv', 'pip', 'compile', '--universal', '--python-version', '3.10']
            + ['--generate-hashes', '--no-header', '--no-annotate', '--quiet']
            + ['--no-emit-index-url', '--no-emit-find-links']
            + ['--constraint', limits, '--output-file', out]
            + [REQUIREMENTS / f'{name}.txt' for name in names],
            check=True,
        )
        return out.read_text()


def without_ros(lock: str) -> str:
    """Return the versions in a lock of all packages but those of a ROS distribution."""
    versions = [line.rstrip(' \\') for line in lock.splitlines() if line[:1].isalnum()]
    return '\n'.join(version for version in versions if not version.startswith('ros-'))


def main() -> int:
    """Write every lock and return an exit status."""
    if not shutil.which('uv'):
        print('lock: uv is not there; pipx install uv', file=sys.stderr)
        return 1
    LOCKS.mkdir(exist_ok=True)
    together = resolve(TOGETHER)
    for name in LOCKED:
        limits = without_ros(together) if name in OTHER_ROS else together
        lock = LOCKS / f'{name}.txt'
        lock.write_text(head_of(name) + resolve([name], limits))
        print(lock.relative_to(REQUIREMENTS.parent))
    return 0


if __name__ == '__main__':
    sys.exit(main())
