# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Annotation transfer from file to file, and the clusters of a data set's annotations."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from emotion_models.figures.plots import save_figures
from emotion_models.labels.prototypes import AFFECTNET_PROTOTYPES, Prototypes
from emotion_models.levasa.annotation_files import (
    Annotations,
    read_annotations,
    write_json,
)
from emotion_models.levasa.clustering import CLUSTERS, Clusters, cluster_va
from emotion_models.levasa.prototype_tables import read_prototypes, write_prototypes
from emotion_models.levasa.transfer import STEPS, class_indices, draw_va, nearest_classes, round_va
from emotion_models.levasa.transfer_pictures import (
    plot_annotations,
    plot_clusters,
    plot_prototypes,
)


def transfer(
    source: Path,
    folder: Path,
    prototypes: Path | None = None,
    distribution: str = 'ellipse',
    seed: int = 5230,
    distance: str = 'euclidean',
) -> list[str]:
    """
    Write the annotations that a data set lacks, with the table and pictures of both kinds.

    Args:
        source: what `read_annotations` takes: with classes they get valence and arousal, with
            valence and arousal it gets classes.
        folder: made if it is not there; gets `NAME_labels.json`, `NAME_va.json` and, for
            classes, `NAME_va_discrete.json`, which is the continuous one rounded.
        prototypes: table or annotations for `read_prototypes`; none = the printed table.
        distribution: of the draws, see `draw_va`.
        seed: of the draws.
        distance: to the centres of the classes, see `nearest_classes`.

    Returns:
        What was done, in lines.

    Raises:
        ValueError: if a file cannot be read or a class has no prototype.
    """
    table = AFFECTNET_PROTOTYPES if prototypes is None else read_prototypes(prototypes)
    found = read_annotations(source)
    folder.mkdir(parents=True, exist_ok=True)
    if found.va is None:
        how = f'class to valence and arousal by {distribution}, seed {seed}'
        places = class_indices(found.classes, table)
        found = replace(found, va=draw_va(places, table, distribution, seed))
        values = {'_va': found.va.tolist(), '_va_discrete': round_va(found.va).tolist()}
    else:
        how = f'valence and arousal to class by {distance} distance'
        chosen = nearest_classes(found.va, table, distance)
        found = replace(found, classes=[table.names[place] for place in chosen])
        values = {'_va': _as_written(found)}
    values['_labels'] = list(found.classes)
    paths = [folder / f'{found.name}{ending}.json' for ending in values]
    for path, entries in zip(paths, values.values(), strict=True):
        if not (path.exists() and path.samefile(source)):
            write_json(path, found.keys, entries)
    write_prototypes(folder / 'prototypes.csv', table)
    title = f'{found.name}: {how}'
    pictures = {
        'prototypes': plot_prototypes(table),
        f'{found.name}_annotations': plot_annotations(found.va, found.classes, table, title),
    }
    paths += [folder / 'prototypes.csv', *save_figures(folder, pictures)]
    left_out = [f'left out: {count} {reason}' for reason, count in found.skipped.items() if count]
    lines = [f'{title}, {len(found.keys)} images', _count(found.classes, table), *left_out]
    return [*lines, *map(str, paths)]


def cluster(source: Path, folder: Path, clusters: int = CLUSTERS, seed: int = 0) -> list[str]:
    """
    Write the clusters of a data set's valence and arousal: centres, assignments, picture.

    Args:
        source: what `read_annotations` takes, with valence and arousal; fractions are rounded
            to steps first.
        folder: made if it is not there; gets `NAME_clusters.json`, `NAME_assignments.json`
            (cluster of each image by the four clusterings) and `NAME_clusters.png`.
        clusters: number of clusters.
        seed: of the first centres.

    Returns:
        What was done, in lines.

    Raises:
        ValueError: if the source has no valence and arousal, or too few different values.
    """
    annotations = read_annotations(source)
    if annotations.va is None:
        raise ValueError(f'{source} has classes only; emotion-models transfer-annotations first')
    steps = STEPS * annotations.va if annotations.in_steps else round_va(annotations.va)
    found = cluster_va(steps.astype(float), clusters, seed)
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f'{annotations.name}_{kind}.json' for kind in ('clusters', 'assignments')]
    write_json(paths[0], list(found), [_describe(one) for one in found.values()])
    assigned = np.stack([one.assigned for one in found.values()], 1).tolist()
    write_json(paths[1], annotations.keys, assigned)
    title = f'{annotations.name}: {len(steps)} images, steps of -{STEPS}..{STEPS}'
    picture = plot_clusters(steps, found, title)
    paths += save_figures(folder, {f'{annotations.name}_clusters': picture})
    return [title, *map(str, paths)]


def _as_written(annotations: Annotations) -> list[list[float]]:
    """The pairs in the unit that they came in, whole numbers as such."""
    if not annotations.in_steps:
        return annotations.va.tolist()
    pairs = np.round(STEPS * annotations.va, 9).tolist()
    return [[int(x) if x == int(x) else x for x in pair] for pair in pairs]


def _count(classes: Sequence[str], prototypes: Prototypes) -> str:
    counts = {name: classes.count(name) for name in prototypes.names}
    return ', '.join(f'{name} {count}' for name, count in counts.items() if count)


def _describe(clusters: Clusters) -> dict:
    return {
        'centres': clusters.centres.round(6).tolist(),
        'deviation': clusters.deviation.round(6).tolist(),
        'images': np.bincount(clusters.assigned, minlength=len(clusters.centres)).tolist(),
    }
