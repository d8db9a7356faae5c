# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What `emotion-models` can do with models of videos."""

import argparse
from collections.abc import Mapping
from pathlib import Path

from emotion_models.training.evaluation import Evaluation, checkpoints_of

HELP: Mapping[str, str] = {
    'reconstruct': 'clips and what becomes of them',
    'sample': 'clips drawn from the priors, at three temperatures',
    'swap-identity': 'the motion of each clip with the identity of each other',
    'swap-action': 'each identity in each action',
    'interpolate': 'from one action to another, and from one identity to another',
    'encode': 'codes, clips and reconstructions as .npz, for classifiers of your own',
    'perform': "the robot's own drawn face in each action, as the panel shows it",
}
"""The verbs of `emotion-models vdsm`; `uses.VERBS` does them."""


def add_commands(commands: 'argparse._SubParsersAction[argparse.ArgumentParser]') -> None:
    """Add `vdsm` with its verbs."""
    command = commands.add_parser(
        'vdsm',
        help='who and what in videos: show, exchange, sample',
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog='\n'.join(f'{verb:14}{text}' for verb, text in HELP.items()),
    )
    command.add_argument('verb', choices=HELP, metavar='VERB', help='see below')
    command.add_argument('checkpoint', type=Path, metavar='CHECKPOINT', help='of either phase')
    command.add_argument('--to', required=True, type=Path, metavar='FOLDER')
    command.add_argument(
        '--data',
        type=Path,
        metavar='EXPERIMENT',
        help='experiment (.yaml) whose test clips are taken; default: that of the checkpoint',
    )
    command.add_argument('--count', type=int, default=6, help='clips in a row; default: 6')
    command.add_argument('--seed', type=int, default=5230, help='of draws; default: 5230')
    command.set_defaults(run=use)


def use(options: argparse.Namespace) -> None:
    """Do one of `HELP`, and say what was written."""
    from emotion_models.vdsm.uses import VERBS, open_scene

    given = options.data, options.count, options.seed
    scene = open_scene(options.checkpoint, options.to, *given)
    for path in VERBS[options.verb](scene):
        print(path)


def evaluate_videos(options: argparse.Namespace) -> None:
    """Models of one data set side by side."""
    from emotion_models.training.loading import data_of_experiment
    from emotion_models.training.run_table import unique_names
    from emotion_models.vdsm.evaluation import Protocol, evaluate_checkpoints, table

    checkpoints = checkpoints_of(options)
    names = unique_names([checkpoint.resolve().parent.name for checkpoint in checkpoints])
    given = {
        name: getattr(options, name)
        for name in ('judge_steps', 'clips')
        if getattr(options, name) is not None
    }
    data = data_of_experiment(Path(options.data)) if options.data else None
    named = dict(zip(names, checkpoints, strict=True))
    print(table(evaluate_checkpoints(named, options.to, Protocol(**given), data)))


EVALUATION = Evaluation(
    run=evaluate_videos,
    required=('--to',),
    optional=('--data',),
    options={
        '--judge-steps': {'type': int, 'help': 'in which the judge is trained; default: 1500'},
        '--clips': {'type': int, 'help': 'of the test at most; default: 400'},
    },
)
