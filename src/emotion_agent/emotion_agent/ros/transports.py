# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Transport settings of Fast DDS for raw camera images."""

import os
from pathlib import Path

from ament_index_python.packages import get_package_share_directory

from node_kit.discovery import use_profile

TRANSPORTS = 'FASTDDS_BUILTIN_TRANSPORTS'
"""By which a user chooses transports; those of a profile would take their place."""


def use_large_segment() -> None:
    """
    Use a shared-memory segment that holds whole images, unless the user chose how to send.

    The default segment is smaller than one 640x480 frame and most frames are lost. The segment
    belongs to the sender, so only nodes that publish large images need it, before rclpy starts.
    """
    if TRANSPORTS not in os.environ:
        share = Path(get_package_share_directory('emotion_agent'))
        use_profile(share / 'config/fastdds_images.xml')
