# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Time laws from 0 to 1."""


def smoothstep(t: float) -> float:
    """3t² − 2t³, held at 0 before t = 0 and at 1 after t = 1: starts and ends at rest."""
    t = min(1.0, max(0.0, t))
    return t * t * (3.0 - 2.0 * t)
