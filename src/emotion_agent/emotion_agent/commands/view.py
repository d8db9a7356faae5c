# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The command `emotion-agent view`: a recording on the page of the panel, without ROS."""

import argparse
import errno
from contextlib import closing
from pathlib import Path

from node_kit.text import printable

PORT = 8067


def add_command(commands) -> None:
    """Add it to the subparsers of `emotion-agent`."""
    view = commands.add_parser(
        'view', help='look at a recording in a browser: the panel, with a timeline'
    )
    view.add_argument('bag', type=Path, help='folder of a bag, or one .mcap or .db3 file')
    view.add_argument('--namespace', help='of the agent (default: the one that was recorded)')
    view.add_argument(
        '--port', type=int, default=PORT, help=f'of the page (default {PORT}; 0 = any free one)'
    )
    view.add_argument('--open', action='store_true', help='open it in the browser of the desktop')
    view.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Serve a recording until Ctrl-C."""
    if not 0 <= options.port <= 0xFFFF:
        raise ValueError(f'--port: expected a number from 0 to 65535, got {options.port}')
    with closing(_serve(options)) as server:
        recording = server.recording
        length_s = (recording.end_ns - recording.start_ns) / 1e9
        lines = [*recording.bag.damage, f'{options.bag}: {length_s:.1f} s of {server.namespace}']
        if server.left_out:
            lines.append(f'the last {server.left_out} causes and events are not listed')
        lines.append(f'open {server.url}, end with Ctrl-C')
        print('\n'.join(map(printable, lines)), flush=True)
        if options.open:
            import webbrowser

            webbrowser.open(server.url)
        server.run()
    return 0


def _serve(options: argparse.Namespace):
    from emotion_agent.web.recording import RecordingServer

    try:
        return RecordingServer(options.bag, options.namespace, options.port)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise ValueError(
            f'--port: {options.port} is taken; give another one, or 0 for any that is free'
        ) from None
