# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The shipped model of drawn faces that do each other's motions."""

import shutil

import numpy as np
import pytest
import yaml

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

    # Of seven; the model was trained on the drawing before this one.
    assert sum(found == np.arange(len(found))) >= 5, found


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


SIDE, POSE, STATIC, DYNAMICS = 64, 12, 8, 16


@pytest.mark.parametrize(
    'frames',
    [
        np.zeros((0, 3, SIDE, SIDE), np.float32),
        np.zeros((2, 3, SIDE, SIDE), np.uint8),
        np.zeros((2, SIDE, SIDE, 3), np.float32),
        np.zeros((2, 3, 32, 32), np.float32),
        np.full((2, 3, SIDE, SIDE), np.nan, np.float32),
        np.full((2, 3, SIDE, SIDE), 255, np.float32),
    ],
)
def test_what_are_no_frames_is_refused(model, frames):
    with pytest.raises(ValueError, match='^frames: expected'):
        model.read(frames)


def test_codes_of_other_widths_and_half_frames_are_refused(model):
    pose, dynamics = np.zeros(POSE, np.float32), np.zeros(DYNAMICS, np.float32)

    for count in (0, -3, 2.5):
        with pytest.raises(ValueError, match=r'^frames: expected a whole number >= 1'):
            model.move(pose, dynamics, count)
    with pytest.raises(ValueError, match=rf'^first: expected finite float32 \({POSE}\)'):
        model.move(pose[1:], dynamics, 2)
    with pytest.raises(ValueError, match='^dynamics: expected finite'):
        model.move(pose, dynamics * np.nan, 2)
    with pytest.raises(ValueError, match=rf'^static: expected finite float32 \({STATIC}\)'):
        model.show(pose[None], np.zeros((1, STATIC), np.float32))


def test_networks_of_different_models_are_refused(tmp_path):
    shutil.copytree(WEIGHTS_FOLDER / 'vdsm_faces', tmp_path / 'm')
    card = tmp_path / 'm' / 'decoder' / 'card.yaml'
    content = yaml.safe_load(card.read_text())
    content['inputs'][1]['shape'] = [2 * STATIC]
    card.write_text(yaml.safe_dump(content))

    with pytest.raises(ArtefactError, match=f'static ends with {2 * STATIC}, expected {STATIC}'):
        VideoModel(tmp_path / 'm')
