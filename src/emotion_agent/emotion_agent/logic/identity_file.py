# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The proportions of a face in a file, as the node `face_sketcher` takes them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from emotion_models.drawing import Identity
from emotion_models.runtime.artefact import load_artefact
from emotion_models.runtime.latent_points import read_point
from emotion_models.runtime.latent_space import LatentSpace
from node_kit.limits import shown
from node_kit.paths import expanded
from node_kit.suggestions import did_you_mean


class IdentityFileError(ValueError):
    """
    A file that cannot be the face.

    Attributes:
        without_content: the message without what stands in the file.
    """

    def __init__(self, message: str, without_content: str = '') -> None:
        super().__init__(message)
        self.without_content = without_content or message


def read_proportions(
    settings: Mapping[str, Any], space: LatentSpace | None = None, only_names: bool = False
) -> np.ndarray | None:
    """
    The proportions that `identity_from` names, (6,) in [0, 1]; none where it names nothing.

    Args:
        settings: of the node.
        space: to which the point must belong; none = that of the face `model`.
        only_names: take no paths.

    Raises:
        IdentityFileError: if there is no such file, or it is no point of this face.
    """
    if not (name := settings['identity_from']):
        return None
    file = _file_of(name, settings['identity_folder'], only_names)
    try:
        space = space or LatentSpace(load_artefact(settings['model']))
        vector = space.identity(read_point(file, space))
    except (OSError, ValueError) as error:
        raise IdentityFileError(
            f'identity_from: {error}',
            f'identity_from: {shown(name)} is no point of the face {settings["model"]}; make it '
            'with emotion-models sketch --save-z and this model',
        ) from error
    return Identity.from_vector(vector).proportions()


def _file_of(name: str, folder: str, only_names: bool) -> Path:
    """The file of a name in the folder, or at a path."""
    named = {file.stem: file for file in sorted(expanded(folder).glob('*.json'))} if folder else {}
    if name in named:
        return named[name]
    if not only_names:
        return expanded(name)
    there = f'{", ".join(named) or "none"} (in identity_folder {folder!r})'
    raise IdentityFileError(
        f'identity_from: expected one of {there}; a file is taken only at start, got '
        f'{shown(name)}{did_you_mean(name, named)}'
    )
