# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The figures of the probes and of the reconstructions."""

from collections.abc import Sequence

import numpy as np
import torch

from emotion_models.levasa.analysis.models import (
    OWN_CHUNK,
    TARGETS,
    Faces,
    TrainedModel,
    decode,
)
from emotion_models.levasa.analysis.probes import (
    MAJORITY,
    MEAN,
    Measures,
    classification_probes,
    regression_probes,
)
from emotion_models.levasa.analysis.reconstruction import mean_image, similarity
from emotion_models.levasa.analysis.tables import Table
from emotion_models.levasa.transfer import round_va

REGRESSION = {'MSE': 'mse', 'MAE': 'mae', 'EV': 'explained_variance', 'R²': 'r2'}
CLASSIFICATION = {
    'accuracy': 'accuracy',
    'balanced accuracy': 'balanced_accuracy',
    'macro F1': 'macro_f1',
}
CLASS_INPUTS = {
    'z_v': ('z_v',),
    'z_a': ('z_a',),
    'z_z': ('z_z',),
    'z_v, z_a': ('z_v', 'z_a'),
    'z_v, z_a, z_z': ('z_v', 'z_a', 'z_z'),
}
LEAST_FACES = 20
"""Faces with a known class that make a classification worth trying."""


def regression_table(models: Sequence[TrainedModel], affect: np.ndarray) -> Table:
    """Regressors of each label from its chunk, then inversely from the other's."""
    table = Table(
        'regression_probes',
        'Regression probes',
        ('target', 'from', 'regressor', 'model', *REGRESSION),
        note='70 % of the held-out faces to fit on, 30 % to measure on; scaling and the grid '
        'search of the MLP (layers of 10, 50, 90, 100; sgd or adam; 5 folds) see the 70 % only. '
        'Inverse probes (valence from z_a, arousal from z_v) take the settings of the MLP found '
        'for the own label of the chunk. Ridge and SVR are as scikit-learn sets them, lasso has '
        'the strength 0.01. EV: explained variance.',
    )
    rows = {}
    for model in models:
        for column, target in enumerate(TARGETS):
            chunk, other = OWN_CHUNK[target], TARGETS[1 - column]
            own, settings = regression_probes(model.chunk(chunk), affect[:, column])
            inverse, _ = regression_probes(model.chunk(chunk), affect[:, 1 - column], settings)
            rows[target, chunk, model.name] = own
            rows[other, chunk, model.name] = inverse
    inputs = [(target, chunk) for target in TARGETS for chunk in OWN_CHUNK.values()]
    for target, chunk in sorted(inputs, key=lambda pair: OWN_CHUNK[pair[0]] != pair[1]):
        found = {model.name: rows[target, chunk, model.name] for model in models}
        table.rows.extend(_by_probe((target, chunk), found, MEAN, REGRESSION))
    return table


def classification_table(models: Sequence[TrainedModel], faces: Faces) -> Table | None:
    """Classifiers of the emotion from chunks; none if too few faces have a class."""
    known = faces.expression >= 0
    if known.sum() < LEAST_FACES or len(np.unique(faces.expression[known])) < 2:
        return None
    table = Table(
        'classification_probes',
        'Emotion from the chunks',
        ('from', 'classifier', 'model', *CLASSIFICATION),
        note=f'{known.sum()} faces with a known class, split as above; the majority always '
        'predicts the most frequent class.',
    )
    for title, chunks in CLASS_INPUTS.items():
        found = {
            model.name: classification_probes(
                np.hstack([model.chunk(chunk) for chunk in chunks])[known],
                faces.expression[known],
            )
            for model in models
        }
        table.rows.extend(_by_probe((title,), found, MAJORITY, CLASSIFICATION))
    return table


def bins_table(models: Sequence[TrainedModel], affect: np.ndarray) -> Table | None:
    """Classifiers of the tenths of valence and arousal; none without a discrete model."""
    discrete = [model for model in models if model.module.variant == 'discrete']
    if not discrete:
        return None
    table = Table(
        'bin_probes',
        'Tenths of valence and arousal from discrete models',
        ('target', 'from', 'classifier', 'model', *CLASSIFICATION),
        note='The labels rounded to tenths as classes. The chunk of the other label is the '
        "inverse probe; logits are the outputs of the model's heads.",
    )
    steps = round_va(affect)
    for column, target in enumerate(TARGETS):
        for title in (*OWN_CHUNK.values(), 'logits'):
            found = {
                model.name: classification_probes(
                    _logits(model, column) if title == 'logits' else model.chunk(title),
                    steps[:, column],
                )
                for model in discrete
            }
            table.rows.extend(_by_probe((target, title), found, MAJORITY, CLASSIFICATION))
    return table


def reconstruct(
    models: Sequence[TrainedModel], held_out: Faces, training: Faces
) -> dict[str, Measures]:
    """Similarity of the reconstructions of each model, and of the mean of the training faces."""
    images = held_out.images
    found = {'mean face': similarity(images, mean_image(training.images, len(images)))}
    for model in models:
        found[model.name] = similarity(images, decode(model.module, model.latent))
    return found


def reconstruction_table(similarities: dict[str, Measures]) -> Table:
    """The figures of `reconstruct`."""
    rows = [
        (name, measures['mse'], measures['psnr'], measures['ssim'])
        for name, measures in similarities.items()
    ]
    return Table(
        'reconstruction',
        'Reconstruction',
        ('model', 'MSE', 'PSNR, dB', 'SSIM'),
        rows,
        'Squared error for each value in 0..1; PSNR and SSIM (torchmetrics; SSIM of the grey '
        'pictures) are means over the images. The mean face does not depend on the image.',
    )


def _by_probe(
    beginning: tuple[str, ...],
    found: dict[str, dict[str, Measures]],
    constant: str,
    columns: dict[str, str],
) -> list[tuple]:
    """Rows by probe and model; the constant one, equal for all models, once and first."""
    rows = []
    probes = list(next(iter(found.values())))
    for probe in probes:
        for model, measures in found.items():
            name = NO_MODEL if probe == constant else model
            row = (*beginning, probe, name, *(measures[probe][key] for key in columns.values()))
            if row not in rows:
                rows.append(row)
    return rows


NO_MODEL = '–'


def _logits(model: TrainedModel, column: int) -> np.ndarray:
    with torch.no_grad():
        logits = model.module.supervision.logits(torch.from_numpy(model.latent).float())
    return logits[column].double().numpy()
