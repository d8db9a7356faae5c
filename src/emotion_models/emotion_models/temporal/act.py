# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The command `act-courses`: semi-real clips, as features in an HDF5 file."""

import argparse
from pathlib import Path


def add_act(commands: 'argparse._SubParsersAction[argparse.ArgumentParser]') -> None:
    """Add `act-courses` to the command line."""
    command = commands.add_parser(
        'act-courses', help='real courses of valence and arousal, acted by real faces'
    )
    command.add_argument('--to', required=True, type=Path, metavar='FILE', help='HDF5 file')
    command.add_argument(
        '--data',
        type=Path,
        default=Path('../shared/data'),
        metavar='FOLDER',
        help='with ceap_va, afew_va_labels and fer2013plus; default: ../shared/data',
    )
    command.add_argument('--model', default='affect', help='affect network; default: affect')
    command.add_argument('--seed', type=int, default=5230, help='of all draws; default: 5230')
    command.add_argument(
        '--rest', type=float, default=0.0, metavar='S', help='seconds of rest first; default: 0'
    )
    command.add_argument(
        '--courses', choices=('ceap', 'afew'), default='', help='only these; default: both'
    )
    command.set_defaults(run=act_courses)


def act_courses(options: argparse.Namespace) -> None:
    """
    Write the acted courses, and how well a perfect reading of the shown faces would agree.

    Raises:
        ValueError, OSError: for what cannot be used.
    """
    from tqdm import tqdm

    from emotion_models.data import acted_courses
    from emotion_models.metrics.concordance import concordance
    from emotion_models.runtime.affect import AffectModel

    if not 0 <= options.rest <= 600:
        raise ValueError(f'--rest: expected 0 to 600 seconds, got {options.rest:g}')
    files = acted_courses.Files.below(options.data)
    model = AffectModel(options.model)
    acted_courses.act_courses(
        files,
        options.to,
        model,
        options.seed,
        options.rest,
        lambda courses: iter(tqdm(courses, 'courses', disable=None)),
        options.courses,
    )
    for part in acted_courses.PARTS:
        names = acted_courses.names_of(options.to, part)
        shown, course = acted_courses.perfect_reading(options.to, part)
        agreement = [concordance(course[:, axis], shown[:, axis]) for axis in (0, 1)]
        print(
            f'{part}: {len(names)} courses, {len(course)} frames; a perfect reading of the faces '
            f'has CCC {agreement[0]:.3f} in valence, {agreement[1]:.3f} in arousal'
        )
    print(options.to)
