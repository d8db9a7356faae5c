# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The learned face: from visible emotions to a latent point, and from there to a picture."""

from pathlib import Path
from typing import Any

import numpy as np

from emotion_models.drawing.fields import field_to_grey
from emotion_models.drawing.framing import frame_picture
from emotion_models.drawing.identity import Identity
from emotion_models.drawing.view import HEIGHT, N_LOOK, WIDTH, View
from emotion_models.labels.emotions import EMOTIONS, check_emotions, emotion_vad
from emotion_models.reading import shown
from emotion_models.runtime.artefact import (
    CARD_NAME,
    Artefact,
    ArtefactError,
    is_number,
    load_artefact,
)

INPUT = 'point'
MOST_COPIES = 1024
_IS_DROPPED = 0.0  # the network is conditioned on the emotions: they are not dropped
_LINE_PX = 2.0  # width of a line at zoom 1


class LatentDecoder:
    """
    Draws faces from a latent space in which valence and arousal are directions.

    A point is the latent vector z, the emotions (7) and the identity in one vector: what is walked
    in a change of expression, or of the face itself.

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
        space = _read_space(artefact)
        self._affect_copies = space['affect_copies']
        self._rest_at_neutral = space['rest']['neutral']
        self._rest_by_emotion = np.array([space['rest'][name] for name in EMOTIONS])
        self._reach_px = space['reach_px']
        self._session = artefact.open_session(threads)
        self._latent_size = 2 * self._affect_copies + len(self._rest_at_neutral)
        self.pixels_per_unit = np.concatenate(
            [
                np.full(self._latent_size, 8.0),
                np.full(len(EMOTIONS), 20.0),
                Identity.spans(),
            ]
        )
        self._check_run(artefact)

    def encode(self, visible: np.ndarray, affect: np.ndarray | None = None) -> np.ndarray:
        """
        Where a mixture of emotions lies.

        Args:
            visible: how much of each is seen, (7,) in [0, 1], order of `EMOTIONS`.
            affect: valence and arousal of the mixture, (2,) in [-1, 1]: the numbers of z that
                stand for them; none = those of the default anchors (`emotion_vad`).

        Returns:
            The point (24 + 7 + 14,): z, emotions, identity.
        """
        emotions = check_emotions(visible)
        valence_arousal = emotion_vad(emotions)[:2] if affect is None else np.asarray(affect)
        copies = np.repeat(valence_arousal, self._affect_copies)
        rest = self._rest_at_neutral + emotions @ (self._rest_by_emotion - self._rest_at_neutral)
        return np.concatenate([copies, rest, emotions, self.identity.as_vector()])

    def decode(self, latent: np.ndarray, view: View) -> np.ndarray:
        """The picture of a point, float32 (64, 128) in [0, 1]."""
        field = frame_picture(self.field(latent, view), view, -self._reach_px)
        # Lines grow less than the face, as those of the parametric face do.
        growth = 0.5 * _LINE_PX * (view.zoom - np.sqrt(view.zoom))
        return field_to_grey(np.float32(view.zoom) * field - np.float32(growth))

    def field(self, latent: np.ndarray, view: View) -> np.ndarray:
        """The upright face as a distance field in pixels, float32 (64, 128)."""
        point = np.concatenate([latent, view[:N_LOOK], [_IS_DROPPED]]).astype(np.float32)
        (answer,) = self._session.run(None, {INPUT: point[None]})
        return answer[0, 0] * np.float32(self._reach_px)

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


def _read_space(artefact: Artefact) -> dict[str, Any]:
    names = tuple(entry['name'] for entry in artefact.card['inputs'])
    space: Any = artefact.card.get('space')
    is_complete = isinstance(space, dict) and {'affect_copies', 'reach_px', 'rest'} <= set(space)
    if names != (INPUT,) or not is_complete:
        raise ArtefactError(
            f'{artefact.name} is not a face: its card must describe one input {INPUT} and the '
            'space (affect_copies, reach_px, rest); see docs/face.md'
        )
    place = f'{artefact.folder / CARD_NAME}: space'
    rest, copies, reach_px = space['rest'], space['affect_copies'], space['reach_px']
    names = ('neutral', *EMOTIONS)
    missing = {*names} - set(rest) if isinstance(rest, dict) else {*names}
    if missing:
        raise ArtefactError(f'{place}.rest lacks {", ".join(sorted(missing))}')
    if type(copies) is not int or not 1 <= copies <= MOST_COPIES:
        raise ArtefactError(
            f'{place}.affect_copies must be a whole number in 1..{MOST_COPIES}, '
            f'got {shown(copies)}'
        )
    if not is_number(reach_px) or reach_px <= 0:
        raise ArtefactError(f'{place}.reach_px must be a number > 0, got {shown(reach_px)}')
    points = {name: _point(f'{place}.rest.{name}', rest[name]) for name in names}
    if len({len(point) for point in points.values()}) > 1:
        raise ArtefactError(f'{place}.rest must have as many numbers for each emotion')
    return {'affect_copies': copies, 'reach_px': float(reach_px), 'rest': points}


def _point(place: str, value: Any) -> np.ndarray:
    numbers: list[Any] = value if isinstance(value, list) else ['']
    if not all(map(is_number, numbers)):
        raise ArtefactError(f'{place} must be a list of numbers, got {shown(value)}')
    return np.array(numbers, float)
