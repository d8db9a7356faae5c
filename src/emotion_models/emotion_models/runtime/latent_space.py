# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The latent space of a learned face: its chunks, and the labels that they are tied to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from emotion_models.drawing.action_units import (
    N_ACTION_UNITS,
    as_action_units,
    blend_action_units,
)
from emotion_models.drawing.affect_of_units import affect_of_units
from emotion_models.drawing.identity import N_IDENTITY, Identity
from emotion_models.drawing.nuance import shade_action_units
from emotion_models.drawing.parts import PARTS, unit_columns
from emotion_models.labels.emotions import EMOTIONS, check_emotions, emotion_vad
from emotion_models.reading import shown
from emotion_models.runtime.artefact import CARD_NAME, Artefact, ArtefactError, is_number

CHUNKS = ('valence', 'arousal', *PARTS, 'identity')
"""Names of the chunks of a latent point, in their order."""

MOST_NUMBERS = 1024
"""Of one chunk."""

_UNIT_PX = 20.0  # the longest way of a line when an action unit goes from 0 to 1


class LinearMap(NamedTuple):
    """`weight @ values + bias`: weight (outputs, inputs), bias (outputs,)."""

    weight: np.ndarray
    bias: np.ndarray

    def __call__(self, values: np.ndarray) -> np.ndarray:
        """(…, inputs) to (…, outputs)."""
        return values @ self.weight.T + self.bias


class LatentSpace:
    """
    What the numbers of a latent point stand for, as the card of a face says.

    A point z consists of `chunks`. Every number of the chunks of valence and arousal equals them;
    linear maps lead from action units and identity to their chunks, and back.

    Attributes:
        id: name of the space; points of another one mean nothing in it.
        size: numbers of a point.
        chunks: where each chunk is in a point.
        has_parts: brows, eyes, mouth and signs have chunks of their own; without, all of them
            together follow from the emotions.
        reach_px: distance at which the field of a drawing ends, px.

    Args:
        artefact: of a face, or of what leads into its space.

    Raises:
        ArtefactError: if the card does not describe a space.
    """

    def __init__(self, artefact: Artefact) -> None:
        card = _Card(artefact)
        self.id = card.text('id')
        self.chunks = card.chunks()
        self.size = self.chunks['identity'].stop
        self.reach_px = card.positive('reach_px')
        self._of_parts = slice(self.chunks['brows'].start, self.chunks['signs'].stop)
        n_identity = self.size - self.chunks['identity'].start
        self._chunk_of_identity = card.linear('identity.place', N_IDENTITY, n_identity)
        self._identity_of_chunk = card.linear('identity.read', n_identity, N_IDENTITY)
        n_parts = self._of_parts.stop - self._of_parts.start
        self.has_parts = card.has('parts')
        if self.has_parts:
            self._place, self._read = card.maps_of_parts(self.chunks)
            self._parts_of_affect = card.linear('parts_of_affect', 2, n_parts)
        else:
            self._parts_of_emotions = card.linear('parts_of_emotions', len(EMOTIONS), n_parts)

    def from_emotions(
        self, visible: np.ndarray, affect: np.ndarray | None, identity: Identity
    ) -> np.ndarray:
        """
        Where a mixture of emotions lies.

        Args:
            visible: how much of each is seen, (7,) in [0, 1], order of `EMOTIONS`.
            affect: valence and arousal of the mixture, (2,) in [-1, 1], which shade the face;
                none = those of the default anchors (`emotion_vad`).
            identity: whose face it is.

        Returns:
            (size,).

        Raises:
            ValueError: as `check_emotions`.
        """
        emotions = check_emotions(visible)
        shown_affect = emotion_vad(emotions)[:2] if affect is None else np.asarray(affect, float)
        if not self.has_parts:
            parts = self._parts_of_emotions(emotions)
            return self._point(shown_affect, parts, identity.as_vector())
        units = self.action_units_of(emotions, shown_affect)
        return self.place(units, shown_affect, identity.as_vector())

    def action_units_of(self, visible: np.ndarray, affect: np.ndarray) -> np.ndarray:
        """
        The action units (21,) of a mixture of emotions (7,), shaded by valence and arousal (2,).

        Raises:
            ValueError: as `check_emotions`.
        """
        emotions = check_emotions(visible)
        beyond = np.asarray(affect, float) - emotion_vad(emotions)[:2]
        return shade_action_units(blend_action_units(emotions), *beyond)

    def place(self, units: np.ndarray, affect: np.ndarray, identity: np.ndarray) -> np.ndarray:
        """
        The point (size,) of action units (21,), valence and arousal (2,) and identity (16,).

        Raises:
            ValueError: if the space has no parts.
        """
        self._check_parts()
        return self._point(affect, self._place(units), identity)

    def from_action_units(self, units: np.ndarray, identity: Identity) -> np.ndarray:
        """
        Where a face with these action units (21,) lies; valence and arousal follow from them.

        Raises:
            ValueError: if there are not 21, or the space has no parts.
        """
        vector = np.array(as_action_units(units))
        return self.place(vector, affect_of_units(vector), identity.as_vector())

    def action_units(self, latent: np.ndarray) -> np.ndarray:
        """
        The action units (…, 21) of points (…, size).

        Raises:
            ValueError: if the space has no parts.
        """
        self._check_parts()
        return self._read(np.asarray(latent)[..., self._of_parts])

    def with_action_units(self, latent: np.ndarray, units: np.ndarray) -> np.ndarray:
        """
        Points (…, size) whose parts are moved to action units (…, 21); all else is kept.

        Raises:
            ValueError: if the space has no parts.
        """
        self._check_parts()
        moved = np.array(latent, float)
        moved[..., self._of_parts] += (units - self.action_units(moved)) @ self._place.weight.T
        return moved

    def with_affect(self, latent: np.ndarray, change: np.ndarray) -> np.ndarray:
        """
        Points (…, size) further along valence and arousal, their parts as these lead to expect.

        Args:
            latent: points.
            change: of valence and of arousal, (…, 2).

        Raises:
            ValueError: if the space has no parts.
        """
        self._check_parts()
        moved, change = np.array(latent, float), np.asarray(change, float)
        for column, name in enumerate(('valence', 'arousal')):
            moved[..., self.chunks[name]] += change[..., column, None]
        moved[..., self._of_parts] += change @ self._parts_of_affect.weight.T
        return moved

    def identity(self, latent: np.ndarray) -> np.ndarray:
        """The vectors of identity (…, 16) of points (…, size), in [0, 1]."""
        vector = self._identity_of_chunk(np.asarray(latent)[..., self.chunks['identity']])
        return np.clip(vector, 0.0, 1.0)

    def with_identity(self, latent: np.ndarray, vector: np.ndarray) -> np.ndarray:
        """Points (…, size) with the face of vectors of identity (…, 16)."""
        moved = np.array(latent, float)
        moved[..., self.chunks['identity']] = self._chunk_of_identity(np.asarray(vector, float))
        return moved

    def pixels_per_unit(self) -> np.ndarray:
        """The longest way of a line when a number of a point changes by 1, about, (size,)."""
        ways = np.full(self.size, 8.0)
        if self.has_parts:
            ways[self._of_parts] = _UNIT_PX * np.abs(self._read.weight).max(0)
        spans = np.maximum(Identity.spans(), 1.0)[:, None]
        ways[self.chunks['identity']] = (spans * np.abs(self._identity_of_chunk.weight)).max(0)
        return ways

    def _point(self, affect: np.ndarray, parts: np.ndarray, identity: np.ndarray) -> np.ndarray:
        point = np.empty(self.size)
        point[self.chunks['valence']], point[self.chunks['arousal']] = affect
        point[self._of_parts] = parts
        point[self.chunks['identity']] = self._chunk_of_identity(identity)
        return point

    def _check_parts(self) -> None:
        if not self.has_parts:
            raise ValueError(
                'this face was trained on drawings without action units: it has no parts that '
                'move by themselves; the shipped face, model:=sketch, has'
            )


class _Card:
    """The entry `space` of a card, checked entry by entry."""

    def __init__(self, artefact: Artefact) -> None:
        self._place = f'{artefact.folder / CARD_NAME}: space'
        space: Any = artefact.card.get('space')
        if not isinstance(space, dict) or 'chunks' not in space:
            raise ArtefactError(f'{artefact.name} {_what_it_lacks(space)}')
        self._space: Mapping[str, Any] = space

    def has(self, name: str) -> bool:
        return name in self._space

    def text(self, name: str) -> str:
        value = self._space.get(name)
        if not isinstance(value, str) or not value:
            raise ArtefactError(f'{self._place}.{name} must be a text, got {shown(value)}')
        return value

    def positive(self, name: str) -> float:
        value: Any = self._space.get(name)
        if not is_number(value) or value <= 0:
            raise ArtefactError(f'{self._place}.{name} must be a number > 0, got {shown(value)}')
        return float(value)

    def chunks(self) -> dict[str, slice]:
        sizes = self._space['chunks']
        if not isinstance(sizes, dict) or {*sizes} != {*CHUNKS}:
            raise ArtefactError(
                f'{self._place}.chunks must be the sizes of {", ".join(CHUNKS)}, got '
                f'{shown(sizes)}'
            )
        places, start = {}, 0
        for name in CHUNKS:
            size = sizes[name]
            if type(size) is not int or not 1 <= size <= MOST_NUMBERS:
                raise ArtefactError(
                    f'{self._place}.chunks.{name} must be a whole number in 1..{MOST_NUMBERS}, '
                    f'got {shown(size)}'
                )
            places[name] = slice(start, start + size)
            start += size
        return places

    def maps_of_parts(self, chunks: Mapping[str, slice]) -> tuple[LinearMap, LinearMap]:
        """One map from all action units to the chunks of all parts, and one back."""
        first, last = chunks['brows'].start, chunks['signs'].stop
        place = LinearMap(np.zeros((last - first, N_ACTION_UNITS)), np.zeros(last - first))
        read = LinearMap(np.zeros((N_ACTION_UNITS, last - first)), np.zeros(N_ACTION_UNITS))
        for part, names in PARTS.items():
            rows = np.arange(chunks[part].start, chunks[part].stop) - first
            columns = unit_columns(names)
            there = self.linear(f'parts.{part}.place', len(columns), len(rows))
            back = self.linear(f'parts.{part}.read', len(rows), len(columns))
            place.weight[np.ix_(rows, columns)], place.bias[rows] = there
            read.weight[np.ix_(columns, rows)], read.bias[columns] = back
        return place, read

    def linear(self, path: str, inputs: int, outputs: int) -> LinearMap:
        """The map at a path of names, of this shape."""
        entry: Any = self._space
        for name in path.split('.'):
            entry = entry.get(name) if isinstance(entry, dict) else None
        entry = entry if isinstance(entry, dict) else {}
        weight, bias = _numbers(entry.get('weight'), 2), _numbers(entry.get('bias'), 1)
        if weight.shape != (outputs, inputs) or bias.shape != (outputs,):
            raise ArtefactError(
                f'{self._place}.{path} must have a weight of {outputs} rows of {inputs} numbers, '
                f'and a bias of {outputs}; export the model again'
            )
        return LinearMap(weight, bias)


def _what_it_lacks(space: Any) -> str:
    if isinstance(space, dict) and 'affect_copies' in space:
        return 'is a face of an earlier version; train and export it again (docs/face.md)'
    return (
        'is not a face: its card must describe the space (id, chunks, reach_px, identity, and '
        'parts or parts_of_emotions); see docs/face.md'
    )


def _numbers(value: Any, levels: int) -> np.ndarray:
    """Lists of numbers as an array; an empty one where they are anything else."""
    rows = value if levels == 2 else [value]
    is_table = isinstance(rows, list) and all(isinstance(row, list) for row in rows)
    if not is_table or not all(is_number(number) for row in rows for number in row):
        return np.empty(0)
    return np.array(value, float) if len({len(row) for row in rows}) == 1 else np.empty(0)
