# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Milliseconds of the affect network beside the networks of published peers, of whole frames of a
video, and what the detectors find in photographs.

Everything runs on one thread. The peers have random weights and need torch, EfficientNet-B0 also
efficientnet_pytorch; YuNet and the photographs need the shared data. What is missing is said and
left out.
"""

import csv
import json
import os
import tempfile
import time
import warnings
import zipfile
from collections.abc import Callable, Mapping
from functools import partial
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


def open_peers() -> dict[str, Callable[[], object]]:
    """One face through each peer that can be built here, by its name."""
    try:
        import torch
        from peer_networks import NETWORKS
    except ModuleNotFoundError as error:
        print(f'peers: left out, {error.name} is not there')
        return {}
    peers = {}
    for name, (make, shape) in NETWORKS.items():
        try:
            network = make().eval()
        except ModuleNotFoundError as error:
            print(f'{name}: left out, {error.name} is not there')
            continue
        with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
            warnings.simplefilter('ignore')  # torch warns of the exporter that is asked for
            path = Path(folder) / 'peer.onnx'
            torch.onnx.export(network, (torch.zeros(1, *shape),), path, dynamo=False)
            session = open_onnx(path)
        face = {session.get_inputs()[0].name: np.zeros((1, *shape), np.float32)}
        peers[name] = partial(session.run, None, face)
    return peers


def alternate_ms(
    works: Mapping[str, Callable[[], object]], rounds: int = 20
) -> dict[str, np.ndarray]:
    """
    Milliseconds of each work in each round, by its name.

    They take turns, so that what else the machine does slows all of them alike.
    """
    spans: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            spans[name].append(median_ms(work))
    return {name: np.array(times) for name, times in spans.items()}


def median_ms(work: Callable[[], object], duration_s: float = 0.3) -> float:
    """Median of the calls that a while has room for, at least three, after a few to warm up."""
    times: list[float] = []
    warm_s = time.perf_counter() + duration_s / 4
    end_s = warm_s + duration_s
    while len(times) < 3 or time.perf_counter() < end_s:
        started_s = time.perf_counter()
        work()
        if started_s > warm_s:
            times.append(time.perf_counter() - started_s)
    return 1e3 * float(np.median(times))


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
    spans = alternate_ms({'affect network': lambda: model([face]), **open_peers()})
    ours = spans.pop('affect network')
    print(f'affect network: {np.median(ours):.2f} ms per face, load {os.getloadavg()[0]:.1f}')
    for name, times in spans.items():
        low, middle, high = np.percentile(times / ours, (25, 50, 75))
        print(
            f'{name}: {np.median(times):.1f} ms per face, {middle:.1f} times ours '
            f'(quartiles {low:.1f} to {high:.1f}); ours takes {1 / middle:.3f} of it'
        )
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
