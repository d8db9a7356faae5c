# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
The node `affect_estimator`: reads valence, arousal and expression from the faces in camera images.

Hears:   camera/image_raw (sensor_msgs/Image) and camera/image_raw/compressed (CompressedImage).
Says:    human_affect (emotion_msgs/FaceAffectArray), one for every image looked at, also without a
         face, with the header of the image. annotated_image/compressed (CompressedImage), what was
         read drawn into the image, only while somebody subscribes.
Without: images it says nothing and warns in its diagnostics.
"""

from collections import deque
from itertools import pairwise
from time import perf_counter

import cv2
import numpy as np
from sensor_msgs.msg import CompressedImage, Image
from std_msgs.msg import Header

from emotion_agent.annotation import annotate
from emotion_agent.logic.perception import TABLE, affect_message, make_estimator, pixels_of
from emotion_agent.ros_messages import make_message
from emotion_models.runtime import ArtefactError, DetectorError, Face
from emotion_msgs.msg import FaceAffectArray
from node_kit import Diagnosis, LatestWorker, ManagedNode, Unavailable, run
from node_kit.diagnostics import LatencyMeter, RateMeter, RecentGrowth
from node_kit.images import ImageError
from node_kit.qos import CAMERA_READER, PICTURE, RESULT
from node_kit.time import is_zero, to_seconds

STALE_S = 2.0
WARN_EVERY_S = 10.0


class AffectEstimatorNode(ManagedNode):
    """Feeds the newest camera image to an `AffectEstimator`, off the executor."""

    TABLE = TABLE

    def __init__(self, **node_options):
        super().__init__('affect_estimator', **node_options)
        self._received = RateMeter()
        self._published = RateMeter()
        self._processing = LatencyMeter()
        self._since_stamp = LatencyMeter()
        self._stamps: deque[float] = deque(maxlen=60)
        self._malformed = 0
        self._growth = RecentGrowth()
        self._last_problem = ''

    def on_prepare(self) -> None:
        """Load the detector and the network."""
        try:
            self._estimator = make_estimator(self.settings)
        except (ArtefactError, DetectorError) as problem:
            raise Unavailable(str(problem)) from problem
        self._publisher = self.create_lifecycle_publisher(FaceAffectArray, 'human_affect', RESULT)
        # Compressed, since a raw image would need the large segment of a camera.
        self._annotated_publisher = self.create_lifecycle_publisher(
            CompressedImage, 'annotated_image/compressed', PICTURE
        )
        self._worker = LatestWorker(self._look, 'affect', self._count_failure)

    def on_start(self) -> None:
        """Subscribe to the camera."""
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
        for subscription in self._image_subscriptions:
            self.destroy_subscription(subscription)

    def on_release(self) -> None:
        """Let the image in work be finished and unload the models."""
        if self.is_prepared:
            self._worker.close()
            del self._estimator

    def _take(self, message: Image | CompressedImage) -> None:
        stamp = to_seconds(message.header.stamp)
        if self._stamps and stamp == self._stamps[-1] and not is_zero(message.header.stamp):
            return  # The same image came raw and compressed.
        self._stamps.append(stamp)
        self._received.tick()
        self._worker.offer((message, perf_counter()))

    def _look(self, item: tuple[Image | CompressedImage, float]) -> None:
        message, taken = item
        pixels = pixels_of(message)
        faces = self._estimator(pixels, to_seconds(message.header.stamp))
        result = affect_message(make_message, message.header, pixels.shape, faces)
        result.processing_ms = (perf_counter() - taken) * 1e3
        self.send(self._publisher, result)
        self._published.tick()
        self._annotate(pixels, faces, message.header)
        self._processing.add(result.processing_ms)
        age_s = to_seconds(self.get_clock().now()) - to_seconds(message.header.stamp)
        self._since_stamp.add(age_s * 1e3)

    def _annotate(self, pixels: np.ndarray, faces: list[Face], header: Header) -> None:
        wanted = self._annotated_publisher.get_subscription_count() > 0
        if wanted and self.settings['allow_annotated_image']:
            _, data = cv2.imencode('.jpg', annotate(pixels, faces))
            picture = CompressedImage(header=header, format='jpeg', data=data.tobytes())
            self.send(self._annotated_publisher, picture)

    def _count_failure(self, problem: Exception) -> None:
        self._malformed += 1
        self._last_problem = str(problem)
        kind = 'malformed image' if isinstance(problem, ImageError) else type(problem).__name__
        self.get_logger().warning(
            f'ignored an image ({kind}): {problem}', throttle_duration_sec=WARN_EVERY_S
        )

    def diagnose(self) -> list[Diagnosis]:
        """Report rates, milliseconds and what is lost."""
        if not self.is_prepared:
            return []
        diagnosis = Diagnosis('images', values=self._figures())
        if self.is_active:
            self._diagnose_arrival(diagnosis)
        if self._growth.of({'malformed': self._malformed}):
            diagnosis.warn(f'{self._malformed} images ignored; the last: {self._last_problem}')
        return [diagnosis]

    def _figures(self) -> dict[str, object]:
        return {
            'received': self._received.count,
            'received_hz': self._received.hz,
            'processed': self._published.count,
            'processed_hz': self._published.hz,
            'dropped': self._worker.dropped,
            'malformed': self._malformed,
            **{f'{part}_ms': ms for part, ms in self._estimator.timings._asdict().items()},
            **self._processing.percentiles('processing'),
            **self._since_stamp.percentiles('since_stamp'),
        }

    def _diagnose_arrival(self, diagnosis: Diagnosis) -> None:
        age = self._received.age_s
        if age is None or age > STALE_S:
            since = 'yet' if age is None else f'for {age:.1f} s'
            diagnosis.warn(
                f'no image on {self.settings["image_topic"]} {since}; '
                'check that the camera runs, image_topic and QoS'
            )
        elif loss := transport_loss(self._stamps):
            diagnosis.warn(
                f'about {loss:.0%} of the images do not arrive; let the camera driver use '
                'config/fastdds_images.xml or send compressed images'
            )


def transport_loss(stamps: deque[float]) -> float:
    """
    Estimate the share of images that were sent but did not arrive, from the stamps of the others.

    A camera sends about evenly, so the lower distances of stamps are its period and much greater
    ones are gaps.

    Returns:
        Share in [0, 1]; 0 unless it is beyond doubt (more than a third).
    """
    intervals = [later - earlier for earlier, later in pairwise(stamps.copy()) if later > earlier]
    if len(intervals) < 20:
        return 0.0
    period = float(np.percentile(intervals, 25))
    loss = 1.0 - period / float(np.mean(intervals))
    return loss if loss > 1 / 3 else 0.0


def main() -> int:
    """Run the node."""
    return run(AffectEstimatorNode)
