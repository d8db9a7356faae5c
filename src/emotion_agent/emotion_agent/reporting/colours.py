# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""One colour for each emotion and modulator, in plots and in the rqt panel."""

from emotion_agent.neuromodulation import NEUTRAL

COLOURS = {
    'fear': '#7b4fa3',
    'mad': '#d1352b',
    'joy': '#f0a202',
    'love': '#e0559a',
    'sad': '#3b74b8',
    'surprise': '#1aa6a0',
    'power': '#5b9a32',
    NEUTRAL: '#c9c9c9',
    'adrenaline': '#7b4fa3',
    'cortisol': '#8a6d52',
    'endorphins': '#d1352b',
    'dopamine': '#f0a202',
    'oxytocin': '#e0559a',
    'noradrenaline': '#1aa6a0',
    'serotonin': '#5b9a32',
}
