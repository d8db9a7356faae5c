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
from emotion_agent.neuromodulation.names import EMOTIONS, MODULATORS, Seven
from emotion_agent.neuromodulation.yaml_tree import (
    NON_NEGATIVE,
    OPEN_UNIT,
    POSITIVE,
    SIGNED_UNIT,
    UNIT,
    ConfigError,
    Range,
    Tree,
    normalised,
    overlaid,
    read_yaml,
)

DOSE = Range(-2.0, 2.0)
SPAN_S = Range(0.0, 86400.0)  # a day bounds every duration, delay and refractory time


@dataclass(frozen=True)
class Mood:
    """The slow follower of the modulators."""

    half_life_s: float  # > 0
    gain: float  # >= 0, mood reached under a constant deviation of 1


@dataclass(frozen=True)
class Modulator:
    """One neuromodulator."""

    half_life_s: float  # > 0
    rest: float  # resting level, (0, 1)
    temperament: float  # constant offset of the deviation, [-1, 1]


@dataclass(frozen=True)
class Emotion:
    """How one emotion is read from the activations, and where it lies."""

    weights: Seven  # per modulator
    pad: tuple[float, float, float]  # pleasure, arousal, dominance, each [-1, 1]


@dataclass(frozen=True)
class Visibility:
    """Strengths between which an emotion fades in on the face."""

    on: float
    full: float


@dataclass(frozen=True)
class Dominance:
    """Hysteresis of the name given to the state."""

    on: float  # strength from which an emotion can be named
    off: float  # strength below which it loses the name
    margin: float  # lead that a challenger needs
    min_hold_s: float  # no further change for this long, s


@dataclass(frozen=True)
class Empathy:
    """How an observed human moves the set-point of the modulators."""

    gain: float  # >= 0
    attack: float  # >= 1, how many times faster than its half-life the set-point is approached
    p_min: float  # confidence up to which an observation counts for nothing
    p_full: float  # confidence from which it counts in full
    timeout_s: float  # an observation is held for this long, s
    matrix: tuple[tuple[float, Seven], ...]  # (angle in degrees, response per modulator)


@dataclass(frozen=True)
class Stimulus:
    """One entry of the stimulus library."""

    name: str
    doses: Seven  # per modulator at intensity 1, each [-2, 2]
    duration_s: float = 0.0  # the doses flow for this long, 0 = at once
    delay_s: float = 0.0  # from the stamp to the effect
    refractory_s: float = 0.2  # a repetition within this time is ignored
    habituation_step: float = 0.5  # each delivery halves the next one this many times
    habituation_half_life_s: float = 30.0


@dataclass(frozen=True)
class Snapshot:
    """Where and how often the state is saved; an empty path is off."""

    path: str
    period_s: float
    max_age_s: float


@dataclass(frozen=True)
class EmotionConfig:
    """
    Everything that can be set on the emotion engine. Made by `load`.

    Tuples of seven follow `MODULATORS`; `emotions` follows `EMOTIONS`.
    """

    time_scale: float  # multiplies every half-life, > 0
    capacity: float  # bound of every deviation, [0.5, 4]
    mood: Mood
    modulators: Mapping[str, Modulator]
    overthrow: tuple[Seven, ...]  # [cleared][released], >= 0, zero diagonal
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
        raise ConfigError(f"expected a mapping with the key 'emotion', got {mapping!r}")
    for key in mapping:
        if key != 'emotion':
            raise ConfigError(f"{key}: unknown key; everything stands under 'emotion'")
    tree = Tree(mapping['emotion'], 'emotion')
    tree.expect_keys(DEFAULTS['emotion'])
    config = EmotionConfig(
        time_scale=tree.number('time_scale', POSITIVE),
        capacity=tree.number('capacity', Range(0.5, 4.0)),
        mood=_mood(tree.section('mood')),
        modulators=_named(tree.section('modulators'), MODULATORS, _modulator),
        overthrow=_overthrow(tree.section('overthrow')),
        emotions=_named(tree.section('emotions'), EMOTIONS, _emotion),
        visibility=_visibility(tree.section('visibility')),
        dominant=_dominance(tree.section('dominant')),
        empathy=_empathy(tree.section('empathy')),
        stimuli=_stimuli(tree.section('stimuli')),
        snapshot=_snapshot(tree.section('snapshot')),
        _mapping=mapping,
    )
    _check_across(config)
    return config


def _check_across(config: EmotionConfig) -> None:
    """What one section alone cannot know."""
    for name, modulator in config.modulators.items():
        span = modulator.half_life_s * config.time_scale
        if not 1e-3 <= span <= 1e12:
            raise ConfigError(
                f'emotion.modulators.{name}.half_life_s: expected 0.001 to 1e12 s '
                f'when multiplied by emotion.time_scale, got {span:g} s'
            )
    slowest = max(modulator.half_life_s for modulator in config.modulators.values())
    limit = (1.0 + config.mood.gain) * slowest
    if config.mood.half_life_s <= limit:
        raise ConfigError(
            f'emotion.mood.half_life_s: expected > {limit:g}, got {config.mood.half_life_s:g}; '
            'mood must be slower than (1 + gain) times the slowest modulator, '
            'or a feeling would grow after its stimulus has ended'
        )
    if config.dominant.on > config.visibility.full:
        raise ConfigError(
            f'emotion.dominant.on: expected <= emotion.visibility.full '
            f'({config.visibility.full:g}), got {config.dominant.on:g}'
        )


def _named(tree: Tree, names: tuple[str, ...], parse) -> Mapping[str, Any]:
    tree.expect_keys(names)
    return MappingProxyType({name: parse(tree.section(name)) for name in names})


def _mood(tree: Tree) -> Mood:
    tree.expect_keys(('half_life_s', 'gain'))
    return Mood(tree.number('half_life_s', POSITIVE), tree.number('gain', NON_NEGATIVE))


def _modulator(tree: Tree) -> Modulator:
    tree.expect_keys(('half_life_s', 'rest', 'temperament'))
    return Modulator(
        half_life_s=tree.number('half_life_s', POSITIVE),
        rest=tree.number('rest', OPEN_UNIT),
        temperament=tree.number('temperament', SIGNED_UNIT),
    )


def _overthrow(tree: Tree) -> tuple[Seven, ...]:
    tree.expect_keys(MODULATORS)
    for name in tree:
        row = tree.section(name)
        if row.number(name, NON_NEGATIVE, default=0.0) != 0.0:
            raise ConfigError(f'{row.at(name)}: expected 0, a modulator does not clear itself')
    return tuple(tree.section(name).vector(MODULATORS, NON_NEGATIVE) for name in MODULATORS)


def _emotion(tree: Tree) -> Emotion:
    tree.expect_keys(('weights', 'pad'))
    return Emotion(
        weights=tree.section('weights').vector(MODULATORS, Range(-2.0, 2.0)),
        pad=_pad(tree),
    )


def _pad(tree: Tree) -> tuple[float, float, float]:
    pad = tree.get('pad')
    if not isinstance(pad, list) or len(pad) != 3 or any(x not in SIGNED_UNIT for x in pad):
        raise ConfigError(
            f'{tree.at("pad")}: expected [pleasure, arousal, dominance], each in [-1, 1], '
            f'got {pad!r}'
        )
    return tuple(pad)


def _visibility(tree: Tree) -> Visibility:
    tree.expect_keys(('on', 'full'))
    on = tree.number('on', UNIT)
    return Visibility(on, full=tree.number('full', Range(on, 1.0)))


def _dominance(tree: Tree) -> Dominance:
    tree.expect_keys(('on', 'off', 'margin', 'min_hold_s'))
    on, off = tree.number('on', UNIT), tree.number('off', UNIT)
    if off >= on:
        raise ConfigError(f'{tree.at("off")}: expected < {tree.at("on")} ({on:g}), got {off:g}')
    return Dominance(
        on,
        off,
        margin=tree.number('margin', UNIT),
        min_hold_s=tree.number('min_hold_s', SPAN_S),
    )


def _empathy(tree: Tree) -> Empathy:
    tree.expect_keys(('gain', 'attack', 'p_min', 'p_full', 'timeout_s', 'matrix'))
    p_min, p_full = tree.number('p_min', UNIT), tree.number('p_full', UNIT)
    if p_min >= p_full:
        raise ConfigError(
            f'{tree.at("p_min")}: expected < {tree.at("p_full")} ({p_full:g}), got {p_min:g}'
        )
    return Empathy(
        gain=tree.number('gain', Range(0.0, 10.0)),
        attack=tree.number('attack', Range(1.0, 1000.0)),
        p_min=p_min,
        p_full=p_full,
        timeout_s=tree.number('timeout_s', SPAN_S),
        matrix=_empathy_matrix(tree.section('matrix')),
    )


def _empathy_matrix(tree: Tree) -> tuple[tuple[float, Seven], ...]:
    rows = []
    for key in tree:
        try:
            angle = float(key)
        except ValueError:
            angle = -1.0
        if not 0.0 <= angle < 360.0:
            raise ConfigError(f'{tree.at(key)}: expected an angle in degrees, [0, 360)')
        rows.append((angle, tree.section(key).vector(MODULATORS, DOSE)))
    return tuple(sorted(rows))


def _stimuli(tree: Tree) -> Mapping[str, Stimulus]:
    return MappingProxyType({name: _stimulus(name, tree.section(name)) for name in sorted(tree)})


def _stimulus(name: str, tree: Tree) -> Stimulus:
    tree.expect_keys(('doses', 'duration_s', 'delay_s', 'refractory_s', 'habituation'))
    habituation = tree.section('habituation')
    habituation.expect_keys(('step', 'half_life_s'))
    return Stimulus(
        name=name,
        doses=Tree(tree.get('doses'), tree.at('doses')).vector(MODULATORS, DOSE),
        duration_s=tree.number('duration_s', SPAN_S, Stimulus.duration_s),
        delay_s=tree.number('delay_s', SPAN_S, Stimulus.delay_s),
        refractory_s=tree.number('refractory_s', SPAN_S, Stimulus.refractory_s),
        habituation_step=habituation.number('step', Range(0.0, 10.0), Stimulus.habituation_step),
        habituation_half_life_s=habituation.number(
            'half_life_s', POSITIVE, Stimulus.habituation_half_life_s
        ),
    )


def _snapshot(tree: Tree) -> Snapshot:
    tree.expect_keys(('path', 'period_s', 'max_age_s'))
    return Snapshot(
        path=tree.text('path'),
        period_s=tree.number('period_s', POSITIVE),
        max_age_s=tree.number('max_age_s', NON_NEGATIVE),
    )
