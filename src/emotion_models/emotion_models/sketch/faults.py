# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Faults of pixels of a learned face, counted over changes of expression, glances and blinks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import permutations

import numpy as np

from emotion_models.drawing.action_units import ActionUnits, blend_action_units
from emotion_models.drawing.face import to_one_bit
from emotion_models.drawing.hygiene import Drawn, count_faults
from emotion_models.drawing.identity import Identity
from emotion_models.drawing.view import HEIGHT, N_LOOK, WIDTH, View
from emotion_models.labels.emotions import EMOTIONS, emotion_vad

STEPS = 5  # pictures of a change, without the expression that it leaves
STRENGTHS = (0.0, 0.35, 0.65, 1.0)
LOOKS = (
    *(View(gaze_x=x, gaze_y=y) for x in (-0.9, 0.0, 0.9) for y in (-0.7, 0.7)),
    *(View(blink=blink) for blink in (0.3, 0.6, 0.9)),
    View(vergence=1.0),
    View(pupil_size=1.0),
)
"""Looks of a face at rest."""
_PER = 1000.0
_SEED = 78

Draw = Callable[[np.ndarray, np.ndarray, np.ndarray, np.ndarray], np.ndarray]
"""Grey pictures (B, 64, 128) of units (B, 21), affect (B, 2), identities (B, 16), looks (B, 6)."""


def changes() -> Iterator[tuple[np.ndarray, np.ndarray, View]]:
    """
    What is drawn of one face: action units (21,), affect (2,), and the view.

    Every expression at three strengths, also with other looks, and the way from each to every
    other one in a straight line of their action units.
    """
    expressions = [np.zeros(len(EMOTIONS)), *np.eye(len(EMOTIONS))]
    for emotions in expressions:
        for strength in STRENGTHS[1:] if emotions.any() else STRENGTHS[:1]:
            for view in (View(), *LOOKS):
                yield *_labels(strength * emotions), view
    for start, goal in permutations(expressions, 2):
        (units, affect), (last_units, last_affect) = _labels(start), _labels(goal)
        for share in np.linspace(0.0, 1.0, STEPS + 1)[1:-1]:
            yield (
                units + share * (last_units - units),
                affect + share * (last_affect - affect),
                View(),
            )


def count_per_thousand(draw: Draw, people: int) -> dict[str, float]:
    """
    Faults in a thousand pictures of the robot's own face and of strangers, by their rules.

    Args:
        draw: a learned face.
        people: strangers.

    Returns:
        `faults_` and the name of a rule of `count_faults`. What lids that close leave of a heart
        is not counted.
    """
    generator, found, pictures = np.random.default_rng(_SEED), Counter[str](), 0
    for person in (
        Identity.default(),
        *(Identity.random(generator) for _ in range(people)),
    ):
        units, affect, views = zip(*changes(), strict=True)
        identities = np.tile(person.as_vector(), (len(units), 1))
        looks = np.array([view[:N_LOOK] for view in views])
        drawn = draw(np.array(units), np.array(affect), identities, looks)
        for grey, row, view in zip(drawn, units, views, strict=True):
            faults = count_faults(to_one_bit(grey), Drawn(ActionUnits(*row), person, view))
            found.update(faults if not view.blink else faults | {'heart': 0})
        pictures += len(drawn)
    return {f'faults_{rule}': _PER * count / pictures for rule, count in found.items()}


def not_counted() -> dict[str, float]:
    """The same names where action units do not place a face: not a number."""
    nothing = np.zeros((HEIGHT, WIDTH), np.uint8)
    rules = count_faults(nothing, Drawn(ActionUnits(), Identity.default()))
    return {f'faults_{rule}': float('nan') for rule in rules}


def _labels(emotions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return np.array(blend_action_units(emotions)), np.array(emotion_vad(emotions)[:2])
