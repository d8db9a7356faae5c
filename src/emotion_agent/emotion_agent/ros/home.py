# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Where the nodes keep files of their own."""

import os
from pathlib import Path


def home_folder() -> Path | None:
    """
    Return the folder of the agent in that of ROS, which need not be there yet.

    None where neither ROS_HOME nor a home folder is known, as for a user without an entry.
    """
    try:
        return Path(os.environ.get('ROS_HOME') or Path.home() / '.ros') / 'emotion_agent'
    except RuntimeError:
        return None
