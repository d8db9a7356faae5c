# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Models of valence and arousal over time for tests, of which can be said what they answer."""

from copy import deepcopy
from pathlib import Path

import numpy as np
import pytest

from emotion_models.labels.expressions import EXPRESSIONS
from emotion_models.runtime import load_artefact, write_card

ALL_FEATURES = {'embedding': 160, 'expression': len(EXPRESSIONS), 'va': 2}
KEPT, A_STEP = 0.75, 1 / 512
"""How much of the valence stays in a step; what each step adds to the arousal. Both are exact."""


def weights_of(features):
    """What each number of a row adds to the valence, (width, 1)."""
    generator = np.random.default_rng(1)
    columns = {name: generator.normal(0, 0.1, width) for name, width in features.items()}
    return np.concatenate(list(columns.values())).astype(np.float32)[:, None]


def write_temporal(folder, features=None, rate_hz=25.0, change=lambda card: None, gain=1.0):
    """
    A model whose arousal counts its steps, and whose valence is a running mean.

    Args:
        folder: of the model.
        features: widths by name; none = all that the affect network gives.
        rate_hz: that it expects.
        change: of its card.
        gain: on its valence.
    """
    onnx = pytest.importorskip('onnx', reason='needs onnx (requirements/training.txt)')
    features = ALL_FEATURES if features is None else features
    width = sum(features.values())
    constants = {
        'weights': weights_of(features),
        'kept_share': np.float32([KEPT]),
        'new_share': np.float32([1 - KEPT]),
        'a_step': np.float32([A_STEP]),
        'gain': np.float32([gain]),
    }
    node, info = onnx.helper.make_node, onnx.helper.make_tensor_value_info
    graph = onnx.helper.make_graph(
        [
            node('MatMul', ['features', 'weights'], ['read']),
            node('Mul', ['read', 'new_share'], ['new']),
            node('Mul', ['mean', 'kept_share'], ['kept']),
            node('Add', ['new', 'kept'], ['next_mean']),
            node('Add', ['count', 'a_step'], ['next_count']),
            node('Mul', ['next_mean', 'gain'], ['valence']),
            node('ReduceMax', ['next_count'], ['arousal'], axes=[1], keepdims=1),
            node('Concat', ['arousal', 'valence'], ['affect'], axis=1),
        ],
        'course',
        [info(n, 1, ['N', w]) for n, w in (('features', width), ('mean', 1), ('count', 3))],
        [info(n, 1, ['N', w]) for n, w in (('affect', 2), ('next_mean', 1), ('next_count', 3))],
        [onnx.numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid('', 13)])
    model.ir_version = 8
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    onnx.save(model, folder / 'model.onnx')
    card = deepcopy(_card(features, width, rate_hz))
    change(card)
    write_card(folder, card)
    return folder


def _card(features, width, rate_hz):
    states = [{'name': 'mean', 'shape': ['N', 1]}, {'name': 'count', 'shape': ['N', 3]}]
    return {
        'system': 'temporal',
        'inputs': [
            {'name': 'features', 'shape': ['N', width], 'features': dict(features)},
            *states,
        ],
        'outputs': [
            {'name': 'affect', 'shape': ['N', 2], 'columns': ['arousal', 'valence']},
            *({**state, 'name': f'next_{state["name"]}'} for state in states),
        ],
        'states': [
            {'input': name, 'output': f'next_{name}', 'begins_with': begin}
            for name, begin in (('mean', 0.25), ('count', 0.0))
        ],
        'rate_hz': rate_hz,
        'training_data': {
            'name': 'made for a test',
            'affect_network': load_artefact('affect').card['sha256'],
        },
    }


def valence_after(rows, features=None):
    """What the model says after rows of features, one a step."""
    mean = np.float32([[0.25]])
    for row in rows:
        read = np.float32(row)[None] @ weights_of(ALL_FEATURES if features is None else features)
        mean = read * np.float32(1 - KEPT) + mean * np.float32(KEPT)
    return float(mean[0, 0])
