# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What `emotion-models` can do with sequence models of valence and arousal."""

import argparse
from pathlib import Path

from emotion_models.temporal.act import add_act
from emotion_models.temporal.extract import add_extract
from emotion_models.temporal.watch import add_watch

WINDOWS = {'valence': 50, 'arousal': 20}
"""Frames on each side: those of the published entry, chosen on its validation set."""

PARTS = ('val', 'tst')
"""As files of predictions begin: validation and test part."""

KINDS = ('smooth', 'nosmooth', 'nosmooth_ori', 'causal')


def add_commands(commands: 'argparse._SubParsersAction[argparse.ArgumentParser]') -> None:
    """Add all of them."""
    add_extract(commands)
    add_act(commands)
    add_watch(commands)
    _add_predict(commands)
    _add_ensemble(commands)
    _add_plot(commands)


def _add_predict(commands: 'argparse._SubParsersAction[argparse.ArgumentParser]') -> None:
    command = commands.add_parser(
        'predict-temporal', help='valence and arousal over time by trained sequence models'
    )
    command.add_argument(
        'models',
        type=Path,
        nargs='+',
        metavar='RUN_OR_CHECKPOINT',
        help='folder of a run, whose best checkpoint of each target is taken, or a checkpoint',
    )
    command.add_argument('--to', required=True, type=Path, metavar='FOLDER')
    command.add_argument(
        '--data',
        type=Path,
        metavar='EXPERIMENT',
        help='experiment (.yaml) whose data is predicted; default: that of the checkpoint',
    )
    for target, window in WINDOWS.items():
        command.add_argument(
            f'--{target}-window',
            type=int,
            metavar='FRAMES',
            help=f'averaged on each side; default: {window}',
        )
    command.add_argument(
        '--search-windows',
        action='store_true',
        help='the windows that agree best with the validation part, which they flatter',
    )
    command.add_argument(
        '--causal',
        action='store_true',
        help='write averages over past frames too, as …_causal.json',
    )
    command.set_defaults(run=predict)


def _add_ensemble(commands: 'argparse._SubParsersAction[argparse.ArgumentParser]') -> None:
    command = commands.add_parser(
        'ensemble-temporal', help='means of several predictions over time, as text files'
    )
    command.add_argument(
        'folders', type=Path, nargs='*', metavar='FOLDER', help='written by predict-temporal'
    )
    for target in WINDOWS:
        command.add_argument(
            f'--{target}',
            type=Path,
            nargs='+',
            metavar='FOLDER',
            help=f'folders for {target} alone, instead of the others',
        )
    command.add_argument('--kind', choices=KINDS, default=KINDS[0], help=f'default: {KINDS[0]}')
    command.add_argument(
        '--part', choices=PARTS, default=PARTS[1], help=f'of the text files; default: {PARTS[1]}'
    )
    command.add_argument(
        '--annotations',
        type=Path,
        metavar='FOLDER',
        help='VIDEO.txt by which clips were cut: text files of the whole videos; needs --whole',
    )
    command.add_argument(
        '--whole',
        type=Path,
        nargs='+',
        metavar='FOLDER',
        help='predictions of the videos before they were cut, for the frames in between',
    )
    command.add_argument('--to', required=True, type=Path, metavar='FOLDER')
    command.set_defaults(run=average)


def _add_plot(commands: 'argparse._SubParsersAction[argparse.ArgumentParser]') -> None:
    command = commands.add_parser(
        'plot-temporal', help='predictions over time, with annotation, and their path in the plane'
    )
    command.add_argument(
        'predictions',
        type=Path,
        nargs='+',
        metavar='PREDICTIONS',
        help='folder or .json that predict-temporal wrote',
    )
    command.add_argument('--to', required=True, type=Path, metavar='FILE', help='.png, .svg, .pdf')
    command.add_argument('--part', choices=PARTS, default=PARTS[0], help=f'default: {PARTS[0]}')
    command.add_argument(
        '--clips', nargs='+', default=[], metavar='NAME', help='default: four of them'
    )
    command.set_defaults(run=plot)


def predict(options: argparse.Namespace) -> None:
    """Files of predictions, and how well they agree with the annotation."""
    from emotion_models.temporal.prediction import jobs_of, run_job
    from emotion_models.training.loading import data_of_experiment

    given = {target: getattr(options, f'{target}_window') for target in WINDOWS}
    if options.search_windows and any(window is not None for window in given.values()):
        raise ValueError('a window is either given or searched for; leave one of both out')
    data = data_of_experiment(options.data) if options.data else None
    for job in jobs_of(options.models, options.to):
        window = WINDOWS[job.target] if given[job.target] is None else given[job.target]
        results = run_job(job, data, None if options.search_windows else window, options.causal)
        figures = ', '.join(f'{name} {value:.4g}' for name, value in results.items())
        print(f'{job.folder}: {job.target} by {job.checkpoint.name}: {figures}')


def average(options: argparse.Namespace) -> None:
    """The text files, and how well the means agree with the annotation."""
    from emotion_models.temporal.ensemble import Whole, ensemble, folders_by_target

    if bool(options.annotations) != bool(options.whole):
        raise ValueError('whole videos need both --annotations and --whole')
    whole = Whole(options.annotations, options.whole) if options.whole else None
    own = {target: getattr(options, target) for target in WINDOWS}
    folders = folders_by_target(options.folders, options.kind, own)
    found = ensemble(folders, options.kind, options.to, options.part, whole)
    for target, scores in found.items():
        figures = ', '.join(f'{name} {value:.4g}' for name, value in scores.items())
        print(f'{target}, mean of {len(folders[target])}: {figures}')
    print(options.to)


def plot(options: argparse.Namespace) -> None:
    """A picture of predictions."""
    from emotion_models.figures.plots import save_figure
    from emotion_models.temporal.plots import plot_predictions, read_entries

    figure = plot_predictions(read_entries(options.predictions, options.part), options.clips)
    options.to.parent.mkdir(parents=True, exist_ok=True)
    save_figure(options.to, figure)
    print(options.to)
