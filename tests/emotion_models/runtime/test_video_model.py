# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The shipped model of drawn faces that do each other's motions."""

import numpy as np
import pytest

from emotion_models.data.face_clips import FaceClips
from emotion_models.runtime import ArtefactError
from emotion_models.runtime.artefact import WEIGHTS_FOLDER
from emotion_models.runtime.video_model import VideoModel, as_clip, as_network_input


@pytest.fixture(scope='module')
def model():
    return VideoModel('vdsm_faces')


@pytest.fixture(scope='module')
def faces(model):
    """Clips of the robot's own face and of a stranger's, seven each, in the order of actions."""
    videos = FaceClips(identities=2, clips_each=1, side=model.side).load_videos(3)
    who, what = videos.labels.T[:2]
    return [
        [
            videos.clips[int(clip)]
            for clip in np.flatnonzero(who == face)[np.argsort(what[who == face])]
        ]
        for face in range(2)
    ]


def test_the_robots_face_does_what_a_stranger_does(model, faces):
    own, theirs = ([model.read(as_network_input(clip)) for clip in clips] for clips in faces)
    static = np.mean([codes.static for codes in own], 0)
    middle = [clip[7].astype(float) for clip in faces[0]]

    found = []
    for codes in theirs:
        poses = model.move(codes.poses[0], codes.dynamics, 16)
        shown = as_clip(model.show(poses, static))
        found.append(np.argmin([np.abs(shown[7] - frame).mean() for frame in middle]))

    assert sum(found == np.arange(len(found))) >= 6, found


def test_the_four_networks_are_small():
    files = list((WEIGHTS_FOLDER / 'vdsm_faces').rglob('model.onnx'))

    assert len(files) == 4
    assert sum(file.stat().st_size for file in files) < 5e6


def test_frames_come_back_as_they_were():
    clip = np.random.default_rng(0).integers(0, 256, (2, 3, 4, 3), dtype=np.uint8)

    assert np.array_equal(as_clip(as_network_input(clip)), clip)


def test_another_model_is_refused_with_what_is_missing():
    with pytest.raises(ArtefactError, match="no model 'affect/encoder'"):
        VideoModel('affect')
