# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The way from a drawing into the latent space of a learned face."""

from pathlib import Path

import numpy as np

from emotion_models.drawing.fields import drawing_field
from emotion_models.drawing.view import HEIGHT, WIDTH
from emotion_models.runtime.artefact import ArtefactError, load_artefact
from emotion_models.runtime.latent_space import LatentSpace

ENCODER = 'encoder'
"""Folder of the network in the folder of a face that finds the latent points of drawings."""


class DrawingEncoder:
    """
    Finds where drawings lie in the latent space of a face.

    Args:
        face: name of a shipped face or path of its folder; the network is its part `encoder`.
        threads: of onnxruntime.

    Raises:
        ArtefactError: if it is missing, does not fit or belongs to another face.
    """

    def __init__(self, face: str | Path = 'sketch', threads: int = 1) -> None:
        decoder = load_artefact(face)
        self.space = LatentSpace(decoder)
        artefact = load_artefact(decoder.folder / ENCODER)
        own = artefact.card.get('space')
        found = own.get('id') if isinstance(own, dict) else None
        if found != self.space.id:
            raise ArtefactError(
                f'{artefact.folder} leads into the space {found!r}, {decoder.folder} draws '
                f'{self.space.id!r}; export the face again'
            )
        self._session = artefact.open_session(threads)

    def __call__(self, picture: np.ndarray) -> np.ndarray:
        """
        The latent point (size,) of a drawing.

        Args:
            picture: uint8 or float (64, 128), white lines on black, see
                `drawing_field`.

        Raises:
            ValueError: if the shape is another.
        """
        picture = np.asarray(picture)
        if picture.shape != (HEIGHT, WIDTH):
            raise ValueError(f'expected a drawing of shape {(HEIGHT, WIDTH)}, got {picture.shape}')
        field = drawing_field(picture) / self.space.reach_px
        batch = np.clip(field, -1.0, 1.0).astype(np.float32)[None, None]
        (answer,) = self._session.run(None, {'field': batch})
        return answer[0].astype(float)
