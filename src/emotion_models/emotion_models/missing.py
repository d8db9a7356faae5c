# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What brings a Python package that is not installed."""

import os
from pathlib import Path

# Python module -> packages of apt and pip that bring it. Every other one belongs to training.
_BROUGHT_BY: dict[str, tuple[str | None, str]] = {
    'PIL': ('python3-pil', 'Pillow'),
    'cv2': ('python3-opencv', 'opencv-python-headless'),
    'matplotlib': ('python3-matplotlib', 'matplotlib'),
    'numpy': ('python3-numpy', 'numpy'),
    'onnxruntime': (None, 'onnxruntime'),
    'yaml': ('python3-yaml', 'PyYAML'),
}
_IN_DEMO = ('PIL', 'matplotlib')  # what `./run` brings with WITH=demo
# From a clone, as this package is in no registry.
_TRAINING = "pip install 'src/emotion_models[train]', or the packages of requirements/training.txt"


def what_to_install(error: ModuleNotFoundError) -> str | None:
    """
    Say in one line what brings a module that was not found.

    Args:
        error: as the import raised it.

    Returns:
        The line; none for a defect: a part of this package.
    """
    module = str(error.name).partition('.')[0]
    if module == 'emotion_models':
        return None
    if _is_made_by_run() and (module in _IN_DEMO or module not in _BROUGHT_BY):
        name = 'demo' if module in _IN_DEMO else 'training'
        return f'the Python package {module} is not installed: WITH={name} ./run … brings it'
    if module not in _BROUGHT_BY:
        return f'training, export and analysis need the Python package {module}: {_TRAINING}'
    apt, pip = _BROUGHT_BY[module]
    command = f'sudo apt install {apt} (or pip install {pip})' if apt else f'pip install {pip}'
    return f'the Python package {module} is not installed: {command}'


def _is_made_by_run() -> bool:
    """Whether the environment is one that `./run` keeps: nothing is installed there by hand."""
    return Path(os.environ.get('VIRTUAL_ENV', ''), '.done-environment').exists()
