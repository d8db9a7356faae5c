# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What is missing on a machine is named in one line, with what brings it on that machine."""

import ast
import os
import platform
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import prerequisites
import pytest

DEBIAN_13 = 'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nID=debian\nVERSION_ID="13"\n'
UBUNTU = 'ID=ubuntu\nID_LIKE=debian\n'
FEDORA = 'ID=fedora\n'
ROCKY = 'ID="rocky"\nID_LIKE="rhel centos fedora"\n'
ARCH = 'ID=arch\n'
TUMBLEWEED = 'ID="opensuse-tumbleweed"\nID_LIKE="opensuse suse"\n'
PYTHON = f'python3.{sys.version_info.minor}'


@pytest.fixture
def on(monkeypatch, tmp_path):
    """Pretend to be on the distribution with this /etc/os-release."""

    def pretend(os_release: str) -> None:
        file = tmp_path / 'os-release'
        file.write_text(os_release)
        monkeypatch.setattr(prerequisites, 'OS_RELEASE', file)

    return pretend


@pytest.fixture
def bare(monkeypatch):
    """A machine with nothing but Python."""
    monkeypatch.setattr(shutil, 'which', lambda command: None)
    monkeypatch.setattr(sysconfig, 'get_path', lambda _: '/nowhere')
    monkeypatch.setitem(sys.modules, 'ensurepip', None)


@pytest.mark.parametrize(
    ('os_release', 'command'),
    [
        (DEBIAN_13, f'sudo apt install {PYTHON}-venv {PYTHON}-dev gcc g++ make'),
        (UBUNTU, f'sudo apt install {PYTHON}-venv {PYTHON}-dev gcc g++ make'),
        (FEDORA, 'sudo dnf install python3 python3-devel gcc gcc-c++ make'),
        (ROCKY, 'sudo dnf install python3 python3-devel gcc gcc-c++ make'),
        (ARCH, 'sudo pacman -S python gcc make'),
        (TUMBLEWEED, 'sudo zypper install python3 python3-devel gcc gcc-c++ make'),
        ('ID=nixos\n', 'install them with the package manager'),
        ('', 'install them with the package manager'),
    ],
)
def test_all_that_is_missing_is_one_command_of_the_distribution(on, bare, os_release, command):
    on(os_release)

    with pytest.raises(prerequisites.Missing) as missing:
        prerequisites.check('jazzy')

    said = str(missing.value)
    assert said.startswith('venv, Python.h, a C compiler, a C++ compiler, make: not there; ')
    assert command in said
    assert '\n' not in said


@pytest.mark.parametrize(
    ('absent', 'package'),
    [
        (('cc', 'gcc', 'clang'), 'gcc'),
        (('c++', 'g++', 'clang++'), 'g++'),
        (('make',), 'make'),
    ],
)
def test_only_what_is_missing_is_named(monkeypatch, on, absent, package):
    on(DEBIAN_13)
    which = shutil.which
    monkeypatch.setattr(shutil, 'which', lambda name: None if name in absent else which(name))

    with pytest.raises(
        prerequisites.Missing, match=f'sudo apt install {package}$'.replace('+', '.')
    ):
        prerequisites.check('jazzy')


def test_with_ros_colcon_is_needed_too(monkeypatch, on):
    on(UBUNTU)
    monkeypatch.setattr(
        shutil, 'which', lambda name: None if name == 'colcon' else f'/usr/bin/{name}'
    )

    with pytest.raises(prerequisites.Missing, match='install python3-colcon-common-extensions'):
        prerequisites.check('installed')


def test_without_ros_nothing_is_built(monkeypatch):
    monkeypatch.setattr(shutil, 'which', lambda name: None)
    monkeypatch.setattr(sysconfig, 'get_path', lambda _: '/nowhere')

    prerequisites.check('none')


@pytest.mark.parametrize('minor', [10, 11, 12, 13, 14])
def test_supported_versions(monkeypatch, minor):
    monkeypatch.setattr(sys, 'version_info', (3, minor, 1))

    prerequisites.check_python()


@pytest.mark.parametrize('version', [(3, 9, 2), (3, 15, 0)])
def test_python_that_is_here_already_is_advised(monkeypatch, version):
    monkeypatch.setattr(sys, 'version_info', version)
    monkeypatch.setattr(prerequisites, 'is_usable', lambda name: name == 'python3.12')

    with pytest.raises(
        prerequisites.Missing, match='needs Python 3.10 to 3.14.*set PYTHON=python3.12'
    ):
        prerequisites.check_python()


@pytest.mark.parametrize('file', ['bootstrap.py', 'prerequisites.py'])
def test_older_pythons_can_read_what_tells_them(repository, file):
    text = (repository / 'scripts' / file).read_text(encoding='utf-8')

    ast.parse(text, feature_version=(3, 7))
    assert 'from __future__ import annotations' in text


@pytest.mark.parametrize('version', ['3.7', '3.8', '3.9', '3.15'])
def test_real_python_that_cannot_be_used(repository, version):
    here = [*Path.home().glob(f'.pyenv/versions/{version}.*/bin/python'), f'python{version}']
    python = next(filter(runs, map(str, here)), None)
    if python is None:
        pytest.skip(f'there is no Python {version}')

    done = subprocess.run(
        [repository / 'run', 'true'],
        env=os.environ | {'PYTHON': python},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr.count('\n') == 1
    assert f'needs Python 3.10 to 3.14, but {python} is {version}' in done.stderr


def runs(python: str) -> bool:
    try:
        return subprocess.run([python, '-c', ''], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def test_python_that_apt_offers_is_advised(monkeypatch, on):
    on(DEBIAN_13)
    monkeypatch.setattr(prerequisites, 'is_usable', lambda name: False)
    monkeypatch.setattr(prerequisites, 'offers', lambda package: package == 'python3.13')

    assert prerequisites.python_advice() == (
        'sudo apt install python3.13 python3.13-venv python3.13-dev, and set PYTHON=python3.13'
    )


@pytest.mark.parametrize('os_release', [DEBIAN_13, FEDORA])
def test_no_package_is_advised_that_the_distribution_does_not_have(monkeypatch, on, os_release):
    on(os_release)
    monkeypatch.setattr(prerequisites, 'is_usable', lambda name: False)
    monkeypatch.setattr(prerequisites, 'offers', lambda package: False)

    assert 'sudo' not in prerequisites.python_advice()


def test_apt_is_asked_in_english(monkeypatch):
    answers = {'python3.13': '3.13.5-2', 'python3.12': '(none)'}

    def answer(command, env, **_):
        assert env['LC_ALL'] == 'C'
        version = answers.get(command[-1])
        text = f'{command[-1]}:\n  Installed: (none)\n  Candidate: {version}\n' if version else ''
        return subprocess.CompletedProcess(command, 0, stdout=text)

    monkeypatch.setattr(subprocess, 'run', answer)

    assert prerequisites.offers('python3.13')
    assert not prerequisites.offers('python3.12')
    assert not prerequisites.offers('python3.11')


def test_usable_is_what_runs_and_has_a_supported_version():
    assert prerequisites.is_usable(sys.executable)
    assert not prerequisites.is_usable('/nowhere/python3.12')
    assert not prerequisites.is_usable(shutil.which('false'))


@pytest.fixture
def without_ros(monkeypatch):
    monkeypatch.delenv('ROS_DISTRO', raising=False)
    monkeypatch.delenv('ROS_WHEELS', raising=False)


@pytest.mark.parametrize(
    ('environment', 'processor', 'source'),
    [
        ({}, 'x86_64', 'jazzy'),
        ({'ROS_WHEELS': 'kilted'}, 'x86_64', 'kilted'),
        ({'ROS_WHEELS': 'none'}, 'x86_64', 'none'),
        ({'ROS_DISTRO': 'jazzy'}, 'x86_64', 'installed'),
        ({'ROS_DISTRO': 'jazzy'}, 'aarch64', 'installed'),
        ({}, 'aarch64', 'none'),
        ({'ROS_WHEELS': 'none'}, 'aarch64', 'none'),
    ],
)
def test_source_of_ros(monkeypatch, without_ros, environment, processor, source):
    monkeypatch.setattr(platform, 'machine', lambda: processor)
    monkeypatch.setattr(sys, 'platform', 'linux')
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert prerequisites.source_of_ros() == source


@pytest.mark.parametrize(
    ('environment', 'processor', 'words'),
    [
        ({'ROS_WHEELS': 'humble'}, 'x86_64', "expected jazzy, kilted or none, got 'humble'"),
        ({'ROS_WHEELS': 'kilted'}, 'aarch64', 'no ROS 2 wheels for linux on aarch64'),
        ({'ROS_WHEELS': 'kilted', 'ROS_DISTRO': 'jazzy'}, 'x86_64', 'ROS jazzy is sourced'),
    ],
)
def test_wheels_that_cannot_be_had_are_refused(
    monkeypatch, without_ros, environment, processor, words
):
    monkeypatch.setattr(platform, 'machine', lambda: processor)
    monkeypatch.setattr(sys, 'platform', 'linux')
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(prerequisites.Missing, match=words):
        prerequisites.source_of_ros()


@pytest.mark.parametrize(
    ('environment', 'words'),
    [
        ({'ROS_DOMAIN_ID': '300'}, 'ROS_DOMAIN_ID'),
        ({'ROS_WHEELS': 'humble'}, 'ROS_WHEELS'),
        ({'PYTHON': 'python3.99'}, 'python3.99 is not there'),
        ({'WITH': 'trianing'}, "got ['trianing']"),
    ],
)
def test_run_says_it_in_one_line(repository, environment, words):
    variables = {name: value for name, value in os.environ.items() if name != 'ROS_DISTRO'}

    done = subprocess.run(
        [repository / 'run', 'echo', 'went on'],
        env=variables | environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert done.stdout == ''
    assert words in done.stderr
    assert done.stderr.count('\n') == 1
