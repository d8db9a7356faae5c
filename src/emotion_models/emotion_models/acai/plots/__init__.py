# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Interpolations, latent spaces, trainings and sweeps in pictures: matplotlib figures."""

LEFT, RIGHT, MIDDLE = '#2b6cb0', '#dd6b20', '#4a5568'
"""Colours of the sides of a body."""
INK, FAINT = '#2d3748', '#cbd5e0'
LOW, HIGH = '#2b6cb0', '#c53030'
"""Ends of the shading from the least to the greatest weight."""
