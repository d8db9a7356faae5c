# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A model of who and what in clips: four networks that lie in folders side by side."""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from emotion_models.reading import shown
from emotion_models.runtime.artefact import CARD_NAME, Artefact, ArtefactError, load_artefact

SYSTEM = 'vdsm'
"""What the cards of such a model say that it is."""
SHAPES = {
    'encoder': (4, 2),
    'sequence_encoder': (3, 2),
    'transition': (2, 2),
    'decoder': (2, 4),
}
"""The networks, and the dimensions of the first input and of the first output of each."""


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
        artefacts = {name: load_artefact(Path(model) / name) for name in SHAPES}
        for name, artefact in artefacts.items():
            _check_card(artefact, SHAPES[name])
        self._sessions = {name: found.open_session(threads) for name, found in artefacts.items()}
        self.side = int(artefacts['encoder'].card['inputs'][0]['shape'][-1])

    def read(self, frames: np.ndarray) -> ClipCodes:
        """
        The codes of a clip.

        Args:
            frames: RGB, float32 (T, 3, side, side) in [0, 1]; T >= 1.
        """
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
        """
        poses = [first[None].astype(np.float32)]
        while len(poses) < frames:
            poses.append(self._run('transition', poses[-1], dynamics[None])[0])
        return np.concatenate(poses)

    def show(self, poses: np.ndarray, static: np.ndarray) -> np.ndarray:
        """The frames (T, 3, side, side) in [0, 1] of poses (T, Z) and a static code (K,)."""
        return self._run('decoder', poses, static)[0]

    def _run(self, name: str, *inputs: np.ndarray) -> list[Any]:
        session = self._sessions[name]
        names = [entry.name for entry in session.get_inputs()]
        return session.run(None, dict(zip(names, inputs, strict=True)))


def as_network_input(clip: np.ndarray) -> np.ndarray:
    """Frames uint8 (T, H, W, 3) as networks take them, float32 (T, 3, H, W) in [0, 1]."""
    return np.moveaxis(clip, -1, 1).astype(np.float32) / 255


def as_clip(frames: np.ndarray) -> np.ndarray:
    """Frames float32 (T, 3, H, W) in [0, 1] as uint8 (T, H, W, 3)."""
    return np.rint(255 * np.moveaxis(frames, 1, -1)).astype(np.uint8)


def _check_card(artefact: Artefact, dimensions: tuple[int, int]) -> None:
    card = artefact.card
    shapes = [card[kind][0].get('shape') for kind in ('inputs', 'outputs')]
    found = tuple(len(shape) if isinstance(shape, list) else 0 for shape in shapes)
    if card.get('system') != SYSTEM or found != dimensions:
        raise ArtefactError(
            f'{artefact.folder / CARD_NAME} is not that of {artefact.name} of a {SYSTEM} model: '
            f'expected {dimensions[0]} and {dimensions[1]} dimensions of its first input and '
            f'output, got {found[0]} and {found[1]} of system {shown(card.get("system"))}; export '
            'it again'
        )
