# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The order of modulators and emotions: every tuple of seven in this package follows it."""

MODULATORS = (
    'adrenaline',
    'cortisol',
    'endorphins',
    'dopamine',
    'oxytocin',
    'noradrenaline',
    'serotonin',
)
EMOTIONS = ('fear', 'mad', 'joy', 'love', 'sad', 'surprise', 'power')
NEUTRAL = 'neutral'

# One number per modulator, or per emotion. For seven of them plain floats are faster than arrays.
Seven = tuple[float, ...]
ZEROS: Seven = (0.0,) * 7
