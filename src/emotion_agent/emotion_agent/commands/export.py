# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The command `emotion-agent export`: bags as tables for pandas, R and spreadsheets."""

import argparse
from pathlib import Path

from emotion_agent.commands.progress import ProgressBar
from emotion_agent.export import PICTURES
from node_kit.text import printable


def add_command(commands) -> None:
    """Add it to the subparsers of `emotion-agent`."""
    export = commands.add_parser(
        'export', help='write what bags hold into tables: people, states, causes, events, sessions'
    )
    export.add_argument(
        'bags',
        type=Path,
        nargs='+',
        metavar='BAG',
        help='folder of a bag, or a .mcap or .db3 file',
    )
    export.add_argument(
        '--to', type=Path, required=True, metavar='FOLDER', help='new folder for the tables'
    )
    export.add_argument(
        '--force',
        action='store_true',
        help='write into a folder that has files; those of the same names are replaced',
    )
    export.add_argument(
        '--parquet', action='store_true', help='also as Parquet files (needs pyarrow)'
    )
    export.add_argument(
        '--pictures',
        choices=PICTURES,
        default=PICTURES[0],
        help='faces as PNG files: at events, also a second after each cause, or none '
        '(default %(default)s)',
    )
    export.add_argument('--namespace', help='of the agent (default: the one that was recorded)')
    export.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Export bags and print what was written."""
    from emotion_agent.export.export import export

    done = export(
        options.bags,
        options.to,
        options.namespace,
        options.pictures,
        options.parquet,
        options.force,
        ProgressBar,
    )
    lines = [
        *(
            f'bag      {bag}: {", ".join(sessions) or "no session"}'
            for bag, sessions in done.bags.items()
        ),
        f'rows     {", ".join(f"{count} {table}" for table, count in done.rows.items())}',
        *(f'skipped  {line}' for line in done.remarks),
        f'files    {done.folder}: {done.pictures} pictures, tables, dictionary.csv, README.md',
    ]
    print('\n'.join(map(printable, lines)))
    return 0
