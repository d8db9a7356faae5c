# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""An encoder of photographs for tests, of which can be said what it answers."""

from pathlib import Path

import numpy as np
import pytest

from emotion_models.drawing.parts import FACIAL_UNITS, PARTS, PROPORTIONS
from emotion_models.runtime import write_card

LATENT_SIZE = 48
SURE = 4.0
"""Confidence for each unit of brightness: squares darker than .075 are no faces to it."""

OF_BRIGHTNESS = {'lip_corner_puller': 1.0, 'dimpler_left': 0.5}
"""Action units by the brightness of a square in [0, 1]; the others are 0."""

PROPORTION = 0.25
"""Every proportion, whatever the square."""


def write_photo_encoder(folder, size_px=64, change=lambda card: None):
    """
    A model whose point is the brightness of a square and 47 zeros.

    Args:
        folder: of the model.
        size_px: sides of its squares.
        change: of its card.
    """
    onnx = pytest.importorskip('onnx', reason='needs onnx (requirements/training.txt)')
    weights = np.zeros((size_px**2, LATENT_SIZE), np.float32)
    weights[:, 0] = 1 / size_px**2
    constants = {
        'flat': np.int64([-1, size_px**2]),
        'weights': weights,
        'sure': np.float32([SURE]),
    }
    node, info = onnx.helper.make_node, onnx.helper.make_tensor_value_info
    graph = onnx.helper.make_graph(
        [
            node('Reshape', ['faces', 'flat'], ['rows']),
            node('MatMul', ['rows', 'weights'], ['latent']),
            node('ReduceMax', ['latent'], ['brightness'], axes=[1], keepdims=0),
            node('Mul', ['brightness', 'sure'], ['confidence']),
        ],
        'encoder',
        [info('faces', 1, ['N', 1, size_px, size_px])],
        [info('latent', 1, ['N', LATENT_SIZE]), info('confidence', 1, ['N'])],
        [onnx.numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid('', 13)])
    model.ir_version = 8
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    onnx.save(model, folder / 'model.onnx')
    card = card_of(size_px)
    change(card)
    write_card(folder, card)
    return folder


def card_of(size_px=64):
    """The card, with units in another order than that of messages, and signs among them."""
    names = [*PARTS['signs'], *reversed(FACIAL_UNITS)]
    weight = np.zeros((len(names), LATENT_SIZE))
    weight[:, 0] = [OF_BRIGHTNESS.get(name, 0.0) for name in names]
    flat = np.zeros((len(PROPORTIONS), LATENT_SIZE))
    return {
        'system': 'sketch',
        'inputs': [{'name': 'faces', 'shape': ['N', 1, size_px, size_px], 'colour': 'grey'}],
        'outputs': [
            {'name': 'latent', 'shape': ['N', LATENT_SIZE]},
            {'name': 'confidence', 'shape': ['N']},
        ],
        'space': {
            'id': 'made for a test',
            'units': {'names': names, 'weight': weight.tolist(), 'bias': [0.0] * len(names)},
            'proportions': {'weight': flat.tolist(), 'bias': [PROPORTION] * len(PROPORTIONS)},
        },
    }
