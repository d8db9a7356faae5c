# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The data modules by name: what each holds, and how its files lie."""

from dataclasses import dataclass, field
from pathlib import Path

from emotion_models.data import fer2013plus, poses


@dataclass(frozen=True)
class DataSet:
    """
    One line of the catalogue.

    Args:
        module: class to name in an experiment.
        content: what it holds and how it is split.
        layout: how its files lie; empty = it needs none.
        origin: source and terms, for the cards of models trained on it.
    """

    module: str
    content: str
    layout: str = ''
    origin: dict[str, str] = field(default_factory=dict)

    def check_path(self, path: str | Path) -> Path:
        """
        The path, if there is something.

        Raises:
            FileNotFoundError: if not; says which layout was expected.
        """
        path = Path(path)
        if not path.exists():
            raise FileNotFoundError(f'no file or folder {path.absolute()}; expected {self.layout}')
        return path


DRAWN = DataSet(
    'emotion_models.data.drawn_va_faces.DrawnVaFaces',
    'drawings of the parametric face, split by identity',
)
FER_VOTES = DataSet(
    'emotion_models.data.fer_va_faces.FerVaFaces',
    'FER2013 with the votes of FER+, the affect expected under the votes',
    fer2013plus.LAYOUT,
)
ARCHIVE = DataSet(
    'emotion_models.data.published_va_faces.ArchiveVaFaces',
    'faces of one archive, split by subject where it tells them',
    'an .npz archive with images or crops and with va (N, 2), or with label and label_names, or '
    'with votes and vote_names; perhaps with subject (N,)',
    origin={'name': 'an archive of faces', 'terms': 'those of its faces'},
)
FOLDERS = DataSet(
    'emotion_models.data.published_va_faces.FolderVaFaces',
    'faces sorted by class, as FER2013 is often stored',
    'a folder with CLASS/FILE.png',
    origin={'name': 'faces in folders', 'terms': 'those of its faces'},
)
AFFECTNET = DataSet(
    'emotion_models.data.published_va_faces.AffectNetVaFaces',
    'AffectNet, rated faces of the classes 0 to 6',
    "AffectNet's table (.csv: subDirectory_filePath, face_x, face_y, face_width, face_height, "
    'expression, valence, arousal) beside its pictures or below Manually_Annotated_Images, or a '
    'folder with images/N.jpg and annotations/N_{exp,val,aro}.npy',
    origin={
        'name': 'AffectNet',
        'source': 'Mollahosseini, Hasani, Mahoor, "AffectNet", arXiv 1708.03985',
        'terms': 'non-commercial research',
        'affect': 'rated',
    },
)
AFEW_VA = DataSet(
    'emotion_models.data.published_va_faces.AfewVaFaces',
    'AFEW-VA, split by clip: 541 to 600 for the test',
    'a folder with CLIP/CLIP.json beside CLIP/FRAME.png, clips 001 to 600, perhaps one folder '
    'deeper',
    origin={
        'name': 'AFEW-VA',
        'source': 'Kossaifi, Tzimiropoulos, Todorovic, Pantic, "AFEW-VA database for valence and '
        'arousal estimation in-the-wild", Image and Vision Computing 65, 2017',
        'terms': 'non-commercial research',
        'affect': 'rated',
    },
)
IMFDB = DataSet(
    'emotion_models.data.published_va_faces.ImfdbVaFaces',
    'IMFDB, split by actor',
    'a folder with ACTOR/FILM/FILM.txt (columns by tabs, ISO-8859-1; the third the file, the '
    'twelfth the class) beside ACTOR/FILM/images/FILE',
    origin={
        'name': 'IMFDB',
        'source': 'Setty et al., "Indian Movie Face Database", NCVPRIPG 2013',
        'terms': 'research use',
        'affect': 'transferred from the classes',
    },
)

VOTES = DataSet(
    'emotion_models.data.voted_faces.VotedFacesModule',
    'FER2013 with the votes of FER+, for the affect network',
    fer2013plus.LAYOUT,
)
DRAWN_VOTES = DataSet(
    'emotion_models.data.voted_faces.DrawnFacesModule',
    'drawings of the parametric face in the form of voted faces, for the affect network',
)
POSES = DataSet(
    'emotion_models.acai.data.RecordedPosesModule',
    'recorded poses, split by subject',
    poses.LAYOUT,
)
GENERATED_POSES = DataSet(
    'emotion_models.acai.data.GeneratedPosesModule',
    'poses of a kinematic chain, its last person held out',
)
LINES = DataSet(
    'emotion_models.acai.data.LinesModule',
    'images of lines at all angles, the benchmark of interpolation',
)
DRAWINGS = DataSet(
    'emotion_models.data.drawings.DrawingsModule',
    "drawings of the parametric face in the panel's shape, split by identity",
)
OWN_DRAWINGS = DataSet(
    'emotion_models.data.own_drawings.OwnDrawings',
    "a user's own drawings",
    'a folder with drawings.csv (file,valence,arousal and any of the emotions) and the drawings, '
    'white lines on black',
)

DATA_SETS = (
    *(DRAWN, FER_VOTES, ARCHIVE, FOLDERS, AFFECTNET, AFEW_VA, IMFDB),
    *(VOTES, DRAWN_VOTES, POSES, GENERATED_POSES, LINES, DRAWINGS, OWN_DRAWINGS),
)
"""In the order in which they are listed."""
