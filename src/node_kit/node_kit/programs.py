# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Programs that start on any machine and say in one line what they miss.

A console script imports its module before anything can be caught. These functions import it when
they are called, so that a package that is not installed is one line and no traceback, and Ctrl-C
before the program can answer it is silent.
"""

import os
import signal
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

INTERRUPTED = 130
"""Exit status of a command after SIGINT."""

# Python module -> packages of apt and pip that bring it; others have the name of the module.
_BROUGHT_BY: dict[str, tuple[str | None, str]] = {
    'PIL': ('python3-pil', 'Pillow'),
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
NOBODY_READS = 141  # as a shell says that SIGPIPE ended a command
_IN_DEMO = ('PIL', 'matplotlib', 'skimage')
"""What `./run` brings with WITH=demo; into its environment nothing is installed by hand."""
_BUILT_HERE = ('emotion_agent', 'emotion_models', 'emotion_msgs', 'node_kit', 'oled_face')
_OF_ROS = ('ament_', 'launch', 'python_qt_binding', 'rcl', 'rosidl', 'rqt')
_INTERFACES = ('_interfaces', '_msgs', '_srvs')


def program(name: str, target: str, interrupted: int = INTERRUPTED) -> Callable[[], int]:
    """
    Make the main function of an executable.

    Args:
        name: of the executable, for the line.
        target: what it runs, as module:function; imported when the program is called.
        interrupted: exit status after SIGINT where the target does not handle it.

    Returns:
        A function without arguments that returns an exit status: that of the target, or 1 where a
        package is not installed. SIGINT ends it without a word.
    """

    def main() -> int:
        try:
            # A KeyboardInterrupt in an import can be swallowed, or become another error.
            if is_default := signal.getsignal(signal.SIGINT) is signal.default_int_handler:
                end_when_interrupted(interrupted)
            function = _find(target)
            if is_default:
                signal.signal(signal.SIGINT, signal.default_int_handler)
            return _call(function)
        except KeyboardInterrupt:
            return interrupted
        except ModuleNotFoundError as error:
            return _refuse(name, error)
        except RuntimeError as error:  # as those of ROS are
            from node_kit.security import explain

            if (line := explain(error)) is None:
                raise
            print(f'{name}: {line}', file=sys.stderr)
            return 1

    return main


def node(name: str, target: str) -> Callable[[], int]:
    """
    Make the main function of an executable whose target calls `node_kit.run`.

    Args:
        name: of the executable, for the line.
        target: what it runs, as module:function; imported when the program is called.

    Returns:
        As `program`; the status after SIGINT is 0 at any time, as `ros2 launch` expects it.
    """

    def main() -> int:
        end_when_interrupted(0)  # until `run` answers the signal
        try:
            return _call(_find(target))
        except ModuleNotFoundError as error:
            return _refuse(name, error)

    return main


def end_when_interrupted(status: int) -> None:
    """Let SIGINT end the process at once, with this exit status and without a word."""
    signal.signal(signal.SIGINT, lambda *_: os._exit(status))


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
