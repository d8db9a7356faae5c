# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Transport settings of Fast DDS for raw camera images."""

import os
from pathlib import Path

from ament_index_python.packages import get_package_share_directory


def use_large_segment() -> None:
    """
    Use a shared-memory segment that holds whole images, unless the user chose a profile.

    The default segment is smaller than one 640x480 frame and most frames are lost. The segment
    belongs to the sender, so only nodes that publish large images need it, before rclpy starts.
    """
    names = ('FASTRTPS_DEFAULT_PROFILES_FILE', 'FASTDDS_DEFAULT_PROFILES_FILE')
    if not any(name in os.environ for name in names):
        profile = Path(get_package_share_directory('emotion_agent'), 'config/fastdds_images.xml')
        os.environ.update(dict.fromkeys(names, str(profile)))
