# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Random points of latent spaces."""

import numpy as np


def sphere_points(count: int, dimensions: int, generator: np.random.Generator) -> np.ndarray:
    """
    Points spread evenly over the unit sphere: normal draws, divided by their length.

    One call for `a + b` points gives what a call for `a` and one for `b` give.

    Returns:
        (count, dimensions), float32.
    """
    draws = generator.standard_normal((count, dimensions))
    return (draws / np.linalg.norm(draws, axis=1, keepdims=True)).astype(np.float32)
