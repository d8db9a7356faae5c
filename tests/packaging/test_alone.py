# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Each package as bloom exports it: its folder alone, with nothing of the repository beside it."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest
from source_imports import SRC

PYTHON_PACKAGES = ('emotion_agent', 'emotion_models', 'node_kit', 'oled_face')
LIBRARIES = ('emotion_models', 'oled_face')
# Extras, and what they bring; [train] brings gigabytes of torch: its metadata alone is tested.
EXTRAS = {
    'emotion_models': ('plots', 'matplotlib, emotion_models.figures.gif'),
    'oled_face': ('window', 'pygame, oled_face.views.window'),
}


def run(*words, folder: Path, **environment: str) -> str:
    """Run a command in a folder and return what it printed."""
    done = subprocess.run(
        list(map(str, words)),
        cwd=folder,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f'{words}:\n{done.stdout}'
    return done.stdout


def copied(package: str, folder: Path) -> Path:
    """What git has of a package, copied; links are copied as links."""
    listed = subprocess.check_output(
        ['git', 'ls-files', '--cached', '--others', '--exclude-standard', '-z', package],
        cwd=SRC,
        text=True,
    )
    for name in filter(None, listed.split('\0')):
        if (SRC / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(SRC / name, folder / name, follow_symlinks=False)
    return folder / package


def example(package: str) -> str:
    """The Python of the page of a package."""
    page = (SRC / package / 'README.md').read_text(encoding='utf-8')
    (code,) = re.findall(r'```python\n(.*?)```', page, re.DOTALL)
    return code


@pytest.mark.parametrize('package', PYTHON_PACKAGES)
def test_a_package_alone_installs_all_it_has_and_passes_its_tests(package, tmp_path):
    folder, root = copied(package, tmp_path), tmp_path / 'root'

    run(
        *(sys.executable, 'setup.py', '-q', 'install', '--prefix', root),
        *('--single-version-externally-managed', '--no-compile', '--record', tmp_path / 'record'),
        folder=folder,
    )

    purelib = sysconfig.get_path('purelib', vars={'base': root, 'platbase': root})
    passed = run(
        *(sys.executable, '-m', 'pytest', '-q', '-p', 'no:cacheprovider', folder / 'test'),
        folder=root,  # so that what is installed is imported, not what it was installed from
        PYTHONPATH=os.pathsep.join([purelib, os.environ['PYTHONPATH']]),
        AMENT_PREFIX_PATH=os.pathsep.join([str(root), os.environ['AMENT_PREFIX_PATH']]),
        PATH=os.pathsep.join([str(root / 'bin'), os.environ['PATH']]),
    )
    assert re.search(r'^\d+ passed', passed, re.MULTILINE), passed
    installed = {path.name for path in root.rglob('*') if path.is_file()}
    for path in folder.rglob('*'):
        if path.suffix in {'.yaml', '.html', '.onnx', '.perspective'}:
            assert path.name in installed, f'{path} is not installed'


@pytest.mark.slow
def test_colcon_runs_the_tests_of_every_package(tmp_path):
    for package in (*PYTHON_PACKAGES, 'emotion_msgs'):
        copied(package, tmp_path / 'src')
    prefix = Path(sys.prefix)
    environment = {
        'CMAKE_PREFIX_PATH': str(prefix),
        'AMENT_PREFIX_PATH': str(prefix),
        'PYTHONPATH': '',
    }
    python = f'-DPython3_EXECUTABLE={sys.executable}'

    run('colcon', 'build', '--cmake-args', python, folder=tmp_path, **environment)
    run(
        *('bash', '-c', 'source install/setup.bash && colcon test --return-code-on-test-failure'),
        folder=tmp_path,
        **environment,
    )

    counted = run('colcon', 'test-result', '--all', folder=tmp_path)
    for package in (*PYTHON_PACKAGES, 'emotion_msgs'):
        (tests,) = re.findall(rf'build/{package}/\S*(?:pytest|test_interfaces)\S*: (\d+)', counted)
        assert int(tests) > 1


@pytest.mark.parametrize('package', LIBRARIES)
def test_the_example_on_the_page_runs(package, tmp_path):
    run(sys.executable, '-c', example(package), folder=tmp_path)

    assert list(tmp_path.rglob('*.png'))


@pytest.mark.slow
@pytest.mark.parametrize('package', LIBRARIES)
def test_pip_installs_a_library_that_works_without_ros(package, tmp_path):
    """In an environment with nothing else; what it requires comes from the package index."""
    venv.create(tmp_path / 'venv', with_pip=True)
    python = tmp_path / 'venv' / 'bin' / 'python'
    bare = {'PYTHONPATH': '', 'LD_LIBRARY_PATH': '', 'PATH': '/usr/bin:/bin'}
    folder = copied(package, tmp_path / 'clone')

    run(python, '-m', 'pip', 'install', '-q', folder, folder=tmp_path, **bare)

    run(python, '-m', 'pip', 'check', folder=tmp_path, **bare)
    run(python, '-c', example(package), folder=tmp_path, **bare)
    command = tmp_path / 'venv' / 'bin' / package.replace('_', '-')
    assert 'usage' in run(command, '--help', folder=tmp_path, **bare)
    if package == 'oled_face':
        run(command, '--interface', 'noop', '--seconds', '0', 'border', folder=tmp_path, **bare)
    else:
        assert 'affect' in run(command, 'list', folder=tmp_path, **bare)
    extra, modules = EXTRAS[package]
    run(python, '-m', 'pip', 'install', '-q', f'{folder}[{extra}]', folder=tmp_path, **bare)
    run(python, '-c', f'import {modules}', folder=tmp_path, **bare)
