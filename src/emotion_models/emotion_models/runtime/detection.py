# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Face detectors behind one interface: a call takes an image and gives boxes with scores."""

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np

from emotion_models.imaging.framing import Framing
from emotion_models.imaging.images import Image, check_image, shrink_to, to_bgr, to_grey
from emotion_models.runtime.artefact import open_onnx
from emotion_models.runtime.published import PUBLISHED

LOGGER = logging.getLogger(__name__)
NO_YUNET = 'Haar (emotion-models download yunet fetches a better detector)'


class DetectorError(ValueError):
    """A detector whose file is missing or does not fit; says what to do."""


@dataclass(frozen=True, eq=False)
class Detection:
    """
    One face.

    Args:
        box: x, y, width and height in pixels of the image, float64, shape (4,).
        score: how sure the detector is, in [0, 1].
    """

    box: np.ndarray
    score: float


class Detector(Protocol):
    """
    What the estimator needs of a detector.

    One that is much faster about a known face than in a whole image may also have `look_again`, as
    `HaarDetector` has.

    Args:
        name: what it is called in logs.
        longest_px: longer side of the largest image that it makes use of.
        framing: from its boxes to what the affect network sees.
    """

    name: str
    longest_px: int
    framing: Framing

    def __call__(self, image: Image) -> list[Detection]:
        """Faces of an image, largest first."""
        ...


class HaarDetector:
    """
    OpenCV's cascade of Haar features for upright frontal faces.

    The cascade gives only the margin of a window over the threshold of its last stage. A logistic
    function turns that into a score; it was fitted to faces and to false alarms on photographs,
    upright and turned (docs/models.md).

    Where there may be a face is seen in a smaller copy, at a third of the cost; what is found
    there in the image itself is what counts.

    Args:
        longest_px: longer side of the reduced image in which faces are found.
        smallest_px: sides of the smallest face that is looked for, in the reduced image.

    Raises:
        DetectorError: if the cascade is nowhere to be found.
    """

    name = 'Haar'
    FILE = 'haarcascade_frontalface_alt.xml'
    FOLDERS = ('/usr/share/opencv4/haarcascades', '/usr/share/opencv/haarcascades')
    framing = Framing(side=1.03, down=0.0)
    AROUND = 1.8  # sides of the region of a known face, relative to its box
    SIZES = (0.6, 1.7)  # of what is looked for there, likewise
    SURVEYED = 0.65  # longer side of the copy in which places are found, relative to the image
    WINDOW_PX = 20  # sides of the smallest face that the cascade sees
    SAME = 0.3  # intersection over union of two boxes of one face

    def __init__(self, longest_px: int = 320, smallest_px: int = 24) -> None:
        self.longest_px = longest_px
        self.smallest_px = smallest_px
        self._cascade = cv2.CascadeClassifier(str(self._find_file()))

    def __call__(self, image: Image) -> list[Detection]:
        """Faces of an image, largest first."""
        check_image(image)
        small, scale = shrink_to(image, self.longest_px)
        grey = to_grey(small)
        found = [face for box in self._survey(grey) for face in self.look_again(grey, box)]
        if not found:
            return []
        boxes, scores = zip(*((face.box / scale, face.score) for face in found), strict=True)
        kept = suppress_overlaps(np.array(boxes), np.array(scores), self.SAME)
        return _largest_first([Detection(boxes[index], scores[index]) for index in kept])

    def look_again(self, image: Image, box: np.ndarray) -> list[Detection]:
        """
        Faces where there was one lately, and about as large; a fifth of the work of a call.

        Args:
            image: at most `longest_px` wide and high.
            box: x, y, width and height of the face, pixels, (4,).

        Returns:
            What is found there, largest first.
        """
        side = box[2:].mean()
        middle, reach = box[:2] + box[2:] / 2, self.AROUND * side / 2
        left, top = np.floor(middle - reach).astype(int).clip(min=0)
        right, bottom = np.ceil(middle + reach).astype(int).clip(min=0)
        region = image[top:bottom, left:right]
        if not region.size:
            return []
        least, most = (round(size * side) for size in self.SIZES)
        corner = np.array([left, top, 0, 0])
        return [
            Detection(corner + found.box, found.score)
            for found in self._find(to_grey(region), max(least, self.smallest_px), most)
        ]

    def _survey(self, grey: Image) -> list[np.ndarray]:
        """Boxes (4,) about which there may be a face."""
        copy, scale = shrink_to(grey, round(self.SURVEYED * self.longest_px))
        least_px = max(self.WINDOW_PX, round(self.smallest_px * scale))
        boxes = self._cascade.detectMultiScale(
            copy, scaleFactor=1.3, minNeighbors=0, minSize=(least_px, least_px)
        )
        groups: list[list[np.ndarray]] = []
        for box in np.reshape(boxes, (-1, 4)) / scale:
            same = (group for group in groups if overlaps(box, group[0][None])[0] > self.SAME)
            if (group := next(same, None)) is None:
                groups.append([box])
            else:
                group.append(box)
        return [np.mean(group, 0) for group in groups]

    def _find(self, grey: Image, least_px: int, most_px: int) -> list[Detection]:
        boxes, _, weights = self._cascade.detectMultiScale3(
            grey,
            scaleFactor=1.2,
            minNeighbors=3,
            minSize=(least_px, least_px),
            maxSize=(most_px, most_px),
            outputRejectLevels=True,
        )
        return _largest_first(
            [
                Detection(np.asarray(box, float), self._score(weight))
                for box, weight in zip(boxes, np.ravel(weights), strict=True)
            ]
        )

    @staticmethod
    def _score(weight: float) -> float:
        return float(1 / (1 + np.exp(-3.7 * (weight - 106.8))))

    @classmethod
    def _find_file(cls) -> Path:
        folders = [Path(folder) for folder in cls.FOLDERS]
        if hasattr(cv2, 'data'):
            folders.insert(0, Path(cv2.data.haarcascades))
        for folder in folders:
            if (folder / cls.FILE).is_file():
                return folder / cls.FILE
        raise DetectorError(
            f'{cls.FILE} is in none of {", ".join(map(str, folders))}; install opencv-data (apt) '
            'or opencv-python-headless 4 (pip), or give the path of a YuNet model'
        )


class YuNetDetector:
    """
    YuNet by onnxruntime, its outputs decoded here, so that any OpenCV will do.

    Wu, Peng, Yu, "YuNet: A Tiny Millisecond-level Face Detector", Machine Intelligence Research 20
    (2023). The image is reduced to fit a square, and padded to the right and at the bottom.

    Args:
        path: ONNX file, with a fixed square input or any input of multiples of 32.
        least_score: boxes below are not faces.
        most_overlap: of two boxes that overlap more (intersection over union), the better stays.
        side_px: sides of the square where the file leaves its input open.
        threads: of onnxruntime.

    Raises:
        DetectorError: if the file is missing or is not a YuNet model.
    """

    name = 'YuNet'
    STRIDES = (8, 16, 32)
    framing = Framing(side=1.13, down=-0.02)

    def __init__(
        self,
        path: str | Path,
        least_score: float = 0.6,
        most_overlap: float = 0.3,
        side_px: int = 320,
        threads: int = 1,
    ) -> None:
        self.least_score = least_score
        self.most_overlap = most_overlap
        path = Path(path)
        if not path.is_file():
            raise DetectorError(f'no YuNet model at {path}; give the path of its .onnx file')
        self._session = open_onnx(path, threads)
        self.longest_px = self._check_fit(path, side_px)
        self._canvas = np.zeros((self.longest_px, self.longest_px, 3), np.uint8)
        self._cells = {stride: _cell_corners(self.longest_px // stride) for stride in self.STRIDES}

    def __call__(self, image: Image) -> list[Detection]:
        """Faces of an image, largest first."""
        check_image(image)
        small, scale = shrink_to(image, self.longest_px)
        height, width = small.shape[:2]
        self._canvas[:] = 0
        self._canvas[:height, :width] = to_bgr(small)
        boxes, scores = self._find_boxes()
        return _largest_first(
            [
                Detection(boxes[kept] / scale, float(scores[kept]))
                for kept in suppress_overlaps(boxes, scores, self.most_overlap)
            ]
        )

    def _find_boxes(self) -> tuple[np.ndarray, np.ndarray]:
        """Boxes (N, 4) on the canvas and their scores (N,), before overlaps are resolved."""
        names = [f'{kind}_{stride}' for stride in self.STRIDES for kind in ('cls', 'obj', 'bbox')]
        blob = self._canvas.transpose(2, 0, 1)[None].astype(np.float32)
        outputs = dict(zip(names, self._session.run(names, {'input': blob}), strict=True))
        boxes, scores = [], []
        for stride in self.STRIDES:
            class_score, object_score = (
                outputs[f'{kind}_{stride}'].ravel().clip(0, 1) for kind in ('cls', 'obj')
            )
            score = np.sqrt(class_score * object_score)
            good = score >= self.least_score
            offsets = outputs[f'bbox_{stride}'].reshape(-1, 4)[good].astype(float)
            centres = (self._cells[stride][good] + offsets[:, :2]) * stride
            sizes = np.exp(offsets[:, 2:]) * stride
            boxes.append(np.hstack((centres - sizes / 2, sizes)))
            scores.append(score[good])
        return np.concatenate(boxes), np.concatenate(scores)

    def _check_fit(self, path: Path, side_px: int) -> int:
        """Sides of the square input; every output of the model is known."""
        inputs = self._session.get_inputs()
        outputs = {output.name for output in self._session.get_outputs()}
        needed = {f'{k}_{stride}' for stride in self.STRIDES for k in ('cls', 'obj', 'bbox')}
        shape = inputs[0].shape
        sides = {side for side in shape[2:] if isinstance(side, int)}
        fits = inputs[0].name == 'input' and len(shape) == 4 and shape[1] == 3
        if not (fits and needed <= outputs and len(sides) <= 1):
            raise DetectorError(
                f'{path} is not a YuNet model: expected a square input "input" (N, 3, S, S) and '
                f'the outputs cls, obj and bbox at the strides 8, 16, 32; found '
                f'{inputs[0].name!r} {shape} and {sorted(outputs)}'
            )
        side = sides.pop() if sides else side_px
        if side % 32:
            raise DetectorError(f'the sides of the input of YuNet are multiples of 32, got {side}')
        return side


def make_detector(detector: str | Path = 'auto', threads: int = 1) -> Detector:
    """
    The detector of a name or path.

    Args:
        detector: `haar`; `yunet`, as `emotion-models download yunet` stores it; `auto`, the
            latter where it is stored and the former otherwise; or the ONNX file of a YuNet model.
        threads: of onnxruntime.

    Raises:
        DetectorError: if its file is missing or does not fit.
    """
    yunet = PUBLISHED['yunet']
    if str(detector) == 'auto':
        detector = 'yunet' if yunet.is_cached() else 'haar'
        LOGGER.info('faces are found by %s', 'YuNet' if detector == 'yunet' else NO_YUNET)
    if str(detector) == 'haar':
        return HaarDetector()
    if str(detector) != 'yunet':
        return YuNetDetector(detector, threads=threads)
    if not yunet.is_cached():
        raise DetectorError(
            f'no complete YuNet model at {yunet.path}; fetch it: emotion-models download yunet'
        )
    return YuNetDetector(yunet.path, threads=threads)


def suppress_overlaps(boxes: np.ndarray, scores: np.ndarray, most_overlap: float) -> list[int]:
    """
    Greedy non-maximum suppression.

    Args:
        boxes: x, y, width, height, shape (N, 4).
        scores: shape (N,).
        most_overlap: largest intersection over union of two boxes that both stay.

    Returns:
        Indices of the boxes that stay, best score first.
    """
    waiting = np.argsort(-scores, kind='stable')
    kept = []
    while len(waiting):
        best, waiting = waiting[0], waiting[1:]
        kept.append(int(best))
        waiting = waiting[overlaps(boxes[best], boxes[waiting]) <= most_overlap]
    return kept


def overlaps(box: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Intersection over union of one box (4,) with each of others (N, 4): shape (N,)."""
    low = np.maximum(box[:2], others[:, :2])
    high = np.minimum(box[:2] + box[2:], others[:, :2] + others[:, 2:])
    shared = (high - low).clip(min=0).prod(1)
    return shared / (box[2:].prod() + others[:, 2:].prod(1) - shared)


def _largest_first(detections: list[Detection]) -> list[Detection]:
    return sorted(detections, key=lambda detection: -detection.box[2:].prod())


def _cell_corners(cells: int) -> np.ndarray:
    """Column and row of every cell of a square grid in row order, shape (cells², 2)."""
    rows, columns = np.divmod(np.arange(cells * cells), cells)
    return np.stack((columns, rows), 1)
