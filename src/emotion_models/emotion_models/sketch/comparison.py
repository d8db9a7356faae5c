# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Learned faces side by side: a table of their figures, and pictures."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from emotion_models.data.drawings import DrawingBatch
from emotion_models.drawing.identity import Identity
from emotion_models.drawing.sheets import contact_sheet
from emotion_models.figures.markdown import markdown_table
from emotion_models.imaging.files import write_picture
from emotion_models.labels.emotions import EMOTIONS
from emotion_models.runtime.artefact import load_artefact, write_card
from emotion_models.sketch.evaluation import (
    INTERVALS,
    STRENGTH,
    Face,
    Protocol,
    draw_person,
    evaluate,
    fade,
    picture_of,
    walk,
)
from emotion_models.sketch.module import SketchModule
from emotion_models.training.loading import load_data, load_module
from emotion_models.training.run_table import (
    Summary,
    Value,
    configuration_of,
    summarise_runs,
    unique_names,
    write_rows,
    write_summary,
)

RUNS_NAME, SUMMARY_NAME = 'runs.csv', 'summary.csv'
PROTOCOL = (
    'emotion-models evaluate (emotion_models.sketch.evaluation): drawings of '
    'people not trained on; flips are pixels of 8192'
)
_NAMES = ('neutral', *EMOTIONS)
_WALKS = (('joy', 'surprise'), ('neutral', 'sad'))
_STEERED = ('mad', 'joy', 'sad')
_FADED = 'faded_'
_STEPS = (-0.5, -0.25, 0.0, 0.25, 0.5)


def compare(
    checkpoints: Sequence[Path], folder: Path, protocol: Protocol | None = None
) -> tuple[str, list[dict[str, float]]]:
    """
    Evaluate trained faces on the test part of their data.

    Args:
        checkpoints: of `emotion-models fit`; a face is called by the folder of its run.
        folder: gets `runs.csv`, `summary.csv`, `table.md` and pictures.
        protocol: how much is drawn to measure them.

    Returns:
        The table as Markdown, runs `NAME_s1`, `NAME_s2`, … as the seeds of one column `NAME`, and
        the figures of each face as `evaluate` gives them.

    Raises:
        ValueError: if two run folders have the same name.
    """
    names = unique_names([checkpoint.parent.name for checkpoint in checkpoints])
    folder.mkdir(parents=True, exist_ok=True)
    faces, figures, rows = {}, [], []
    for name, checkpoint in zip(names, checkpoints, strict=True):
        module = load_module(checkpoint, SketchModule)
        faces[name] = Face(module)
        figures.append(evaluate(module, load_data(checkpoint).in_order('test'), protocol))
        rows.append({'run': name, 'configuration': configuration_of(name), **figures[-1]})
        write_rows(folder / RUNS_NAME, rows)
    write_summary(folder / SUMMARY_NAME, rows, ['configuration'], figures[0])
    table = _table(summarise_runs(rows, ['configuration'], figures[0]))
    (folder / 'table.md').write_text(table, encoding='utf-8')
    for name, pictures in _pictures(faces):
        write_picture(folder / f'{name}.png', contact_sheet(pictures))
    return table, figures


def note_on_card(model: str, figures: dict[str, float]) -> None:
    """Write figures onto the card of an exported face."""
    artefact = load_artefact(model)
    metrics = artefact.card.setdefault('metrics', {})
    metrics['protocol'] = PROTOCOL
    metrics['test'] = {name: round(value, 4) for name, value in figures.items()}
    write_card(artefact.folder, artefact.card)


def _table(configurations: Mapping[tuple[Value, ...], Mapping[str, Summary]]) -> str:
    """A column for each configuration, and the last one beside cross-faded drawings."""
    last = list(configurations.values())[-1]
    faded = [metric for metric in last if metric.startswith(_FADED)]
    rows = [
        [metric, *(found[metric].show() for found in configurations.values())]
        for metric in last
        if metric not in faded
    ]
    # Every face is compared with the same cross-faded drawings.
    beside = [
        [metric, last[metric].show(), last[f'{_FADED}{metric}'].show()]
        for metric in (metric.removeprefix(_FADED) for metric in faded)
    ]
    tables = (
        markdown_table(['', *(str(name) for (name,) in configurations)], rows),
        markdown_table(['', 'interpolated', 'cross-faded'], beside),
    )
    return '\n\n'.join(tables) + '\n'


def _pictures(faces: dict[str, Face]) -> list[tuple[str, list[dict[str, np.ndarray]]]]:
    stranger = Identity.random(np.random.default_rng(5))
    expressions = np.vstack([np.zeros(len(EMOTIONS)), STRENGTH * np.eye(len(EMOTIONS))])
    drawings = draw_person(stranger, expressions)
    sheets = [('expressions', _expressions(faces, drawings))]
    for start, end in _WALKS:
        ends = (_NAMES.index(start), _NAMES.index(end))
        sheets.append((f'{start}_to_{end}', _walks(faces, drawings, ends)))
    last, face = list(faces.items())[-1]
    sheets.append((f'directions_{last}', _directions(face, stranger)))
    return sheets


def _expressions(faces: dict[str, Face], drawings: DrawingBatch) -> list[dict[str, np.ndarray]]:
    """Four expressions of a stranger in each row: the targets, and each face from the prior."""
    made = {'target': picture_of(drawings)}
    for name, face in faces.items():
        made[name] = face.draw(face.place(drawings), drawings.look)
    shown = [_NAMES.index(name) for name in ('neutral', 'joy', 'mad', 'surprise')]
    return [
        {f'{name}: {_NAMES[place]}': pictures[place] for place in shown}
        for name, pictures in made.items()
    ]


def _walks(
    faces: dict[str, Face], drawings: DrawingBatch, ends: tuple[int, int]
) -> list[dict[str, np.ndarray]]:
    """Six pictures from one drawing to another in each row, by each face and cross-faded."""
    ways = {name: walk(face, drawings, *ends) for name, face in faces.items()}
    ways['cross-faded'] = fade(drawings, *ends)
    places = np.linspace(0, INTERVALS, 6).round().astype(int)
    return [
        {f'{name} {place / INTERVALS:.0%}': way[place] for place in places}
        for name, way in ways.items()
    ]


def _directions(face: Face, person: Identity) -> list[dict[str, np.ndarray]]:
    """Emotions with other valence, and with other arousal, and everything else the same."""
    rows = []
    for name in _STEERED:
        emotions = 0.3 * np.eye(len(EMOTIONS))[[EMOTIONS.index(name)]]
        for column, affect in enumerate(('valence', 'arousal')):
            row = {}
            for step in _STEPS:
                beyond = (step, 0.0) if column == 0 else (0.0, step)
                drawn = draw_person(person, emotions, beyond)
                (row[f'{name}, {affect} {step:+g}'],) = face.draw(face.place(drawn), drawn.look)
            rows.append(row)
    return rows
