# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The faces to choose from."""

from emotion_agent.animation.animator import Decoder
from emotion_models.drawing import Identity
from emotion_models.runtime.folder_decoder import FolderDecoder
from emotion_models.runtime.latent_decoder import LatentDecoder
from emotion_models.runtime.parametric_decoder import ParametricDecoder

DECODERS = ('latent', 'parametric', 'folder')


def make_decoder(
    name: str,
    model: str = 'sketch',
    folder: str = '',
    identity: Identity | None = None,
) -> Decoder:
    """
    One of the faces.

    Args:
        name: `latent` (learned), `parametric` (computed) or `folder` (the user's pictures).
        model: of `latent`: name of a shipped model or path of a folder.
        folder: of `folder`: where the pictures are.
        identity: whose face it is, where it is not pictures.

    Raises:
        ValueError: if there is no such face, or its model or pictures are missing or unfit.
    """
    if name == 'latent':
        return LatentDecoder(model, identity)
    if name == 'parametric':
        return ParametricDecoder(identity)
    if name == 'folder':
        return FolderDecoder(folder)
    raise ValueError(f'decoder must be one of {", ".join(DECODERS)}; got {name!r}')
