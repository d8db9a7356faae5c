# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""AFEW-VA: film clips whose valence and arousal were rated frame by frame."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

import numpy as np

from emotion_models.data.data_set import Parts
from emotion_models.data.labelled_faces import (
    FaceFile,
    LabelledFaces,
    Square,
    gather,
    parse_affect,
)
from emotion_models.data.splits import split_groups
from emotion_models.data.va_faces import PictureVaFaces, RatedPictures, read_annotation_file
from emotion_models.imaging.framing import Framing
from emotion_models.limits import TABLE_BYTES, read_text
from emotion_models.reading import reading

LANDMARK_FRAMING = Framing(side=1.25, down=-0.15)
"""From the box about 68 landmarks, brows to chin and jaw to jaw, to a square with the forehead."""

UNIT = 10
"""Ratings are whole numbers from -10 to 10."""

TEST_CLIPS = range(541, 601)

ANNOTATION = (
    'an annotation of AFEW-VA: {"frames": {NAME: {"valence": …, "arousal": …, "landmarks": '
    '[[x, y], …]}}}'
)

NO_ANNOTATION = 'clips without annotation'


@dataclass(frozen=True)
class AfewVaFaces(PictureVaFaces):
    """
    AFEW-VA: rated frames of film clips, split by clip; the clips 541 to 600 are for the test.

    Args:
        path: folder with CLIP/CLIP.json.
        labels: JSON file of classes by CLIP_FRAME, see transfer-annotations; none = not known.
        held_out: part of the clips 1 to 540 for validation.
        crop: show the face alone, by its landmarks; else the whole frame.
    """

    CONTENT = 'AFEW-VA, split by clip: 541 to 600 for the test'
    LAYOUT = (
        'a folder with CLIP/CLIP.json beside CLIP/FRAME.png, clips 001 to 600, perhaps one folder '
        'deeper'
    )
    ORIGIN: ClassVar[dict[str, str]] = {
        'name': 'AFEW-VA',
        'source': 'Kossaifi, Tzimiropoulos, Todorovic, Pantic, "AFEW-VA database for valence and '
        'arousal estimation in-the-wild", Image and Vision Computing 65, 2017',
        'terms': 'non-commercial research',
        'affect': 'rated',
    }

    path: str
    labels: str | None = None
    held_out: float = 0.2
    crop: bool = True

    def load_faces(self, path: Path) -> LabelledFaces:
        """Read the annotations of all clips."""
        return load_afew_va(path)

    def rate(self, faces: LabelledFaces) -> RatedPictures:
        """With the classes of the file, if one is given."""
        rated = super().rate(faces)
        if not self.labels:
            return rated
        names = read_annotation_file(self.labels)
        known = {name: index for index, name in enumerate(self.classes)}
        expression = [known.get(names.get(key, ''), -1) for key in faces.keys]
        return replace(rated, expression=np.array(expression))

    def load_parts(self, seed: int) -> Parts:
        """Split by clip."""
        pictures = self.read(self.path)
        clips = np.array([int(clip) for clip in pictures.faces.groups])
        is_test = np.isin(clips, TEST_CLIPS)
        others = np.flatnonzero(~is_test)
        validation, training = split_groups(clips[others], [self.held_out], seed)
        return {
            'training': pictures.part(others[training], self.crop),
            'validation': pictures.part(others[validation], self.crop),
            'test': pictures.part(np.flatnonzero(is_test), self.crop),
        }


def load_afew_va(folder: Path) -> LabelledFaces:
    """
    AFEW-VA as `CLIP/CLIP.json` beside `CLIP/FRAME.png`, clips perhaps one folder deeper.

    Whole film frames; the landmarks of the annotation say where the face is. The ratings are
    divided by 10.

    Raises:
        ValueError: if no frame has a label.
    """
    clips = find_clips(folder)
    annotated = [clip for clip in clips if (clip / f'{clip.name}.json').is_file()]
    files = (file for clip in annotated for file in _read_clip(clip))
    return gather(folder, files, Counter({NO_ANNOTATION: len(clips) - len(annotated)}))


def find_clips(folder: Path) -> list[Path]:
    """Folders named by three digits, in it or one deeper, by their names."""
    clips = (*folder.glob('[0-9][0-9][0-9]'), *folder.glob('*/[0-9][0-9][0-9]'))
    return sorted((clip for clip in clips if clip.is_dir()), key=lambda clip: clip.name)


def _read_clip(clip: Path) -> Iterator[FaceFile]:
    path = clip / f'{clip.name}.json'
    with reading(path, ANNOTATION):
        frames = json.loads(read_text(path, TABLE_BYTES))['frames']
        noted = [
            (name, notes.get('valence'), notes.get('arousal'), _about_landmarks(notes))
            for name, notes in sorted(frames.items())
        ]
    for name, valence, arousal, square in noted:
        affect = parse_affect(valence, arousal, UNIT)
        yield FaceFile(clip / f'{name}.png', -1, affect, square, f'{clip.name}_{name}', clip.name)


def _about_landmarks(notes: dict) -> Square | None:
    points = np.array(notes.get('landmarks', ()), float).reshape(-1, 2)
    if len(points) < 2:
        return None
    return LANDMARK_FRAMING.square_about(np.concatenate((points.min(0), np.ptp(points, axis=0))))
