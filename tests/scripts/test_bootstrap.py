# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The environment is made for one Python, ROS and place, from locks where they fit, once."""

import os
import signal
import subprocess
import sys
import sysconfig
from importlib.util import cache_from_source
from itertools import pairwise
from pathlib import Path

import bootstrap
import environment
import lock
import pytest
import unknown_command
from ament_index_python.packages import get_package_prefix
from environment import Environment
from prerequisites import Missing


class Steps(Environment):
    """An environment whose steps are noted, not done."""

    def __init__(self, root: Path, ros: str):
        super().__init__(root, ros)
        self.venv.mkdir(exist_ok=True)
        self.done: list[tuple[str, list[str]]] = []

    def _step(self, title, command, variables=None):
        self.done.append((title, list(map(str, command))))


@pytest.fixture
def steps(tmp_path, monkeypatch):
    monkeypatch.setattr(Environment, 'mend_cmake_exports', lambda self: None)
    return lambda ros: Steps(tmp_path, ros)


def installed_files(command: list[str]) -> list[str]:
    return [
        str(Path(word).relative_to(lock.REQUIREMENTS))
        for flag, word in pairwise(command)
        if flag in ('-r', '-c')
    ]


def test_wheels_are_installed_from_locks(steps):
    made = steps('kilted')

    made.install(['demo'])

    [(_, command)] = made.done
    assert '--require-hashes' in command
    assert installed_files(command) == [
        f'lock/{name}.txt' for name in ('ros-wheels-kilted', 'libraries', 'runtime', 'demo')
    ]


def test_training_is_added_to_what_was_locked(steps):
    made = steps('jazzy')

    made.install(['training'])

    (_, first), (_, second) = made.done
    names = ['ros-wheels-jazzy', 'libraries', 'runtime']
    assert '--require-hashes' in first
    assert installed_files(first) == [f'lock/{name}.txt' for name in names]
    assert '--require-hashes' not in second
    assert installed_files(second) == [f'{name}.txt' for name in (*names, 'training')]


def test_ros_installation_has_its_own_versions(steps):
    made = steps('installed')

    made.install(['demo'])

    [(_, command)] = made.done
    assert '--require-hashes' not in command
    assert installed_files(command) == ['runtime.txt', 'demo.txt', 'constraints-ros.txt']


def test_without_ros_no_wheels_of_it(steps):
    made = steps('none')

    made.install([])

    [(_, command)] = made.done
    assert installed_files(command) == ['lock/libraries.txt', 'lock/runtime.txt']


def test_changed_pins_are_installed_as_they_are_and_it_is_said(steps, monkeypatch, capsys):
    lock_of = environment.lock_of
    monkeypatch.setattr(
        environment, 'lock_of', lambda name: None if name == 'demo' else lock_of(name)
    )
    made = steps('jazzy')

    made.install(['demo'])

    [(_, command)] = made.done
    assert '--require-hashes' not in command
    assert 'demo.txt' in installed_files(command)
    assert 'requirements/demo.txt was changed: installing without locks' in capsys.readouterr().err


def test_nothing_is_installed_twice(steps):
    made = steps('jazzy')
    made.install(['demo'])
    made.done.clear()

    made.install(['demo'])
    assert made.done == []

    made.install(['demo', 'development'])
    assert len(made.done) == 1


@pytest.mark.parametrize('other', ['kilted', 'none', 'installed'])
def test_environment_of_another_ros_is_not_used(steps, other, monkeypatch):
    monkeypatch.setenv('ROS_DISTRO', 'jazzy')
    made = steps('jazzy')
    made.set_done('environment', made.identity)

    with pytest.raises(Missing, match='is for .*; this is .*; call make clean') as missing:
        steps(other).make()
    assert '\n' not in str(missing.value)


def test_environment_of_the_same_is_used(steps):
    made = steps('kilted')
    made.set_done('environment', made.identity)

    steps('kilted').make()


def test_second_call_does_nothing(repository):
    variables = {name: value for name, value in os.environ.items() if name != 'VIRTUAL_ENV'}
    outer = [str(repository / 'run'), 'true']

    second = subprocess.run(outer, env=variables, capture_output=True, text=True, check=True)

    assert second.stderr == ''


@pytest.mark.parametrize(
    ('tool', 'sets'),
    [('pytest', 'demo development'), ('mypy', 'demo development'), ('ruff', 'development')],
)
def test_tools_of_development_bring_themselves(repository, tmp_path, tool, sets):
    """`make demo` installs none of them."""
    (tmp_path / 'scripts').mkdir()
    (tmp_path / 'run').write_bytes((repository / 'run').read_bytes())
    noted = "import sys; sys.exit(' '.join(['asked for:', *sys.argv[1:]]))\n"
    (tmp_path / 'scripts' / 'bootstrap.py').write_text(noted)

    def asked_for(command: str, given: str) -> str:
        words = ['bash', str(tmp_path / 'run'), command]
        variables = {**os.environ, 'WITH': given}
        return subprocess.run(
            words, env=variables, capture_output=True, text=True, check=False
        ).stderr.strip()

    assert asked_for(tool, '') == f'asked for: {sets}'
    assert asked_for(tool, 'training') == f'asked for: training {sets}'
    assert asked_for('agent', '') == 'asked for:'


def test_set_that_is_named_twice_is_one(monkeypatch):
    prepared = []
    monkeypatch.setattr(bootstrap.Environment, 'prepare', lambda self, sets: prepared.append(sets))

    assert bootstrap.main(['demo', 'development', 'demo']) == 0

    assert prepared == [['demo', 'development']]


INTERRUPTIBLE = """
import sys
from pathlib import Path

sys.path.insert(0, sys.argv[1])
import bootstrap


def prepare(environment, sets):
    environment._log = Path(sys.argv[2], 'log', 'bootstrap.log')
    environment._step('installing', ['sleep', '60'])


bootstrap.Environment.prepare = prepare
sys.exit(bootstrap.main([]))
"""


def test_interrupt_is_one_line(repository, tmp_path):
    words = [sys.executable, '-c', INTERRUPTIBLE, str(repository / 'scripts'), str(tmp_path)]
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True, start_new_session=True) as run:
        assert run.stderr.readline() == 'emotion_agent: installing …\n'

        os.killpg(run.pid, signal.SIGINT)

        said = run.stderr.read()
    assert said == 'emotion_agent: interrupted; the next call goes on\n'
    assert run.returncode == 130


def test_unknown_set_is_refused(capsys):
    assert bootstrap.main(['trianing']) == 1
    assert "got ['trianing']" in capsys.readouterr().err


def test_a_plain_folder_is_built_in_place(steps, monkeypatch, tmp_path):
    monkeypatch.setattr(environment, 'CLONE', tmp_path)
    made = steps('jazzy')

    made.build()

    [(_, command)] = made.done
    assert command[command.index('--build-base') + 1] == str(tmp_path / 'build')
    assert '--symlink-install' in command


def test_through_a_link_cmake_works_in_a_folder_without_one(steps, monkeypatch, tmp_path):
    monkeypatch.setattr(environment, 'CLONE', tmp_path / 'my clone')
    made = steps('jazzy')

    made.build()

    (_, first), (_, second) = made.done
    assert first[first.index('--packages-select') + 1] == 'emotion_msgs'
    assert not first[first.index('--build-base') + 1].startswith(str(tmp_path))
    assert '--symlink-install' not in first  # its build is thrown away
    assert second[second.index('--packages-skip') + 1] == 'emotion_msgs'


def test_sources_are_compiled_even_where_python_writes_nothing(steps, monkeypatch, tmp_path):
    monkeypatch.setattr(environment, 'CLONE', tmp_path)
    monkeypatch.setattr(sys, 'dont_write_bytecode', True)
    module = tmp_path / 'src' / 'package' / 'module.py'
    module.parent.mkdir(parents=True)
    module.write_text('NAME = 1')
    module.with_name('unfinished.py').write_text('NAME =')

    steps('jazzy').build()

    assert Path(cache_from_source(str(module))).is_file()


@pytest.mark.parametrize('folder', ['launch', 'config', 'emotion_agent/weights/affect'])
def test_compiled_files_are_no_reason_to_build_again(steps, monkeypatch, tmp_path, folder):
    monkeypatch.setattr(environment, 'CLONE', tmp_path)
    source = tmp_path / 'src' / 'emotion_agent' / folder / 'agent.py'
    source.parent.mkdir(parents=True)
    source.write_text('NAME = 1')
    before = steps('jazzy').build_fingerprint()

    compiled = Path(cache_from_source(str(source)))
    compiled.parent.mkdir()
    compiled.write_text('')

    assert steps('jazzy').build_fingerprint() == before
    source.with_name('other.py').write_text('NAME = 2')
    assert steps('jazzy').build_fingerprint() != before


def test_packages_made_by_cmake_are_known(repository):
    made = {file.parent.name for file in (repository / 'src').glob('*/CMakeLists.txt')}

    assert made == set(environment.MADE_BY_CMAKE)


def test_without_ros_the_packages_are_found_in_their_sources(repository, tmp_path):
    made = Environment(tmp_path, 'none')
    packages = made.venv / 'lib' / f'python3.{sys.version_info.minor}' / 'site-packages'
    packages.mkdir(parents=True)
    (made.venv / 'bin').mkdir()
    (tmp_path / 'src').symlink_to(repository / 'src')

    made.link_sources()

    found = subprocess.check_output(
        [
            *[sys.executable, '-S', '-c'],
            f'import site; site.addsitedir({str(packages)!r}); '
            'from importlib.util import find_spec; '
            f'[print(find_spec(name).origin) for name in {environment.OUR_PACKAGES}]',
        ],
        env={'PATH': os.environ['PATH']},
        text=True,
    )
    assert found.splitlines() == [
        str(tmp_path / 'src' / name / name / '__init__.py') for name in environment.OUR_PACKAGES
    ]


def test_commands_that_need_no_ros_are_those_that_a_build_brings(tmp_path):
    folders = [Path(get_package_prefix(name), 'bin') for name in environment.OUR_PACKAGES]
    built = {file.name for folder in folders if folder.exists() for file in folder.iterdir()}
    assert set(environment.COMMANDS) == built == set(unknown_command.WITHOUT_ROS)

    made = Environment(tmp_path, 'none')
    (made.venv / 'bin').mkdir(parents=True)
    (made.venv / 'lib' / 'python3' / 'site-packages').mkdir(parents=True)
    made.link_sources()
    for name in built:
        shown = subprocess.run(
            [made.venv / 'bin' / name, '--help'], capture_output=True, text=True, check=True
        )
        assert 'usage' in shown.stdout


def test_cmake_exports_point_into_the_environment(tmp_path):
    made = Environment(tmp_path, 'jazzy')
    made.python = Path(sys.executable)
    export = made.venv / 'share' / 'x_msgs' / 'cmake' / 'export.cmake'
    export.parent.mkdir(parents=True)
    export.write_text(
        'INTERFACE_INCLUDE_DIRECTORIES "/opt/python/cp311-cp311/include/python3.11;'
        '/opt/python/cp311-cp311/lib/python3.11/site-packages/numpy/_core/include"\n'
    )

    made.mend_cmake_exports()

    text = export.read_text()
    assert '/opt/python' not in text
    assert sysconfig.get_path('platinclude') in text
    assert text.count('"') == 2


def test_failed_step_ends_with_its_log(tmp_path):
    made = Environment(tmp_path, 'none')

    with pytest.raises(
        Missing, match=r'failed while trying; all of it is in log/bootstrap.log:\n'
    ) as failed:
        made._step('trying', ['sh', '-c', 'echo the reason; exit 3'])
    assert str(failed.value).endswith('the reason')


def test_what_an_earlier_build_installed_is_not_in_the_way(tmp_path):
    """Setuptools would write a new script through a link to a file that is gone."""
    (tmp_path / 'src' / 'face').mkdir(parents=True)
    (tmp_path / 'src' / 'face' / 'setup.py').touch()
    (tmp_path / 'src' / 'interfaces').mkdir()
    for package in ('face', 'interfaces'):
        link = tmp_path / 'install' / package / 'bin' / package
        link.parent.mkdir(parents=True)
        link.symlink_to(tmp_path / 'gone')

    Environment(tmp_path, 'jazzy').remove_python_packages()

    assert [path.name for path in (tmp_path / 'install').iterdir()] == ['interfaces']
