# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Which camera images the node `affect_estimator` looks at, and what it says of their faces."""

from array import array
from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from emotion_agent.logic import AFFECT, FACE, REGION, Make
from emotion_agent.logic.compressed_images import compressed_to_array
from emotion_models.runtime import (
    PRIORS,
    AffectEstimator,
    ArtefactError,
    CropReader,
    Face,
    OneEuroFilter,
    PhotoEncoder,
    TemporalModel,
    Timings,
)
from emotion_models.runtime.affect import AffectModel
from emotion_models.runtime.artefact import WEIGHTS_FOLDER
from node_kit.images import image_to_array
from node_kit.settings import Setting
from node_kit.suggestions import did_you_mean

SHIPPED_TEMPORAL = WEIGHTS_FOLDER / 'temporal'

ACTION_UNITS, SHARE_PROPORTIONS = 'action_units', 'share_proportions'
SHARED = {ACTION_UNITS: 'action_units', SHARE_PROPORTIONS: 'proportions'}
"""Parameters that let something of a face leave the estimator -> the field of the message."""

REORDERED_S = 1.0  # an image that is older by less came late; by more, the pictures began again
SEVERAL = 3  # images in a row that show that the pictures began again, or whether stamps are set
SILENT_S = 1.0  # without an image for so long, and for so many of its intervals,
SILENT_INTERVALS = 3  # a transport is silent
AVERAGED_S = 1.0  # time over which the interval of a transport is averaged
FASTER = 2.0  # with so many times the images the other transport is taken
RECENT_IMAGES = 60
FEWEST_INTERVALS = 20  # from which a loss is estimated

TABLE = (
    Setting('image_topic', 'camera/image_raw', 'camera topic; compressed images are taken '
            'from this name + /compressed', fixed=True),
    Setting('image_transport', 'auto', 'which images to take; auto = whichever come; '
            'where both do, the first, until it is silent or the other is twice as fast',
            choices=('auto', 'raw', 'compressed'), fixed=True),
    Setting('model', 'affect', 'name of a shipped network or folder with model.onnx and '
            'card.yaml', fixed=True),
    Setting('detector', 'auto', 'auto = YuNet where it was downloaded, haar otherwise; haar, '
            'yunet, or the path of a YuNet model file', fixed=True),
    Setting('rotation', 0, 'degrees by which the camera is turned clockwise',
            choices=(0, 90, 180, 270), fixed=True),
    Setting('temporal', 'auto', 'model that says valence and arousal from all that was read of a '
            'face, in place of their smoothing: folder with model.onnx and card.yaml; auto = the '
            'shipped one if there is one, none', fixed=True),
    Setting('prior', 'balanced', 'how often expressions are expected before a face is seen: each '
            'as often as the others, or as in photographs from the web', choices=PRIORS,
            fixed=True),
    Setting('threads', 1, 'threads of the network', 1, 16, fixed=True),
    Setting('detect_every', 10, 'images from one look of the detector to the next while faces are '
            'followed', 1, 100, fixed=True),
    Setting('read_every_s', 0.15, 'a face that hardly changes is read again after so long, s; '
            '0 = in every image', 0.0, 1.0, fixed=True),
    Setting('allow_annotated_image', False, 'publish annotated_image/compressed, which shows '
            'people, to whoever subscribes; false = images never leave this node'),
    Setting('max_faces', 4, 'faces to look at in one image', 1, 32, fixed=True),
    Setting('smoothing.rest_cutoff_hz', 0.8, 'cut-off of the smoothing while a face is still, Hz',
            0.01, 100.0, fixed=True),
    Setting('smoothing.speed_gain', 1.0, 'Hz of cut-off for each unit of change per second', 0.0,
            100.0, fixed=True),
    Setting(ACTION_UNITS, False, 'say the action units of each face in human_affect, as mirror of '
            'face_sketcher needs them'),
    Setting(SHARE_PROPORTIONS, False, 'say the proportions of each face in human_affect, as '
            'face_sketcher/draw_me needs them; they may tell who somebody is'),
    Setting('photo_model', 'photo_face', 'encoder of photographs that says both: name of a '
            'shipped one or folder with model.onnx and card.yaml; loaded while one of the two is '
            'on', fixed=True),
    Setting('use_hri', False, 'read the faces that a ROS4HRI face detector finds (REP-155) '
            'instead of camera images; needs hri_msgs', fixed=True),
)  # fmt: skip


@dataclass
class _Transport:
    """How the images of one transport come."""

    images: int = 0
    came_s: float = 0.0  # the newest
    interval_s: float = SILENT_S / SILENT_INTERVALS  # mean over about a second; at first a guess

    def tick(self, now_s: float) -> None:
        """An image has come."""
        if self.images:
            gap_s = now_s - self.came_s
            self.interval_s += min(1.0, gap_s / AVERAGED_S) * (gap_s - self.interval_s)
        self.images += 1
        self.came_s = now_s

    def is_silent(self, now_s: float) -> bool:
        """Whether no image has come for much longer than usual."""
        return now_s - self.came_s >= max(SILENT_S, SILENT_INTERVALS * self.interval_s)

    def is_faster(self, other: '_Transport') -> bool:
        """Whether it brings clearly more images than another one."""
        return self.images >= SEVERAL and FASTER * self.interval_s < other.interval_s


class ImageStream:
    """
    Decides which camera images are looked at: each picture once, in the order of the stamps.

    Images of one transport are taken, the first that comes, until it falls silent or the other
    one brings twice as many; meanwhile those of the other are duplicates, whatever their stamps.

    An image that is a little older than the newest one came late and is ignored. One that is much
    older, or several late ones in a row, begin a new stream, as a looped video does. Where the
    camera leaves its stamps at 0 or they stand still, images count at their arrival; that begins
    and ends a stream, too.

    Attributes:
        number: of the stream, from 0 on. When it changes, the faces of before are not the same.
        counters: images that are not looked at: `late` and `duplicates`.
        is_unstamped: whether the camera does not set its stamps.
    """

    def __init__(self) -> None:
        self.number = 0
        self.counters = {'late': 0, 'duplicates': 0}
        self.is_unstamped = False
        self._transports = {'raw': _Transport(), 'compressed': _Transport()}
        self._taken = ''
        self._newest_ns: int | None = None
        self._stamps_ns: deque[int] = deque(maxlen=RECENT_IMAGES)
        self._late = 0  # in a row
        self._contrary = 0  # images in a row that speak against `is_unstamped`

    def take(self, transport: str, stamp_ns: int, arrival_ns: int, now_s: float) -> int | None:
        """
        Say when the picture was taken, if it is to be looked at.

        Args:
            transport: `raw` or `compressed`.
            stamp_ns: of the image, ns.
            arrival_ns: when it came, by the clock of the stamps, ns.
            now_s: when it came, s of a clock that never goes back.

        Returns:
            The stamp that counts, ns; None = the image is to be ignored.
        """
        self._transports[transport].tick(now_s)
        if not self._is_taken(transport, now_s):
            self.counters['duplicates'] += 1
            return None
        is_new_stream = self._notices_stamps(stamp_ns)
        if not (self.is_unstamped or is_new_stream or self._is_in_order(stamp_ns)):
            self.counters['late'] += 1
            return None
        self._newest_ns = stamp_ns
        if self.is_unstamped:
            return arrival_ns
        self._stamps_ns.append(stamp_ns)
        return stamp_ns

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

    def _is_taken(self, transport: str, now_s: float) -> bool:
        """Whether images of this transport are taken now; it may take over from the other."""
        if transport != self._taken:
            own, taken = self._transports[transport], self._transports.get(self._taken)
            if taken is None or taken.is_silent(now_s) or own.is_faster(taken):
                self._taken, self._late = transport, 0
                self._stamps_ns.clear()
        return transport == self._taken

    def _notices_stamps(self, stamp_ns: int) -> bool:
        """Whether the camera is found to set its stamps now, or not any more."""
        stands_still = stamp_ns in (0, self._newest_ns)
        self._contrary = self._contrary + 1 if stands_still != self.is_unstamped else 0
        is_unset = stamp_ns == 0 and not self.is_unstamped
        if not is_unset and self._contrary < SEVERAL:
            return False
        self.is_unstamped, self._contrary = stands_still, 0
        self._begin_stream()
        return True

    def _is_in_order(self, stamp_ns: int) -> bool:
        """Whether an image is not late; one that is no more in order begins a new stream."""
        age_s = 0.0 if self._newest_ns is None else (self._newest_ns - stamp_ns) / 1e9
        if age_s <= 0.0:
            self._late = self._late if age_s == 0.0 else 0
            return True
        self._late += 1
        if age_s < REORDERED_S and self._late < SEVERAL:
            return False
        self._begin_stream()
        return True

    def _begin_stream(self) -> None:
        self.number += self._newest_ns is not None
        self._stamps_ns.clear()
        self._late = 0


def make_estimator(
    settings: Mapping[str, Any],
    report_timings: Callable[[Timings], None] = lambda timings: None,
    say: Callable[[str], None] = lambda line: None,
) -> AffectEstimator:
    """
    Load the detector, the network and, where one is chosen, the model over time.

    Args:
        settings: of the node.
        report_timings: is given what each image took.
        say: is told in a line what is chosen and not used, and why.

    Raises:
        ArtefactError: if a network is missing or does not fit.
        DetectorError: if the detector is missing or does not fit.
    """
    model = AffectModel(settings['model'], settings['threads'])
    return AffectEstimator(
        model=model,
        detector=settings['detector'],
        threads=settings['threads'],
        detect_every=settings['detect_every'],
        max_faces=settings['max_faces'],
        rotation=settings['rotation'],
        make_stage=_smoothing(settings),
        report_timings=report_timings,
        prior=settings['prior'],
        read_every_s=settings['read_every_s'],
        temporal=choose_temporal(settings, model, say),
        photo=choose_photo(settings, say),
    )


def make_crop_reader(
    settings: Mapping[str, Any],
    report_timings: Callable[[Timings], None],
    say: Callable[[str], None] = lambda line: None,
) -> CropReader:
    """
    Load the networks alone, for faces that another node finds; arguments as `make_estimator`.

    Raises:
        ArtefactError: if a network is missing or does not fit.
    """
    model = AffectModel(settings['model'], settings['threads'])
    return CropReader(
        model=model,
        threads=settings['threads'],
        make_stage=_smoothing(settings),
        report_timings=report_timings,
        prior=settings['prior'],
        temporal=choose_temporal(settings, model, say),
        photo=choose_photo(settings, say),
    )


def choose_temporal(
    settings: Mapping[str, Any], affect: AffectModel, say: Callable[[str], None]
) -> TemporalModel | None:
    """
    Load the model over time that the parameter `temporal` names; none = smoothing alone.

    Args:
        settings: of the node.
        affect: whose features it would read.
        say: is told where it was made for another network, and so is not used.

    Raises:
        ArtefactError: if it is missing or does not fit.
    """
    choice = settings['temporal']
    if choice == 'none' or (choice == 'auto' and not SHIPPED_TEMPORAL.is_dir()):
        return None
    try:
        model = TemporalModel(SHIPPED_TEMPORAL if choice == 'auto' else choice)
    except ArtefactError as error:
        meant = did_you_mean(choice, ('auto', 'none'))
        raise ArtefactError(f'temporal: {error}{meant}') from error
    if misfit := model.misfit(affect):
        say(f'temporal: off, as {misfit}')
        return None
    return model


def shared_fields(settings: Mapping[str, Any]) -> list[str]:
    """Return which fields of a face the settings let leave the estimator."""
    return [field for name, field in SHARED.items() if settings[name]]


def choose_photo(settings: Mapping[str, Any], say: Callable[[str], None]) -> PhotoEncoder | None:
    """
    Load the encoder of photographs, where a parameter asks for what it says.

    Args:
        settings: of the node.
        say: is told why it cannot be had; faces then have neither units nor proportions.
    """
    wanted = [name for name in SHARED if settings[name]]
    if not wanted:
        return None
    try:
        return PhotoEncoder(settings['photo_model'], settings['threads'])
    except ArtefactError as error:
        say(f'photo_model: {error}; {" and ".join(wanted)} have no effect')
        return None


def unknown_prior(settings: Mapping[str, Any], model: AffectModel) -> str:
    """Return what is to be said where the network's card does not tell what the prior needs."""
    if settings['prior'] == 'in_the_wild' or model.balancing is not None:
        return ''
    return (
        f'the card of {model.name} has no priors, so expressions are as likely as the network '
        f'says, not {settings["prior"]}; see docs/models.md'
    )


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
    make: Make,
    header: Any,
    image_shape: tuple[int, ...],
    faces: Sequence[Face],
    shared: Collection[str] = (),
) -> Any:
    """
    Return the message about the faces of an image, `processing_ms` left at 0.

    Args:
        make: makes messages.
        header: of the image.
        image_shape: height, width and perhaps colours.
        faces: in the image.
        shared: which of `action_units` and `proportions` are said; the others stay empty.
    """
    return make(
        AFFECT,
        header=header,
        image_height=image_shape[0],
        image_width=image_shape[1],
        faces=[face_message(make, face, image_shape, shared) for face in faces],
    )


def crops_message(
    make: Make, header: Any, faces: Sequence[Face], shared: Collection[str] = ()
) -> Any:
    """
    Return the message about the faces of crops, as `affect_message`.

    Where the crops lie in the view is not known: the size of the image is 0.
    """
    return make(
        AFFECT,
        header=header,
        faces=[
            face_message(make, face, (int(face.box[3]), int(face.box[2])), shared)
            for face in faces
        ],
    )


def face_message(
    make: Make, face: Face, image_shape: tuple[int, ...], shared: Collection[str] = ()
) -> Any:
    """Convert a face of the estimator, with its box cut to the image."""
    height, width = image_shape[:2]
    left, top, right, bottom = np.rint(
        [face.box[0], face.box[1], face.box[0] + face.box[2], face.box[1] + face.box[3]]
    ).astype(int)
    left, right = np.clip([left, right], 0, width).tolist()
    top, bottom = np.clip([top, bottom], 0, height).tolist()
    said = {name: getattr(face, name) for name in shared}
    return make(
        FACE,
        face_id=face.id,
        roi=make(REGION, x_offset=left, y_offset=top, width=right - left, height=bottom - top),
        valence=float(face.valence),
        arousal=float(face.arousal),
        confidence=float(face.confidence),
        expression=np.asarray(face.expression, np.float32),
        **{name: array('f', value) for name, value in said.items() if value is not None},
    )
