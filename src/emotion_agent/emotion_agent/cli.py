# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The command `emotion-agent`: what can be done with the emotional state without a robot."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from emotion_agent.neuromodulation import ConfigError
from emotion_agent.replay.commands import add_commands
from emotion_agent.temperaments import shipped_temperaments, temperament_file


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status; a mistake of the user is one line."""
    options = parse(arguments)
    try:
        return options.run(options)
    except (ConfigError, OSError, ValueError) as problem:
        print(f'emotion-agent: {problem}', file=sys.stderr)
        return 2


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog='emotion-agent', description=__doc__)
    commands = parser.add_subparsers(required=True, metavar='COMMAND')
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
    plot.set_defaults(run=plot_state)
    add_commands(commands)
    return parser.parse_args(arguments)


def plot_state(options: argparse.Namespace) -> int:
    """Draw a script for one temperament, or several side by side."""
    from emotion_agent.state_plot import draw_script

    names = options.temperament or ['balanced']
    if names == ['all']:
        names = list(shipped_temperaments())
    out = options.out or Path(f'{options.script.stem}.png')
    draw_script(options.script, {Path(name).stem: temperament_file(name) for name in names}, out)
    print(out)
    return 0
