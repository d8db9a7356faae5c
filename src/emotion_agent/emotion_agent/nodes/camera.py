# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
The node `camera`: publishes images of a photo, a folder, a video or a webcam.

Says:    camera/image_raw (sensor_msgs/Image, bgr8).
Hears:   nothing.
Without: when its pictures end it starts over, or stays silent (parameter `loop`).
"""

import os
import threading
from pathlib import Path
from time import monotonic

from sensor_msgs.msg import Image
from std_msgs.msg import Header

from emotion_agent.picture_sources import SourceError, open_source
from node_kit import Diagnosis, ManagedNode, Setting, Unavailable, run
from node_kit.diagnostics import RateMeter
from node_kit.images import array_to_image
from node_kit.qos import CAMERA_WRITER


class Camera(ManagedNode):
    """A camera for robots and desks that have no camera driver."""

    TABLE = (
        Setting('source', 'astronaut', 'picture, folder, video, number of a webcam, or astronaut',
                fixed=True),
        Setting('image_topic', 'camera/image_raw', 'topic to publish on', fixed=True),
        Setting('frame_id', 'camera_optical_frame', 'frame of the images', fixed=True),
        Setting('width', 640, 'px; a video keeps its own', 16, 4096, fixed=True),
        Setting('height', 480, 'px; a video keeps its own', 16, 4096, fixed=True),
        Setting('rate_hz', 30.0, 'images a second, Hz', 0.1, 120.0, fixed=True),
        Setting('hold_s', 2.0, 's to show each picture of a folder', 0.0, 3600.0,
                fixed=True),
        Setting('loop', True, 'start over when the pictures end'),
    )  # fmt: skip

    def __init__(self, **node_options):
        super().__init__('camera', **node_options)
        self._rate = RateMeter()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def on_prepare(self) -> None:
        """Open the source once, so that a wrong one is refused here."""
        self._pictures = self._open()
        self._publisher = self.create_publisher(Image, self.settings['image_topic'], CAMERA_WRITER)

    def on_start(self) -> None:
        """Begin to publish, in a thread: a webcam blocks until it has an image."""
        self._stopping.clear()
        self._thread = threading.Thread(target=self._publish_all, name='camera', daemon=True)
        self._thread.start()

    def on_stop(self) -> None:
        """End the thread."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(2.0)

    def on_release(self) -> None:
        """Forget the source."""
        self._pictures = None

    def diagnose(self) -> list[Diagnosis]:
        """Report how many images go out."""
        values = {'images': self._rate.count, 'rate_hz': self._rate.hz}
        diagnosis = Diagnosis('images', values=values)
        if self.is_active and self._thread is not None and not self._thread.is_alive():
            diagnosis.warn('the pictures ended; set loop to true or start again')
        return [diagnosis]

    def _open(self):
        try:
            return open_source(
                self.settings['source'],
                (self.settings['width'], self.settings['height']),
                self.settings['rate_hz'],
                self.settings['hold_s'],
            )
        except SourceError as problem:
            raise Unavailable(f'source: {problem}') from problem

    def _publish_all(self) -> None:
        period = 1.0 / self.settings['rate_hz']
        due = monotonic()
        while True:
            for picture in self._pictures:
                if self._stopping.wait(max(0.0, due - monotonic())):
                    return
                self._publish(picture)
                due = max(due + period, monotonic() - period)
            if not self.settings['loop']:
                return
            try:
                self._pictures = self._open()
            except Unavailable as problem:
                self.get_logger().error(str(problem))
                return

    def _publish(self, picture) -> None:
        header = Header(stamp=self.get_clock().now().to_msg(), frame_id=self.settings['frame_id'])
        self.send(self._publisher, array_to_image(picture, 'bgr8', header))
        self._rate.tick()


def use_large_segment() -> None:
    """
    Let Fast DDS carry a whole image in shared memory, unless the user chose a profile.

    The default segment is smaller than one 640x480 frame and most frames are lost. The segment
    belongs to the sender, so only nodes that publish large images need it, before rclpy starts.
    """
    from ament_index_python.packages import get_package_share_directory

    names = ('FASTRTPS_DEFAULT_PROFILES_FILE', 'FASTDDS_DEFAULT_PROFILES_FILE')
    if not any(name in os.environ for name in names):
        profile = Path(get_package_share_directory('emotion_agent'), 'config/fastdds_images.xml')
        os.environ.update(dict.fromkeys(names, str(profile)))


def main() -> int:
    """Run the node."""
    use_large_segment()
    return run(Camera)
