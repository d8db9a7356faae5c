# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Latent points of faces in files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from emotion_models.limits import read_text
from emotion_models.reading import FileError, shown
from emotion_models.runtime.artefact import is_number
from emotion_models.runtime.latent_space import LatentSpace

FORMAT = 'latent point of emotion_agent'
MOST_BYTES = 100_000


def write_point(path: Path, latent: np.ndarray, space: LatentSpace) -> None:
    """
    Write a latent point as JSON.

    Args:
        path: of the file; one that is there is replaced.
        latent: (size,).
        space: to which it belongs.
    """
    numbers = [round(float(value), 6) for value in latent]
    content = {'format': FORMAT, 'space': space.id, 'z': numbers}
    path.write_text(f'{json.dumps(content)}\n', encoding='utf-8')


def read_point(path: Path, space: LatentSpace) -> np.ndarray:
    """
    The latent point of a file, (size,).

    Args:
        path: of a file that `write_point` wrote.
        space: to which it must belong.

    Raises:
        OSError: if it cannot be read.
        ValueError: if it is no latent point, or one of another face.
    """
    try:
        content: Any = json.loads(read_text(path, MOST_BYTES))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise FileError(f'{path} is no JSON; expected a {FORMAT}') from error
    if not isinstance(content, dict) or content.get('format') != FORMAT:
        raise FileError(f'{path} is not a {FORMAT}; emotion-models sketch --save-z writes one')
    if content.get('space') != space.id:
        raise FileError(
            f'{path} is of the face {shown(content.get("space"))}, this one is {space.id!r}; make '
            'it again with this model'
        )
    numbers = content.get('z')
    if not isinstance(numbers, list) or not all(map(is_number, numbers)):
        raise FileError(f'{path}: z must be a list of numbers, got {shown(numbers)}')
    if len(numbers) != space.size:
        raise FileError(f'{path}: z has {len(numbers)} numbers, expected {space.size}')
    return np.array(numbers, float)
