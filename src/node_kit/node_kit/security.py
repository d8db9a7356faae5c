# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Whether the security of DDS that was asked for is there; see docs/security.md."""

import os
from pathlib import Path

from node_kit.suggestions import did_you_mean

ENABLE, STRATEGY = 'ROS_SECURITY_ENABLE', 'ROS_SECURITY_STRATEGY'
KEYSTORE = 'ROS_SECURITY_KEYSTORE'
ENFORCE, PERMISSIVE = 'Enforce', 'Permissive'
WITHOUT = f'set {ENABLE}=false to run without security'
_NOT_BUILT = "doesn't have the security libraries"  # as Fast DDS says it


def security_problem() -> str | None:
    """
    Return what is wrong with the variables of ROS about security, in one line; None if nothing.

    ROS itself takes `True` for false and `enforce` for `Permissive`, and runs without security.
    """
    enabled, strategy = os.environ.get(ENABLE, ''), os.environ.get(STRATEGY, '')
    if enabled not in ('', 'true', 'false'):
        return f'{ENABLE}: expected true or false, got {enabled!r}'
    if enabled != 'true':
        return None
    if strategy not in ('', ENFORCE, PERMISSIVE):
        known = ENFORCE, PERMISSIVE
        near = did_you_mean(strategy.capitalize(), known)
        return f'{STRATEGY}: expected {" or ".join(known)}, got {strategy!r}{near}'
    return _keystore_problem() if strategy == ENFORCE else None


def security_warning() -> str | None:
    """Return the line where security is asked for and ROS goes on without it; otherwise None."""
    if os.environ.get(ENABLE) != 'true' or os.environ.get(STRATEGY) == ENFORCE:
        return None
    if (problem := _keystore_problem()) is None:
        return None
    return f'{problem}; running without security, as {STRATEGY} is not {ENFORCE}'


def _keystore_problem() -> str | None:
    folder = os.environ.get(KEYSTORE, '')
    if folder and Path(folder, 'enclaves').is_dir():
        return None
    return (
        f'{KEYSTORE}: expected a folder that ros2 security create_keystore made, got {folder!r}; '
        f'make one, or {WITHOUT}'
    )


def explain(error: Exception) -> str | None:
    """Return the line about an error of ROS where its DDS has no security; None for others."""
    if _NOT_BUILT not in str(error):
        return None
    return (
        f'{ENABLE} is true, and the DDS here was built without security, as in the wheels of ROS: '
        f'use the packages of ROS from apt, or {WITHOUT}'
    )
