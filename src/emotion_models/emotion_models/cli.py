# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The command `emotion-models`: train, export, evaluate, list and fetch the models."""

if __name__ == '__main__':  # before the imports, of which one may fail
    from emotion_models import programs

    raise SystemExit(programs.emotion_models())

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from emotion_models.acai import commands as acai_commands
from emotion_models.affect import commands as affect_commands
from emotion_models.levasa import commands as levasa_commands
from emotion_models.missing import what_to_install
from emotion_models.reading import printable
from emotion_models.runtime.published import PUBLISHED
from emotion_models.sketch import commands as sketch_commands
from emotion_models.temporal import commands as temporal_commands
from emotion_models.temporal import evaluate as temporal_evaluate
from emotion_models.training.evaluation import add_evaluate
from emotion_models.training.listing import describe_all
from emotion_models.vdsm import commands as vdsm_commands

EVALUATIONS = {
    'acai': acai_commands.EVALUATION,
    'affect': affect_commands.EVALUATION,
    'levasa': levasa_commands.EVALUATION,
    'sketch': sketch_commands.EVALUATION,
    'temporal': temporal_evaluate.EVALUATION,
    'vdsm': vdsm_commands.EVALUATION,
}
"""How each system evaluates its models, by the name of its room."""

EXPECTED = (ValueError, OSError, ArithmeticError)
"""Errors that say what is wrong and what to do; all others are defects."""

TRAINING_COMMANDS = ('fit', 'validate', 'test')


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
    except BrokenPipeError:
        raise  # no mistake: what reads the output has ended
    except EXPECTED as error:
        print(f'emotion-models: {printable(str(error))}', file=sys.stderr)
        return 2
    except ModuleNotFoundError as error:
        remedy = what_to_install(error)
        if remedy is None:
            raise
        print(f'emotion-models: {remedy}', file=sys.stderr)
        return 2
    return 0


def train(arguments: Sequence[str]) -> None:
    """`fit`, `validate` or `test` by Lightning, from a configuration file."""
    from emotion_models.training import command_line

    command_line.train(arguments)


def export(options: argparse.Namespace) -> None:
    """A model folder from a checkpoint."""
    from emotion_models.training.export import export_checkpoint

    difference = export_checkpoint(options.checkpoint, options.to)
    print(f'{options.to}: differs from torch by at most {difference:.1e}')


def download_file(options: argparse.Namespace) -> None:
    """Fetch what others publish."""
    from emotion_models.runtime.download import download

    file = PUBLISHED[options.name]

    def show(done: int, whole: int) -> None:
        part = f' of {whole / 1e3:.0f}' if whole else ''
        end = '\n' if done == whole else '\r'  # what follows, an error perhaps, writes over it
        print(f'{options.name}: {done / 1e3:.0f}{part} kB', end=end, file=sys.stderr, flush=True)

    print(f'{download(file, show)} ({file.terms})')


def list_all(options: argparse.Namespace) -> None:
    """What there is to train, to train on and to run."""
    print(describe_all())


def _build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog='emotion-models',
        description='Train, export, evaluate, list and fetch the models of the emotional face.',
        epilog=f'{", ".join(TRAINING_COMMANDS)}: training by Lightning; '
        'emotion-models fit --config config/experiments/NAME.yaml (more: emotion-models fit -h)',
    )
    commands = parser.add_subparsers(required=True, metavar='COMMAND')

    command = commands.add_parser('list', help='experiments, data sets and shipped models')
    command.set_defaults(run=list_all)

    command = commands.add_parser('download', help='a model file that others publish')
    command.add_argument('name', choices=sorted(PUBLISHED))
    command.set_defaults(run=download_file)

    command = commands.add_parser('export', help='a model folder from a checkpoint')
    command.add_argument('checkpoint', type=Path, help='written by emotion-models fit')
    command.add_argument('--to', required=True, metavar='FOLDER', help='made if it is not there')
    command.set_defaults(run=export)

    add_evaluate(commands, EVALUATIONS)
    rooms = (acai_commands, levasa_commands, sketch_commands, temporal_commands, vdsm_commands)
    for room in rooms:
        room.add_commands(commands)
    return parser
