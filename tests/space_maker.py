# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A latent space for tests whose identity chunk is the vector of identity."""

from pathlib import Path

import numpy as np

from emotion_models.drawing.identity import N_IDENTITY
from emotion_models.drawing.parts import PARTS
from emotion_models.runtime.artefact import load_artefact, write_card
from emotion_models.runtime.latent_points import write_point
from emotion_models.runtime.latent_space import LatentSpace


def write_space(folder, name='made for a test'):
    """A folder that has the card of a face, and no network that could draw it."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / 'model.onnx').write_bytes(b'no network')
    part = {
        part: {'place': _flat(len(names), 1), 'read': _flat(1, len(names))}
        for part, names in PARTS.items()
    }
    same = {'weight': np.eye(N_IDENTITY).tolist(), 'bias': [0.0] * N_IDENTITY}
    space = {
        'id': name,
        'chunks': {**dict.fromkeys(('valence', 'arousal', *PARTS), 1), 'identity': N_IDENTITY},
        'reach_px': 4.0,
        'parts': part,
        'parts_of_affect': _flat(2, len(PARTS)),
        'identity': {'place': same, 'read': same},
    }
    write_card(
        folder,
        {'inputs': [{'name': 'point'}], 'outputs': [{'name': 'field'}], 'space': space},
    )
    return folder


def write_face(path, model, identity):
    """The point of a face with an identity."""
    space = LatentSpace(load_artefact(model))
    write_point(Path(path), space.from_emotions(np.zeros(7), None, identity), space)
    return path


def _flat(inputs, outputs):
    return {'weight': np.zeros((outputs, inputs)).tolist(), 'bias': [0.0] * outputs}
