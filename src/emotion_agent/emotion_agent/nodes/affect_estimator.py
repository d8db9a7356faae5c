# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
The node `affect_estimator`: reads valence, arousal and expression from the faces in camera images.

Subscribes: camera/image_raw (sensor_msgs/Image), camera/image_raw/compressed (CompressedImage).
Publishes:  human_affect (emotion_msgs/FaceAffectArray), one for every image looked at, also
            without a face, with the header of the image (stamped with its arrival where the
            camera sets no stamps); annotated_image/compressed
            (CompressedImage), what was read drawn into the image, only while somebody subscribes.
use_hri:    instead of camera images, the topics of REP-155 (see ros/tracked_faces.py);
            human_affect has all tracked faces, the header of the newest crop, and no size of the
            image.
            With action_units and share_proportions, faces have action units and proportions;
            they leave this node only so.
No input:   without images it publishes nothing and warns in its diagnostics.
"""

if __name__ == '__main__':  # before the imports, of which one may fail
    from emotion_agent import programs

    raise SystemExit(programs.affect_estimator())

from collections.abc import Callable, Iterator, Mapping
from time import perf_counter
from typing import Any

import cv2
import numpy as np
from builtin_interfaces.msg import Time
from sensor_msgs.msg import CompressedImage, Image
from std_msgs.msg import Header

from emotion_agent.logic.affect_estimator import (
    ACTION_UNITS,
    SHARED,
    TABLE,
    ImageStream,
    affect_message,
    choose_photo,
    crops_message,
    make_crop_reader,
    make_estimator,
    pixels_of,
    shared_fields,
    transport_of,
    unknown_prior,
)
from emotion_agent.reporting.annotation import annotate
from emotion_agent.ros.messages import make_message
from emotion_agent.ros.tracked_faces import FACES, TrackedFaces, require_hri_messages
from emotion_models.runtime import (
    ArtefactError,
    Crop,
    DetectorError,
    Face,
    PhotoEncoder,
    Timings,
)
from emotion_msgs.msg import FaceAffectArray
from node_kit import Diagnosis, LatestWorker, ManagedNode, Unavailable, run
from node_kit.diagnostics import LatencyMeter, RateMeter, RecentGrowth
from node_kit.images import ImageError
from node_kit.qos import CAMERA_READER, PICTURE, RESULT
from node_kit.time import stamp_fields, to_nanoseconds, to_seconds

STALE_S = 2.0
NOT_ALLOWED = (
    'somebody subscribes to annotated_image/compressed and gets nothing, as it shows people: '
    'set allow_annotated_image to true to allow it'
)


class AffectEstimatorNode(ManagedNode):
    """Feeds the newest camera image to an `AffectEstimator`, off the executor."""

    TABLE = TABLE

    def __init__(self, **node_options):
        super().__init__('affect_estimator', **node_options)
        self._received = RateMeter()
        self._published = RateMeter()
        self._processing = LatencyMeter()
        self._since_stamp = LatencyMeter()
        self._stream = ImageStream()
        self._stream_read = 0  # number of the stream of the newest image that was looked at
        self._malformed = 0
        self._growth = RecentGrowth()
        self._last_problem = ''
        self._timings = Timings(0.0, 0.0, 0.0)
        self._reader: Any = None  # AffectEstimator; CropReader with use_hri
        self._tracked: Any = None  # TrackedFaces, with use_hri
        self._photo: PhotoEncoder | None = None  # loaded for what is being set
        self._faces: dict[str, Face] = {}

    def on_prepare(self) -> None:
        """Load the networks."""
        try:
            make: Callable[..., Any] = make_estimator
            if self.settings['use_hri']:
                require_hri_messages('use_hri')
                make = make_crop_reader
            self._reader = make(self.settings, self._note_timings, self.get_logger().warning)
        except (ArtefactError, DetectorError) as error:
            raise Unavailable(str(error)) from error
        if note := unknown_prior(self.settings, self._reader.model):
            self.get_logger().info(note)
        self._publisher = self.create_lifecycle_publisher(FaceAffectArray, 'human_affect', RESULT)
        # Compressed, since a raw image would need the large segment of a camera.
        self._annotated_publisher = self.create_lifecycle_publisher(
            CompressedImage, 'annotated_image/compressed', PICTURE
        )
        read = self._read_crops if self.settings['use_hri'] else self._read_image
        self._worker = LatestWorker(read, 'affect', self._count_failure)

    def check_settings(self, values: dict, given: set[str]) -> None:
        """Load the encoder of photographs where it is wanted from now on; refuse without one."""
        if not (self.is_prepared and given & SHARED.keys() and shared_fields(values)):
            return
        problems: list[str] = []
        self._photo = self._reader.photo or choose_photo(values, problems.append)
        if problems:
            # Whoever may set parameters is not told what stands in a file.
            self.warn('photo', problems[0])
            raise ValueError('photo_model cannot be loaded: the log of this node says why')

    def on_settings(self, given: set[str]) -> None:
        """Say more, or less, of each face from the next image on."""
        if self.is_prepared and given & SHARED.keys():
            self._reader.photo = self._photo if shared_fields(self.settings) else None

    def on_start(self) -> None:
        """Subscribe to the camera, or to the faces of others."""
        if self.settings['use_hri']:
            self._tracked = TrackedFaces(
                self, self._take_crop, self._wake, self.settings['max_faces']
            )
            return
        topic, transport = self.settings['image_topic'], self.settings['image_transport']
        wanted = {Image: topic, CompressedImage: f'{topic}/compressed'}
        if transport != 'auto':
            kept = Image if transport == 'raw' else CompressedImage
            wanted = {kept: wanted[kept]}
        self._image_subscriptions = [
            self.create_subscription(kind, name, self._take, CAMERA_READER)
            for kind, name in wanted.items()
        ]

    def on_stop(self) -> None:
        """Unsubscribe."""
        if self._tracked is not None:
            self._tracked.close()
            return
        for subscription in self._image_subscriptions:
            self.destroy_subscription(subscription)

    def on_release(self) -> None:
        """Let the image in work be finished and unload the models."""
        if self.is_prepared:
            self._worker.close()
            self._reader = None

    def _take(self, message: Image | CompressedImage) -> None:
        self._received.tick()
        came_s, clock_ns = perf_counter(), self.get_clock().now().nanoseconds
        sent_ns = to_nanoseconds(message.header.stamp)
        stamp_ns = self._stream.take(transport_of(message), sent_ns, clock_ns, came_s)
        if stamp_ns is None:
            return
        message.header.stamp = Time(**stamp_fields(stamp_ns))
        self._worker.offer((message, came_s, self._stream.number))

    def _read_image(self, item: tuple[Image | CompressedImage, float, int]) -> None:
        message, came_s, stream = item
        if stream != self._stream_read:
            self._stream_read = stream
            self._reader.reset()
        pixels = pixels_of(message)
        faces = self._reader(pixels, to_seconds(message.header.stamp))
        shared = shared_fields(self.settings)
        affect = affect_message(make_message, message.header, pixels.shape, faces, shared)
        self._publish(affect, came_s)
        self._published.tick()
        self._annotate(pixels, faces, message.header)
        self._reader.catch_up()

    def _take_crop(self, header: Header) -> None:
        self._received.tick()
        self._wake(header)

    def _wake(self, header: Header) -> None:
        self._worker.offer((header, perf_counter()))

    def _read_crops(self, item: tuple[Header, float]) -> None:
        header, came_s = item
        ids = self._tracked.ids
        crops = self._tracked.take_crops()
        if not crops and ids and self._faces.keys() <= ids:
            return  # An earlier wake has read them all.
        self._reader.keep(ids)
        for face in self._reader(list(self._readable(crops))):
            self._faces[face.id] = face
            self._tracked.express(face, crops[face.id].header, self.settings[ACTION_UNITS])
            self._published.tick()
        self._faces = {face_id: face for face_id, face in self._faces.items() if face_id in ids}
        headers = [crop.header for crop in crops.values()]
        newest = max(headers, key=lambda crop: to_seconds(crop.stamp), default=header)
        faces, shared = list(self._faces.values()), shared_fields(self.settings)
        self._publish(crops_message(make_message, newest, faces, shared), came_s)

    def _readable(self, crops: Mapping[str, Image]) -> Iterator[Crop]:
        """The crops that are pictures; the others are counted."""
        for face_id, crop in crops.items():
            try:
                yield Crop(face_id, pixels_of(crop), to_seconds(crop.header.stamp))
            except ImageError as error:
                self._count_failure(error)

    def _publish(self, result: FaceAffectArray, came_s: float) -> None:
        result.processing_ms = (perf_counter() - came_s) * 1e3
        self.send(self._publisher, result)
        self._processing.add(result.processing_ms)
        age_s = to_seconds(self.get_clock().now()) - to_seconds(result.header.stamp)
        self._since_stamp.add(age_s * 1e3)

    def _annotate(self, pixels: np.ndarray, faces: list[Face], header: Header) -> None:
        if not self.count_listeners(self._annotated_publisher):
            return
        if not self.settings['allow_annotated_image']:
            self.get_logger().warning(NOT_ALLOWED, once=True)
        else:
            _, data = cv2.imencode('.jpg', annotate(pixels, faces))
            picture = CompressedImage(header=header, format='jpeg', data=data.tobytes())
            self.send(self._annotated_publisher, picture)

    def _note_timings(self, timings: Timings) -> None:
        self._timings = timings

    def _count_failure(self, error: Exception) -> None:
        self._malformed += 1
        self._last_problem = str(error)
        kind = 'malformed image' if isinstance(error, ImageError) else type(error).__name__
        self.warn(kind, f'ignored an image ({kind}): {error}')

    def diagnose(self) -> list[Diagnosis]:
        """Report rates, milliseconds and what is lost."""
        if not self.is_prepared:
            return []
        diagnosis = Diagnosis('images', values=self._figures())
        if self.is_active:
            self._diagnose_arrival(diagnosis)
        if self._growth.of({'malformed': self._malformed}):
            diagnosis.warn(f'{self._malformed} images ignored; the last: {self._last_problem}')
        if self._reader.photo is None and (missed := shared_fields(self.settings)):
            diagnosis.warn(f'photo_model could not be loaded, so faces have no {missed[0]}')
        return [diagnosis]

    def _figures(self) -> dict[str, object]:
        return {
            'received': self._received.count,
            'received_hz': self._received.hz,
            'processed': self._published.count,
            'processed_hz': self._published.hz,
            'dropped': self._dropped(),
            'malformed': self._malformed,
            **self._stream.counters,
            **{f'{part}_ms': ms for part, ms in self._timings._asdict().items()},
            'temporal': self._over_time(),
            'photo': photo.name if (photo := self._reader.photo) else 'none',
            **self._processing.percentiles('processing'),
            **self._since_stamp.percentiles('since_stamp'),
        }

    def _over_time(self) -> str:
        """What says valence and arousal over time."""
        if (model := self._reader.temporal) is None:
            return 'none'
        return f'{model.name}, {model.delay_s:g} s late' if model.delay_s else model.name

    def _dropped(self) -> int:
        """Images, or crops, that a newer one replaced before they were looked at."""
        return self._worker.dropped if self._tracked is None else self._tracked.dropped

    def _diagnose_arrival(self, diagnosis: Diagnosis) -> None:
        if self._tracked is None:
            age, wanted = self._received.age_s, f'image on {self.settings["image_topic"]}'
            advice = 'the camera runs, image_topic and QoS'
        else:
            age, wanted = self._tracked.lists.age_s, f'list of faces on {FACES}/tracked'
            advice = 'a ROS4HRI face detector runs'
        if age is None or age > STALE_S:
            since = 'yet' if age is None else f'for {age:.1f} s'
            diagnosis.warn(f'no {wanted} {since}; check that {advice}')
        elif self._stream.is_unstamped:
            diagnosis.warn(
                'the stamp of the images is 0 or stands still, so they count at their arrival; '
                'let the camera driver set header.stamp'
            )
        elif loss := self._stream.loss():
            diagnosis.warn(
                f'about {loss:.0%} of the images do not arrive; let the camera driver use '
                'config/fastdds_images.xml or send compressed images'
            )


def main() -> int:
    """Run the node."""
    return run(AffectEstimatorNode)
