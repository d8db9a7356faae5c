# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The command ``emotion-models``: train, export, evaluate, list and fetch the models."""

import argparse
import json
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from emotion_models.runtime.artefact import list_artefacts, load_artefact, write_card
from emotion_models.runtime.published import PUBLISHED

TRAINING_COMMANDS = ('fit', 'validate', 'test')
TRAINING_HINT = (
    'training and export need torch and lightning: '
    'install the packages of requirements/training.txt'
)


def main(arguments: Sequence[str] | None = None) -> int:
    """
    Run the command.

    Args:
        arguments: what follows the command's name; none = those of the process.

    Returns:
        Exit status: 0, or 2 after a mistake that was named in one line.
    """
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    try:
        if arguments and arguments[0] in TRAINING_COMMANDS:
            train(arguments)
        else:
            options = _build_parser().parse_args(arguments)
            options.run(options)
    except (ValueError, OSError) as error:
        print(f'emotion-models: {error}', file=sys.stderr)
        return 2
    except ModuleNotFoundError as error:
        print(f'emotion-models: {error}; {TRAINING_HINT}', file=sys.stderr)
        return 2
    return 0


def train(arguments: Sequence[str]) -> None:
    """``fit``, ``validate`` or ``test`` by Lightning, from a configuration file."""
    from emotion_models.training.command_line import TrainingCommandLine
    from emotion_models.training.origin import RecordOrigin
    from emotion_models.training.random_state import KeepRandomState

    command = shlex.join(['emotion-models', *arguments])
    TrainingCommandLine(
        args=list(arguments),
        subclass_mode_model=True,
        subclass_mode_data=True,
        save_config_kwargs={'overwrite': True},
        trainer_defaults={'callbacks': [KeepRandomState(), RecordOrigin(command)]},
    )


def export(options: argparse.Namespace) -> None:
    """A model folder from a checkpoint."""
    from emotion_models.training.export import export_checkpoint

    difference = export_checkpoint(options.checkpoint, options.to)
    print(f'{options.to}: differs from torch by at most {difference:.1e}')


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


def download_file(options: argparse.Namespace) -> None:
    """Fetch what others publish."""
    from emotion_models.download import download

    file = PUBLISHED[options.name]

    def show(done: int, whole: int) -> None:
        part = f' of {whole / 1e3:.0f}' if whole else ''
        end = '\n' if done == whole else '\r'  # what follows, an error perhaps, writes over it
        print(f'{options.name}: {done / 1e3:.0f}{part} kB', end=end, file=sys.stderr, flush=True)

    print(f'{download(file, show)} ({file.terms})')


def list_models(options: argparse.Namespace) -> None:
    """The shipped models, a line each."""
    for artefact in list_artefacts():
        size_mb = artefact.model_path.stat().st_size / 1e6
        print(f'{artefact.name:12} {size_mb:5.2f} MB  {artefact.card.get("description", "")}')


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


def _build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog='emotion-models',
        description='Train, export, evaluate, list and fetch the models of the emotional face.',
        epilog=f'{", ".join(TRAINING_COMMANDS)}: training by Lightning; '
        'emotion-models fit --config config/experiments/NAME.yaml (more: emotion-models fit -h)',
    )
    commands = parser.add_subparsers(required=True, metavar='COMMAND')

    command = commands.add_parser('list', help='the shipped models')
    command.set_defaults(run=list_models)

    command = commands.add_parser('download', help='a model file that others publish')
    command.add_argument('name', choices=sorted(PUBLISHED))
    command.set_defaults(run=download_file)

    command = commands.add_parser('export', help='a model folder from a checkpoint')
    command.add_argument('checkpoint', type=Path, help='written by emotion-models fit')
    command.add_argument('--to', required=True, metavar='FOLDER', help='made if it is not there')
    command.set_defaults(run=export)

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
    return parser


if __name__ == '__main__':
    sys.exit(main())
