# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The command `emotion-agent dynamics`: how the engine's feelings move, beside those of people."""

import argparse
from collections import defaultdict
from pathlib import Path

from emotion_agent.neuromodulation import load
from emotion_agent.resources.temperaments import shipped_temperaments

OUT = Path('out')  # left out of version control
COURSES = Path('../shared/data/ceap_va/ceap_va.npz')


def add_command(commands) -> None:
    """Add it to the subparsers of `emotion-agent`."""
    dynamics = commands.add_parser(
        'dynamics', help='compare how the state moves with courses that people reported'
    )
    dynamics.add_argument(
        '--courses',
        type=Path,
        default=COURSES,
        metavar='NPZ',
        help=f'of CEAP-360VR: participant, video, sample, va (default {COURSES})',
    )
    dynamics.add_argument('--seed', type=int, default=1, help='of the stimuli (default 1)')
    dynamics.add_argument(
        '--out', type=Path, default=OUT / 'dynamics.png', help='picture (default %(default)s)'
    )
    dynamics.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print a table of people and every shipped temperament, and draw the autocorrelations."""
    from emotion_agent.reporting import dynamics
    from emotion_models.data.va_courses import RATE_HZ, read_self_reports

    step = round(RATE_HZ / dynamics.RATE_HZ)
    courses = defaultdict(list)
    for report in read_self_reports(options.courses):
        courses[report.participant].append(report.affect[::step])
    persons = {'people': [dynamics.dynamics_of(of_person) for of_person in courses.values()]}
    for name, file in shipped_temperaments().items():
        persons[name] = dynamics.driven_persons(load(file), courses, options.seed)
    reference = dynamics.together(persons['people']).moves
    columns = {
        name: dynamics.intervals(measured, reference, options.seed)
        for name, measured in persons.items()
    }
    print_table(columns)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    curves = {
        name: dynamics.together(measured).autocorrelation for name, measured in persons.items()
    }
    dynamics.draw_autocorrelation(curves, options.out)
    print(options.out)
    return 0


def print_table(columns: dict[str, dict[str, tuple[float, float, float]]]) -> None:
    """Print measures in rows, each value with its interval."""
    print(f'| | {" | ".join(columns)} |\n| --- |{" ---: |" * len(columns)}')
    for measure in next(iter(columns.values())):
        cells = (
            f'{value:.2f} ({low:.2f} to {high:.2f})'
            for value, low, high in (column[measure] for column in columns.values())
        )
        print(f'| {measure} | {" | ".join(cells)} |')
