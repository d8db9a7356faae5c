# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The data sets that there are."""

from emotion_models.data.acted_courses import ActedCourses
from emotion_models.data.afew_va import AfewVaFaces
from emotion_models.data.affect_faces import AffectFaces
from emotion_models.data.affectnet import AffectNetVaFaces
from emotion_models.data.class_folders import FolderVaFaces
from emotion_models.data.clip_sets import AnnotatedClips, ChallengeClips
from emotion_models.data.data_set import DataSet
from emotion_models.data.digits import Digits
from emotion_models.data.drawings import Drawings
from emotion_models.data.drawn_faces import DrawnVaFaces, DrawnVotes
from emotion_models.data.drawn_lines import DrawnLines
from emotion_models.data.face_archive import ArchiveVaFaces
from emotion_models.data.face_clips import FaceClips
from emotion_models.data.fer2013plus import FerVaFaces
from emotion_models.data.generated_courses import GeneratedCourses
from emotion_models.data.generated_poses import GeneratedPoses
from emotion_models.data.imfdb import ImfdbVaFaces
from emotion_models.data.own_drawings import OwnDrawings
from emotion_models.data.pendulum_clips import PendulumClips
from emotion_models.data.photo_faces import PhotoFaces
from emotion_models.data.recorded_poses import RecordedPoses
from emotion_models.data.shape_clips import ShapeClips
from emotion_models.data.sprite_clips import SpriteClips
from emotion_models.data.video_pairs import VideoPairs

DATA_SETS: tuple[type[DataSet], ...] = (
    *(DrawnVaFaces, FerVaFaces, ArchiveVaFaces, FolderVaFaces),
    *(AffectNetVaFaces, AfewVaFaces, ImfdbVaFaces),
    *(AffectFaces, DrawnVotes, PhotoFaces),
    *(RecordedPoses, GeneratedPoses, DrawnLines, Digits),
    *(Drawings, OwnDrawings),
    *(GeneratedCourses, ActedCourses, AnnotatedClips, ChallengeClips),
    *(ShapeClips, PendulumClips, FaceClips, SpriteClips, VideoPairs),
)
"""In the order in which they are listed."""
