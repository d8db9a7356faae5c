# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The variables of ROS that nodes would stumble over, looked at before ROS starts."""

import sys

from node_kit.domain import domain_problem
from node_kit.security import security_problem, security_warning


def environment_problem() -> str | None:
    """
    Return what is wrong with the variables of ROS, in one line; None if they can be used.

    What can be used and means something else than it seems is said on the standard error.
    """
    problem = domain_problem() or security_problem()
    if problem is None and (warning := security_warning()):
        print(f'warning: {warning}', file=sys.stderr)
    return problem


def require_usable_environment() -> None:
    """
    End the process with one line if the variables cannot be used; to be called before ROS starts.

    Raises:
        SystemExit: with the reason.
    """
    if problem := environment_problem():
        raise SystemExit(problem)
