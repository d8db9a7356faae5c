# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""An unlimited set of labelled drawings: sample (seed, index) is always the same."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from emotion_models.drawing.action_units import blend_action_units
from emotion_models.drawing.face import ParametricFace, to_one_bit
from emotion_models.drawing.fields import field_to_grey
from emotion_models.drawing.identity import Identity
from emotion_models.drawing.nuance import shade_action_units
from emotion_models.drawing.view import N_LOOK, View
from emotion_models.labels.emotions import EMOTIONS, emotion_vad

FRAMES_PER_IDENTITY = (
    64  # consecutive samples show the same face, so that a split keeps faces apart
)
NUANCE = 0.05  # standard deviation of the jitter of valence, arousal and dominance


@dataclass(frozen=True, eq=False)
class Sample:
    """A drawing and everything that is known about it."""

    image: np.ndarray  # uint8 (64, 128) of 0 and 255
    action_units: np.ndarray  # (N_ACTION_UNITS,) in [0, 1]
    identity: np.ndarray  # (N_IDENTITY,) in [0, 1]
    identity_id: int  # split by this, never by frame
    emotions: np.ndarray  # (7,) in [0, 1], order of EMOTIONS
    vad: np.ndarray  # (3,) valence, arousal, dominance in [-1, 1]
    view: View
    seed: int
    index: int
    field: np.ndarray | None = None  # float32 (64, 128), see `distance_field`


def sample(
    seed: int,
    index: int,
    nuance: float = NUANCE,
    is_framed: bool = True,
    with_field: bool = False,
) -> Sample:
    """
    The drawing with this number, the same on every machine and in every order.

    One emotion or a blend of two at any strength, seen from varied views, eyes open in most.

    Args:
        seed: which endless set.
        index: which drawing of it, >= 0.
        nuance: standard deviation of valence, arousal and dominance about those of the emotions.
            The face shows it: see `shade_action_units`.
        is_framed: zoom and tilt vary; without, the face fills the panel upright.
        with_field: also give the signed distance field.

    Raises:
        ValueError: if a number is negative.
    """
    if seed < 0 or index < 0:
        raise ValueError(f'expected seed and index >= 0, got {seed} and {index}')
    identity_id = index // FRAMES_PER_IDENTITY
    identity = Identity.random(np.random.default_rng([seed, identity_id, 0]))
    rng = np.random.default_rng([seed, index, 1])
    emotions = _random_emotions(rng)
    view = _random_view(rng)
    if not is_framed:
        view = View(*view[:N_LOOK])
    plain = emotion_vad(emotions)
    vad = np.clip(plain + rng.normal(0.0, nuance, 3), -1.0, 1.0)
    shown = vad - plain
    action_units = shade_action_units(blend_action_units(emotions), shown[0], shown[1])
    face = ParametricFace(identity)
    field = face.render_field(action_units, view) if with_field else None
    grey = face.render(action_units, view) if field is None else field_to_grey(field)
    return Sample(
        image=to_one_bit(grey),
        action_units=action_units,
        identity=identity.as_vector(),
        identity_id=identity_id,
        emotions=emotions,
        vad=vad,
        view=view,
        seed=seed,
        index=index,
        field=field,
    )


def _random_emotions(rng: np.random.Generator) -> np.ndarray:
    emotions = np.zeros(len(EMOTIONS))
    first, second = rng.choice(len(EMOTIONS), 2, replace=False)
    emotions[first] = rng.random()
    if rng.random() < 0.5:
        emotions[second] = rng.random()
    return emotions


def _random_view(rng: np.random.Generator) -> View:
    is_blinking = rng.random() < 0.1
    gaze_x, gaze_y = np.clip(rng.normal(0.0, 0.4, 2), -1.0, 1.0).tolist()
    return View(
        gaze_x=gaze_x,
        gaze_y=gaze_y,
        blink=rng.random() if is_blinking else 0.0,
        vergence=rng.random() if rng.random() < 0.3 else 0.0,
        zoom=rng.uniform(0.9, 1.0),
        tilt=rng.normal(0.0, 0.02),
    )
