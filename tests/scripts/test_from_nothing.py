# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Real set-ups from nothing: without ROS, and in a folder whose name CMake cannot read."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


@pytest.fixture
def clone(repository, tmp_path):
    """Copy the sources into a folder of this name; return what runs commands there."""

    def make(name: str, **variables: str):
        folder = tmp_path / name
        listed = subprocess.check_output(
            ['git', 'ls-files', '-z', '--cached', '--others', '--exclude-standard'],
            cwd=repository,
            text=True,
        )
        for file in filter(None, listed.split('\0')):
            if os.path.lexists(repository / file):
                (folder / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(repository / file, folder / file, follow_symlinks=False)
        environment = clean_environment() | {'XDG_CACHE_HOME': str(tmp_path / 'cache')} | variables

        def run(*words: str) -> subprocess.CompletedProcess:
            return subprocess.run(
                ['./run', *words],
                cwd=folder,
                env=environment,
                capture_output=True,
                text=True,
                timeout=1200,
                check=False,
                stdin=subprocess.DEVNULL,
            )

        run.folder = folder
        return run

    return make


def clean_environment() -> dict[str, str]:
    """The variables of this process without those of the environment in which it runs."""
    ours = ('VIRTUAL_ENV', 'AMENT_PREFIX_PATH', 'PYTHONPATH', 'LD_LIBRARY_PATH', 'PATH')
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ours and not name.startswith(('_ROS', 'ROS', 'COLCON'))
    }
    venv = os.environ.get('VIRTUAL_ENV', '/nowhere')
    install = str(Path(venv).parent / 'install')
    parts = os.environ['PATH'].split(os.pathsep)
    path = [part for part in parts if not part.startswith((venv, install))]
    return kept | {
        'PATH': os.pathsep.join(path),
        'PIP_CACHE_DIR': str(Path.home() / '.cache' / 'pip'),
        'ROS_AUTOMATIC_DISCOVERY_RANGE': 'LOCALHOST',
    }


def lines(text: str) -> list[str]:
    """Lines that are not about the preparation."""
    return [line for line in text.splitlines() if not line.endswith('…')]


def test_without_ros(clone, repository, tmp_path):
    run = clone('clone', ROS_WHEELS='none', WITH='demo')

    scan = run('oled-face', '--scan')
    assert 'Traceback' not in scan.stderr, scan.stderr
    assert not (run.folder / 'install').exists()
    assert run('python', '-c', 'import rclpy').returncode == 1

    for words in (
        ['python', '-c', 'import emotion_models.runtime.affect, oled_face, node_kit.settings'],
        ['emotion-models', 'list'],
        ['oled-face', '--interface', 'noop', 'border'],
        [
            'emotion-agent',
            'plot-state',
            'config/scripts/day.yaml',
            '--out',
            str(tmp_path / 'a.png'),
        ],
        [
            'emotion-agent',
            'replay',
            str(earlier_bag(repository)),
            '--out',
            str(tmp_path / 'b.mcap'),
        ],
    ):
        done = run(*words)
        assert done.returncode == 0, (words, done.stderr)
    assert (tmp_path / 'a.png').exists()
    assert (tmp_path / 'b.mcap').exists()

    for command in ('agent', 'camera', 'stimulate', 'ros2'):
        done = run(command)
        assert done.returncode == 127
        [line] = lines(done.stderr)
        assert 'install ROS 2' in line


def earlier_bag(repository: Path) -> Path:
    return repository / 'tests/emotion_agent/replay/data/earlier_definitions.mcap'


def test_in_a_folder_of_any_name(clone):
    if shutil.which('ros2'):
        pytest.skip('ROS is here: the environment of the wheels is what is tested')
    run = clone("jörg's $HOME (clone)")

    first = run(
        'python',
        '-c',
        'import rclpy; from emotion_msgs.msg import Stimulus; print(Stimulus().name)',
    )
    assert first.returncode == 0, first.stderr
    assert 'it is reached as' in first.stderr

    for words in (['stimulate', '--help'], ['emotion-agent', '--help'], ['oled-face', '--help']):
        again = run(*words)
        assert again.returncode == 0, again.stderr
        assert again.stderr == ''
