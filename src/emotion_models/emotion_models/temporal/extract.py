# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The command `extract-features`: features of the frames of videos, in an HDF5 file."""

import argparse
from pathlib import Path

from emotion_models.data.part_files import BY_FEATURE


def add_extract(commands: 'argparse._SubParsersAction[argparse.ArgumentParser]') -> None:
    """Add `extract-features` to the command line."""
    command = commands.add_parser('extract-features', help='features of the faces in videos')
    command.add_argument('videos', nargs='+', type=Path, metavar='VIDEO', help='video file')
    command.add_argument(
        '--to',
        required=True,
        type=Path,
        metavar='FILE',
        help=f'HDF5 file to write; with {BY_FEATURE} in its name, one for each feature',
    )
    command.add_argument(
        '--features',
        default='embedding,expression,va',
        metavar='NAMES',
        help='in order, separated by commas: embedding, expression, va, geometry, logmel, or of '
        'your own NAME=PATH[@HZ]; default: embedding,expression,va',
    )
    command.add_argument('--model', default='affect', help='affect network; default: affect')
    command.add_argument('--detector', default='auto', help='auto (default), haar, yunet, a file')
    command.add_argument(
        '--all-faces', action='store_true', help='a group for each face, not for the largest one'
    )
    command.add_argument(
        '--annotations',
        type=Path,
        metavar='FOLDER',
        help='VIDEO.txt with valence,arousal of each frame: cut into annotated runs, and noted',
    )
    command.add_argument(
        '--lengths',
        type=Path,
        metavar='CSV',
        help='official number of frames of videos: columns video and frames',
    )
    command.add_argument(
        '--targets', type=Path, metavar='FILE', help='HDF5 file to write with the targets alone'
    )
    command.set_defaults(run=extract_features)


def extract_features(options: argparse.Namespace) -> None:
    """Write the features of all videos."""
    from emotion_models.temporal.extraction import extract_all

    extract_all(options)
