# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A topic of a damaged file, with the names that `rosbags` gives to those of a whole one."""

from dataclasses import dataclass


@dataclass
class Channel:
    """One topic of a file."""

    topic: str
    msgtype: str
    msgcount: int = 0
    digest: str = ''
    ext: None = None  # what else a bag may know of it
