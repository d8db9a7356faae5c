# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The learned face: from a latent point to a picture."""

from pathlib import Path

import numpy as np

from emotion_models.drawing.fields import field_to_grey
from emotion_models.drawing.framing import frame_picture
from emotion_models.drawing.identity import Identity
from emotion_models.drawing.view import HEIGHT, N_LOOK, WIDTH, View
from emotion_models.labels.emotions import EMOTIONS
from emotion_models.runtime.artefact import Artefact, ArtefactError, load_artefact
from emotion_models.runtime.latent_space import LatentSpace

INPUT = 'point'
_LINE_PX = 2.0  # width of a line at zoom 1


class LatentDecoder:
    """
    Draws faces from a latent space in which valence and arousal are directions.

    A point is a latent vector z, see `LatentSpace`: what is walked in a change of expression, or
    of the face itself.

    Attributes:
        space: what its numbers stand for.

    Args:
        model: name of a shipped model or path of a folder.
        identity: whose face it is.
        threads: of onnxruntime.

    Raises:
        ArtefactError: if the folder, the card or the file is missing or does not fit.
    """

    def __init__(
        self,
        model: str | Path = 'sketch',
        identity: Identity | None = None,
        threads: int = 1,
    ) -> None:
        artefact = load_artefact(model)
        self.name, self.card = artefact.name, artefact.card
        self.identity = identity or Identity.default()
        names = tuple(entry['name'] for entry in artefact.card['inputs'])
        if names != (INPUT,):
            raise ArtefactError(
                f'{artefact.name} is not a face: its card must describe one input {INPUT}; see '
                'docs/face.md'
            )
        self.space = LatentSpace(artefact)
        self.pixels_per_unit = self.space.pixels_per_unit()
        self._session = artefact.open_session(threads)
        self._check_run(artefact)

    def encode(self, visible: np.ndarray, affect: np.ndarray | None = None) -> np.ndarray:
        """Where a mixture of emotions of this face lies, see `LatentSpace.from_emotions`."""
        return self.space.from_emotions(visible, affect, self.identity)

    def action_units_of(self, visible: np.ndarray, affect: np.ndarray) -> np.ndarray:
        """The action units of a mixture of emotions, see `LatentSpace.action_units_of`."""
        return self.space.action_units_of(visible, affect)

    def place(self, units: np.ndarray, affect: np.ndarray, identity: np.ndarray) -> np.ndarray:
        """The point of action units, affect and identity, see `LatentSpace.place`."""
        return self.space.place(units, affect, identity)

    def decode(self, latent: np.ndarray, view: View) -> np.ndarray:
        """The picture of a point, float32 (64, 128) in [0, 1]."""
        field = frame_picture(self.field(latent, view), view, -self.space.reach_px)
        # Lines grow less than the face, as those of the parametric face do.
        growth = 0.5 * _LINE_PX * (view.zoom - np.sqrt(view.zoom))
        return field_to_grey(np.float32(view.zoom) * field - np.float32(growth))

    def field(self, latent: np.ndarray, view: View) -> np.ndarray:
        """The upright face as a distance field in pixels, float32 (64, 128)."""
        point = np.concatenate([latent, view[:N_LOOK]]).astype(np.float32)
        (answer,) = self._session.run(None, {INPUT: point[None]})
        return answer[0, 0] * np.float32(self.space.reach_px)

    def _check_run(self, artefact: Artefact) -> None:
        try:
            field = self.field(self.encode(np.zeros(len(EMOTIONS))), View())
        except Exception as error:  # onnxruntime raises a class of its own for each misfit
            cause = str(error).splitlines()[0]
            raise ArtefactError(
                f'{artefact.model_path} does not take what its card describes: {cause}'
            ) from error
        if not np.isfinite(field).all():
            raise ArtefactError(f'{artefact.model_path} draws distances that are not finite')
        if field.shape != (HEIGHT, WIDTH):
            raise ArtefactError(
                f'{artefact.model_path} draws {field.shape}, the panel has '
                f'{(HEIGHT, WIDTH)} pixels'
            )
