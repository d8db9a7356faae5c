# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A model of valence and arousal over time as its card describes it, and its use for a face."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from emotion_models.labels.expressions import EXPRESSIONS
from emotion_models.reading import shown
from emotion_models.runtime.affect import AFFECT_COLUMNS, AffectModel
from emotion_models.runtime.artefact import (
    CARD_NAME,
    Artefact,
    ArtefactError,
    is_number,
    load_artefact,
)
from emotion_models.runtime.own_rate import OwnRate
from emotion_models.runtime.stages import LONGEST_GAP_S, Reading

SYSTEM = 'temporal'
"""What the card of such a model says that it is."""
FIXED_WIDTHS = {'expression': len(EXPRESSIONS), 'va': len(AFFECT_COLUMNS)}
FEATURES = ('embedding', *FIXED_WIDTHS)
"""What the affect network says of a face, of which a model may read any part in any order."""
HIGHEST_HZ = 120.0
LONGEST_DELAY_S = LONGEST_GAP_S

State = tuple[np.ndarray, ...]


class TemporalModel:
    """
    A causal ONNX model: features of a frame and its state in, valence, arousal and state out.

    Attributes:
        name: of its folder.
        features: widths of the features in a row by name, in order.
        rate_hz: frames a second that it expects.
        delay_s: how long ago that was of which it speaks.
        affect_network: SHA-256 of the affect network whose features it reads.

    Args:
        model: path of a folder, or name of a shipped model.
        threads: of onnxruntime.

    Raises:
        ArtefactError: if the folder, the card or the file is missing or does not fit, or it reads
            what the robot does not have.
    """

    def __init__(self, model: str | Path, threads: int = 1) -> None:
        artefact = load_artefact(model)
        self.name, self.card = artefact.name, artefact.card
        if self.card.get('system') != SYSTEM:
            raise _refusal(artefact, 'system', SYSTEM, self.card.get('system'))
        features, self.features = _features(artefact)
        affect, self._columns = _targets(artefact)
        self._states = _states(artefact, features)
        self._inputs = [features, *(name for name, *_ in self._states)]
        self._outputs = [affect, *(output for _, output, *_ in self._states)]
        self.rate_hz = _rate(artefact)
        self.delay_s = _delay(artefact, self.rate_hz)
        self.affect_network = _affect_network(artefact)
        self._session = artefact.open_session(threads)
        self._check_run(artefact)

    def first_state(self) -> State:
        """The state of a face that was not seen before; each part has the shape (1, width)."""
        return tuple(np.full((1, width), begin, np.float32) for _, _, width, begin in self._states)

    def step(self, features: np.ndarray, state: State) -> tuple[np.ndarray, State]:
        """
        The answer to one frame more of each of N faces.

        Args:
            features: float32 (N, width), as `features` names them.
            state: parts (N, …), `first_state` or that of the step before.

        Returns:
            Valence and arousal in [-1, 1], float32 (N, 2), and the state after the frame.
        """
        given = dict(zip(self._inputs, (features, *state), strict=True))
        affect, *after = self._session.run(self._outputs, given)
        return affect[:, self._columns].clip(-1, 1), tuple(after)

    def misfit(self, affect: AffectModel) -> str:
        """Why it is of no use beside an affect network, in a line; empty = it fits."""
        if self.affect_network != affect.card['sha256']:
            return (
                f'{self.name} reads features of another affect network than {affect.name}: its '
                f'card names the SHA-256 {self.affect_network}; train it on those of {affect.name}'
            )
        width = self.features.get('embedding', affect.feature_size)
        if width != affect.feature_size:
            return (
                f'{self.name} reads an embedding of {width}, {affect.name} gives '
                f'{affect.feature_size}; copy the folders again'
            )
        return ''

    def _check_run(self, artefact: Artefact) -> None:
        """One empty frame: shapes are those of the card, and numbers finite."""
        row, state = np.zeros((1, sum(self.features.values())), np.float32), self.first_state()
        try:
            affect, after = self.step(row, state)
        except Exception as error:  # onnxruntime raises a class of its own for each misfit
            cause = str(error).splitlines()[0]
            raise ArtefactError(
                f'{artefact.model_path} does not do what its card describes: {cause}'
            ) from error
        shapes = [part.shape for part in (affect, *after)]
        if shapes != [(1, len(AFFECT_COLUMNS)), *(part.shape for part in state)]:
            raise ArtefactError(
                f'{artefact.model_path} answers a frame with the shapes {shown(shapes)}, its card '
                'says otherwise'
            )
        if not all(np.isfinite(part).all() for part in (affect, *after)):
            raise ArtefactError(
                f'{artefact.model_path} answers a frame of zeros with numbers that are not finite'
            )


class TemporalStage:
    """
    Valence and arousal of one face by a `TemporalModel`; expressions stay as they were read.

    The model takes its steps as `OwnRate` says. It is a `FaceStage`.

    Args:
        model: that it runs.
    """

    def __init__(self, model: TemporalModel) -> None:
        self._model = model
        self.reset()

    def reset(self) -> None:
        """Forget all readings."""
        self._state = self._model.first_state()
        self._rate = OwnRate(self._model.rate_hz)
        self._row = np.zeros((1, 0), np.float32)
        self._affect = np.zeros(len(AFFECT_COLUMNS), np.float32)

    def __call__(self, reading: Reading) -> np.ndarray:
        """The values at the time of a reading, which has the embedding if the model reads it."""
        row, due = _row(reading, self._model.features), self._rate.due(reading.stamp_s)
        for left in reversed(range(due)):
            affect, self._state = self._model.step(self._row if left else row, self._state)
            self._affect = affect[0]
        self._row = row
        return np.concatenate((self._affect, reading.values[len(AFFECT_COLUMNS) :]))


def _row(reading: Reading, features: Mapping[str, int]) -> np.ndarray:
    """The features of a reading side by side, float32 (1, width)."""
    first = len(AFFECT_COLUMNS)
    known = {'va': reading.values[:first], 'expression': reading.values[first:]}
    if reading.embedding is not None:
        known['embedding'] = reading.embedding
    return np.concatenate([known[name] for name in features], dtype=np.float32)[None]


def _features(artefact: Artefact) -> tuple[str, dict[str, int]]:
    """The input that takes them, and their widths by name."""
    inputs = [entry for entry in artefact.card['inputs'] if 'features' in entry]
    if len(inputs) != 1:
        raise _refusal(artefact, 'inputs', 'one with features and their widths', inputs)
    (entry,) = inputs
    widths = entry['features']
    if not isinstance(widths, dict) or not widths:
        raise _refusal(artefact, 'features', 'widths by name, as {va: 2}', widths)
    for name, width in widths.items():
        if name not in FEATURES:
            raise ArtefactError(
                f'{artefact.folder / CARD_NAME}: reads the feature {shown(name)}, and the robot '
                f'has {", ".join(FEATURES)}; train a model that reads these alone'
            )
        expected = FIXED_WIDTHS.get(name, 'a whole number >= 1')
        if type(width) is not int or width < 1 or width != FIXED_WIDTHS.get(name, width):
            raise _refusal(artefact, f'width of the feature {name}', expected, width)
    if entry.get('shape') != ['N', sum(widths.values())]:
        described = f'[N, {sum(widths.values())}], the sum of its features'
        raise _refusal(artefact, f'shape of {entry["name"]}', described, entry.get('shape'))
    return entry['name'], dict(widths)


def _targets(artefact: Artefact) -> tuple[str, list[int]]:
    """The output that has valence and arousal, and where they stand in it."""
    for entry in artefact.card['outputs']:
        columns = entry.get('columns', [])
        if set(AFFECT_COLUMNS) <= set(columns):
            return entry['name'], [columns.index(name) for name in AFFECT_COLUMNS]
    found = [entry.get('columns', []) for entry in artefact.card['outputs']]
    raise _refusal(artefact, 'columns', 'an output with valence and arousal', found)


def _states(artefact: Artefact, features: str) -> list[tuple[str, str, int, float]]:
    """Input, output, width and beginning of each state."""
    entries = artefact.card.get('states', [])
    inputs, outputs = (
        {entry['name']: entry.get('shape') for entry in artefact.card[kind]}
        for kind in ('inputs', 'outputs')
    )
    if not isinstance(entries, list):
        raise _refusal(artefact, 'states', 'a list', entries)
    states = [_state(artefact, entry, inputs, outputs) for entry in entries]
    fed = sorted([features, *(name for name, *_ in states)])
    if fed != sorted(inputs):
        expected = f'one for each input but {features}'
        raise _refusal(artefact, 'states', f'{expected}: {", ".join(inputs)}', entries)
    return states


def _state(
    artefact: Artefact, entry: Any, inputs: dict[str, Any], outputs: dict[str, Any]
) -> tuple[str, str, int, float]:
    if not isinstance(entry, dict) or not {'input', 'output', 'begins_with'} <= set(entry):
        raise _refusal(artefact, 'states', 'input, output and begins_with of each', entry)
    for kind, shapes in (('input', inputs), ('output', outputs)):
        if entry[kind] not in list(shapes):
            raise _refusal(
                artefact, f'{kind} of a state', f'one of {", ".join(shapes)}', entry[kind]
            )
    name, output, begin = entry['input'], entry['output'], entry['begins_with']
    shape = inputs[name]
    if not (
        isinstance(shape, list) and len(shape) == 2 and type(shape[1]) is int and shape[1] > 0
    ):
        raise _refusal(artefact, f'shape of {name}', '[N, WIDTH]', shape)
    if outputs[output] != shape:
        raise _refusal(
            artefact, f'shape of {output}', f'{shape}, as that of {name}', outputs[output]
        )
    if not is_number(begin):
        raise _refusal(artefact, 'begins_with of a state', 'a number', begin)
    return name, output, shape[1], float(begin)


def _rate(artefact: Artefact) -> float:
    rate_hz: Any = artefact.card.get('rate_hz')
    if not is_number(rate_hz) or not 0 < rate_hz <= HIGHEST_HZ:
        expected = f'frames a second, above 0 and at most {HIGHEST_HZ:g}'
        raise _refusal(artefact, 'rate_hz', expected, rate_hz)
    return float(rate_hz)


def _delay(artefact: Artefact, rate_hz: float) -> float:
    frames = artefact.card.get('delay_frames', 0)
    if type(frames) is not int or not 0 <= frames <= LONGEST_DELAY_S * rate_hz:
        expected = f'a whole number of frames, in all at most {LONGEST_DELAY_S:g} s'
        raise _refusal(artefact, 'delay_frames', expected, frames)
    return frames / rate_hz


def _affect_network(artefact: Artefact) -> str:
    origin = artefact.card.get('training_data')
    network = origin.get('affect_network') if isinstance(origin, dict) else None
    if not isinstance(network, str):
        name = origin.get('name') if isinstance(origin, dict) else origin
        raise ArtefactError(
            f'{artefact.folder / CARD_NAME}: training_data has no affect_network, the SHA-256 of '
            f'the one whose features it reads, so that the robot cannot use it; trained on '
            f'{shown(name)}: write it there if you know it, or train on what act-courses wrote'
        )
    return network


def _refusal(artefact: Artefact, what: str, expected: object, found: object) -> ArtefactError:
    return ArtefactError(
        f'{artefact.folder / CARD_NAME}: {what}: expected {expected}, got {shown(found)}; '
        'see docs/models.md'
    )
