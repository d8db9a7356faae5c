# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
The node `camera`: publishes images of a photo, a folder, a video or a webcam.

Subscribes: nothing.
Publishes:  camera/image_raw (sensor_msgs/Image, bgr8).
No input:   without its source, or when a webcam goes away, it logs one error and tries again every
            5 s. When the pictures end it starts over, or stops publishing (parameter `loop`).
"""

if __name__ == '__main__':  # before the imports, of which one may fail
    from emotion_agent import programs

    raise SystemExit(programs.camera())

import threading
from time import monotonic

import cv2
from sensor_msgs.msg import Image
from std_msgs.msg import Header

from emotion_agent.camera.sources import (
    EXPECTED,
    SourceError,
    frame_rate_hz,
    open_source,
)
from emotion_agent.ros.transports import use_large_segment
from node_kit import Diagnosis, ManagedNode, Setting, run
from node_kit.diagnostics import RateMeter
from node_kit.images import array_to_image
from node_kit.qos import CAMERA_WRITER
from node_kit.text import public_name

RETRY_S = 5.0
STALE_S = 3.0


class Camera(ManagedNode):
    """A camera for robots and desks that have no camera driver."""

    TABLE = (
        Setting('source', '0', 'number of a webcam, picture, folder, video, address as '
                'rtsp://HOST/PATH, or astronaut (a portrait that ships)', fixed=True),
        Setting('image_topic', 'camera/image_raw', 'topic to publish on', fixed=True),
        Setting('frame_id', 'camera_optical_frame', 'frame of the images', fixed=True),
        Setting('width', 640, 'px; a video keeps its own', 16, 4096, fixed=True),
        Setting('height', 480, 'px; a video keeps its own', 16, 4096, fixed=True),
        Setting('rate_hz', 30.0, 'images a second, Hz; a video keeps its own', 0.1, 120.0,
                fixed=True),
        Setting('hold_s', 2.0, 's to show each picture of a folder', 0.0, 3600.0, fixed=True),
        Setting('loop', True, 'start over when the pictures end'),
    )  # fmt: skip

    def __init__(self, **node_options):
        super().__init__('camera', **node_options)
        self._rate = RateMeter()
        self._stopping = threading.Event()
        self._problem = ''

    def check_settings(self, values: dict, given: set[str]) -> None:
        """Refuse a source without a name."""
        if not values['source'].strip():
            raise ValueError(f'source: expected {EXPECTED}, got an empty name')

    def on_prepare(self) -> None:
        """Create the publisher; a missing source is waited for later."""
        self._publisher = self.create_lifecycle_publisher(
            Image, self.settings['image_topic'], CAMERA_WRITER
        )

    def on_start(self) -> None:
        """Begin to publish, in a thread: a webcam blocks until it has an image."""
        self._stopping.clear()
        self._published_s = monotonic()
        self._thread = threading.Thread(target=self._publish_all, name='camera', daemon=True)
        self._thread.start()

    def on_stop(self) -> None:
        """End the thread."""
        self._stopping.set()
        self._thread.join(2.0)

    def diagnose(self) -> list[Diagnosis]:
        """Report how many images go out."""
        values = {'images': self._rate.count, 'rate_hz': self._rate.hz}
        diagnosis = Diagnosis('images', values=values)
        if self._problem:
            diagnosis.error(f'{self._problem}; trying again every {RETRY_S:g} s')
        elif self.is_active and not self._thread.is_alive():
            diagnosis.warn('the pictures ended; set loop to true, or deactivate and activate')
        elif self.is_active and (silent_s := monotonic() - self._published_s) > self._longest_s():
            diagnosis.warn(f'no picture for {silent_s:.0f} s; the source is stuck')
        return [diagnosis]

    def _publish_all(self) -> None:
        while not self._stopping.is_set():
            try:
                shown = self._publish_once()
                if not shown:
                    raise SourceError(f'{public_name(self.settings["source"])} gives no picture')
            except (SourceError, cv2.error) as error:
                if not self._problem:
                    self.get_logger().error(f'source: {error}')
                self._problem = str(error)
                self._stopping.wait(RETRY_S)
                continue
            if not self.settings['loop']:
                return

    def _publish_once(self) -> int:
        """Publish the pictures of the source until they end, and return how many."""
        source, size = self.settings['source'], (self.settings['width'], self.settings['height'])
        rate_hz = frame_rate_hz(source) or self.settings['rate_hz']
        pictures = open_source(source, size, rate_hz, self.settings['hold_s'])
        due_s, shown = monotonic(), 0
        try:
            for picture in pictures:
                if self._stopping.wait(max(0.0, due_s - monotonic())):
                    break
                self._publish(picture)
                shown += 1
                self._problem = ''
                # After a delay the rhythm goes on; what was missed is not made up for.
                due_s = max(due_s + 1.0 / rate_hz, monotonic() - 1.0 / rate_hz)
        finally:
            pictures.close()
        return shown

    def _publish(self, picture) -> None:
        header = Header(stamp=self.get_clock().now().to_msg(), frame_id=self.settings['frame_id'])
        self.send(self._publisher, array_to_image(picture, 'bgr8', header))
        self._rate.tick()
        self._published_s = monotonic()

    def _longest_s(self) -> float:
        """For how long there may be no picture, s."""
        return max(STALE_S, 3.0 / self.settings['rate_hz'])


def main() -> int:
    """Run the node."""
    use_large_segment()
    return run(Camera)
