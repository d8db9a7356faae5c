# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Faces that act a course of valence and arousal, seen by a camera that drifts."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import NamedTuple

import cv2
import numpy as np

from emotion_models.imaging.images import Image
from emotion_models.labels.expressions import VA_MEANS

PERSON_FACES = 100
SHORTEST_S, LONGEST_S = 0.2, 1.5
"""How long a face is shown."""
CHOICE = 0.05
"""Standard deviation, in the plane, of how exactly the nearest face is chosen."""
DRIFT_S = 10.0
"""Time constant of what a camera and the light do."""
GRID = 400


class Rectangle(NamedTuple):
    """Part of the plane: valence and arousal of its middle, and half of its sides, (2,) each."""

    middle: np.ndarray
    half: np.ndarray

    def __call__(self, affect: np.ndarray) -> np.ndarray:
        """The square [-1, 1]² taken to this rectangle, shape (..., 2)."""
        return self.middle + self.half * affect


def showable(means: Sequence[tuple[float, float]] = tuple(VA_MEANS.values())) -> Rectangle:
    """
    The largest upright rectangle in the hull of what faces show.

    Args:
        means: valence and arousal of pure expressions; the hull is theirs.
    """
    hull = cv2.convexHull(np.array(means, np.float32))[:, 0].astype(float)
    valence = np.linspace(hull[:, 0].min(), hull[:, 0].max(), GRID)
    low, high = _sections(hull, valence)
    left, right = np.triu_indices(GRID, 1)
    floor, ceiling = np.maximum(low[left], low[right]), np.minimum(high[left], high[right])
    best = ((valence[right] - valence[left]) * (ceiling - floor).clip(min=0)).argmax()
    first = np.array([valence[left[best]], floor[best]])
    last = np.array([valence[right[best]], ceiling[best]])
    return Rectangle((first + last) / 2, (last - first) / 2)


def cast(affect: np.ndarray, expression: np.ndarray, rng: np.random.Generator) -> list[np.ndarray]:
    """
    Faces dealt out to persons of `PERSON_FACES` each, all with about the same expressions.

    Args:
        affect: of the faces, (N, 2), NaN = not known, which nobody gets.
        expression: most-voted of each face, (N,).
        rng: of the order.

    Returns:
        For each person the indices of its faces; no face is in two.

    Raises:
        ValueError: if there are too few for one person.
    """
    known = rng.permutation(np.flatnonzero(np.isfinite(affect).all(1)))
    count = len(known) // PERSON_FACES
    if not count:
        raise ValueError(
            f'a person takes {PERSON_FACES} faces with valence and arousal, there are {len(known)}'
        )
    by_expression = known[np.argsort(expression[known], kind='stable')]
    return [by_expression[person::count][:PERSON_FACES] for person in range(count)]


def act(
    course: np.ndarray, faces: np.ndarray, rate_hz: float, rng: np.random.Generator
) -> np.ndarray:
    """
    Which face is shown in each frame: one that is near the course when its turn begins.

    Args:
        course: valence and arousal, (L, 2).
        faces: those of the faces of a person, (F, 2).
        rate_hz: frames a second.
        rng: of turns and choices.

    Returns:
        Index of a face, (L,).
    """
    shown = np.empty(len(course), int)
    first = 0
    while first < len(course):
        end = first + max(1, round(rng.uniform(SHORTEST_S, LONGEST_S) * rate_hz))
        far = ((faces - course[first]) ** 2).sum(1)
        chance = np.exp((far.min() - far) / (2 * CHOICE**2))
        shown[first:end] = rng.choice(len(faces), p=chance / chance.sum())
        first = end
    return shown


@dataclass(frozen=True)
class Drift:
    """
    What changes slowly between a face and its picture; standard deviations.

    Args:
        shift: across and down, in parts of the face.
        log_scale: of the size.
        turn_deg: in the plane of the image.
        log_gamma: of the light.
        log_gain: of the contrast.
        offset: of the grey value.
        side_light: how much brighter one side is, as a part.
        blur_px: of a picture of 64 pixels; its absolute value counts.
        noise: of the grey value; its absolute value counts.
    """

    shift: float = 0.04
    log_scale: float = 0.08
    turn_deg: float = 4.0
    log_gamma: float = 0.15
    log_gain: float = 0.12
    offset: float = 10.0
    side_light: float = 0.12
    blur_px: float = 0.5
    noise: float = 4.0

    def draw(self, length: int, rate_hz: float, rng: np.random.Generator) -> np.ndarray:
        """
        Ornstein-Uhlenbeck processes with the time constant `DRIFT_S`, from their steady state.

        Returns:
            Shift across and down, then the others in their order, (length, 10).
        """
        spread = np.array([self.shift, *astuple(self)])
        kept = np.exp(-1 / (DRIFT_S * rate_hz))
        steps = rng.standard_normal((length, len(spread)))
        steps[1:] *= np.sqrt(1 - kept**2)
        for row in range(1, length):
            steps[row] += kept * steps[row - 1]
        return steps * spread


def picture(face: Image, drift: np.ndarray, size_px: int, rng: np.random.Generator) -> Image:
    """
    How a camera sees a face.

    Args:
        face: grey, uint8 (S, S).
        drift: a row of `Drift.draw`.
        size_px: sides of the picture.
        rng: of the noise.

    Returns:
        uint8, (size_px, size_px).
    """
    right, down, log_scale, turn_deg, log_gamma, log_gain, offset, side, blur_px, noise = drift
    middle, centre = (len(face) - 1) / 2, (size_px - 1) / 2
    moved = cv2.getRotationMatrix2D(
        (middle, middle), turn_deg, np.exp(log_scale) * size_px / len(face)
    )
    moved[:, 2] += centre - middle + size_px * np.array([right, down])
    seen = cv2.warpAffine(face, moved, (size_px, size_px), borderMode=cv2.BORDER_REPLICATE)
    light = 255 * (seen / np.float32(255)) ** np.float32(np.exp(log_gamma))
    light *= 1 + np.linspace(-side, side, size_px, dtype=np.float32)
    light = (light - 128) * np.exp(log_gain) + 128 + offset
    if (sigma := abs(blur_px) * size_px / 64) > 0.1:
        light = cv2.GaussianBlur(light, (0, 0), sigma)
    light += abs(noise) * rng.standard_normal(light.shape, dtype=np.float32)
    return light.clip(0, 255).astype(np.uint8)


def _sections(hull: np.ndarray, valence: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lowest and highest arousal in a convex hull at each valence."""
    low, high = np.full(len(valence), np.inf), np.full(len(valence), -np.inf)
    for (x, y), (other_x, other_y) in zip(hull, np.roll(hull, -1, 0), strict=True):
        if x == other_x:
            continue
        inside = (valence >= min(x, other_x)) & (valence <= max(x, other_x))
        crossing = y + (valence - x) * (other_y - y) / (other_x - x)
        low[inside] = np.minimum(low, crossing)[inside]
        high[inside] = np.maximum(high, crossing)[inside]
    return low, high
