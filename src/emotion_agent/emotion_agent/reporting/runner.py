# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A script of stimuli played to the emotion engine, offline."""

from collections import deque
from typing import NamedTuple

import numpy as np

from emotion_agent.neuromodulation import ConfigError, EmotionConfig, EmotionEngine, Reading
from emotion_agent.reporting.script import Script


class Run(NamedTuple):
    """What a script did to the state."""

    readings: list[Reading]  # stamped from 0 on
    stimuli: list[tuple[float, str]]  # (stamp in s, name) of every accepted one


def run_script(config: EmotionConfig, script: Script, step_s: float = 0.1) -> Run:
    """
    Play a script to an engine at rest, as fast as possible.

    Args:
        config: of the engine.
        script: from `read_script`.
        step_s: time between two readings, s; the state itself does not depend on it.

    Raises:
        ConfigError: for a stimulus that the library does not have.
    """
    engine = EmotionEngine(config, now_s=0.0)
    readings, accepted = [], []
    upcoming = deque(script.stimuli)
    for now_s in np.arange(0.0, script.duration_s + step_s / 2, step_s).tolist():
        while upcoming and upcoming[0].at_s <= now_s:
            at_s, name, intensity, duration_s = upcoming.popleft()
            outcome = engine.stimulate(name, intensity, duration_s=duration_s, now_s=at_s)
            if outcome.reason == 'unknown':
                raise ConfigError(outcome.detail)
            if outcome.accepted:
                accepted.append((at_s, name))
                readings.append(engine.read(at_s))
        readings.append(engine.read(now_s))
    return Run(readings, accepted)
