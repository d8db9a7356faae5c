# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Which ROS domain ids can be used. Standard library only: `scripts/bootstrap.py` reads it too."""

import os
import re

LAST_DOMAIN = 232
"""The ports of higher domains, 7400 + 250 times the id, would be above 65535."""


def domain_problem() -> str | None:
    """
    Return what is wrong with ROS_DOMAIN_ID, in one line; None if it can be used or is not set.

    ROS itself takes `5x` for 5, and answers 300 and text with an error about memory or sockets.
    """
    text = os.environ.get('ROS_DOMAIN_ID', '')
    if not text or (re.fullmatch('[0-9]+', text) and int(text) <= LAST_DOMAIN):
        return None
    return (
        f'ROS_DOMAIN_ID: expected a whole number from 0 to {LAST_DOMAIN}, got {text!r}; '
        'set another, or unset it for domain 0'
    )
