# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Where ROS writes its logs, and how it starts where it cannot."""

import os
import sys
from pathlib import Path


def log_arguments() -> list[str]:
    """
    Return what to add to the command line of ROS, which does not start where it cannot write logs.

    Nothing where it can; else one line on standard error says so, and logs are only printed.
    """
    problem = _problem()
    if not problem:
        return []
    print(f'no log files: {problem}; set ROS_LOG_DIR to a folder to have them', file=sys.stderr)
    return ['--ros-args', '--disable-external-lib-logs']


def _problem() -> str:
    """Why no log can be written, '' = it can. ROS looks for the folder in the same places."""
    named = os.environ.get('ROS_LOG_DIR')
    home = os.environ.get('ROS_HOME') or (os.environ.get('HOME') and '~/.ros')
    if not named and not home:
        return 'there is no home folder'
    folder = Path(os.path.expanduser(named or f'{home}/log'))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return f'{folder}: {error.strerror}'
    return '' if os.access(folder, os.W_OK | os.X_OK) else f'{folder} is not writable'
