# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""An unlimited set of labelled drawings: sample (seed, index) is always the same."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from emotion_models.drawing.action_units import (
    EMOTION_ACTION_UNITS,
    N_ACTION_UNITS,
    OVERSHOOT,
    UNITS_HIGH,
    UNITS_LOW,
    blend_action_units,
    cancel_opposing,
)
from emotion_models.drawing.affect_of_units import affect_of_units
from emotion_models.drawing.face import ParametricFace, to_one_bit
from emotion_models.drawing.fields import field_to_grey
from emotion_models.drawing.identity import Identity
from emotion_models.drawing.nuance import shade_action_units
from emotion_models.drawing.parts import PARTS, unit_columns
from emotion_models.drawing.view import N_LOOK, View
from emotion_models.labels.emotions import EMOTIONS, emotion_vad

FRAMES_PER_IDENTITY = (
    64  # consecutive samples show the same face, so that a split keeps faces apart
)
NUANCE = 0.05  # standard deviation of the jitter of valence, arousal and dominance
_ANY = (0.0, 1.0)
_FAINT = (0.1, 0.5)  # about where signs appear and lips part


@dataclass(frozen=True, eq=False)
class Sample:
    """A drawing and everything that is known about it."""

    image: np.ndarray  # uint8 (64, 128) of 0 and 255
    action_units: np.ndarray  # (N_ACTION_UNITS,) in [0, 1], with overshoot where it is mixed
    identity: np.ndarray  # (N_IDENTITY,) in [0, 1]
    identity_id: int  # split by this, never by frame
    emotions: np.ndarray  # (7,) in [0, 1], order of EMOTIONS; 0 where it is mixed
    vad: np.ndarray  # (3,) valence, arousal, dominance in [-1, 1]
    view: View
    seed: int
    index: int
    field: np.ndarray | None = None  # float32 (64, 128), see `distance_field`
    is_mixed: bool = False  # its parts move independently, so that it has no emotions


def sample(
    seed: int,
    index: int,
    nuance: float = NUANCE,
    is_framed: bool = True,
    with_field: bool = False,
    mixed: float = 0.0,
    own: float = 0.0,
    faint: float = 0.0,
    ahead: float = 0.0,
    aside: float = 0.0,
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
        mixed: probability that brows, eyes, mouth and signs move independently. Such a drawing
            has no emotions, and the valence and arousal of `affect_of_units`.
        own: probability that a face has the style of the robot's; half of these have its
            proportions, too.
        faint: probability that an expression, or the signs of mixed parts, is as weak as where
            signs appear and lips part, 0.1 to 0.5.
        ahead: probability that the eyes look straight ahead.
        aside: probability that they look anywhere, at the ends of their travel as often as about
            its middle, and are turned in; with `ahead` at most 1.

    Raises:
        ValueError: if a number is negative, or a probability above 1.
    """
    if seed < 0 or index < 0:
        raise ValueError(f'expected seed and index >= 0, got {seed} and {index}')
    chances = {'mixed': mixed, 'own': own, 'faint': faint, 'ahead': ahead, 'aside': aside}
    for name, probability in chances.items():
        if not 0.0 <= probability <= 1.0:
            raise ValueError(f'expected a probability {name} in [0, 1], got {probability}')
    identity_id = index // FRAMES_PER_IDENTITY
    identity = _identity(seed, identity_id, own)
    rng = np.random.default_rng([seed, index, 1])
    view = _random_view(rng)
    chance, weakness, x, y, inward = np.random.default_rng([seed, index, 3]).random(5).tolist()
    if chance < ahead:
        view = view._replace(gaze_x=0.0, gaze_y=0.0)
    elif chance < ahead + aside:
        view = view._replace(gaze_x=2.0 * x - 1.0, gaze_y=2.0 * y - 1.0, vergence=inward)
    strengths = _FAINT if weakness < faint else _ANY
    if not is_framed:
        view = View(*view[:N_LOOK])
    is_mixed = bool(rng.random() < mixed)
    emotions, vad, action_units = (
        _mixed_parts(rng, strengths) if is_mixed else _blend(rng, nuance, strengths)
    )
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
        is_mixed=is_mixed,
    )


def _identity(seed: int, identity_id: int, own: float) -> Identity:
    stranger = Identity.random(np.random.default_rng([seed, identity_id, 0]))
    chance = np.random.default_rng([seed, identity_id, 2]).random()
    if chance >= own:
        return stranger
    robot = Identity.default()
    return robot if chance < 0.5 * own else robot.with_proportions(stranger.proportions())


def _blend(
    rng: np.random.Generator, nuance: float, strengths: tuple[float, float]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Emotions, what they feel like, and the action units that show both."""
    emotions = _random_emotions(rng, strengths)
    plain = emotion_vad(emotions)
    vad = np.clip(plain + rng.normal(0.0, nuance, 3), -1.0, 1.0)
    shown = vad - plain
    return emotions, vad, shade_action_units(blend_action_units(emotions), shown[0], shown[1])


def _mixed_parts(
    rng: np.random.Generator, of_signs: tuple[float, float]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Action units whose parts know nothing of each other, and what they feel like."""
    units = np.zeros(N_ACTION_UNITS)
    for part, names in PARTS.items():
        columns = unit_columns(names)
        if part == 'signs':
            shown = rng.uniform(*of_signs, len(names))
            units[columns] = shown * (rng.random(len(names)) < 0.25)
        elif rng.random() < 0.5:  # as in an emotion, at any strength
            strength = rng.uniform(-OVERSHOOT, 1.0 + OVERSHOOT)
            units[columns] = strength * rng.choice(EMOTION_ACTION_UNITS)[columns]
        else:
            strengths = rng.uniform(-OVERSHOOT, 1.0 + OVERSHOOT, len(names))
            units[columns] = strengths * (rng.random(len(names)) < 0.4)
    units = cancel_opposing(np.clip(units, UNITS_LOW, UNITS_HIGH))
    vad = np.append(affect_of_units(units), 0.0)
    return np.zeros(len(EMOTIONS)), vad, units


def _random_emotions(rng: np.random.Generator, strengths: tuple[float, float]) -> np.ndarray:
    emotions = np.zeros(len(EMOTIONS))
    first, second = rng.choice(len(EMOTIONS), 2, replace=False)
    emotions[first] = rng.uniform(*strengths)
    if rng.random() < 0.5:
        emotions[second] = rng.uniform(*strengths)
    return emotions


def _random_view(rng: np.random.Generator) -> View:
    is_blinking = rng.random() < 0.1
    gaze_x, gaze_y = np.clip(rng.normal(0.0, 0.4, 2), -1.0, 1.0).tolist()
    return View(
        gaze_x=gaze_x,
        gaze_y=gaze_y,
        blink=rng.random() if is_blinking else 0.0,
        vergence=rng.random() if rng.random() < 0.3 else 0.0,
        pupil_size=rng.uniform(-1.0, 1.0) if rng.random() < 0.5 else 0.0,
        tear_fall=rng.random() if rng.random() < 0.5 else 0.0,
        zoom=rng.uniform(0.9, 1.0),
        tilt=rng.normal(0.0, 0.02),
    )
