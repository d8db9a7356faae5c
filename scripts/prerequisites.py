# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What must be on the machine before anything is installed, and what brings it."""

from __future__ import annotations  # Python 3.7 reads this file, to be told which to take instead

import os
import platform
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path

OLDEST, NEWEST = (3, 10), (3, 14)
WHEELS = ('jazzy', 'kilted')
"""ROS 2 distributions of which there are wheels; without a choice the first."""
NO_ROS, INSTALLED = 'none', 'installed'

OS_RELEASE = Path('/etc/os-release')
INSTALL = {
    'debian': 'sudo apt install',
    'fedora': 'sudo dnf install',
    'arch': 'sudo pacman -S',
    'suse': 'sudo zypper install',
}
# What brings it, by distribution; {python} is for example python3.13.
PACKAGES = {
    'venv': ('{python}-venv', 'python3', 'python', 'python3'),
    'Python.h': ('{python}-dev', 'python3-devel', 'python', 'python3-devel'),
    'a C compiler': ('gcc', 'gcc', 'gcc', 'gcc'),
    'a C++ compiler': ('g++', 'gcc-c++', 'gcc', 'gcc-c++'),
    'make': ('make', 'make', 'make', 'make'),
    'colcon': ('python3-colcon-common-extensions',),
}


class Missing(Exception):
    """Something that is needed and not there. The message is one line with the remedy."""


def source_of_ros() -> str:
    """
    Return where ROS comes from: `installed`, the distribution of the wheels, or `none`.

    Raises:
        Missing: if the environment variable ROS_WHEELS asks for what there is not.
    """
    chosen = os.environ.get('ROS_WHEELS', '')
    if chosen not in ('', *WHEELS, NO_ROS):
        raise Missing(f'ROS_WHEELS: expected {", ".join(WHEELS)} or {NO_ROS}, got {chosen!r}')
    sourced = os.environ.get('ROS_DISTRO')
    if sourced:
        if chosen:
            raise Missing(
                f'ROS_WHEELS={chosen}, but ROS {sourced} is sourced in this shell; unset '
                'ROS_WHEELS, or use a shell without it'
            )
        return INSTALLED
    has_wheels = (sys.platform, platform.machine()) == ('linux', 'x86_64')
    if chosen in WHEELS and not has_wheels:
        raise Missing(
            f'ROS_WHEELS={chosen}: there are no ROS 2 wheels for {machine()}; install ROS 2 '
            '(docs.ros.org) and source it, or unset ROS_WHEELS to do without ROS'
        )
    return chosen or (WHEELS[0] if has_wheels else NO_ROS)


def machine() -> str:
    """Return system and processor."""
    return f'{sys.platform} on {platform.machine()}'


def check(ros: str) -> None:
    """
    Check what is needed for `ros`, one of the results of `source_of_ros`.

    Raises:
        Missing: naming everything that is absent and what brings it.
    """
    if ros == NO_ROS and sys.maxsize < 2**32:
        raise Missing(
            f'there is no onnxruntime for {machine()} with 32 bits; install a 64-bit system'
        )
    absent = [name for name in needed(ros) if not is_there(name)]
    if absent:
        raise Missing(f'{", ".join(absent)}: not there; {advice(absent)}')


def check_python() -> None:
    """
    Check the version of Python.

    Raises:
        Missing: saying which can be used here.
    """
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        raise Missing(
            f'needs Python {dotted(OLDEST)} to {dotted(NEWEST)}, but {sys.executable} is '
            f'{platform.python_version()}; {python_advice()}'
        )


def needed(ros: str) -> list[str]:
    """Return the names of what is needed, keys of `PACKAGES`."""
    if ros == NO_ROS:
        return ['venv']
    build = ['venv', 'Python.h', 'a C compiler', 'a C++ compiler', 'make']
    return [*build, 'colcon'] if ros == INSTALLED else build


def is_there(name: str) -> bool:
    """Whether a key of `PACKAGES` is on this machine."""
    if name == 'venv':
        try:
            import ensurepip  # noqa: F401
        except ImportError:
            return False
        return True
    if name == 'Python.h':
        return Path(sysconfig.get_path('include'), name).exists()
    commands = {
        'a C compiler': ('cc', 'gcc', 'clang'),
        'a C++ compiler': ('c++', 'g++', 'clang++'),
    }
    return any(map(shutil.which, commands.get(name, (name,))))


def advice(absent: Sequence[str]) -> str:
    """Return the command that brings keys of `PACKAGES` on this distribution."""
    family = distribution()
    if family is None:
        return 'install them with the package manager of this system'
    column = list(INSTALL).index(family)
    python = f'python{dotted(sys.version_info[:2])}'
    names = [PACKAGES[name][min(column, len(PACKAGES[name]) - 1)] for name in absent]
    return f'{INSTALL[family]} {" ".join(dict.fromkeys(names)).format(python=python)}'


def python_advice() -> str:
    """Return how to get a Python that can be used: what is here, then what can be installed."""
    names = [f'python{dotted((3, minor))}' for minor in range(NEWEST[1], OLDEST[1] - 1, -1)]
    for name in ('/usr/bin/python3', *names):
        if is_usable(name):
            return f'set PYTHON={name}'
    for name in names if distribution() == 'debian' else ():
        if offers(name):
            return f'sudo apt install {name} {name}-venv {name}-dev, and set PYTHON={name}'
    return f'install one of them (for example: uv python install {dotted(NEWEST)}) and set PYTHON'


def is_usable(python: str) -> bool:
    """Whether this command is a Python of a version that can be used."""
    test = f'import sys; sys.exit(not {OLDEST} <= sys.version_info[:2] <= {NEWEST})'
    try:
        status = subprocess.run([python, '-c', test], capture_output=True, check=False).returncode
    except OSError:
        return False
    return status == 0


def offers(package: str) -> bool:
    """Whether apt can install a package."""
    try:
        shown = subprocess.run(
            ['apt-cache', 'policy', package],
            env=dict(os.environ, LC_ALL='C'),
            capture_output=True,
            text=True,
            check=False,
        ).stdout
    except OSError:
        return False
    return 'Candidate:' in shown and 'Candidate: (none)' not in shown


def distribution() -> str | None:
    """Return the key of `INSTALL` to which this Linux belongs; None if it is another."""
    try:
        lines = OS_RELEASE.read_text(encoding='utf-8').splitlines()
    except OSError:
        return None
    fields = dict(line.split('=', 1) for line in lines if '=' in line)
    words = ' '.join(fields.get(key, '').strip('"\'') for key in ('ID', 'ID_LIKE')).split()
    return next((family for family in INSTALL for word in words if family in word), None)


def dotted(version: Sequence[int]) -> str:
    """Return a version as text."""
    return '.'.join(map(str, version))
