# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What `emotion-models` can do with annotations and with latents of valence and arousal."""

import argparse
from pathlib import Path

from emotion_models.training.evaluation import Evaluation, checkpoints_of

SOURCE = (
    'JSON file of class names or of pairs of valence and arousal by image, .npz of clips, or '
    'folder of AFEW-VA, IMFDB or with CLASS/FILE.png'
)


def add_commands(commands: 'argparse._SubParsersAction[argparse.ArgumentParser]') -> None:
    """Add `transfer-annotations` and `cluster-annotations`."""
    _add_transfer(commands)
    _add_cluster(commands)


def _add_transfer(commands: 'argparse._SubParsersAction[argparse.ArgumentParser]') -> None:
    command = commands.add_parser(
        'transfer-annotations', help='valence and arousal for classes, or classes for them'
    )
    command.add_argument('source', type=Path, help=SOURCE)
    command.add_argument('--to', required=True, type=Path, metavar='FOLDER', help='for the files')
    command.add_argument(
        '--prototypes',
        type=Path,
        metavar='CSV',
        help="AffectNet's annotations, or a table; default: the printed table",
    )
    command.add_argument(
        '--distribution',
        default='ellipse',
        help='of valence and arousal in a class: ellipse (default), gaussian or prototype',
    )
    command.add_argument('--seed', type=int, default=5230, help='of the draws; default: 5230')
    command.add_argument(
        '--distance',
        default='euclidean',
        help='to the centre of a class: euclidean (default) or mahalanobis',
    )
    command.set_defaults(run=transfer_annotations)


def _add_cluster(commands: 'argparse._SubParsersAction[argparse.ArgumentParser]') -> None:
    command = commands.add_parser(
        'cluster-annotations', help='clusters of valence and arousal, for inspection'
    )
    command.add_argument('source', type=Path, help=SOURCE)
    command.add_argument('--to', required=True, type=Path, metavar='FOLDER', help='for the files')
    command.add_argument('--clusters', type=int, default=7, help='how many; default: 7')
    command.add_argument('--seed', type=int, default=0, help='of the first centres; default: 0')
    command.set_defaults(run=cluster_annotations)


def transfer_annotations(options: argparse.Namespace) -> None:
    """The annotations that a data set lacks."""
    from emotion_models.levasa.annotate import transfer

    lines = transfer(
        options.source,
        options.to,
        options.prototypes,
        options.distribution,
        options.seed,
        options.distance,
    )
    print('\n'.join(lines))


def cluster_annotations(options: argparse.Namespace) -> None:
    """The clusters of a data set's valence and arousal."""
    from emotion_models.levasa.annotate import cluster

    print('\n'.join(cluster(options.source, options.to, options.clusters, options.seed)))


def evaluate_latents(options: argparse.Namespace) -> None:
    """A report on how valence and arousal lie in the latents of trained autoencoders."""
    from emotion_models.levasa.analysis.models import data_of_experiment
    from emotion_models.levasa.analysis.report import analyse

    checkpoints = checkpoints_of(options)
    data = data_of_experiment(Path(options.data)) if options.data else None
    print(analyse(checkpoints, options.to, data))


EVALUATION = Evaluation(run=evaluate_latents, required=('--to',), optional=('--data',))
