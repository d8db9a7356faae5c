# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Colours of all plots."""

INK, GREY, FAINT = '#2d3748', '#8a8f98', '#cbd5e0'
"""Of text, of what is secondary, of grids and reference lines."""
BLUE, VIOLET, RED = '#2b6cb0', '#805ad5', '#c53030'
GREEN, ORANGE = '#2e9e5b', '#dd6b20'
