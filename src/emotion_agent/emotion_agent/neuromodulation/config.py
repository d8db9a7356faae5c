# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The configuration of the emotion engine: frozen, validated, overlaid from YAML on defaults."""

import copy
import functools
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from emotion_agent.neuromodulation.defaults import DEFAULTS
from emotion_agent.neuromodulation.names import EMOTIONS, MODULATORS, ModulatorVector
from emotion_agent.neuromodulation.sections import (
    Dominance,
    Emotion,
    Empathy,
    Modulator,
    Mood,
    Snapshot,
    Stimulus,
    Visibility,
    read_cross_inhibition,
    read_dominance,
    read_emotion,
    read_empathy,
    read_modulator,
    read_mood,
    read_snapshot,
    read_stimuli,
    read_visibility,
)
from emotion_agent.neuromodulation.yaml_tree import (
    POSITIVE,
    ConfigError,
    Range,
    Tree,
    normalised,
    overlaid,
    read_yaml,
)
from node_kit.limits import SHOWN_CHARACTERS, cut, shown


@dataclass(frozen=True)
class EmotionConfig:
    """
    Everything that can be set on the emotion engine. Made by `load`.

    A `ModulatorVector` follows `MODULATORS`; `emotions` follows `EMOTIONS`.
    """

    time_scale: float  # multiplies every half-life, > 0
    capacity: float  # bound of every deviation, [0.5, 4]
    mood: Mood
    modulators: Mapping[str, Modulator]
    cross_inhibition: tuple[ModulatorVector, ...]  # [cleared][released], >= 0, zero diagonal
    emotions: Mapping[str, Emotion]
    visibility: Visibility
    dominant: Dominance
    empathy: Empathy
    stimuli: Mapping[str, Stimulus]
    snapshot: Snapshot
    _mapping: Mapping[str, Any] = field(repr=False, compare=False)

    def as_mapping(self) -> dict[str, Any]:
        """The whole configuration as nested dicts, ready for `yaml.safe_dump`."""
        return copy.deepcopy(dict(self._mapping))

    @functools.cached_property
    def sha256(self) -> str:
        """Hexadecimal digest of `as_mapping`, whatever the order of its keys."""
        text = json.dumps(self._mapping, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def with_changes(self, overlay: Mapping[str, Any]) -> 'EmotionConfig':
        """
        The same configuration with `overlay` on top, validated as a whole.

        Args:
            overlay: as in YAML: `{'emotion': {'time_scale': 2.0}}`.

        Raises:
            ConfigError: naming the YAML path; this configuration is untouched.
        """
        return _parsed(overlaid(self._mapping, normalised(overlay)))


def load(*layers: str | Path | Mapping[str, Any] | None) -> EmotionConfig:
    """
    The defaults with every layer on top of them, the last one uppermost.

    Args:
        *layers: YAML files or mappings of their form; None and '' are no layer.

    Raises:
        ConfigError: naming the file or the YAML path, what was expected and what was found.
    """
    mapping = normalised(DEFAULTS)
    for layer in layers:
        if layer is not None and layer != '':
            content = layer if isinstance(layer, Mapping) else read_yaml(layer)
            try:
                mapping = overlaid(mapping, normalised(content))
            except RecursionError:
                raise ConfigError(f'{layer}: contains itself; write it out') from None
    return _parsed(mapping)


def _parsed(mapping: Any) -> EmotionConfig:
    if not isinstance(mapping, Mapping):
        expected = "expected a mapping with the key 'emotion'"
        raise ConfigError(f'{expected}, got {shown(mapping)}', expected)
    for key in mapping:
        if key != 'emotion':
            rule = "everything stands under 'emotion'"
            raise ConfigError(f'{cut(key, SHOWN_CHARACTERS)}: unknown key; {rule}', rule)
    tree = Tree(mapping['emotion'], 'emotion')
    tree.expect_keys(DEFAULTS['emotion'])
    config = EmotionConfig(
        time_scale=tree.number('time_scale', POSITIVE),
        capacity=tree.number('capacity', Range(0.5, 4.0)),
        mood=read_mood(tree.section('mood')),
        modulators=_named(tree.section('modulators'), MODULATORS, read_modulator),
        cross_inhibition=read_cross_inhibition(tree.section('overthrow')),
        emotions=_named(tree.section('emotions'), EMOTIONS, read_emotion),
        visibility=read_visibility(tree.section('visibility')),
        dominant=read_dominance(tree.section('dominant')),
        empathy=read_empathy(tree.section('empathy')),
        stimuli=read_stimuli(tree.section('stimuli')),
        snapshot=read_snapshot(tree.section('snapshot')),
        _mapping=mapping,
    )
    _check_across(config)
    return config


def _check_across(config: EmotionConfig) -> None:
    """Check the rules that join several sections."""
    for name, modulator in config.modulators.items():
        half_life_s = modulator.half_life_s * config.time_scale
        if not 1e-3 <= half_life_s <= 1e12:
            raise ConfigError(
                f'emotion.modulators.{name}.half_life_s: expected 0.001 to 1e12 s '
                f'when multiplied by emotion.time_scale, got {half_life_s:g} s'
            )
    slowest_s = max(modulator.half_life_s for modulator in config.modulators.values())
    limit_s = (1.0 + config.mood.gain) * slowest_s
    if config.mood.half_life_s <= limit_s:
        raise ConfigError(
            f'emotion.mood.half_life_s: expected > {limit_s:g}, got {config.mood.half_life_s:g}; '
            'mood must be slower than (1 + gain) times the slowest modulator, '
            'or an emotion would grow after its stimulus has ended'
        )
    if config.dominant.on > config.visibility.full:
        raise ConfigError(
            f'emotion.dominant.on: expected <= emotion.visibility.full '
            f'({config.visibility.full:g}), got {config.dominant.on:g}'
        )


def _named(tree: Tree, names: tuple[str, ...], parse) -> Mapping[str, Any]:
    tree.expect_keys(names)
    return MappingProxyType({name: parse(tree.section(name)) for name in names})
