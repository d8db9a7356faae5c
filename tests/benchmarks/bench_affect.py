# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Milliseconds of the affect network beside an EfficientNet-B0, of whole frames of a video, and what
the detectors find in photographs.

Everything runs on one thread. EfficientNet-B0 (224×224×3, ten outputs, random weights) needs
torch and efficientnet_pytorch; YuNet and the photographs need the shared data. What is missing is
said and left out.
"""

import csv
import json
import os
import tempfile
import time
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from skimage import data

from emotion_models.runtime import AffectEstimator, make_detector
from emotion_models.runtime.affect import AffectModel
from emotion_models.runtime.artefact import open_onnx
from emotion_models.runtime.detection import Detector, overlaps

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get('EMOTION_AGENT_SHARED', ROOT.parent / 'shared')) / 'data'
YUNET = SHARED / 'yunet' / 'yunet_n_320_320.onnx'
PHOTOS = SHARED / 'detector_photos'
SAME_FACE = 0.4
CLEAR_PART = 0.08
"""Width of a face, as a part of the longer side of its photograph, from which it is clear."""


def median_ms(work: Callable[[], object], runs: int = 200) -> float:
    """Median duration of a call, after a tenth of the runs to warm up."""
    spans = []
    for _ in range(runs):
        started = time.perf_counter()
        work()
        spans.append(time.perf_counter() - started)
    return 1e3 * float(np.median(spans[runs // 10 :]))


def efficientnet_ms() -> float | None:
    """Median of one face through EfficientNet-B0; none where it cannot be built."""
    try:
        import torch
        from efficientnet_pytorch import EfficientNet
    except ModuleNotFoundError:
        return None
    network = EfficientNet.from_name('efficientnet-b0', num_classes=10).eval()
    network.set_swish(memory_efficient=False)
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter('ignore')  # torch warns of the exporter that is asked for
        path = Path(folder) / 'peer.onnx'
        torch.onnx.export(network, (torch.zeros(1, 3, 224, 224),), path, dynamo=False)
        session = open_onnx(path)
    face = np.zeros((1, 3, 224, 224), np.float32)
    name = session.get_inputs()[0].name
    return median_ms(lambda: session.run(None, {name: face}), runs=50)


def moving_face(frames: int = 120) -> list[np.ndarray]:
    """The astronaut, moved about in 640×480 colour images."""
    photo = data.astronaut()[..., ::-1]
    images = []
    for k in range(frames):
        angle = 2 * np.pi * k / frames
        shift = np.array([[1, 0, 60 + 60 * np.cos(angle)], [0, 1, 40 * np.sin(angle)]])
        images.append(cv2.warpAffine(photo, shift, (640, 480), borderMode=cv2.BORDER_REPLICATE))
    return images


def frame_ms(detector: str | Path, images: list[np.ndarray]) -> tuple[float, float]:
    """Mean milliseconds of a frame after the first, and the part of frames with a face."""
    estimator = AffectEstimator(detector=detector)
    found, spans = 0, []
    for k, image in enumerate(images):
        started = time.perf_counter()
        found += bool(estimator(image, k / 30))
        spans.append(time.perf_counter() - started)
    return 1e3 * float(np.mean(spans[1:])), found / len(images)


def read_photos() -> list[tuple[np.ndarray, np.ndarray, bool]]:
    """Photographs, boxes (N, 4) of their faces, and whether there may be more of them."""
    with (
        zipfile.ZipFile(PHOTOS / 'photos.zip') as archive,
        (PHOTOS / 'photos.csv').open() as table,
    ):
        return [
            (
                cv2.imdecode(np.frombuffer(archive.read(row['file']), np.uint8), cv2.IMREAD_COLOR),
                np.array(json.loads(row['boxes_xywh'])).reshape(-1, 4),
                row['faces_is_lower_bound'] == '1',
            )
            for row in csv.DictReader(table)
        ]


def describe_finds(detector: Detector) -> str:
    """Recall over all faces and over the clear ones, and boxes where no face is."""
    found_any, is_clear, false_alarms = [], [], 0
    for image, boxes, may_be_more in read_photos():
        found = np.array([face.box for face in detector(image)]).reshape(-1, 4)
        found_any += [len(found) > 0 and overlaps(b, found).max() >= SAME_FACE for b in boxes]
        is_clear += (boxes[:, 2] >= CLEAR_PART * max(image.shape)).tolist()
        if not may_be_more:
            false_alarms += sum(
                len(boxes) == 0 or overlaps(box, boxes).max() < SAME_FACE for box in found
            )
    hits, clear = np.array(found_any), np.array(is_clear)
    return (
        f'{hits.sum()} of {len(hits)} faces, {hits[clear].sum()} of the {clear.sum()} clear ones, '
        f'{false_alarms} false alarms'
    )


def main() -> None:
    """Print every figure."""
    cv2.setNumThreads(1)
    model = AffectModel()
    sides = (model.size_px, model.size_px)
    face = np.random.default_rng(0).integers(0, 256, sides, dtype=np.uint8)
    ours = median_ms(lambda: model([face]))
    print(f'affect network: {ours:.2f} ms per face')
    peer = efficientnet_ms()
    if peer is None:
        print('EfficientNet-B0: left out, it needs torch and efficientnet_pytorch')
    else:
        print(f'EfficientNet-B0: {peer:.2f} ms per face; ours takes {ours / peer:.3f} of that')
    images = moving_face()
    for detector in ('haar', YUNET):
        if detector == YUNET and not YUNET.is_file():
            print(f'YuNet: left out, {YUNET} is not there')
            continue
        mean, seen = frame_ms(detector, images)
        name = 'Haar' if detector == 'haar' else 'YuNet'
        print(f'{name}, 640×480, one face: {mean:.2f} ms per frame, face in {seen:.0%} of frames')
        if PHOTOS.is_dir():
            print(f'{name}, photographs: {describe_finds(make_detector(detector))}')


if __name__ == '__main__':
    main()
