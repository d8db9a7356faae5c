# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Encoders of photographs side by side, and beside other ways to draw a photograph."""

import csv
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from emotion_models.data.archives import load_arrays
from emotion_models.data.face_parts import choose_part
from emotion_models.data.labelled_faces import LabelledFaces
from emotion_models.data.photo_faces import EMOTION_OF, SHOWN, PhotoFaces
from emotion_models.data.sources import find_data, load_labelled_faces
from emotion_models.drawing.view import HEIGHT, WIDTH
from emotion_models.figures.markdown import markdown_table
from emotion_models.figures.tiles import tile
from emotion_models.imaging.files import write_picture
from emotion_models.imaging.images import fit_square, to_grey
from emotion_models.labels.expressions import EXPRESSIONS
from emotion_models.runtime.affect import AffectModel
from emotion_models.runtime.artefact import MODEL_NAME, load_artefact
from emotion_models.runtime.photo_encoder import PhotoEncoder
from emotion_models.sketch.labelled_photos import draw_crop
from emotion_models.sketch.photo import PhotoSketcher
from emotion_models.sketch.photo_measures import (
    PhotoFace,
    Photos,
    Readers,
    draw_points,
    draw_votes,
    load_photos,
    measure_expression,
    measure_fidelity,
    measure_likeness,
    measure_morphs,
    measure_non_faces,
    measure_strangeness,
    measure_swaps,
    recall_report,
    table_rows,
)
from emotion_models.sketch.photo_module import PhotoModule
from emotion_models.training.export import export_checkpoint
from emotion_models.training.loading import load_data, load_module
from emotion_models.training.run_table import unique_names, write_rows

Report = dict[str, float]

SHEET_NAME, KEY_NAME, PAIRS_NAME = 'photos.png', 'photos_key.csv', 'photos_beside.png'
_SHEET_SIZE = 20
_LINES, _POINTS, _VOTES, _READ = 'lines (XDoG)', 'points drawn', 'votes drawn', 'affect network'
_GREY = 90


@dataclass(frozen=True)
class Sources:
    """
    Where photographs come from beside those of the data; what is not there is left out.

    Args:
        persons: archive with `images`, `subject`, `sequence`, for likeness.
        shown: labelled faces that may be shown, for the pages of pictures.
    """

    persons: str = 'ckplus48/ckplus48.npz'
    shown: str = 'diffusion_faces'


def compare_photos(
    checkpoints: Sequence[Path], folder: Path, sources: Sources | None = None
) -> str:
    """
    Evaluate encoders of photographs on the test faces of their data.

    Args:
        checkpoints: of `emotion-models fit`; each is called by the folder of its run.
        folder: gets `photos.csv`, `table.md`, an exported `model_NAME` of each, and pages of
            pictures of the last one.
        sources: of further photographs.

    Returns:
        The table as Markdown.
    """
    sources = sources or Sources()
    folder.mkdir(parents=True, exist_ok=True)
    names = unique_names([checkpoint.parent.name for checkpoint in checkpoints])
    data = load_data(checkpoints[0])
    if not isinstance(data.data_set, PhotoFaces):
        raise ValueError(
            f'{checkpoints[0]} was trained on {type(data.data_set).__name__}; expected a '
            'checkpoint of photo_face.yaml'
        )
    photos = load_photos(data.data_set, data.data_set.load_scales(data.hparams.seed))
    readers = Readers()
    reports = others(readers, photos)
    for name, checkpoint in zip(names, checkpoints, strict=True):
        face = PhotoFace(load_module(checkpoint, PhotoModule))
        reports[name] = {
            **measure(face, readers, photos, sources),
            **measure_cost(checkpoint, folder / f'model_{name}'),
        }
        rows = [{'drawn by': way, **report} for way, report in reports.items()]
        write_rows(folder / 'photos.csv', rows)
    draw_pages(face, folder, sources)
    checked = ', '.join(f'{value:.3f}' for value in readers.geometry.checked)
    table = f'{_table(reports)}\n\nr of the reader of geometry on drawings: {checked}\n'
    (folder / 'table.md').write_text(table, encoding='utf-8')
    return table


def measure(face: PhotoFace, readers: Readers, photos: Photos, sources: Sources) -> Report:
    """All figures of one encoder but those of its file."""
    lit = face.draw(face.locate(photos.faces)[0])
    asked = photos.faces[photos.is_asked]
    return {
        **measure_expression(readers, lit, photos),
        **measure_fidelity(readers, lit, photos),
        **_likeness(face, sources),
        **measure_swaps(face, asked),
        **measure_morphs(face, asked),
        **measure_non_faces(face, photos),
        **measure_strangeness(face, lit, photos),
    }


def others(readers: Readers, photos: Photos) -> dict[str, Report]:
    """Other ways to draw the photographs, and what the affect network reads off them."""
    rows = np.flatnonzero(photos.is_asked)
    ways = {_VOTES: draw_votes(photos), _POINTS: draw_points(photos)}
    lines = np.zeros((len(photos.faces), HEIGHT, WIDTH), bool)
    sketcher = PhotoSketcher(lambda image: [])
    for row in rows:
        lines[row] = draw_crop(sketcher, photos.faces[row]) > 0
    reports = {_LINES: measure_expression(readers, lines, photos)}
    for name, lit in ways.items():
        reports[name] = measure_expression(readers, lit, photos)
    reports[_POINTS] |= measure_fidelity(readers, ways[_POINTS], photos)
    model = AffectModel('affect')
    crops = [fit_square(face, model.size_px) for face in photos.faces[rows]]
    read = model(crops)[0].argmax(1)
    places = np.array([SHOWN.index(EMOTION_OF.get(name, 'power')) for name in EXPRESSIONS])
    reports[_READ] = recall_report('nearest', photos.shown[rows], places[read])
    return reports


def measure_cost(checkpoint: Path, folder: Path, runs: int = 200) -> Report:
    """`ms`: of one face by one thread, the median; `mb`: of the exported file."""
    export_checkpoint(checkpoint, folder)
    encoder = PhotoEncoder(folder)
    face = np.random.default_rng(0).integers(0, 256, (64, 64), dtype=np.uint8)
    spans = []
    for _ in range(runs):
        start = time.perf_counter()
        encoder([face])
        spans.append(1e3 * (time.perf_counter() - start))
    size = (load_artefact(folder).folder / MODEL_NAME).stat().st_size
    return {'ms': float(np.median(spans)), 'mb': size / 1e6}


def draw_pages(face: PhotoFace, folder: Path, sources: Sources) -> None:
    """
    The pages of pictures: twenty drawings without names, their key, and photographs beside them.

    The faces are those with odd numbers, so that none was seen by the affect network.
    """
    try:
        faces = choose_part(load_labelled_faces(sources.shown), 'odd')
    except FileNotFoundError:
        return
    rows = choose_shown(faces)
    images = [to_grey(faces.images[row]) for row in rows]
    latent, sure = face.locate(np.stack([fit_square(image, 64) for image in images]))
    drawings = 255 * face.draw(latent).astype(np.uint8)
    enlarged = [np.kron(drawing, np.ones((2, 2), np.uint8)) for drawing in drawings]
    write_picture(folder / SHEET_NAME, tile(enlarged, 4, 8, _GREY))
    beside = [
        np.hstack([fit_square(image, 2 * HEIGHT), drawing])
        for image, drawing in zip(images, enlarged, strict=True)
    ]
    write_picture(folder / PAIRS_NAME, tile(beside, 4, 8, _GREY))
    shown = face.read_shown(latent)
    with (folder / KEY_NAME).open('w', newline='', encoding='utf-8') as file:
        table = csv.writer(file)
        table.writerow(['number', 'file', 'expression', 'read', 'confidence'])
        for number, row in enumerate(rows):
            table.writerow(
                [
                    number + 1,
                    Path(faces.keys[row]).name if faces.keys else row,
                    EXPRESSIONS[faces.expression[row]],
                    SHOWN[shown[number]],
                    f'{sure[number]:.2f}',
                ]
            )


def choose_shown(faces: LabelledFaces) -> np.ndarray:
    """Rows of twenty faces of all expressions that the robot shows, shuffled."""
    generator = np.random.default_rng(5)
    names = [EXPRESSIONS[place] if place >= 0 else '' for place in faces.expression]
    pools = [
        generator.permutation([k for k, name in enumerate(names) if name == wanted])
        for wanted in EMOTION_OF
    ]
    turns = [row for turn in zip(*(_padded(pool) for pool in pools), strict=True) for row in turn]
    chosen = [int(row) for row in turns if row >= 0][:_SHEET_SIZE]
    return generator.permutation(chosen)


def _padded(pool: np.ndarray) -> list[int]:
    return [*pool.tolist(), *[-1] * _SHEET_SIZE][:_SHEET_SIZE]


def _likeness(face: PhotoFace, sources: Sources) -> Report:
    try:
        path = find_data(sources.persons)
    except FileNotFoundError:
        return {}
    arrays = load_arrays(path, 'an .npz archive with images, subject and sequence')
    found = (arrays['images'], arrays['subject'], arrays['sequence'])
    return {'likeness': measure_likeness(face, *found)}


def _table(reports: dict[str, Report]) -> str:
    names = table_rows(list(reports.values()))
    rows = [
        [name, *(f'{report[name]:.3f}' if name in report else '' for report in reports.values())]
        for name in names
    ]
    return markdown_table(['', *reports], rows)
