# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What ``emotion-models`` can do with drawings."""

import argparse
import sys
from pathlib import Path


def add_commands(commands: 'argparse._SubParsersAction[argparse.ArgumentParser]') -> None:
    """Add ``sketch`` to the command line."""
    command = commands.add_parser('sketch', help='line drawings of the faces in photographs')
    command.add_argument('photos', nargs='+', type=Path, metavar='PHOTO', help='image or folder')
    command.add_argument('--out', type=Path, default=Path('.'), help='folder; default: this one')
    command.add_argument('--detector', default='auto', help='auto (default), haar, yunet, a file')
    command.add_argument(
        '--drawer', type=Path, metavar='ONNX', help='a line-drawing network of your own'
    )
    command.set_defaults(run=sketch_photos)


def sketch_photos(options: argparse.Namespace) -> None:
    """
    Write ``NAME.png``, 128×64, for every photograph; those without a face are named and counted.

    Raises:
        ValueError: if nothing could be drawn.
    """
    import cv2

    from emotion_models.runtime.detection import make_detector
    from emotion_models.sketch.photo import OnnxDrawer, PhotoSketcher

    drawer = OnnxDrawer(options.drawer) if options.drawer else None
    sketcher = PhotoSketcher(make_detector(options.detector), drawer)
    options.out.mkdir(parents=True, exist_ok=True)
    drawn = skipped = 0
    for path in _files(options.photos):
        try:
            photo = cv2.imread(str(path))
            if photo is None:
                raise ValueError('not an image that OpenCV can read')
            target = options.out / f'{path.stem}.sketch.png'
            cv2.imwrite(str(target), sketcher(photo))
        except ValueError as problem:
            print(f'{path}: {problem}', file=sys.stderr)
            skipped += 1
        else:
            print(target)
            drawn += 1
    if not drawn:
        raise ValueError(f'nothing drawn: none of {skipped} files shows a face')


def _files(places: list[Path]) -> list[Path]:
    """The files named, and those in the folders named."""
    files: list[Path] = []
    for place in places:
        if not place.exists():
            raise FileNotFoundError(f'no file or folder {place}')
        files += sorted(place.glob('*.*')) if place.is_dir() else [place]
    return files
