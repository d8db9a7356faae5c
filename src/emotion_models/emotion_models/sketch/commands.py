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
    from collections.abc import Callable

    import numpy as np

    from emotion_models.sketch.photo import PhotoSketcher
    from emotion_models.sketch.robot_face import RobotFace


LEARNED, LINES = 'learned', 'lines'


def add_commands(commands: 'argparse._SubParsersAction[argparse.ArgumentParser]') -> None:
    """Add `sketch`, `morph` and `swap` to the command line."""
    command = commands.add_parser('sketch', help="photographs of faces in the robot's drawing")
    command.add_argument('photos', nargs='*', type=Path, metavar='PHOTO', help='image or folder')
    command.add_argument(
        '--data',
        metavar='NAME_OR_PATH',
        help='labelled face crops instead (docs/models.md), to train on the drawings: writes the '
        'table that sketch_own.yaml reads, too',
    )
    command.add_argument('--most', type=int, default=2000, help='of --data; default: 2000')
    command.add_argument('--out', type=Path, default=Path('.'), help='folder; default: this one')
    command.add_argument(
        '--drawer',
        metavar=f'{LEARNED}|{LINES}|ONNX',
        help='the learned face (default), the lines of the photograph (default of --data), or a '
        'line-drawing network of your own',
    )
    command.add_argument(
        '--face', type=int, default=1, metavar='N', help='of several; default: 1, the largest'
    )
    command.add_argument(
        '--save-z', type=Path, metavar='FILE', help='write the latent point of one photograph, too'
    )
    _add_models(command)
    command.set_defaults(run=sketch_photos)

    command = commands.add_parser('morph', help='a GIF of the way between faces')
    command.add_argument(
        'faces', nargs='+', metavar='FACE', help='two or more: photograph, drawing, z file, robot'
    )
    command.add_argument('--to', required=True, type=Path, metavar='FILE', help='.gif, or .png')
    command.add_argument('--steps', type=int, default=25, help='between two faces; default: 25')
    _add_models(command)
    command.set_defaults(run=morph_faces)

    command = commands.add_parser('swap', help='the proportions of one face, the face of another')
    command.add_argument('--identity', required=True, metavar='FACE', help='gives the proportions')
    command.add_argument('--expression', required=True, metavar='FACE', help='gives all else')
    command.add_argument('--to', required=True, type=Path, metavar='FILE', help='.png')
    _add_models(command)
    command.set_defaults(run=swap_faces)


def _add_models(command: argparse.ArgumentParser) -> None:
    command.add_argument('--detector', default='auto', help='auto (default), haar, yunet, a file')
    command.add_argument(
        '--model', default='sketch', help='the learned face: name or folder; default: sketch'
    )
    command.add_argument(
        '--photo-model',
        default='photo_face',
        help='the encoder of photographs that belongs to it; default: photo_face',
    )


def evaluate_faces(options: argparse.Namespace) -> None:
    """Figures and pictures of trained faces, on identities that none was trained on."""
    from emotion_models.sketch.comparison import compare, note_on_card

    if options.onto_card == '':
        raise ValueError('checkpoints have no card; name the model: --onto-card MODEL')
    if _reads_photos(options.models[0]):
        from emotion_models.sketch.photo_evaluation import compare_photos

        print(compare_photos(checkpoints_of(options), options.to))
        return
    table, figures = compare(checkpoints_of(options), options.to)
    print(table)
    if options.onto_card:
        note_on_card(options.onto_card, figures[-1])


def _reads_photos(checkpoint: str) -> bool:
    """Whether it is one of an encoder of photographs."""
    from emotion_models.sketch.photo_module import PhotoModule
    from emotion_models.training.evaluation import is_checkpoint
    from emotion_models.training.loading import MODULE_KEY, noted_class, read_checkpoint

    if not is_checkpoint(checkpoint):
        return False
    return issubclass(
        noted_class(read_checkpoint(checkpoint), MODULE_KEY, checkpoint), PhotoModule
    )


EVALUATION = Evaluation(run=evaluate_faces, required=('--to',), optional=('--onto-card',))


def sketch_photos(options: argparse.Namespace) -> None:
    """
    Write `NAME.sketch.png`, 128×64, for every photograph; those without a face are named.

    Raises:
        ValueError: if nothing could be drawn, or options contradict each other.
    """
    if options.data and options.drawer == LEARNED:
        raise ValueError('--data is drawn in lines, to train a face on: --drawer lines, or a file')
    if options.data and options.save_z:
        raise ValueError('--save-z is for one photograph, not for --data')
    drawer = options.drawer or (LINES if options.data else LEARNED)
    if drawer != LEARNED and (options.save_z or options.face != 1):
        raise ValueError('--save-z and --face are for the learned face: leave out --drawer')
    options.out.mkdir(parents=True, exist_ok=True)
    if options.data:
        _sketch_labelled(options, _line_sketcher(drawer, options))
    elif not options.photos:
        raise ValueError('nothing to draw: name photographs or --data')
    elif drawer == LEARNED:
        _draw_learned(options)
    else:
        sketcher = _line_sketcher(drawer, options)
        _draw_files(_files(options.photos), options.out, sketcher)


def morph_faces(options: argparse.Namespace) -> None:
    """
    Write the way from face to face: an endless GIF that comes back, or a strip of its pictures.

    Raises:
        ValueError: if there are fewer than two faces, or options are out of range.
    """
    from emotion_models.sketch.morphs import GIF, MOST_STEPS, PNG, write_morph

    if len(options.faces) < 2:
        raise ValueError('a morph needs two faces or more: emotion-models morph A B --to X.gif')
    if not 1 <= options.steps <= MOST_STEPS:
        raise ValueError(f'--steps must lie in 1..{MOST_STEPS}, got {options.steps}')
    _check_ending(options.to, (GIF, PNG))
    face = _robot_face(options)
    write_morph(face, [face.point_of(name) for name in options.faces], options.to, options.steps)
    print(printable(str(options.to)))


def swap_faces(options: argparse.Namespace) -> None:
    """Write the drawing of one face's expression with the proportions of another, 128×64."""
    from emotion_models.imaging.files import write_picture

    _check_ending(options.to, ('.png',))
    face = _robot_face(options)
    identity = face.space.identity(face.point_of(options.identity))
    swapped = face.space.with_identity(face.point_of(options.expression), identity)
    write_picture(options.to, face.draw(swapped))
    print(printable(str(options.to)))


def _robot_face(options: argparse.Namespace) -> 'RobotFace':
    from emotion_models.runtime.detection import make_detector
    from emotion_models.sketch.robot_face import RobotFace

    return RobotFace(options.model, options.photo_model, make_detector(options.detector))


def _check_ending(path: Path, endings: tuple[str, ...]) -> None:
    if path.suffix not in endings:
        raise ValueError(f'--to must end in {" or ".join(endings)}, got {path.name!r}')


def _line_sketcher(drawer: str, options: argparse.Namespace) -> 'PhotoSketcher':
    from emotion_models.runtime.detection import make_detector
    from emotion_models.sketch.photo import OnnxDrawer, PhotoSketcher

    network = None if drawer == LINES else OnnxDrawer(Path(drawer))
    return PhotoSketcher(make_detector(options.detector), network)


def _draw_learned(options: argparse.Namespace) -> None:
    from emotion_models.runtime.latent_points import write_point

    files = _files(options.photos)
    if options.save_z and len(files) != 1:
        raise ValueError(f'--save-z is for one photograph, got {len(files)}')
    face = _robot_face(options)

    def draw(photo: 'np.ndarray') -> 'np.ndarray':
        point = face.locate(photo, options.face)
        if options.save_z:
            write_point(options.save_z, point, face.space)
        return face.draw(point)

    _draw_files(files, options.out, draw)


def _draw_files(files: list[Path], out: Path, draw: 'Callable[[np.ndarray], np.ndarray]') -> None:
    from emotion_models.imaging.files import read_colour, write_picture

    drawn = skipped = 0
    for path in files:
        target = out / f'{path.stem}.sketch.png'
        try:
            write_picture(target, draw(read_colour(path)))
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
