# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What `emotion-models` can do with affect networks."""

import argparse
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from emotion_models.affect.peers import Peer, read_peers
from emotion_models.data.face_parts import PARTS, choose_part
from emotion_models.runtime.artefact import load_artefact, write_card
from emotion_models.training.evaluation import Evaluation, is_checkpoint


def evaluate_affect(options: argparse.Namespace) -> None:
    """How well an affect network reads labelled faces; only a checkpoint needs torch."""
    from emotion_models.affect.evaluation import compare_smiles, evaluate, read_faces
    from emotion_models.affect.report import describe, describe_crop_loss
    from emotion_models.data.landmarks import corner_heights
    from emotion_models.data.sources import load_labelled_faces
    from emotion_models.runtime.affect import AffectModel
    from emotion_models.runtime.detection import make_detector

    (name,) = options.models
    noted = _card_to_note(options)
    peers = _read_peers(options)
    with _as_folder(name) as folder:
        model = AffectModel(folder)
    part = options.part or 'all'
    faces = choose_part(load_labelled_faces(options.data), part)
    if peers and not (faces.expression >= 0).any():
        raise ValueError(
            f'{options.data} labels no expressions, in which peers are compared; leave out --peers'
        )
    source = options.data if part == 'all' else f'{options.data} ({part})'
    heights = corner_heights(options.landmarks) if options.landmarks else None
    detector = make_detector(options.detect) if options.detect else None
    found = f', found by {detector.name}' if detector else ''
    reports = {}
    for factor in options.crop_factors or [1.0]:
        title = f'{source}, crop factor {factor:g}{found}'
        predictions = read_faces(model, faces, factor, detector)
        report = reports[f'{factor:g}'] = evaluate(faces, predictions)
        if heights is not None:
            report['smiles'] = compare_smiles(faces, predictions, heights)
        print(describe(title, report))
        if options.plots:
            _save_plots(options.plots / f'{factor:g}', faces, predictions, report, title, peers)
    if len(reports) > 1:
        print(describe_crop_loss(reports))
    if options.json:
        options.json.write_text(json.dumps(reports, indent=2) + '\n', encoding='utf-8')
    if noted is not None:
        ending = '' if part == 'all' else f'_{part}'
        _note_on_card(noted, Path(options.data).stem + ending, reports)


EVALUATION = Evaluation(
    run=evaluate_affect,
    required=('--data',),
    optional=('--json', '--onto-card'),
    options={
        '--part': {
            'choices': PARTS,
            'help': 'of the faces: those whose files have even or odd numbers, or a fixed share '
            'of the persons; default: all',
        },
        '--crop-factors': {
            'type': float,
            'nargs': '+',
            'metavar': 'FACTOR',
            'help': 'sides of the square seen, relative to the stored crops; default: 1',
        },
        '--detect': {
            'nargs': '?',
            'const': 'auto',
            'metavar': 'DETECTOR',
            'help': 'find the faces first and count misses: auto (default), haar, yunet or a file',
        },
        '--landmarks': {
            'metavar': 'FILE',
            'help': "points in the faces (.npz): whether valence rises with a smile's corners",
        },
        '--plots': {'type': Path, 'metavar': 'FOLDER', 'help': 'draw the figures there'},
        '--peers': {
            'type': Path,
            'metavar': 'FILE',
            'help': 'with --plots: draw the published networks of its table beside this one',
        },
    },
    compares=False,
)


@contextmanager
def _as_folder(model: str) -> Iterator[str]:
    """The model itself, or what a checkpoint is exported as, for a while."""
    if not is_checkpoint(model):
        yield model
        return
    from emotion_models.training.export import export_checkpoint

    with tempfile.TemporaryDirectory() as folder:
        export_checkpoint(model, folder)
        yield folder


def _card_to_note(options: argparse.Namespace) -> str | None:
    """The model on whose card the figures go; none if they go on no card."""
    if options.onto_card != '':
        return options.onto_card
    (model,) = options.models
    if is_checkpoint(model):
        raise ValueError(f'{model} is a checkpoint and has no card; name one: --onto-card MODEL')
    return model


def _read_peers(options: argparse.Namespace) -> list[Peer]:
    """The published networks to draw; their figures are about the same faces if those are all."""
    if options.peers is None:
        return []
    if options.plots is None:
        raise ValueError(
            '--peers is for the plots; give the folder to draw them in: --plots FOLDER'
        )
    whole = options.part in (None, 'all') and options.detect is None
    return read_peers(options.peers, Path(options.data).stem if whole else None)


def _save_plots(*arguments: Any) -> None:
    try:
        from emotion_models.affect.plots import save_plots
    except ModuleNotFoundError as error:
        raise ValueError('plots need matplotlib: pip install matplotlib') from error
    for path in save_plots(*arguments):
        print(path)


def _note_on_card(model: str, data_name: str, reports: dict) -> None:
    from emotion_models.affect.evaluation import PROTOCOL
    from emotion_models.affect.report import PRIOR_OF

    artefact = load_artefact(model)
    card = artefact.card
    for factor, report in reports.items():
        details = ['confusion', 'reliability'] + ['recall'] * (factor != '1')
        for part in PRIOR_OF:
            for detail in details:
                report.get(part, {}).pop(detail, None)
    card.setdefault('metrics', {}).update({'protocol': PROTOCOL, data_name: reports})
    write_card(artefact.folder, card)
