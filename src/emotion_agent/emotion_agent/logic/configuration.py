# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The configuration of the emotion engine that the parameters of the node `emotion_state` give."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from emotion_agent.neuromodulation import MODULATORS, ConfigError, EmotionConfig, load
from emotion_agent.resources.temperaments import temperament_file


def read_temperament(settings: Mapping[str, Any], only_names: bool = False) -> EmotionConfig:
    """
    Return the chosen temperament, read from its file.

    Args:
        settings: of the node.
        only_names: take no paths.

    Raises:
        ConfigError: naming the file and the place in it, or the names that there are.
    """
    file = temperament_file(settings['temperament'], settings['temperament_folder'], only_names)
    try:
        return load(file)
    except ConfigError as error:
        raise ConfigError(_of(file, str(error)), _of(file, error.without_content)) from None


def _of(file: Path, problem: str) -> str:
    return f'{file}: {problem.removeprefix(f"{file}: ")}'


def configuration(settings: Mapping[str, Any], temperament: EmotionConfig) -> EmotionConfig:
    """
    Return a temperament with the adjustments of the other parameters.

    Raises:
        ConfigError: naming what does not fit.
    """
    config = temperament
    empathy = config.empathy
    return config.with_changes(
        {
            'emotion': {
                'time_scale': config.time_scale * settings['time_scale'],
                'empathy': {
                    'gain': empathy.gain * settings['empathy.gain'],
                    'attack': empathy.attack * settings['empathy.attack'],
                },
                'modulators': {
                    name: {
                        'temperament': max(
                            -1.0, min(1.0, config.modulators[name].temperament + offset)
                        )
                    }
                    for name in MODULATORS
                    if (offset := settings[f'offset.{name}'])
                },
            }
        }
    )
