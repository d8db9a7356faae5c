# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Published sets of faces with valence and arousal, in the layouts they are published in."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from emotion_models.data import catalogue
from emotion_models.data.class_folders import load_class_folders, load_imfdb
from emotion_models.data.face_folders import load_afew_va, load_affectnet_arrays, load_table
from emotion_models.data.labelled_faces import LabelledFaces, load_archive
from emotion_models.data.picture_va_faces import (
    PictureSet,
    PictureVaFaces,
    read_annotation_file,
)

AFEW_TEST_CLIPS = range(541, 601)


class ArchiveVaFaces(PictureVaFaces):
    """
    The faces of one archive (.npz), split by subject where it tells them.

    Args:
        path: archive with images and va, label or votes, see `DATA_SET.layout`.
        held_out: part of the subjects, or else of the faces, for validation.
        tested: part that is only reported on.
        batch_size: faces in a batch.
        seed: of the split and of the order.
    """

    DATA_SET = catalogue.ARCHIVE
    ORIGIN = DATA_SET.origin

    def __init__(
        self,
        path: str,
        held_out: float = 0.1,
        tested: float = 0.1,
        batch_size: int = 128,
        seed: int = 5230,
    ) -> None:
        super().__init__(batch_size, seed)
        self.save_hyperparameters()

    def load_faces(self, path: Path) -> LabelledFaces:
        """Read the archive."""
        return load_archive(path)


class FolderVaFaces(PictureVaFaces):
    """
    Faces sorted into a folder for each class.

    Args:
        path: folder with CLASS/FILE.png.
        annotations: JSON file of valence and arousal by CLASS/FILE.png; none = means of the class.
        held_out: part of the faces for validation.
        tested: part that is only reported on.
        batch_size: faces in a batch.
        seed: of the split and of the order.
        workers: processes that read ahead; 0 = none.
    """

    DATA_SET = catalogue.FOLDERS
    ORIGIN = DATA_SET.origin

    def __init__(
        self,
        path: str,
        annotations: str | None = None,
        held_out: float = 0.1,
        tested: float = 0.1,
        batch_size: int = 128,
        seed: int = 5230,
        workers: int = 0,
    ) -> None:
        super().__init__(batch_size, seed, workers)
        self.save_hyperparameters()

    def load_faces(self, path: Path) -> LabelledFaces:
        """Read the names of the files."""
        return load_class_folders(path)


class ImfdbVaFaces(FolderVaFaces):
    """
    IMFDB, split by actor.

    Args:
        path: folder with ACTOR/FILM/FILM.txt.
        annotations: IMFDB_va.json, valence and arousal by FILM_FILE; none = means of the class.
        held_out: part of the actors for validation.
        tested: part of the actors that is only reported on.
        batch_size: faces in a batch.
        seed: of the split and of the order.
        workers: processes that read ahead; 0 = none.
    """

    DATA_SET = catalogue.IMFDB
    ORIGIN = DATA_SET.origin

    def load_faces(self, path: Path) -> LabelledFaces:
        """Read the tables of all films."""
        return load_imfdb(path)


class AffectNetVaFaces(PictureVaFaces):
    """
    AffectNet: faces of the classes 0 to 6 whose valence and arousal were rated.

    Args:
        path: training.csv, or the folder of the numbered arrays.
        test_path: validation.csv, or the folder of its arrays; only reported on.
        held_out: part of the faces of `path` for validation.
        batch_size: faces in a batch.
        seed: of the split and of the order.
        workers: processes that read ahead; 0 = none.
    """

    DATA_SET = catalogue.AFFECTNET
    ORIGIN = DATA_SET.origin

    def __init__(
        self,
        path: str,
        test_path: str,
        held_out: float = 0.05,
        batch_size: int = 128,
        seed: int = 5230,
        workers: int = 0,
    ) -> None:
        super().__init__(batch_size, seed, workers)
        self.save_hyperparameters()

    def load_faces(self, path: Path) -> LabelledFaces:
        """Read a table, or the names of the arrays."""
        return load_affectnet_arrays(path) if path.is_dir() else load_table(path)

    def read(self, path: str | Path) -> tuple[LabelledFaces, np.ndarray, np.ndarray]:
        """Drop what has no class or rating of its own."""
        faces, affect, expression = super().read(path)
        affect[(expression < 0) | np.isnan(faces.affect[:, 0])] = np.nan
        return faces, affect, expression

    def load_parts(self) -> Mapping[str, PictureSet]:
        """Split the one, and take the other for the test."""
        faces, affect, expression = self.read(self.hparams.test_path)
        rated = np.flatnonzero(np.isfinite(affect[:, 0]))
        test = PictureSet(faces, affect, expression, rated, crop=True)
        return {**super().load_parts(), 'test': test}


class AfewVaFaces(PictureVaFaces):
    """
    AFEW-VA: rated frames of film clips, split by clip; the clips 541 to 600 are for the test.

    Args:
        path: folder with CLIP/CLIP.json.
        labels: JSON file of classes by CLIP_FRAME, see transfer-annotations; none = not known.
        held_out: part of the clips 1 to 540 for validation.
        crop: show the face alone, by its landmarks; else the whole frame.
        batch_size: faces in a batch.
        seed: of the split and of the order.
        workers: processes that read ahead; 0 = none.
    """

    DATA_SET = catalogue.AFEW_VA
    ORIGIN = DATA_SET.origin

    def __init__(
        self,
        path: str,
        labels: str | None = None,
        held_out: float = 0.2,
        crop: bool = True,
        batch_size: int = 128,
        seed: int = 5230,
        workers: int = 0,
    ) -> None:
        super().__init__(batch_size, seed, workers)
        self.save_hyperparameters()

    def load_faces(self, path: Path) -> LabelledFaces:
        """Read the annotations of all clips."""
        return load_afew_va(path)

    def read(self, path: str | Path) -> tuple[LabelledFaces, np.ndarray, np.ndarray]:
        """Add the classes of the file, if one is given."""
        faces, affect, expression = super().read(path)
        if self.hparams.labels:
            names = read_annotation_file(self.hparams.labels)
            known = {name: index for index, name in enumerate(self.classes)}
            expression = np.array([known.get(names.get(key, ''), -1) for key in faces.keys])
        return faces, affect, expression

    def split(self, faces: LabelledFaces) -> Mapping[str, np.ndarray]:
        """Indices of the frames of each part."""
        clips = np.array([int(clip) for clip in faces.groups])
        is_test = np.isin(clips, AFEW_TEST_CLIPS)
        names = np.unique(clips[~is_test])
        names = np.random.default_rng(self.hparams.seed).permutation(names)
        is_held = np.isin(clips, names[: round(self.hparams.held_out * len(names))])
        return {
            'training': np.flatnonzero(~is_test & ~is_held),
            'validation': np.flatnonzero(is_held),
            'test': np.flatnonzero(is_test),
        }
