# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The environment of a clone: virtual environment, packages, build. Nothing is done twice."""

import compileall
import hashlib
import os
import platform
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from lock import REQUIREMENTS, has_lock, lock_of
from prerequisites import INSTALLED, NO_ROS, WHEELS, Missing, machine

CLONE = Path(__file__).resolve().parent.parent
BUILT = ('package.xml', 'setup.*', 'CMakeLists.txt', 'msg/*', 'srv/*', 'bin/*')
LINKED = ('launch/**/*', 'config/**/*', '*/weights/**/*')
MADE_BY_CMAKE = ('emotion_msgs',)
OUR_PACKAGES = ('node_kit', 'emotion_models', 'oled_face', 'emotion_agent')

COMMANDS = {
    'emotion-agent': ('emotion_agent.programs', 'emotion_agent'),
    'emotion-models': ('emotion_models.programs', 'emotion_models'),
    'oled-face': ('oled_face.programs', 'oled_face_command'),
}
"""The commands that need no ROS, where nothing is built that would bring them."""


class Environment:
    """
    What is prepared in one clone.

    Attributes:
        root: the clone, by a path in which packages can be built.
        ros: where ROS comes from, a result of `source_of_ros`.
        venv: the virtual environment.
        python: its interpreter.
    """

    def __init__(self, root: Path, ros: str):
        self.root = root
        self.ros = ros
        self.venv = root / '.venv'
        self.python = self.venv / 'bin' / 'python'
        self._log = root / 'log' / 'bootstrap.log'

    def prepare(self, sets: Iterable[str]) -> None:
        """
        Do what is not done yet, for the optional `sets` of requirements.

        Raises:
            Missing: in one line, or with the end of the log of a step that failed.
        """
        self.make()
        self.install(sets)
        if self.ros == NO_ROS:
            self.link_sources()
        else:
            self.build()

    def make(self) -> None:
        """
        Create the virtual environment.

        Raises:
            Missing: if there is one of another Python, ROS or place: nodes may be running from it.
        """
        if self.is_done('environment', self.identity):
            return
        stamp = self.venv / '.done-environment'
        if stamp.exists():
            raise Missing(
                f'.venv is for {stamp.read_text()}; this is {self.identity}; call make clean '
                'first, or set PYTHON and ROS_WHEELS as they were'
            )
        self._say_what_is_special()
        shutil.rmtree(self.venv, ignore_errors=True)
        options = ['--system-site-packages'] if self.ros == INSTALLED else []
        self._step(
            f'creating {self.venv.name} with Python {platform.python_version()}',
            [sys.executable, '-m', 'venv', *options, self.venv],
        )
        # colcon would look for packages inside.
        (self.venv / 'COLCON_IGNORE').touch()
        self.set_done('environment', self.identity)

    @property
    def identity(self) -> str:
        """What the virtual environment was made for."""
        source = {
            INSTALLED: f'ROS from {os.environ.get("ROS_DISTRO")}',
            WHEELS[0]: 'ROS from wheels',
            NO_ROS: 'no ROS',
        }.get(self.ros, f'ROS from {self.ros} wheels')
        return f'Python {platform.python_version()}, {source}, in {self.venv}'

    def _say_what_is_special(self) -> None:
        if self.root != CLONE:
            say(f'packages cannot be built in {str(CLONE)!r}; it is reached as {self.root}')
        if self.ros == NO_ROS:
            say(
                f'no ROS 2 is sourced, and its wheels are not used on {machine()}: the Python '
                'libraries and the commands that need no ROS are prepared'
            )

    def install(self, sets: Iterable[str]) -> None:
        """Install the requirements of `sets` and those that are always needed."""
        names = [*self.always_needed(), *sets]
        todo = [name for name in names if not self.is_done(name, content_of(name))]
        if not todo:
            return
        title = f'installing {", ".join(todo)} (minutes, the first time)'
        locks = self.locks_of(names)
        if locks:
            self._pip(title, ['--require-hashes', *each('-r', locks.values())])
        if len(locks) < len(names):
            # All in one resolution, with what is there already, so that no pin is broken by a
            # later call.
            options = each('-r', [REQUIREMENTS / f'{name}.txt' for name in names])
            if self.ros == INSTALLED:
                options += ['-c', REQUIREMENTS / 'constraints-ros.txt']
            self._pip(title, options)
        if self.ros in WHEELS:
            self.mend_cmake_exports()
        for name in todo:
            self.set_done(name, content_of(name))

    def always_needed(self) -> list[str]:
        """Return the sets of requirements for every use."""
        if self.ros == INSTALLED:
            return ['runtime']
        ros = [f'ros-wheels-{self.ros}'] if self.ros in WHEELS else []
        return [*ros, 'libraries', 'runtime']

    def locks_of(self, names: Iterable[str]) -> dict[str, Path]:
        """
        Return the locks to install from, by name; none if one is out of step with its pins.

        A ROS installation has versions of its own, which no lock knows.
        """
        if self.ros == INSTALLED:
            return {}
        locks = {}
        for name in names:
            if (lock := lock_of(name)) is not None:
                locks[name] = lock
            elif has_lock(name):
                say(f'requirements/{name}.txt was changed: installing without locks (make lock)')
                return {}
        return locks

    def _pip(self, title: str, options: Sequence) -> None:
        pip = [self.python, '-m', 'pip', 'install', '--disable-pip-version-check', '--no-input']
        self._step(title, [*pip, *options])

    def mend_cmake_exports(self) -> None:
        """Replace the paths of the machine that built the ROS wheels by those of this one."""
        numpy_include = subprocess.check_output(
            [self.python, '-c', 'import numpy; print(numpy.get_include())'], text=True
        ).strip()
        for export in self.venv.glob('share/*/cmake/*.cmake'):
            text = export.read_text()
            mended = re.sub(r'/opt/python/[^/";]+/lib/[^";]*/numpy/[^";]*', numpy_include, text)
            mended = re.sub(
                r'/opt/python/[^/";]+/include/[^";]*', sysconfig.get_path('platinclude'), mended
            )
            if mended != text:
                export.write_text(mended)

    def link_sources(self) -> None:
        """Let the environment find our packages and commands where they lie, without a build."""
        [folder] = self.venv.glob('lib/python*/site-packages')
        sources = [self.root / 'src' / package for package in OUR_PACKAGES]
        (folder / 'emotion_agent.pth').write_text(''.join(f'{source}\n' for source in sources))
        for name, (module, function) in COMMANDS.items():
            command = self.venv / 'bin' / name
            command.write_text(
                '#!/usr/bin/env python3\n'
                f'from {module} import {function}\n\nraise SystemExit({function}())\n'
            )
            command.chmod(0o755)

    def build(self) -> None:
        """Run colcon if anything but Python source changed (that is linked, not copied)."""
        fingerprint = self.build_fingerprint()
        if (self.root / 'install' / 'setup.bash').exists() and self.is_done('build', fingerprint):
            return
        self.remove_python_packages()
        title, variables = 'building the packages', self.build_variables()
        if self.root == CLONE:
            self._step(title, self.colcon(self.root / 'build', '--symlink-install'), variables)
        else:
            # CMake follows the link of the folder it works in, so it works in another.
            with tempfile.TemporaryDirectory(dir='/tmp') as folder:
                select = ['--packages-select', *MADE_BY_CMAKE]
                self._step(title, self.colcon(folder, *select), variables)
            skip = ['--symlink-install', '--packages-skip', *MADE_BY_CMAKE]
            self._step(title, self.colcon(self.root / 'build', *skip), variables)
        # As pip does with what it installs: Python itself may not be allowed to write later.
        compileall.compile_dir(self.root / 'src', quiet=2)
        self.set_done('build', fingerprint)

    def remove_python_packages(self) -> None:
        """Remove what an earlier setup.py installed: setuptools fails where it is in the way."""
        for setup in (self.root / 'src').glob('*/setup.py'):
            for folder in ('build', 'install'):
                shutil.rmtree(self.root / folder / setup.parent.name, ignore_errors=True)

    def colcon(self, build: Path | str, *options: str) -> list[str]:
        """Return the command that builds in the folder `build` with Python of the environment."""
        program = shutil.which('colcon') if self.ros == INSTALLED else self.venv / 'bin' / 'colcon'
        return [
            *[str(self.python), str(program)],
            *['--log-base', str(self.root / 'log')],
            *['build', '--event-handlers', 'console_direct+'],
            *['--base-paths', str(self.root / 'src')],
            *['--build-base', str(build)],
            *['--install-base', str(self.root / 'install')],
            *options,
            *['--cmake-args', '-DBUILD_TESTING=OFF', f'-DPython3_EXECUTABLE={self.python}'],
        ]

    def build_variables(self) -> dict[str, str]:
        """Return the variables with which colcon finds the interpreter and, from wheels, ROS."""
        variables = dict(os.environ, PATH=f'{self.venv / "bin"}:{os.environ["PATH"]}')
        if self.ros in WHEELS:
            variables |= {
                'AMENT_PREFIX_PATH': str(self.venv),
                'CMAKE_PREFIX_PATH': str(self.venv),
                'LD_LIBRARY_PATH': str(self.venv / 'lib'),
            }
        return variables

    def build_fingerprint(self) -> str:
        """Return a digest of what the build depends on: package files, interfaces, names."""
        digest = hashlib.sha256()
        for path in self._sources(*BUILT):
            digest.update(f'{path.relative_to(self.root)}\n'.encode() + path.read_bytes())
        linked = self._sources(*LINKED)
        digest.update('\n'.join(str(path.relative_to(self.root)) for path in linked).encode())
        return digest.hexdigest()

    def _sources(self, *patterns: str) -> list[Path]:
        folder = self.root / 'src'
        found = (path for pattern in patterns for path in folder.glob(f'*/{pattern}'))
        return sorted(path for path in found if '__pycache__' not in path.parts)

    def is_done(self, name: str, content: str) -> bool:
        """Whether step `name` was finished for this very content."""
        stamp = self.venv / f'.done-{name}'
        return stamp.exists() and stamp.read_text() == content

    def set_done(self, name: str, content: str) -> None:
        """Note that step `name` is finished for this content."""
        stamp = self.venv / f'.done-{name}'
        stamp.unlink(missing_ok=True)  # a copy of this environment may share the file
        stamp.write_text(content)

    def _step(
        self, title: str, command: Sequence, variables: dict[str, str] | None = None
    ) -> None:
        """
        Run one step with its output in the log.

        Raises:
            Missing: with the end of the log, if the command fails.
        """
        say(f'{title} …')
        self._log.parent.mkdir(exist_ok=True)
        with self._log.open('w') as log:
            log.write(f'{shlex.join(map(str, command))}\n')
            log.flush()
            status = subprocess.run(
                list(map(str, command)),
                cwd=self.root,
                env=variables,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                check=False,
            ).returncode
        if status:
            end = '\n'.join(self._log.read_text(errors='replace').splitlines()[-20:])
            where = self._log.relative_to(self.root)
            raise Missing(f'failed while {title}; all of it is in {where}:\n{end}')


def content_of(name: str) -> str:
    """Return what installing the set `name` depends on."""
    lock = lock_of(name)
    return (REQUIREMENTS / f'{name}.txt').read_text() + (lock.read_text() if lock else '')


def each(option: str, values: Iterable) -> list:
    """Return `option` before each of the values."""
    return [word for value in values for word in (option, value)]


def say(line: str) -> None:
    """Tell the user, who may wait for minutes."""
    print(f'emotion_agent: {line}', file=sys.stderr, flush=True)
