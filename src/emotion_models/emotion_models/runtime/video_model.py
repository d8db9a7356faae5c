# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A model of who and what in clips: four networks that lie in folders side by side."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from emotion_models.reading import shown
from emotion_models.runtime.artefact import CARD_NAME, Artefact, ArtefactError, load_artefact

SYSTEM = 'vdsm'
"""What the cards of such a model say that it is."""
WIDTHS: Mapping[str, Mapping[str, Sequence[str]]] = {
    'encoder': {
        'inputs': ('side',),
        'outputs': ('pose', 'pose', 'static', 'static'),
    },
    'sequence_encoder': {'inputs': ('pose',), 'outputs': ('dynamics', 'dynamics')},
    'transition': {'inputs': ('pose', 'dynamics'), 'outputs': ('pose', 'pose')},
    'decoder': {'inputs': ('pose', 'static'), 'outputs': ('side',)},
}
"""The networks, and what the last length of each input and output is."""


class ClipCodes(NamedTuple):
    """
    What is read of a clip: the means of its codes.

    Args:
        static: who or what is seen, float32 (K,).
        dynamics: what it does, float32 (D,).
        poses: how each frame is configured, float32 (T, Z).
    """

    static: np.ndarray
    dynamics: np.ndarray
    poses: np.ndarray


class VideoModel:
    """
    Reads clips, lets any identity do any motion, and shows it; what `emotion-models export` makes
    of a second phase of VDSM.

    Attributes:
        side: of the frames in pixels.

    Args:
        model: name of a shipped model or path of the folder that has the folders of the networks.
        threads: of onnxruntime.

    Raises:
        ArtefactError: if a folder, a card or a file is missing or does not fit.
    """

    def __init__(self, model: str | Path, threads: int = 1) -> None:
        artefacts = {name: load_artefact(Path(model) / name) for name in WIDTHS}
        self._widths = _read_widths(artefacts)
        self._sessions = {name: found.open_session(threads) for name, found in artefacts.items()}
        self.side = self._widths['side']

    def read(self, frames: np.ndarray) -> ClipCodes:
        """
        The codes of a clip.

        Args:
            frames: RGB, float32 (T, 3, side, side) in [0, 1]; T >= 1.

        Raises:
            ValueError: for anything else.
        """
        _check('frames', frames, (None, 3, self.side, self.side))
        if not len(frames) or frames.min() < 0 or frames.max() > 1:
            raise ValueError('frames: expected at least one, in [0, 1]; divide bytes by 255')
        poses, _, static, _ = self._run('encoder', frames)
        dynamics, _ = self._run('sequence_encoder', poses[None])
        return ClipCodes(static.mean(0), dynamics[0], poses)

    def move(self, first: np.ndarray, dynamics: np.ndarray, frames: int) -> np.ndarray:
        """
        The poses that are expected after a first one, each from the one before.

        Args:
            first: pose, (Z,).
            dynamics: of the motion, (D,).
            frames: how many poses, with the first; >= 1.

        Returns:
            float32 (frames, Z).

        Raises:
            ValueError: for other shapes, numbers that are not finite, or less than a frame.
        """
        if frames != int(frames) or frames < 1:
            raise ValueError(f'frames: expected a whole number >= 1, got {frames}')
        _check('first', first, (self._widths['pose'],))
        _check('dynamics', dynamics, (self._widths['dynamics'],))
        poses = [first[None].astype(np.float32)]
        while len(poses) < frames:
            poses.append(self._run('transition', poses[-1], dynamics[None])[0])
        return np.concatenate(poses)

    def show(self, poses: np.ndarray, static: np.ndarray) -> np.ndarray:
        """
        The frames (T, 3, side, side) in [0, 1] of poses (T, Z) and a static code (K,).

        Raises:
            ValueError: for other shapes, or numbers that are not finite.
        """
        _check('poses', poses, (None, self._widths['pose']))
        _check('static', static, (self._widths['static'],))
        return self._run('decoder', poses, static)[0]

    def _run(self, name: str, *inputs: np.ndarray) -> list[Any]:
        session = self._sessions[name]
        names = [entry.name for entry in session.get_inputs()]
        given = [part.astype(np.float32, copy=False) for part in inputs]
        return session.run(None, dict(zip(names, given, strict=True)))


def as_network_input(clip: np.ndarray) -> np.ndarray:
    """
    Frames uint8 (T, H, W, 3) as networks take them, float32 (T, 3, H, W) in [0, 1].

    Raises:
        ValueError: for another type or shape.
    """
    if clip.dtype != np.uint8 or clip.ndim != 4 or clip.shape[-1] != 3:
        raise ValueError(f'expected uint8 (T, H, W, 3), got {clip.dtype} {clip.shape}')
    return np.moveaxis(clip, -1, 1).astype(np.float32) / 255


def as_clip(frames: np.ndarray) -> np.ndarray:
    """Frames float (…, 3, H, W), cut to [0, 1], as uint8 (…, H, W, 3)."""
    return np.rint(255 * np.moveaxis(frames, -3, -1).clip(0, 1)).astype(np.uint8)


def _check(name: str, array: np.ndarray, shape: tuple[int | None, ...]) -> None:
    """Refuse other shapes (none = any length) and what is no finite number."""
    fits = array.ndim == len(shape) and all(
        wanted in (None, found) for wanted, found in zip(shape, array.shape, strict=True)
    )
    if not fits or array.dtype.kind != 'f' or not np.isfinite(array).all():
        wanted = ', '.join('T' if length is None else str(length) for length in shape)
        raise ValueError(
            f'{name}: expected finite float32 ({wanted}), got {array.dtype} {array.shape}'
        )


def _read_widths(artefacts: Mapping[str, Artefact]) -> dict[str, int]:
    """The lengths that the networks share, by name."""
    widths: dict[str, int] = {}
    for network, artefact in artefacts.items():
        where = artefact.folder / CARD_NAME
        if artefact.card.get('system') != SYSTEM:
            raise ArtefactError(
                f'{where} is of system {shown(artefact.card.get("system"))}; expected the '
                f'{network} of a {SYSTEM} model: export it again'
            )
        for kind, names in WIDTHS[network].items():
            entries = artefact.card[kind]
            if len(entries) != len(names):
                raise ArtefactError(
                    f'{where} has {len(entries)} {kind}, expected {len(names)}, those of the '
                    f'{network} of a {SYSTEM} model: export it again'
                )
            for name, entry in zip(names, entries, strict=True):
                shape = entry.get('shape')
                width = shape[-1] if isinstance(shape, list) and shape else None
                if type(width) is not int or width != widths.setdefault(name, width):
                    raise ArtefactError(
                        f'{where}: {entry["name"]} ends with {shown(width)}, expected '
                        f'{widths.get(name)}, the {name} of the other networks: they are of one '
                        'model; export them together'
                    )
    return widths
