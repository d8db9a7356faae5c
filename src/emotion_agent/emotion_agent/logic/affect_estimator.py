# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What the node `affect_estimator` sees in an image."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from emotion_agent.logic import AFFECT, FACE, REGION, Make
from emotion_models.runtime import AffectEstimator, CropReader, Face, OneEuroFilter, Timings
from node_kit.images import compressed_to_array, image_to_array
from node_kit.settings import Setting

TABLE = (
    Setting('image_topic', 'camera/image_raw', 'camera topic; compressed images are taken '
            'from this name + /compressed', fixed=True),
    Setting('image_transport', 'auto', 'which images to take; auto = whichever come',
            choices=('auto', 'raw', 'compressed'), fixed=True),
    Setting('model', 'affect', 'name of a shipped network or folder with model.onnx and '
            'card.yaml', fixed=True),
    Setting('detector', 'auto', 'auto = YuNet where it was downloaded, haar otherwise; haar, '
            'yunet, or the path of a YuNet model file', fixed=True),
    Setting('rotation', 0, 'degrees by which the camera is turned clockwise',
            choices=(0, 90, 180, 270), fixed=True),
    Setting('threads', 1, 'threads of the network', 1, 16, fixed=True),
    Setting('detect_every', 10, 'images from one detection to the next', 1, 100,
            fixed=True),
    Setting('allow_annotated_image', True, 'publish annotated_image/compressed to whoever '
            'subscribes; false = images never leave this node'),
    Setting('max_faces', 4, 'faces to look at in one image', 1, 32, fixed=True),
    Setting('smoothing.rest_cutoff_hz', 0.8, 'cut-off of the smoothing while a face is still, Hz',
            0.01, 100.0, fixed=True),
    Setting('smoothing.speed_gain', 1.0, 'Hz of cut-off for each unit of change per second', 0.0,
            100.0, fixed=True),
    Setting('use_hri', False, 'read the faces that a ROS4HRI face detector finds (REP-155) '
            'instead of camera images; needs hri_msgs', fixed=True),
)  # fmt: skip


def make_estimator(
    settings: Mapping[str, Any],
    report_timings: Callable[[Timings], None] = lambda timings: None,
) -> AffectEstimator:
    """
    Load the detector and the network.

    Raises:
        ArtefactError: if the affect network is missing or does not fit.
        DetectorError: if the detector is missing or does not fit.
    """
    return AffectEstimator(
        model=settings['model'],
        detector=settings['detector'],
        threads=settings['threads'],
        detect_every=settings['detect_every'],
        max_faces=settings['max_faces'],
        rotation=settings['rotation'],
        make_stage=_smoothing(settings),
        report_timings=report_timings,
    )


def make_crop_reader(
    settings: Mapping[str, Any], report_timings: Callable[[Timings], None]
) -> CropReader:
    """
    Load the network alone, for faces that another node finds.

    Raises:
        ArtefactError: if the affect network is missing or does not fit.
    """
    return CropReader(settings['model'], settings['threads'], _smoothing(settings), report_timings)


def _smoothing(settings: Mapping[str, Any]) -> partial[OneEuroFilter]:
    return partial(
        OneEuroFilter, settings['smoothing.rest_cutoff_hz'], settings['smoothing.speed_gain']
    )


def pixels_of(message: Any) -> np.ndarray:
    """
    Return the picture in an `Image` or `CompressedImage`, uint8, grey or BGR.

    Raises:
        ImageError: if it cannot be what it says it is.
    """
    # Only the compressed one says how, the other one what the pixels are.
    return compressed_to_array(message) if hasattr(message, 'format') else image_to_array(message)


def affect_message(
    make: Make, header: Any, image_shape: tuple[int, ...], faces: Sequence[Face]
) -> Any:
    """Return the message that says what was seen in an image, `processing_ms` left at 0."""
    return make(
        AFFECT,
        header=header,
        image_height=image_shape[0],
        image_width=image_shape[1],
        faces=[face_message(make, face, image_shape) for face in faces],
    )


def crops_message(make: Make, header: Any, faces: Sequence[Face]) -> Any:
    """
    Return the message that says what was seen in crops, `processing_ms` left at 0.

    Where the crops lie in the view is not known: the size of the image is 0.
    """
    return make(
        AFFECT,
        header=header,
        faces=[face_message(make, face, (int(face.box[3]), int(face.box[2]))) for face in faces],
    )


def face_message(make: Make, face: Face, image_shape: tuple[int, ...]) -> Any:
    """Convert a face of the estimator, with its box cut to the image."""
    height, width = image_shape[:2]
    left, top, right, bottom = np.rint(
        [face.box[0], face.box[1], face.box[0] + face.box[2], face.box[1] + face.box[3]]
    ).astype(int)
    left, right = np.clip([left, right], 0, width).tolist()
    top, bottom = np.clip([top, bottom], 0, height).tolist()
    return make(
        FACE,
        face_id=face.id,
        roi=make(REGION, x_offset=left, y_offset=top, width=right - left, height=bottom - top),
        valence=float(face.valence),
        arousal=float(face.arousal),
        confidence=float(face.confidence),
        expression=np.asarray(face.expression, np.float32),
    )
