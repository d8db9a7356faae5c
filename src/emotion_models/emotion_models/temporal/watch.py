# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The command line of `emotion-models watch`."""

import argparse
from pathlib import Path


def add_watch(commands: 'argparse._SubParsersAction[argparse.ArgumentParser]') -> None:
    """Add `watch` to the command line."""
    command = commands.add_parser(
        'watch', help='a video with the faces, expressions, valence and arousal seen in it'
    )
    command.add_argument('video', type=Path, metavar='VIDEO', help='video file')
    command.add_argument(
        '--to', type=Path, metavar='FILE', help='.mp4 to write; default: VIDEO_watched.mp4, here'
    )
    command.add_argument(
        '--temporal',
        type=Path,
        metavar='RUN_OR_FOLDER',
        help='sequence model whose valence and arousal are drawn too: folder of a run, a '
        'checkpoint, or what emotion-models export wrote',
    )
    command.add_argument(
        '--all-faces', action='store_true', help='every face, not the largest one alone'
    )
    command.add_argument('--model', default='affect', help='affect network; default: affect')
    command.add_argument('--detector', default='auto', help='auto (default), haar, yunet, a file')
    command.set_defaults(run=watch)


def watch(options: argparse.Namespace) -> None:
    """Write the video."""
    from emotion_models.temporal.watching import watch_video

    watch_video(options)
