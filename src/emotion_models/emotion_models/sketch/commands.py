# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What `emotion-models` can do with drawings."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from emotion_models.reading import FileError, printable
from emotion_models.training.evaluation import Evaluation, checkpoints_of

if TYPE_CHECKING:
    from emotion_models.sketch.photo import PhotoSketcher


def add_commands(commands: 'argparse._SubParsersAction[argparse.ArgumentParser]') -> None:
    """Add `sketch` to the command line."""
    command = commands.add_parser('sketch', help='line drawings of the faces in photographs')
    command.add_argument('photos', nargs='*', type=Path, metavar='PHOTO', help='image or folder')
    command.add_argument(
        '--data',
        metavar='NAME_OR_PATH',
        help='labelled face crops instead (docs/models.md), to train on the drawings: writes the '
        'table that sketch_own.yaml reads, too',
    )
    command.add_argument('--most', type=int, default=2000, help='of --data; default: 2000')
    command.add_argument('--out', type=Path, default=Path('.'), help='folder; default: this one')
    command.add_argument('--detector', default='auto', help='auto (default), haar, yunet, a file')
    command.add_argument(
        '--drawer', type=Path, metavar='ONNX', help='a line-drawing network of your own'
    )
    command.set_defaults(run=sketch_photos)


def evaluate_faces(options: argparse.Namespace) -> None:
    """Figures and pictures of trained faces, on identities that none was trained on."""
    from emotion_models.sketch.comparison import compare, note_on_card

    if options.onto_card == '':
        raise ValueError('checkpoints have no card; name the model: --onto-card MODEL')
    table, figures = compare(checkpoints_of(options), options.to)
    print(table)
    if options.onto_card:
        note_on_card(options.onto_card, figures[-1])


EVALUATION = Evaluation(run=evaluate_faces, required=('--to',), optional=('--onto-card',))


def sketch_photos(options: argparse.Namespace) -> None:
    """
    Write `NAME.png`, 128×64, for every photograph; those without a face are named and counted.

    Raises:
        ValueError: if nothing could be drawn.
    """
    from emotion_models.runtime.detection import make_detector
    from emotion_models.sketch.photo import OnnxDrawer, PhotoSketcher

    drawer = OnnxDrawer(options.drawer) if options.drawer else None
    sketcher = PhotoSketcher(make_detector(options.detector), drawer)
    options.out.mkdir(parents=True, exist_ok=True)
    if options.data:
        _sketch_labelled(options, sketcher)
    elif options.photos:
        _sketch_files(options, sketcher)
    else:
        raise ValueError('nothing to draw: name photographs or --data')


def _sketch_files(options: argparse.Namespace, sketcher: 'PhotoSketcher') -> None:
    from emotion_models.imaging.files import read_colour, write_picture

    drawn = skipped = 0
    for path in _files(options.photos):
        target = options.out / f'{path.stem}.sketch.png'
        try:
            write_picture(target, sketcher(read_colour(path)))
        except ValueError as error:
            named = '' if isinstance(error, FileError) else f'{path}: '
            print(printable(f'{named}{error}'), file=sys.stderr)
            skipped += 1
        else:
            print(printable(str(target)))
            drawn += 1
    if not drawn:
        raise ValueError(f'nothing drawn: none of {skipped} files shows a face')


def _sketch_labelled(options: argparse.Namespace, sketcher: 'PhotoSketcher') -> None:
    from emotion_models.data.sources import load_labelled_faces
    from emotion_models.sketch.labelled_photos import write_labelled_drawings

    faces = load_labelled_faces(options.data)
    count = write_labelled_drawings(faces, sketcher, options.out, options.most)
    print(f'{count} drawings and their table in {options.out}')


def _files(places: list[Path]) -> list[Path]:
    """The files named, and those in the folders named."""
    files: list[Path] = []
    for place in places:
        if not place.exists():
            raise FileNotFoundError(f'no file or folder {place}')
        files += _pictures_in(place) if place.is_dir() else [place]
    return files


def _pictures_in(folder: Path) -> list[Path]:
    from emotion_models.imaging.files import pictures_among

    pictures, others = pictures_among(sorted(folder.iterdir()))
    if others:
        print(printable(f'{folder}: left out {others} that are no pictures'), file=sys.stderr)
    return pictures
