# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What is missing on a machine is named in one line with the remedy, and nothing is done twice."""

import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import sysconfig

import pytest


@pytest.fixture
def bootstrap(repository):
    """The script as a module."""
    spec = importlib.util.spec_from_file_location('bootstrap', repository / 'scripts/bootstrap.py')
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def without(*names):
    which = shutil.which
    return lambda command: None if command in names else which(command)


def changes():
    python = f'python3.{sys.version_info.minor}'
    return {
        'newer Python': (sys, 'version_info', (3, 14, 0), 'needs Python 3.10, 3.11 or 3.12'),
        'no compiler': (shutil, 'which', without('cc', 'gcc', 'clang'), 'build-essential'),
        'no C++': (shutil, 'which', without('c++', 'g++', 'clang++'), 'no c++ compiler'),
        'no make': (shutil, 'which', without('make'), 'apt install make'),
        'no headers': (sysconfig, 'get_path', lambda _: '/nowhere', f'{python}-dev'),
        'another processor': (platform, 'machine', lambda: 'aarch64', 'install ROS 2 Jazzy'),
    }


@pytest.mark.parametrize('case', changes())
def test_missing_prerequisite_is_one_line(bootstrap, monkeypatch, capsys, case):
    monkeypatch.setattr(bootstrap, 'WITH_ROS', False)
    monkeypatch.setattr(bootstrap, 'make_environment', lambda: pytest.fail('went on'))
    owner, name, value, words = changes()[case]
    monkeypatch.setattr(owner, name, value)

    assert bootstrap.main([]) == 1

    said = capsys.readouterr().err
    assert words in said
    assert said.count('\n') == 1


def test_missing_venv_is_one_line(bootstrap, monkeypatch, capsys):
    monkeypatch.setattr(bootstrap, 'WITH_ROS', False)
    monkeypatch.setitem(sys.modules, 'ensurepip', None)

    assert bootstrap.main([]) == 1
    assert '-venv' in capsys.readouterr().err


def test_other_processor_is_fine_with_ros(bootstrap, monkeypatch):
    monkeypatch.setattr(bootstrap, 'WITH_ROS', True)
    monkeypatch.setattr(platform, 'machine', lambda: 'aarch64')
    monkeypatch.setattr(shutil, 'which', lambda command: f'/usr/bin/{command}')

    bootstrap.check_python()


def test_unknown_set_is_refused(bootstrap, capsys):
    assert bootstrap.main(['trianing']) == 1
    assert "got ['trianing']" in capsys.readouterr().err


def test_second_call_does_nothing(repository):
    environment = {name: value for name, value in os.environ.items() if name != 'VIRTUAL_ENV'}
    outer = [str(repository / 'run'), 'true']

    second = subprocess.run(outer, env=environment, capture_output=True, text=True, check=True)

    assert second.stderr == ''


def test_cmake_exports_point_into_the_environment(bootstrap, monkeypatch, tmp_path):
    export = tmp_path / 'share' / 'x_msgs' / 'cmake' / 'export.cmake'
    export.parent.mkdir(parents=True)
    export.write_text(
        'INTERFACE_INCLUDE_DIRECTORIES "/opt/python/cp311-cp311/include/python3.11;'
        '/opt/python/cp311-cp311/lib/python3.11/site-packages/numpy/_core/include"\n'
    )
    monkeypatch.setattr(bootstrap, 'VENV', tmp_path)

    bootstrap.mend_cmake_exports()

    text = export.read_text()
    assert '/opt/python' not in text
    assert sysconfig.get_path('platinclude') in text
    assert text.count('"') == 2


def test_what_an_earlier_build_installed_is_not_in_the_way(bootstrap, monkeypatch, tmp_path):
    """Setuptools would write a new script through a link to a file that is gone."""
    monkeypatch.setattr(bootstrap, 'ROOT', tmp_path)
    (tmp_path / 'src' / 'face').mkdir(parents=True)
    (tmp_path / 'src' / 'face' / 'setup.py').touch()
    (tmp_path / 'src' / 'interfaces').mkdir()
    for package in ('face', 'interfaces'):
        link = tmp_path / 'install' / package / 'bin' / package
        link.parent.mkdir(parents=True)
        link.symlink_to(tmp_path / 'gone')

    bootstrap.remove_python_packages()

    assert [path.name for path in (tmp_path / 'install').iterdir()] == ['interfaces']
