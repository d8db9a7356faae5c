# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Which camera images the node `affect_estimator` looks at, and what it says of their faces."""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from emotion_agent.logic import AFFECT, FACE, REGION, Make
from emotion_models.runtime import AffectEstimator, CropReader, Face, OneEuroFilter, Timings
from node_kit.images import compressed_to_array, image_to_array
from node_kit.settings import Setting

REORDERED_S = 1.0  # an image that is older by less came late; by more, the pictures began again
SILENT_S = 1.0  # without an image for so long the other transport is taken
RECENT_IMAGES = 60
FEWEST_INTERVALS = 20  # from which a loss is estimated

TABLE = (
    Setting('image_topic', 'camera/image_raw', 'camera topic; compressed images are taken '
            'from this name + /compressed', fixed=True),
    Setting('image_transport', 'auto', 'which images to take; auto = whichever come; '
            'where both do, those that come first',
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


class ImageStream:
    """
    Decides which camera images are looked at: each picture once, in the order of the stamps.

    An image that is a little older than the newest one came late and is ignored; one that is much
    older begins a new stream, as a looped video does. An equal stamp is another picture if it
    comes on the same topic (the camera does not set its stamps), and the same picture again if it
    comes on the topic of the other transport. Once both transports have been seen to carry the
    same pictures, only the one that was first with them is taken, until it falls silent.

    Attributes:
        number: of the stream, from 0 on. When it changes, the faces of before are not the same.
        counters: images that are not looked at: `late` and `duplicates`.
        equal_stamps: how many of the newest images have the same stamp.
    """

    def __init__(self) -> None:
        self.number = 0
        self.counters = {'late': 0, 'duplicates': 0}
        self.equal_stamps = 0
        self._stamps_ns: deque[int] = deque(maxlen=RECENT_IMAGES)
        self._transport = ''
        self._taken_s = 0.0
        self._has_both = False

    def accepts(self, transport: str, stamp_ns: int, now_s: float) -> bool:
        """
        Whether an image is to be looked at.

        Args:
            transport: `raw` or `compressed`.
            stamp_ns: of the image, ns.
            now_s: when it came, s of a clock that never goes back.
        """
        is_other = self._transport not in ('', transport)
        age_s = (self._stamps_ns[-1] - stamp_ns) / 1e9 if self._stamps_ns else -1.0
        if is_other and self._has_both and now_s - self._taken_s < SILENT_S:
            return self._ignore('duplicates')
        if is_other and 0.0 <= age_s < REORDERED_S:
            self._has_both = True
            return self._ignore('duplicates')
        if 0.0 < age_s < REORDERED_S:
            return self._ignore('late')
        if age_s >= REORDERED_S:
            self.number += 1
            self._stamps_ns.clear()
        self.equal_stamps = self.equal_stamps + 1 if age_s == 0.0 else 1
        self._has_both &= not is_other
        self._transport, self._taken_s = transport, now_s
        self._stamps_ns.append(stamp_ns)
        return True

    def loss(self) -> float:
        """
        Estimate the share of images that were sent but did not arrive, from those that did.

        A camera sends about evenly, so the lower distances of stamps are its period and much
        greater ones are gaps.

        Returns:
            Share in [0, 1]; 0 unless it is beyond doubt (more than a third).
        """
        steps_ns = (later - earlier for earlier, later in pairwise(self._stamps_ns.copy()))
        intervals_ns = [step_ns for step_ns in steps_ns if step_ns > 0]
        if len(intervals_ns) < FEWEST_INTERVALS:
            return 0.0
        loss = 1.0 - float(np.percentile(intervals_ns, 25)) / float(np.mean(intervals_ns))
        return loss if loss > 1 / 3 else 0.0

    def _ignore(self, reason: str) -> bool:
        self.counters[reason] += 1
        return False


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


def transport_of(message: Any) -> str:
    """Return `compressed` or `raw`: only a `CompressedImage` says in which format it is."""
    return 'compressed' if hasattr(message, 'format') else 'raw'


def pixels_of(message: Any) -> np.ndarray:
    """
    Return the picture in an `Image` or `CompressedImage`, uint8, grey or BGR.

    Raises:
        ImageError: if it cannot be what it says it is.
    """
    convert = compressed_to_array if transport_of(message) == 'compressed' else image_to_array
    return convert(message)


def affect_message(
    make: Make, header: Any, image_shape: tuple[int, ...], faces: Sequence[Face]
) -> Any:
    """Return the message about the faces of an image, `processing_ms` left at 0."""
    return make(
        AFFECT,
        header=header,
        image_height=image_shape[0],
        image_width=image_shape[1],
        faces=[face_message(make, face, image_shape) for face in faces],
    )


def crops_message(make: Make, header: Any, faces: Sequence[Face]) -> Any:
    """
    Return the message about the faces of crops, `processing_ms` left at 0.

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
