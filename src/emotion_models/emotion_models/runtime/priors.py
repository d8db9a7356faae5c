# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""How often each expression is expected to be shown, and what that makes of its probability."""

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import numpy as np

from emotion_models.labels.expressions import EXPRESSIONS
from emotion_models.reading import shown
from emotion_models.runtime.artefact import CARD_NAME, Artefact, ArtefactError, is_number

PRIORS = ('balanced', 'in_the_wild')
"""Each expression as often as the others; as often as in photographs of people from the web."""

SUM_TOLERANCE = 0.01
"""By which shares that were rounded may miss 1."""


def check_prior(prior: str) -> None:
    """
    Refuse what is not among `PRIORS`.

    Raises:
        ValueError: naming the choices.
    """
    if prior not in PRIORS:
        near = get_close_matches(str(prior), PRIORS, 1)
        meant = f'; did you mean {near[0]}?' if near else ''
        raise ValueError(f'prior must be one of {", ".join(PRIORS)}, got {prior!r}{meant}')


@dataclass(frozen=True, eq=False)
class Balancing:
    """
    From probabilities in the wild, p, to balanced ones: proportional to p ** power * weights.

    Args:
        power: > 0; above 1 sharpens, below 1 flattens.
        weights: in the order of `EXPRESSIONS`, > 0, shape (8,).
    """

    power: float
    weights: np.ndarray

    def __call__(self, probabilities: np.ndarray) -> np.ndarray:
        """Balanced probabilities of the same shape (..., 8) and type; below 0 counts as 0."""
        relative = probabilities.clip(0).astype(float) / probabilities.max(-1, keepdims=True)
        balanced = relative**self.power * self.weights
        return (balanced / balanced.sum(-1, keepdims=True)).astype(probabilities.dtype)


def read_balancing(artefact: Artefact) -> Balancing | None:
    """
    What `priors` on the card of an affect network say; none where it has no such key.

    Raises:
        ArtefactError: if they are not as docs/models.md has them.
    """
    if 'priors' not in artefact.card:
        return None
    place = f'{artefact.folder / CARD_NAME}: priors'
    priors = _with_keys(place, artefact.card['priors'], PRIORS)
    in_the_wild = _with_keys(f'{place}.in_the_wild', priors['in_the_wild'], ('shares',))
    balanced = _with_keys(f'{place}.balanced', priors['balanced'], ('power', 'weights'))
    shares = _one_for_each_expression(f'{place}.in_the_wild.shares', in_the_wild['shares'])
    if abs(shares.sum() - 1) > SUM_TOLERANCE:
        raise ArtefactError(
            f'{place}.in_the_wild.shares: expected a sum of 1, got {shares.sum():.4g}'
        )
    return Balancing(
        _positive(f'{place}.balanced.power', balanced['power']),
        _one_for_each_expression(f'{place}.balanced.weights', balanced['weights']),
    )


def _with_keys(place: str, entry: Any, keys: tuple[str, ...]) -> dict[str, Any]:
    if isinstance(entry, dict) and set(entry) == set(keys):
        return entry
    got = ', '.join(map(str, entry)) if isinstance(entry, dict) and entry else repr(entry)
    raise ArtefactError(f'{place}: expected {", ".join(keys)}, got {got}; see docs/models.md')


def _one_for_each_expression(place: str, entry: Any) -> np.ndarray:
    numbers = _with_keys(place, entry, EXPRESSIONS)
    return np.array([_positive(f'{place}.{name}', numbers[name]) for name in EXPRESSIONS])


def _positive(place: str, value: Any) -> float:
    if not is_number(value) or value <= 0:
        raise ArtefactError(
            f'{place}: expected a number > 0, such as 0.25 or 1.0e-3, got {shown(value)}'
        )
    return float(value)
