# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The programs of this package; each imports what it runs when it is called."""

import io
import os
import signal
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

# Python module -> what brings it. Without node_kit there is only the command, not the node.
_BROUGHT_BY = {
    'PIL': 'sudo apt install python3-pil (or pip install Pillow)',
    'cv2': 'sudo apt install python3-opencv (or pip install opencv-python-headless)',
    'luma': 'pip install luma.oled',
    'node_kit': 'run colcon build, then source install/setup.bash',
    'numpy': 'sudo apt install python3-numpy (or pip install numpy)',
    'smbus2': 'sudo apt install python3-smbus2 (or pip install smbus2)',
}
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Signals that end a program as Ctrl-C does: it cleans up."""
NOBODY_READS = 141  # as a shell says that SIGPIPE ended a command
_ROS = 'the node needs ROS 2: source /opt/ros/DISTRIBUTION/setup.bash, and call rosdep install'


def oled_face() -> int:
    """Run the node and return its exit status."""
    return _run('oled_face', 'oled_face.node', ended=0)  # as `ros2 launch` expects it


def oled_face_command() -> int:
    """Run the command `oled-face` and return its exit status."""
    return _run('oled-face', 'oled_face.cli')


def test_pattern() -> int:
    """Run the same command where `ros2 run` finds it, and return its exit status."""
    return _run('test_pattern', 'oled_face.cli')


def _run(name: str, module: str, ended: int | None = None) -> int:
    """Run a module; `ended` is the exit status after a signal, None = 128 + its number."""
    _prepare_streams()
    status = 128 + signal.SIGINT

    def interrupt(number: int, _) -> None:
        nonlocal status
        status = 128 + number
        raise KeyboardInterrupt

    # A KeyboardInterrupt in an import can be swallowed, or become another error.
    answered = _answer(lambda number, _: os._exit(128 + number if ended is None else ended))
    try:
        main = import_module(module).main
        for number in answered:
            signal.signal(number, interrupt)
        try:
            return main()
        finally:
            sys.stdout.flush()
    except KeyboardInterrupt:
        return status if ended is None else ended
    except BrokenPipeError:
        # `| head` has read enough. What is left is written to nowhere when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NOBODY_READS
    except ModuleNotFoundError as error:
        missing = str(error.name).partition('.')[0]
        if missing == __package__:
            raise
        remedy = _BROUGHT_BY.get(missing, _ROS)
        print(f'{name}: the Python package {missing} is not there: {remedy}', file=sys.stderr)
        return 1
    finally:
        for number, handler in answered.items():
            signal.signal(number, handler)


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


def _answer(handler: Callable[[int, Any], Any]) -> dict[int, Any]:
    """Answer `ENDINGS` unless ignored, as under nohup; returns what answered them before."""
    usual = signal.SIG_DFL, signal.default_int_handler
    before = {number: signal.getsignal(number) for number in ENDINGS}
    answered: dict[int, Any] = {n: former for n, former in before.items() if former in usual}
    for number in answered:
        signal.signal(number, handler)
    return answered
