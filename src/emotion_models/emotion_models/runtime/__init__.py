# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Inference: NumPy, onnxruntime and OpenCV; torch is never imported."""

from emotion_models.runtime.artefact import (
    Artefact,
    ArtefactError,
    list_artefacts,
    load_artefact,
    write_card,
)
from emotion_models.runtime.detection import (
    Detection,
    Detector,
    DetectorError,
    HaarDetector,
    YuNetDetector,
    make_detector,
)
from emotion_models.runtime.estimator import AffectEstimator
from emotion_models.runtime.faces import Crop, CropReader, Face, Timings
from emotion_models.runtime.photo_encoder import PhotoEncoder, PhotoReading
from emotion_models.runtime.priors import PRIORS
from emotion_models.runtime.smoothing import OneEuroFilter
from emotion_models.runtime.stages import FaceStage, Reading
from emotion_models.runtime.temporal import TemporalModel

__all__ = [
    'PRIORS',
    'AffectEstimator',
    'Artefact',
    'ArtefactError',
    'Crop',
    'CropReader',
    'Detection',
    'Detector',
    'DetectorError',
    'Face',
    'FaceStage',
    'HaarDetector',
    'OneEuroFilter',
    'PhotoEncoder',
    'PhotoReading',
    'Reading',
    'TemporalModel',
    'Timings',
    'YuNetDetector',
    'list_artefacts',
    'load_artefact',
    'make_detector',
    'write_card',
]
