# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A ROS domain for this process and its children alone: for the demo, tests and benchmarks."""

import fcntl
import os
import tempfile
from pathlib import Path
from typing import IO

DOMAINS = range(1, 102)
"""Domain ids whose ports are below those that Linux hands out to other programs."""

_held: list[IO] = []


def claim_domain() -> int:
    """
    Take a domain id that no other process of this user has claimed.

    A lock on a file per id is held until this process ends, however it ends.

    Returns:
        One of `DOMAINS`; which one depends on the process id, so that an id that has just become
        free is not used again at once.

    Raises:
        RuntimeError: if all of them are claimed.
    """
    folder = Path(tempfile.gettempdir(), f'emotion_agent_domains_{os.getuid()}')
    folder.mkdir(mode=0o700, exist_ok=True)
    for step in range(len(DOMAINS)):
        domain = DOMAINS[(os.getpid() + step) % len(DOMAINS)]
        lock = open(folder / str(domain), 'w')  # noqa: SIM115  # open until this process ends
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
        else:
            _held.append(lock)
            return domain
    raise RuntimeError(
        f'all {len(DOMAINS)} ROS domains are claimed by running processes; end some of them'
    )


def use_own_domain() -> None:
    """Stay on this machine and in a domain of our own, where the user has chosen neither."""
    os.environ.setdefault('ROS_AUTOMATIC_DISCOVERY_RANGE', 'LOCALHOST')
    if 'ROS_DOMAIN_ID' not in os.environ:
        os.environ['ROS_DOMAIN_ID'] = str(claim_domain())
