# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Names of the modulators and emotions; vectors of them follow this order."""

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

# Seven numbers in the order of `MODULATORS` or `EMOTIONS`; so few are faster than an array.
ModulatorVector = tuple[float, ...]
EmotionVector = tuple[float, ...]
ZEROS: ModulatorVector = (0.0,) * 7
