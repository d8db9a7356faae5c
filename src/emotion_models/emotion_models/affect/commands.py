# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What `emotion-models` can do with affect networks."""

import argparse
import json
from pathlib import Path
from typing import Any

from emotion_models.runtime.artefact import load_artefact, write_card


def add_commands(commands: 'argparse._SubParsersAction[argparse.ArgumentParser]') -> None:
    """Add `evaluate-affect` to the command line."""
    command = commands.add_parser('evaluate-affect', help='an affect network on labelled faces')
    command.add_argument(
        '--data',
        required=True,
        metavar='NAME_OR_PATH',
        help='archive (.npz), table (.csv), folder, or name in the shared data (docs/models.md)',
    )
    command.add_argument('--model', default='affect', help='name or folder; default: affect')
    command.add_argument(
        '--crop-factors',
        type=float,
        nargs='+',
        default=[1.0],
        metavar='FACTOR',
        help='sides of the square seen, relative to the stored crops; default: 1',
    )
    command.add_argument(
        '--detect',
        nargs='?',
        const='auto',
        metavar='DETECTOR',
        help='find the faces first and count misses: auto (default), haar, yunet or a file',
    )
    command.add_argument('--plots', type=Path, metavar='FOLDER', help='draw the figures there')
    command.add_argument('--json', type=Path, metavar='FILE', help='write all figures there')
    command.add_argument(
        '--onto-card', action='store_true', help="write all figures onto the model's card"
    )
    command.set_defaults(run=evaluate_affect)


def evaluate_affect(options: argparse.Namespace) -> None:
    """How well an affect network reads labelled faces."""
    from emotion_models.affect.evaluation import evaluate, read_faces
    from emotion_models.affect.report import describe
    from emotion_models.data.sources import load_labelled_faces
    from emotion_models.runtime.affect import AffectModel
    from emotion_models.runtime.detection import make_detector

    model = AffectModel(options.model)
    faces = load_labelled_faces(options.data)
    detector = make_detector(options.detect) if options.detect else None
    found = f', found by {detector.name}' if detector else ''
    reports = {}
    for factor in options.crop_factors:
        title = f'{options.data}, crop factor {factor:g}{found}'
        answers = read_faces(model, faces, factor, detector)
        report = reports[f'{factor:g}'] = evaluate(faces, answers)
        print(describe(title, report))
        if options.plots:
            _save_plots(options.plots / f'{factor:g}', faces, answers, report, title)
    if options.json:
        options.json.write_text(json.dumps(reports, indent=2) + '\n', encoding='utf-8')
    if options.onto_card:
        _note_on_card(options.model, Path(options.data).stem, reports)


def _save_plots(*arguments: Any) -> None:
    try:
        from emotion_models.affect.plots import save_plots
    except ModuleNotFoundError as error:
        raise ValueError('plots need matplotlib: pip install matplotlib') from error
    for path in save_plots(*arguments):
        print(path)


def _note_on_card(model: str, data_name: str, reports: dict) -> None:
    from emotion_models.affect.evaluation import PROTOCOL

    artefact = load_artefact(model)
    card = artefact.card
    for report in reports.values():
        for details in ('confusion', 'reliability'):
            report.get('expression', {}).pop(details, None)
    card.setdefault('metrics', {}).update({'protocol': PROTOCOL, data_name: reports})
    write_card(artefact.folder, card)
