# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The command `emotion-agent compare`: in what two bags differ."""

import argparse
import sys
from pathlib import Path

from node_kit.text import printable


def add_command(commands) -> None:
    """Add it to the subparsers of `emotion-agent`."""
    compare = commands.add_parser('compare', help='list in what two bags differ')
    compare.add_argument('first', type=Path, metavar='A.mcap', help='bag')
    compare.add_argument('second', type=Path, metavar='B.mcap', help='bag')
    compare.add_argument(
        '--tolerance',
        type=float,
        default=0.0,
        metavar='X',
        help='numbers that differ by no more are the same (default 0)',
    )
    compare.add_argument('--topics', nargs='+', default=(), help='compare only these')
    compare.add_argument(
        '--ignore', nargs='+', default=(), metavar='FIELD', help='fields that may differ'
    )
    compare.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Compare two bags; 0 = the same, 1 = they differ."""
    from emotion_agent.replay.bag import Bag
    from emotion_agent.replay.compare import compare

    with Bag(options.first) as first, Bag(options.second) as second:
        differences = compare(first, second, options.tolerance, options.topics, options.ignore)
        damage = [*first.damage, *second.damage]
    for line in damage:
        print(f'skipped: {printable(line)}', file=sys.stderr)
    for difference in differences:
        print('\n'.join(map(printable, str(difference).splitlines())))
    print('the same' if not differences else f'{len(differences)} topics differ')
    return 1 if differences else 0
