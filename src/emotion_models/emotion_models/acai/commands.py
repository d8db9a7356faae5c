# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What `emotion-models` can do with autoencoders that interpolate, and with poses."""

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from emotion_models.training.evaluation import Evaluation, checkpoints_of

LATENTS = (8, 16)
WEIGHTS = (0.0, 0.01, 0.1, 0.5, 1.0)
SEEDS = (1, 2, 3)
POSE_OPTIONS: Mapping[str, Mapping[str, Any]] = {
    '--targets': {'type': int, 'help': 'poses to cover, and to judge; default: 2000'},
    '--generated': {'type': int, 'help': 'poses that are to cover; default: 20000'},
    '--distance': {
        'choices': ('per_joint', 'flat'),
        'help': 'to the nearest pose: mean of the joints (per_joint, the default), or of all '
        'coordinates as in the report',
    },
}
"""How poses are measured; what is not given keeps the default of `Protocol`."""


def add_commands(commands: 'argparse._SubParsersAction[argparse.ArgumentParser]') -> None:
    """Add `sweep`, `compare-lines`, `compare-digits`, `draw-poses` and `convert-poses`."""
    _add_sweep(commands)
    _add_compare_lines(commands)
    _add_compare_digits(commands)
    _add_draw_poses(commands)
    _add_convert_poses(commands)


def _add_sweep(commands: 'argparse._SubParsersAction[argparse.ArgumentParser]') -> None:
    command = commands.add_parser(
        'sweep', help='autoencoders of poses over latent sizes, weights of the regulariser, seeds'
    )
    _add_experiment(command, pairs=1000)
    command.add_argument('--latents', type=int, nargs='+', default=LATENTS, metavar='D')
    command.add_argument('--weights', type=float, nargs='+', default=WEIGHTS, metavar='LAMBDA')
    for flag, settings in POSE_OPTIONS.items():
        command.add_argument(flag, **settings)
    command.set_defaults(run=run_sweep)


def _add_compare_lines(commands: 'argparse._SubParsersAction[argparse.ArgumentParser]') -> None:
    command = commands.add_parser(
        'compare-lines',
        help='plain, variational and regularised autoencoder on the line benchmark',
    )
    _add_experiment(command, pairs=256)
    command.set_defaults(run=run_compare_lines)


def _add_compare_digits(commands: 'argparse._SubParsersAction[argparse.ArgumentParser]') -> None:
    command = commands.add_parser(
        'compare-digits',
        help='the same three on digits: what their codes know of classes they were not told of',
    )
    _add_experiment(command)
    command.set_defaults(run=run_compare_digits)


def _add_experiment(command: argparse.ArgumentParser, pairs: int | None = None) -> None:
    command.add_argument('--config', required=True, type=Path, metavar='YAML')
    command.add_argument(
        '--to', required=True, type=Path, metavar='FOLDER', help='what is done there stays done'
    )
    command.add_argument('--seeds', type=int, nargs='+', default=SEEDS, metavar='SEED')
    if pairs is not None:
        command.add_argument(
            '--pairs', type=int, default=pairs, help=f'to interpolate, measured; default: {pairs}'
        )


def _add_draw_poses(commands: 'argparse._SubParsersAction[argparse.ArgumentParser]') -> None:
    command = commands.add_parser(
        'draw-poses', help='interpolations and random codes of autoencoders of poses'
    )
    command.add_argument('checkpoints', type=Path, nargs='+', help='the same data for all')
    command.add_argument('--to', required=True, type=Path, metavar='FOLDER')
    command.add_argument('--seed', type=int, default=0, help='of the pairs and codes')
    command.set_defaults(run=run_draw_poses)


def _add_convert_poses(commands: 'argparse._SubParsersAction[argparse.ArgumentParser]') -> None:
    command = commands.add_parser(
        'convert-poses', help='an archive of poses from nested dictionaries and cameras'
    )
    command.add_argument('poses', type=Path, help='pickle by subject, action, sequence, frame')
    command.add_argument('cameras', type=Path, help='JSON with the extrinsics of the cameras')
    command.add_argument('--every', type=int, default=1, metavar='N', help='every Nth frame only')
    command.add_argument('--to', required=True, type=Path, metavar='NPZ')
    command.set_defaults(run=run_convert_poses)


def run_sweep(options: argparse.Namespace) -> None:
    """Train, measure, and put it all into one table and its figures."""
    from emotion_models.acai.evaluation import Protocol
    from emotion_models.acai.plots import curves, sweeps
    from emotion_models.acai.sweep import plan, smoothness_curves, sorted_distances, sweep
    from emotion_models.figures.plots import save_figures
    from emotion_models.training.run_table import read_rows, write_summary

    protocol = Protocol(**_protocol(options))
    runs = plan(options.latents, options.weights, options.seeds)
    rows = read_rows(sweep(options.config, runs, options.to, protocol))
    write_summary(options.to / 'summary.csv', rows, ['latent', 'weight'], sweeps.METRICS)
    print(sweeps.sweep_markdown(rows))
    figures = {'sweep': sweeps.plot_sweep(rows)}
    for latent in sorted({row['latent'] for row in rows}):
        lines = smoothness_curves(options.to, latent)
        title = f'{latent} dimensions'
        figures[f'smoothness_d{latent}'] = curves.plot_smoothness(lines, title)
        figures[f'sorted_d{latent}'] = curves.plot_sorted(
            sorted_distances(options.to, latent), title
        )
    print(*save_figures(options.to, figures), sep='\n')


def run_compare_lines(options: argparse.Namespace) -> None:
    """Train, measure, and draw the same lines with all variants."""
    from emotion_models.acai.benchmark import compare_variants, draw_variants, of_lines
    from emotion_models.acai.plots import images
    from emotion_models.figures.plots import save_figures

    table, measure = options.to / 'lines.csv', of_lines(options.pairs)
    compare_variants(options.config, options.seeds, table, measure)
    rows = draw_variants(options.to, options.seeds[0])
    print(*save_figures(options.to, {'lines': images.plot_images(rows)}), sep='\n')


def run_compare_digits(options: argparse.Namespace) -> None:
    """Train, measure, and put the variants side by side."""
    from emotion_models.acai.benchmark import compare_variants, draw_variants
    from emotion_models.acai.evaluation import evaluate_digits
    from emotion_models.acai.plots import images
    from emotion_models.figures.plots import save_figures
    from emotion_models.training.run_table import read_rows

    table = options.to / 'digits.csv'
    rows = read_rows(compare_variants(options.config, options.seeds, table, evaluate_digits))
    names = [f'{row["variant"]}_s{row["seed"]}' for row in rows]
    figures = [
        {name: value for name, value in row.items() if name not in ('variant', 'seed')}
        for row in rows
    ]
    print(_side_by_side(names, figures))
    pictures = {'digits': images.plot_images(draw_variants(options.to, options.seeds[0]))}
    print(*save_figures(options.to, pictures), sep='\n')


def run_draw_poses(options: argparse.Namespace) -> None:
    """Strips, an animation, pairs and random codes."""
    from emotion_models.acai.pictures import draw_poses

    options.to.mkdir(parents=True, exist_ok=True)
    for path in draw_poses(options.checkpoints, options.to, options.seed):
        print(path)


def run_convert_poses(options: argparse.Namespace) -> None:
    """Write an archive that the experiments read."""
    from emotion_models.data.nested_poses import load_nested

    poses = load_nested(options.poses, options.cameras, options.every)
    poses.save(options.to)
    print(f'{options.to}: {len(poses)} poses of {len(set(poses.subject.tolist()))} subjects')


def evaluate_autoencoders(options: argparse.Namespace) -> None:
    """Figures of trained autoencoders side by side, each on its test part, or on other poses."""
    from emotion_models.acai.evaluation import evaluate_checkpoint
    from emotion_models.data.recorded_poses import load_poses
    from emotion_models.training.run_table import unique_names

    checkpoints = checkpoints_of(options)
    names = unique_names([checkpoint.resolve().parent.name for checkpoint in checkpoints])
    protocol = _protocol(options)
    poses = load_poses(options.data).positions if options.data else None
    reports = [evaluate_checkpoint(checkpoint, protocol, poses) for checkpoint in checkpoints]
    print(_side_by_side(names, [report.figures for report in reports]))
    if options.json:
        whole = {name: report._asdict() for name, report in zip(names, reports, strict=True)}
        options.json.write_text(json.dumps(whole, indent=2) + '\n', encoding='utf-8')


EVALUATION = Evaluation(
    run=evaluate_autoencoders,
    optional=('--data', '--json'),
    options={
        '--pairs': {'type': int, 'help': 'to interpolate; default: 1000 poses, 256 lines'},
        **POSE_OPTIONS,
    },
)


def _protocol(options: argparse.Namespace) -> dict[str, Any]:
    """The settings of `Protocol` that were given."""
    names = ('pairs', *(flag.removeprefix('--') for flag in POSE_OPTIONS))
    return {name: getattr(options, name) for name in names if getattr(options, name) is not None}


def _side_by_side(names: Sequence[str], figures: Sequence[Mapping[str, float]]) -> str:
    """A column for each configuration; its seeds, folders that end in _s1, _s2, …, are one."""
    from emotion_models.figures.markdown import markdown_table
    from emotion_models.training.run_table import configuration_of, summarise_runs

    rows = [
        {'configuration': configuration_of(name), **row}
        for name, row in zip(names, figures, strict=True)
    ]
    keys = dict.fromkeys(key for row in figures for key in row)
    columns = summarise_runs(rows, ['configuration'], keys)
    cells = [
        [key, *(column[key].show() if key in column else '' for column in columns.values())]
        for key in keys
    ]
    return markdown_table(['', *(str(name) for (name,) in columns)], cells)
