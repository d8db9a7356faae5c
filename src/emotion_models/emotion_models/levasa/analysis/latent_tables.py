# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The figures of the latents: alignment, read-outs, what classes leave open, trade-off."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from emotion_models.levasa.analysis.alignment import (
    CONSTANTS,
    Measures,
    alignment,
    between_class_share,
    constant_alignment,
)
from emotion_models.levasa.analysis.models import CHUNKS, OWN_CHUNK, TARGETS, Faces, TrainedModel
from emotion_models.levasa.analysis.readout import (
    estimate_gain,
    estimate_skill,
    ridge_predictions,
)
from emotion_models.levasa.analysis.tables import Table

ALL = 'all 96'
SHOWN = ('mse', 'mae', 'pearson', 'ccc', 'skill')
HEADINGS = ('MSE', 'MAE', 'Pearson', 'CCC', 'skill')
OTHER_CHUNKS = {'valence': ('z_a', 'z_z'), 'arousal': ('z_v', 'z_z')}

Predictions = dict[tuple[str, str, str], np.ndarray]
"""By model, input (chunk or `ALL`) and target."""


def models_table(models: Sequence[TrainedModel]) -> Table:
    """What is compared, and where it comes from."""
    table = Table(
        'models',
        'Models',
        ('model', 'variant', 'KL weight', 'supervision', 'epochs', 'seed', 'commit', 'checkpoint'),
    )
    for model in models:
        made, module = model.saved.get('made_by', {}), model.module
        supervision = module.hparams.supervision_weight if module.supervision is not None else None
        table.rows.append(
            (
                model.name,
                module.variant,
                f'{module.hparams.kl_weight:g}',
                None if supervision is None else f'{supervision:g}',
                made.get('epochs'),
                made.get('seed'),
                made.get('commit', '')[:8] or None,
                str(model.checkpoint),
            )
        )
    return table


def alignment_table(models: Sequence[TrainedModel], affect: np.ndarray) -> Table:
    """Distance of each chunk to its own label, beside predictors that see nothing."""
    table = Table(
        'alignment',
        'Alignment of the chunks with their labels',
        ('target', 'model', *HEADINGS),
        note='z_v against valence, z_a against arousal: squared and absolute distance over images '
        'and dimensions; Pearson and CCC of the mean of the chunk; skill = 1 − MSE / variance of '
        'the label (0 = the mean predictor). Only the continuous model is trained to be near.',
    )
    predictors = [(f'{kind} predictor', kind) for kind in CONSTANTS]
    combined: dict[str, list[Measures]] = {}
    for column, target in enumerate(TARGETS):
        label = affect[:, column]
        found = {name: constant_alignment(kind, label) for name, kind in predictors}
        for model in models:
            found[model.name] = alignment(model.chunk(OWN_CHUNK[target]), label)
        for name, measures in found.items():
            combined.setdefault(name, []).append(measures)
            table.rows.append((target, name, *(measures[key] for key in SHOWN)))
    for name, both in combined.items():
        sums = [sum(measures[key] for measures in both) for key in ('mse', 'mae')]
        table.rows.append(('combined', name, *sums, None, None, None))
    return table


def cross_alignment_table(models: Sequence[TrainedModel], affect: np.ndarray) -> Table:
    """Distance of each chunk to the labels that are not its own."""
    table = Table(
        'cross_alignment',
        'Alignment with the other label',
        ('target', 'chunk', 'model', *HEADINGS),
    )
    for column, target in enumerate(TARGETS):
        for chunk in OTHER_CHUNKS[target]:
            for model in models:
                measures = alignment(model.chunk(chunk), affect[:, column])
                row = (target, chunk, model.name, *(measures[key] for key in SHOWN))
                table.rows.append(row)
    return table


def readings_table(models: Sequence[TrainedModel], affect: np.ndarray) -> Table:
    """How well the projection onto the plane agrees with the labels."""
    table = Table(
        'readings',
        "Valence and arousal read by the models' own read-out",
        ('target', 'model', *HEADINGS),
        note='The projection of the circumplex pictures: continuous, the mean of the chunk; '
        'continuous_head, its linear heads; discrete, the mean of the tenths under the softmax of '
        'its heads; vanilla, which has none, a ridge on the chunk fitted on training faces. '
        'Brackets: 95 % bootstrap interval over the held-out faces.',
    )
    for column, target in enumerate(TARGETS):
        label = affect[:, column]
        for kind in CONSTANTS:
            measures = constant_alignment(kind, label)
            table.rows.append((target, f'{kind} predictor', *(measures[key] for key in SHOWN)))
        for model in models:
            reading = model.reading[:, column]
            measures = alignment(reading, label)
            skill = estimate_skill(reading, label)
            row = [measures[key] for key in SHOWN[:-1]]
            table.rows.append((target, model.name, *row, skill))
    return table


def ridge_by_model(models: Sequence[TrainedModel], affect: np.ndarray) -> Predictions:
    """Cross-fitted ridge predictions of both labels from every chunk and from all dimensions."""
    predictions = {}
    for model in models:
        inputs = {**{name: model.chunk(name) for name in CHUNKS}, ALL: model.latent}
        for chunk, latent in inputs.items():
            for column, target in enumerate(TARGETS):
                predictions[model.name, chunk, target] = ridge_predictions(
                    latent, affect[:, column]
                )
    return predictions


def ridge_table(models: Sequence[TrainedModel], predictions: Predictions, faces: Faces) -> Table:
    """R² of the same ridge read-out for every model, and what it cannot exceed."""
    table = Table(
        'ridge',
        'R² of the same ridge read-out',
        ('target', 'from', *(model.name for model in models)),
        note='Every held-out face is predicted by a ridge fitted on other held-out faces '
        '(5 folds), which chooses its strength within those. z_a for valence and z_v for arousal '
        'are inverse probes: nothing in the loss removes one from the chunk of the other. '
        + _bound_note(faces),
    )
    for column, target in enumerate(TARGETS):
        for chunk in (OWN_CHUNK[target], *OTHER_CHUNKS[target], ALL):
            skills = [
                estimate_skill(predictions[model.name, chunk, target], faces.affect[:, column])
                for model in models
            ]
            table.rows.append((target, chunk, *skills))
    return table


def ridge_gain_table(
    models: Sequence[TrainedModel], predictions: Predictions, affect: np.ndarray
) -> Table | None:
    """R² less that of the vanilla model; none if there is no vanilla one or nothing beside it."""
    vanilla = [model for model in models if model.module.variant == 'vanilla'][:1]
    others = [model for model in models if model not in vanilla]
    if not vanilla or not others:
        return None
    table = Table(
        'ridge_gain',
        f'R² of the ridge read-out less that of {vanilla[0].name}',
        ('target', 'from', *(model.name for model in others)),
        note='Differences on the same resampled faces; an interval above 0 is a gain.',
    )
    for column, target in enumerate(TARGETS):
        for chunk in (OWN_CHUNK[target], ALL):
            base = predictions[vanilla[0].name, chunk, target]
            gains = [
                estimate_gain(predictions[other.name, chunk, target], base, affect[:, column])
                for other in others
            ]
            table.rows.append((target, chunk, *gains))
    return table


def trade_off_tables(
    models: Sequence[TrainedModel],
    affect: np.ndarray,
    predictions: Predictions,
    similarities: dict[str, Measures],
) -> list[Table]:
    """A table for each group of models that differ in the weight of supervision alone."""
    groups: dict[str, list[TrainedModel]] = {}
    for model in models:
        arguments = {k: v for k, v in model.arguments.items() if k != 'supervision_weight'}
        groups.setdefault(repr(sorted(arguments.items())), []).append(model)
    tables: list[Table] = []
    for group in (group for group in groups.values() if len(group) > 1):
        variant = group[0].module.variant
        table = Table(
            f'trade_off_{variant}' + (f'_{len(tables) + 1}' if tables else ''),
            f'Alignment against reconstruction: {variant}',
            (
                *('weight', 'reconstruction MSE', 'PSNR, dB', 'SSIM'),
                *(f'{figure}, {target}' for figure in ('skill', 'R²') for target in TARGETS),
            ),
            note='Skill of the own read-out; R² of the ridge on the own chunk.',
        )
        group.sort(key=lambda model: model.module.hparams.supervision_weight)
        table.rows.extend(
            _trade_off_row(model, affect, predictions, similarities[model.name]) for model in group
        )
        tables.append(table)
    return tables


def _trade_off_row(
    model: TrainedModel, affect: np.ndarray, predictions: Predictions, similar: Measures
) -> list[Any]:
    row: list[Any] = [f'{model.module.hparams.supervision_weight:g}']
    row += [similar[key] for key in ('mse', 'psnr', 'ssim')]
    row += [estimate_skill(model.reading[:, k], affect[:, k]) for k in (0, 1)]
    for column, target in enumerate(TARGETS):
        found = predictions[model.name, OWN_CHUNK[target], target]
        row.append(estimate_skill(found, affect[:, column]))
    return row


def _bound_note(faces: Faces) -> str:
    if not (faces.expression >= 0).any():
        return ''
    shares = [
        f'{between_class_share(faces.affect[:, column], faces.expression):.3f} of {target}'
        for column, target in enumerate(TARGETS)
    ]
    return (
        f'Between the classes lies a share of {" and ".join(shares)} of the variance: where '
        'labels were drawn at random within classes, no R² can be larger.'
    )
