# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Programs that start on any machine and say in one line what they miss.

A console script imports its module before anything can be caught. These functions import it when
they are called, so that a package that is not installed is one line and no traceback.
"""

import os
import sys
from collections.abc import Callable
from importlib import import_module

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
_BUILT_HERE = ('emotion_agent', 'emotion_models', 'emotion_msgs', 'node_kit', 'oled_face')
_OF_ROS = ('ament_', 'launch', 'python_qt_binding', 'rcl', 'rosidl', 'rqt')
_INTERFACES = ('_interfaces', '_msgs', '_srvs')


def program(name: str, target: str) -> Callable[[], int]:
    """
    Make the main function of an executable.

    Args:
        name: of the executable, for the line.
        target: what it runs, as module:function; imported when the program is called.

    Returns:
        A function without arguments that returns an exit status: that of the target, or 1 where a
        package is not installed.
    """

    def main() -> int:
        module, _, function = target.partition(':')
        try:
            return getattr(import_module(module), function)()
        except ModuleNotFoundError as error:
            remedy = what_to_install(error)
            if remedy is None:
                raise
            print(f'{name}: {remedy}', file=sys.stderr)
            return 1

    return main


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
    apt, pip = _BROUGHT_BY.get(module, (None, module.replace('_', '-')))
    command = f'sudo apt install {apt} (or pip install {pip})' if apt else f'pip install {pip}'
    return f'the Python package {module} is not installed: {command}'


def _of_ros(module: str) -> str:
    distribution = os.environ.get('ROS_DISTRO')
    if distribution is None:
        return (
            f'the ROS package {module} is not there: install ROS 2 and '
            'source /opt/ros/DISTRIBUTION/setup.bash first'
        )
    package = f'ros-{distribution}-{module}'.replace('_', '-')
    return f'the ROS package {module} is not installed: sudo apt install {package}'
