# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Programs that start on any machine and say in one line what they miss.

A console script imports its module before anything can be caught. These functions import it when
they are called, so that a package that is not installed is one line and no traceback. Ctrl-C,
SIGTERM and a terminal that is closed end them alike: the program cleans up; before it can answer,
it ends in silence.
"""

import gc
import io
import os
import signal
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from node_kit.text import printable

ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Signals that ask a program to end."""

# Python module -> packages of apt and pip that bring it; others have the name of the module.
_BROUGHT_BY: dict[str, tuple[str | None, str]] = {
    'PIL': ('python3-pil', 'Pillow'),
    'aiohttp': ('python3-aiohttp', 'aiohttp'),
    'apsw': (None, 'rosbags'),
    'backports': (None, 'rosbags'),
    'cv2': ('python3-opencv', 'opencv-python-headless'),
    'luma': (None, 'luma.oled'),
    'lz4': (None, 'rosbags'),
    'matplotlib': ('python3-matplotlib', 'matplotlib'),
    'numpy': ('python3-numpy', 'numpy'),
    'skimage': ('python3-skimage', 'scikit-image'),
    'tqdm': ('python3-tqdm', 'tqdm'),
    'yaml': ('python3-yaml', 'PyYAML'),
}
EXPECTED = (OSError, ValueError)
"""Errors of a command that say what is wrong and what to do."""

NOBODY_READS = 141  # as a shell says that SIGPIPE ended a command
_IN_DEMO = ('PIL', 'matplotlib', 'skimage')
"""What `./run` brings with WITH=demo; into its environment nothing is installed by hand."""
_BUILT_HERE = ('emotion_agent', 'emotion_models', 'emotion_msgs', 'node_kit', 'oled_face')
_OF_ROS = ('ament_', 'launch', 'python_qt_binding', 'rcl', 'rosidl', 'rqt')
_INTERFACES = ('_interfaces', '_msgs', '_srvs')


class Ending:
    """
    Lets every signal of `ENDINGS` end a program as Ctrl-C does.

    Those that the parent lets it ignore, as nohup does, and those that somebody else answers are
    left alone.

    Args:
        status: exit status of a program that was ended; None = 128 + the number of the signal, as
            shells say it.
    """

    def __init__(self, status: int | None = None):
        self._status = status
        self._number = 0
        self._before = {
            number: handler
            for number in ENDINGS
            if (handler := signal.getsignal(number)) in (
                signal.SIG_DFL, signal.default_int_handler
            )
        }  # fmt: skip

    def end_at_once(self) -> None:
        """From now on a signal ends the process without a word."""
        self._answer(lambda number, _: os._exit(self._status_of(number)))

    def interrupt(self) -> None:
        """From now on a signal raises KeyboardInterrupt."""
        self._answer(self._raise)

    def status(self, otherwise: int) -> int:
        """Return the exit status, `otherwise` if no signal came."""
        return self._status_of(self._number) if self._number else otherwise

    def leave(self) -> None:
        """From now on signals do what they did before."""
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _answer(self, handler: Callable[[int, Any], Any]) -> None:
        for number in self._before:
            signal.signal(number, handler)

    def _raise(self, number: int, _) -> None:
        self._number = number
        raise KeyboardInterrupt

    def _status_of(self, number: int) -> int:
        return 128 + number if self._status is None else self._status


def program(name: str, target: str, ended: int | None = None) -> Callable[[], int]:
    """
    Make the main function of an executable.

    Args:
        name: of the executable, for the line.
        target: what it runs, as module:function; imported when the program is called.
        ended: exit status after a signal that ends it; None = 128 + its number.

    Returns:
        A function without arguments that returns an exit status: that of the target, 1 where a
        package is not installed, or 2 after an error that says in one line what is wrong and what
        to do: all of `EXPECTED`; others are defects. `ENDINGS` end it without a word.
    """

    def main() -> int:
        _prepare_streams()
        ending = Ending(ended)
        try:
            # A KeyboardInterrupt in an import can be swallowed, or become another error.
            ending.end_at_once()
            function = _find(target)
            ending.interrupt()
            return ending.status(_call(function))
        except KeyboardInterrupt:
            return ending.status(128 + signal.SIGINT)
        except ModuleNotFoundError as error:
            return _refuse(name, error)
        except EXPECTED as error:
            print(f'{name}: {printable(str(error))}', file=sys.stderr)
            return 2
        except RuntimeError as error:  # as those of ROS are
            from node_kit.security import explain

            if (line := explain(error)) is None:
                raise
            print(f'{name}: {line}', file=sys.stderr)
            return 1
        finally:
            ending.leave()

    return main


def node(name: str, target: str) -> Callable[[], int]:
    """
    Make the main function of an executable whose target calls `node_kit.run`.

    Args:
        name: of the executable, for the line.
        target: what it runs, as module:function; imported when the program is called.

    Returns:
        As `program`; the status after a signal is 0 at any time, as `ros2 launch` expects it.
    """

    def main() -> int:
        _prepare_streams()
        # Imports and models make much that stays and no rubbish; `run` collects once it spins.
        gc.disable()
        Ending(0).end_at_once()  # until `run` answers the signals
        try:
            return _call(_find(target))
        except ModuleNotFoundError as error:
            return _refuse(name, error)

    return main


def _prepare_streams() -> None:
    """
    Let standard output take any name, with escapes where it is no text.

    A standard stream that is closed, as by `>&-`, leads to nowhere: Python has None for it, and
    the next file to be opened would get its number.
    """
    for name, mode in (('stdin', 'r'), ('stdout', 'w'), ('stderr', 'w')):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode))
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors='backslashreplace')


def _call(function: Callable[[], int]) -> int:
    try:
        try:
            return function()
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        # `| head` has read enough. What is left is written to nowhere when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NOBODY_READS


def _find(target: str) -> Callable[[], int]:
    module, _, function = target.partition(':')
    return getattr(import_module(module), function)


def _refuse(name: str, error: ModuleNotFoundError) -> int:
    remedy = what_to_install(error)
    if remedy is None:
        raise error
    print(f'{name}: {remedy}', file=sys.stderr)
    return 1


def what_to_install(error: ModuleNotFoundError) -> str | None:
    """
    Say in one line what brings a module that was not found.

    Args:
        error: as the import raised it.

    Returns:
        The line; none for a defect: a part of a package that is there otherwise.
    """
    module = str(error.name).partition('.')[0]
    if module in _BUILT_HERE:
        if error.name != module:
            return None
        return f'the package {module} is not built: colcon build, then source install/setup.bash'
    if module.startswith(_OF_ROS) or module.endswith(_INTERFACES):
        return _of_ros(module)
    if module in _IN_DEMO and is_made_by_run():
        return f'the Python package {module} is not installed: WITH=demo ./run … brings it'
    apt, pip = _BROUGHT_BY.get(module, (None, module.replace('_', '-')))
    command = f'sudo apt install {apt} (or pip install {pip})' if apt else f'pip install {pip}'
    return f'the Python package {module} is not installed: {command}'


def is_made_by_run() -> bool:
    """Whether the environment is one that `./run` keeps."""
    return Path(os.environ.get('VIRTUAL_ENV', ''), '.done-environment').exists()


def _of_ros(module: str) -> str:
    distribution = os.environ.get('ROS_DISTRO')
    if distribution is None:
        return (
            f'the ROS package {module} is not there: install ROS 2 and '
            'source /opt/ros/DISTRIBUTION/setup.bash first'
        )
    package = f'ros-{distribution}-{module}'.replace('_', '-')
    return f'the ROS package {module} is not installed: sudo apt install {package}'
