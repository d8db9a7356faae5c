# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The programs of this package; each imports what it runs when it is called."""

import io
import os
import signal
import sys
from importlib import import_module

# Python module -> what brings it. Without node_kit there is only the command, not the node.
_BROUGHT_BY = {
    'PIL': 'sudo apt install python3-pil (or pip install Pillow)',
    'cv2': 'sudo apt install python3-opencv (or pip install opencv-python-headless)',
    'luma': 'pip install luma.oled',
    'node_kit': 'run colcon build, then source install/setup.bash',
    'numpy': 'sudo apt install python3-numpy (or pip install numpy)',
    'smbus2': 'sudo apt install python3-smbus2 (or pip install smbus2)',
}
NOBODY_READS = 141  # as a shell says that SIGPIPE ended a command
_ROS = 'the node needs ROS 2: source /opt/ros/DISTRIBUTION/setup.bash, and call rosdep install'


def oled_face() -> int:
    """Run the node and return its exit status."""
    return _run('oled_face', 'oled_face.node', interrupted=0)  # as `ros2 launch` expects it


def oled_face_command() -> int:
    """Run the command `oled-face` and return its exit status."""
    return _run('oled-face', 'oled_face.cli')


def test_pattern() -> int:
    """Run the same command where `ros2 run` finds it, and return its exit status."""
    return _run('test_pattern', 'oled_face.cli')


def _run(name: str, module: str, interrupted: int = 130) -> int:
    """Run a module; `interrupted` is the exit status after SIGINT where it does not answer it."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors='backslashreplace')  # names of files may be no text
    # A KeyboardInterrupt in an import can be swallowed, or become another error.
    if is_default := signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, lambda *_: os._exit(interrupted))
    try:
        main = import_module(module).main
        if is_default:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            return main()
        finally:
            sys.stdout.flush()
    except KeyboardInterrupt:
        return interrupted
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
