# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The command `emotion-agent play`: a script played live to an agent."""

import argparse

from emotion_agent.resources.scripts import script_file, shipped_scripts
from node_kit.text import printable


def add_command(commands) -> None:
    """Add it to the subparsers of `emotion-agent`."""
    play = commands.add_parser(
        'play',
        help='play a script live to an agent that runs',
        epilog='keys: space = pause, n = next entry, or end a wait; q = stop; others answer '
        'waits, also by the first letter. Without a terminal each line answers a wait for a key.',
    )
    play.add_argument('script', help=f'{", ".join(shipped_scripts())}, or a YAML file')
    play.add_argument('--namespace', default='emotion', help='of the agent (default emotion)')
    play.add_argument(
        '--from', dest='from_s', type=float, default=0.0, metavar='S', help='begin there (s)'
    )
    play.add_argument('--sound', action='store_true', help='play the WAV files here')
    play.add_argument(
        '--check', action='store_true', help='read the script, say what happens, and do nothing'
    )
    play.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Play a script, or check it; return 0, or 1 where no agent is there."""
    from emotion_agent.scripts.reading import read_script

    script = read_script(script_file(options.script))
    if not options.check:
        from emotion_agent.commands.live_script import play_live

        return play_live(script, options.namespace, options.from_s, options.sound)
    from emotion_agent.neuromodulation import load
    from emotion_agent.scripts.words import in_words, summary_of

    script.check_stimuli(load().stimuli, 'the library that ships')
    print(printable(summary_of(script)))
    for entry in script.entries():
        print(printable(f'{entry.at_s:8.1f} s  {in_words(entry)}'))
    return 0
