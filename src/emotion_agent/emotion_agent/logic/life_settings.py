# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The parameters `life.*` of the node `face_sketcher`: how the face moves by itself."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from emotion_agent.animation.config import PRESETS, AnimatorConfig, limits_of
from node_kit.settings import Setting

LIFE = 'life.'
PRESET = f'{LIFE}preset'
AS_THE_PRESET = -1.0

LIFE_TABLE = (
    Setting(PRESET, PRESETS[0], 'how lively the face is; calm: slower, with rarer blinks, smaller '
            'glances and without loops; minimal: changes of expression, blinks and sleep alone',
            choices=PRESETS),
    *(
        Setting(LIFE + entry.name, AS_THE_PRESET, f'{limits.meaning}; -1 = as the preset has it',
                limits.low, limits.high, special=AS_THE_PRESET)
        for entry in fields(AnimatorConfig)
        for limits in [limits_of(entry)]
    ),
)  # fmt: skip


def life_of(settings: Mapping[str, Any]) -> AnimatorConfig:
    """
    How the settings of `LIFE_TABLE` say that the face moves.

    Raises:
        ValueError: if two of them contradict each other.
    """
    own = {
        entry.name: settings[LIFE + entry.name]
        for entry in fields(AnimatorConfig)
        if settings[LIFE + entry.name] != AS_THE_PRESET
    }
    try:
        return AnimatorConfig.preset(settings[PRESET], **own)
    except ValueError as error:
        raise ValueError(f'{LIFE}*: {error}') from None
