# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The command `emotion-agent plot-state`: a script of stimuli, played offline and drawn."""

import argparse
from pathlib import Path

from emotion_agent.resources.temperaments import shipped_temperaments, temperament_file


def add_command(commands) -> None:
    """Add it to the subparsers of `emotion-agent`."""
    plot = commands.add_parser(
        'plot-state', help='play a script of stimuli offline and draw how the robot feels'
    )
    plot.add_argument('script', type=Path, help='YAML file: duration_s, stimuli: [{at_s, name}]')
    plot.add_argument(
        '--temperament',
        action='append',
        metavar='NAME',
        help=f'{", ".join(shipped_temperaments())}, a YAML file, or all; may be given again '
        'to compare (default balanced)',
    )
    plot.add_argument('--out', type=Path, help='picture to write (default SCRIPT.png)')
    plot.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Draw a script for one temperament, or several side by side."""
    from emotion_agent.reporting.state_plot import draw_script

    names = options.temperament or ['balanced']
    if names == ['all']:
        names = list(shipped_temperaments())
    out = options.out or Path(f'{options.script.stem}.png')
    draw_script(options.script, {Path(name).stem: temperament_file(name) for name in names}, out)
    print(out)
    return 0
