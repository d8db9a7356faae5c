# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Every expression of the face as pictures.

    make gallery [DECODER=latent|parametric]

Writes every emotion at three strengths, three identities, and for each expression a GIF of the
transitions from it to all the others and back.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from emotion_agent.animation import AnimatorConfig, Decoder, FaceAnimator
from emotion_agent.animation.decoders import make_decoder
from emotion_models.drawing import Identity, View
from emotion_models.drawing.sheets import contact_sheet
from emotion_models.labels.emotions import EMOTIONS, emotion_vad

EXPRESSIONS = ('neutral', *EMOTIONS)
STRENGTHS = (0.35, 0.65, 1.0)
_SHOWN = 0.8
_RATE_HZ = 25.0
_SCALE, _GAP, _CAPTION, _GROUND = 2, 4, 14, 70
_STILL = AnimatorConfig(
    blink_rate_per_min=0.0, saccade_size=0.0, wander_size=0.0, breathing=0.0, drift_px=0.0
)


def main(folder: str, decoder_name: str = 'latent') -> None:
    """Write the pictures into a folder, made if it is not there."""

    def make(identity: Identity | None = None) -> Decoder:
        return make_decoder(decoder_name, identity=identity)

    out = Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    for name, sheet in (
        ('strengths', strengths_sheet(make())),
        ('identities', identities_sheet(make)),
    ):
        cv2.imwrite(str(out / f'{name}.png'), sheet)
    for start in EXPRESSIONS:
        save_gif(out / f'from_{start}.gif', transitions(make(), start))


def single_emotion(name: str, strength: float = _SHOWN) -> np.ndarray:
    """The visibility of each emotion, (7,), where one alone shows; all 0 for `neutral`."""
    return np.array([strength * (name == other) for other in EMOTIONS])


def strengths_sheet(decoder: Decoder) -> np.ndarray:
    """Every emotion at three strengths, a row each."""
    return contact_sheet(
        [
            {
                f'{name} {strength:g}': _still(decoder, single_emotion(name, strength))
                for strength in STRENGTHS
            }
            for name in EMOTIONS
        ]
    )


def identities_sheet(make: Callable[[Identity], Decoder]) -> np.ndarray:
    """Three random identities, eight expressions of each."""
    generator = np.random.default_rng(3)
    decoders = [make(Identity.random(generator)) for _ in range(3)]
    return contact_sheet(
        [
            {name: _still(decoder, single_emotion(name)) for name in names}
            for decoder in decoders
            for names in (EXPRESSIONS[:4], EXPRESSIONS[4:])
        ]
    )


def transitions(decoder: Decoder, start: str) -> Iterator[np.ndarray]:
    """Frames of the transitions from one expression to all eight and back, uint8 (H, W)."""
    animators = {goal: FaceAnimator(_STILL, decoder=decoder) for goal in EXPRESSIONS}
    for goal, animator in animators.items():
        _set_emotion(animator, start, -9.0)
        animator.frame(-1.0)
        _set_emotion(animator, goal, 0.0)
    times = np.arange(0.0, 4.0, 1.0 / _RATE_HZ)
    for now_s in times:
        if now_s == 2.0:
            for animator in animators.values():
                _set_emotion(animator, start, now_s)
        tiles = [_tile(goal, animator.frame(now_s)) for goal, animator in animators.items()]
        yield np.vstack([np.hstack(tiles[:4]), np.hstack(tiles[4:])])


def save_gif(path: Path, frames: Iterator[np.ndarray]) -> None:
    """Write an endless GIF in four greys, of which most frames store only what changed."""
    images = [Image.fromarray(frame) for frame in frames]
    images[0].save(
        path,
        save_all=True,
        append_images=images[1:],
        duration=round(1000.0 / _RATE_HZ),
        loop=0,
        optimize=True,
    )


def _still(decoder: Decoder, visible: np.ndarray) -> np.ndarray:
    return decoder.decode(decoder.encode(visible), View())


def _set_emotion(animator: FaceAnimator, name: str, now_s: float) -> None:
    visible = single_emotion(name)
    _, arousal, _ = emotion_vad(visible)
    # The dominant emotion is neutral, so that no startle hides the transition.
    animator.set_emotion(visible, arousal, float(visible.max()), 'neutral', now_s)


def _tile(caption: str, frame: np.ndarray) -> np.ndarray:
    pixels = np.kron(frame, np.ones((_SCALE, _SCALE), np.uint8))
    border = (_GAP, _GAP + _CAPTION, _GAP, _GAP)
    tile = cv2.copyMakeBorder(pixels, *border, cv2.BORDER_CONSTANT, value=_GROUND)
    at = (_GAP, tile.shape[0] - _GAP)
    cv2.putText(tile, caption, at, cv2.FONT_HERSHEY_SIMPLEX, 0.4, 255, 1, cv2.LINE_8)
    return tile


if __name__ == '__main__':
    main(*sys.argv[1:])
