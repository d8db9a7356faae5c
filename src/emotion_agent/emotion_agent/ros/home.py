# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Where the nodes keep files of their own."""

import os
from pathlib import Path


def home_folder() -> Path:
    """Return the folder of the agent in that of ROS, which need not be there yet."""
    return Path(os.environ.get('ROS_HOME') or Path.home() / '.ros') / 'emotion_agent'
