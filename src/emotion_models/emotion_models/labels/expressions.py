# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The eight expressions and where they lie in the plane of valence and arousal."""

from types import MappingProxyType

EXPRESSIONS = (
    'NEUTRAL',
    'HAPPY',
    'SAD',
    'SURPRISE',
    'FEAR',
    'DISGUST',
    'ANGER',
    'CONTEMPT',
)
"""Order of every expression vector of this package: the codes 0..7 of AffectNet."""

VA_MEANS = MappingProxyType(
    {
        'NEUTRAL': (-0.062719, -0.019574),
        'HAPPY': (0.664328, 0.070280),
        'SAD': (-0.637006, -0.257004),
        'SURPRISE': (0.180444, 0.689328),
        'FEAR': (-0.125745, 0.766180),
        'DISGUST': (-0.693719, 0.457344),
        'ANGER': (-0.452736, 0.566778),
    }
)
"""Mean valence and arousal, in [-1, 1], of the AffectNet training images of an expression.

Printed in Nath, Udandarao, Shukla, "It's LeVAsa not LevioSA!", arXiv 2007.10058, for the data of
Mollahosseini, Hasani, Mahoor, "AffectNet", arXiv 1708.03985. Contempt is not given there.
"""
