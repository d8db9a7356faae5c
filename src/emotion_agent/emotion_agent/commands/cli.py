# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The command `emotion-agent`: scripts, recordings, policies; without a robot, without ROS."""

if __name__ == '__main__':  # before the imports, of which one may fail
    from emotion_agent import programs

    raise SystemExit(programs.emotion_agent())

import argparse
import sys
from collections.abc import Sequence

from emotion_agent.commands import (
    compare,
    dynamics,
    export,
    play,
    plot_state,
    policies,
    replay,
    view,
)
from node_kit.programs import EXPECTED
from node_kit.text import printable

COMMANDS = (play, plot_state, replay, view, export, compare, dynamics, policies)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status; a mistake of the user is one line."""
    options = parse(arguments)
    try:
        return options.run(options)
    except BrokenPipeError:
        raise  # no mistake: what reads the output has ended
    except EXPECTED as error:
        print(f'emotion-agent {options.command}: {printable(str(error))}', file=sys.stderr)
        return 2


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog='emotion-agent', description=__doc__)
    commands = parser.add_subparsers(required=True, metavar='COMMAND', dest='command')
    for command in COMMANDS:
        command.add_command(commands)
    return parser.parse_args(arguments)
