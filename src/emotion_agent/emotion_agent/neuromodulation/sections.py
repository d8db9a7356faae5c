# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
The sections of the configuration: what each holds, and how it is read from YAML.

Every `read_…` raises `ConfigError` with the path in the YAML, what was expected and what came.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from emotion_agent.neuromodulation.names import MODULATORS, ModulatorVector
from emotion_agent.neuromodulation.yaml_tree import (
    NON_NEGATIVE,
    OPEN_UNIT,
    POSITIVE,
    SIGNED_UNIT,
    UNIT,
    ConfigError,
    Range,
    Tree,
)
from node_kit.limits import SHOWN_CHARACTERS, cut, shown

DOSE = Range(-2.0, 2.0)
SHORTEST_INFUSION_S = 1e-3  # anything shorter is given at once
FASTEST_RATE = DOSE.high / SHORTEST_INFUSION_S  # of an infusion, 1/s
SPAN_S = Range(0.0, 86400.0)  # a day bounds every duration, delay and refractory time


@dataclass(frozen=True)
class Mood:
    """The slow follower of the modulators."""

    half_life_s: float  # > 0
    gain: float  # >= 0, mood reached under a constant deviation of 1


def read_mood(tree: Tree) -> Mood:
    """Read the section `mood`."""
    tree.expect_keys(('half_life_s', 'gain'))
    return Mood(tree.number('half_life_s', POSITIVE), tree.number('gain', NON_NEGATIVE))


@dataclass(frozen=True)
class Modulator:
    """One neuromodulator."""

    half_life_s: float  # > 0
    rest: float  # resting level, (0, 1)
    temperament: float  # constant offset of the deviation, [-1, 1]


def read_modulator(tree: Tree) -> Modulator:
    """Read one entry of `modulators`."""
    tree.expect_keys(('half_life_s', 'rest', 'temperament'))
    return Modulator(
        half_life_s=tree.number('half_life_s', POSITIVE),
        rest=tree.number('rest', OPEN_UNIT),
        temperament=tree.number('temperament', SIGNED_UNIT),
    )


def read_cross_inhibition(tree: Tree) -> tuple[ModulatorVector, ...]:
    """Read the section `overthrow`: rows are cleared by columns."""
    tree.expect_keys(MODULATORS)
    for name in tree:
        row = tree.section(name)
        if row.number(name, NON_NEGATIVE, default=0.0) != 0.0:
            raise ConfigError(f'{row.at(name)}: expected 0, a modulator does not clear itself')
    return tuple(tree.section(name).vector(MODULATORS, NON_NEGATIVE) for name in MODULATORS)


@dataclass(frozen=True)
class Emotion:
    """How one emotion is read from the activations, and where it lies."""

    weights: ModulatorVector  # per modulator
    pad: tuple[float, float, float]  # pleasure, arousal, dominance, each [-1, 1]


def read_emotion(tree: Tree) -> Emotion:
    """Read one entry of `emotions`."""
    tree.expect_keys(('weights', 'pad'))
    return Emotion(
        weights=tree.section('weights').vector(MODULATORS, Range(-2.0, 2.0)),
        pad=_pad(tree),
    )


def _pad(tree: Tree) -> tuple[float, float, float]:
    pad = tree.get('pad')
    if not isinstance(pad, list) or len(pad) != 3 or any(x not in SIGNED_UNIT for x in pad):
        expected = f'{tree.at("pad")}: expected [pleasure, arousal, dominance], each in [-1, 1]'
        raise ConfigError(f'{expected}, got {shown(pad)}', expected)
    return tuple(pad)


@dataclass(frozen=True)
class Visibility:
    """Strengths between which an emotion fades in on the face."""

    on: float
    full: float


def read_visibility(tree: Tree) -> Visibility:
    """Read the section `visibility`."""
    tree.expect_keys(('on', 'full'))
    on = tree.number('on', UNIT)
    return Visibility(on, full=tree.number('full', Range(on, 1.0)))


@dataclass(frozen=True)
class Dominance:
    """Hysteresis of the name given to the state."""

    on: float  # strength from which an emotion can be named
    off: float  # strength below which it loses the name
    margin: float  # lead that a challenger needs
    min_hold_s: float  # no further change for this long, s


def read_dominance(tree: Tree) -> Dominance:
    """Read the section `dominant`."""
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


@dataclass(frozen=True)
class Empathy:
    """How an observed human moves the set-point of the modulators."""

    gain: float  # >= 0
    attack: float  # >= 1, how many times faster than its half-life the set-point is approached
    p_min: float  # confidence up to which an observation counts for nothing
    p_full: float  # confidence from which it counts in full
    timeout_s: float  # an observation is held for this long, s
    matrix: tuple[tuple[float, ModulatorVector], ...]  # (angle in degrees, response per modulator)


def read_empathy(tree: Tree) -> Empathy:
    """Read the section `empathy`."""
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


def _empathy_matrix(tree: Tree) -> tuple[tuple[float, ModulatorVector], ...]:
    rows = []
    for key in tree:
        try:
            angle = float(key)
        except ValueError:
            angle = -1.0
        if not 0.0 <= angle < 360.0:
            expected = 'expected an angle in degrees, [0, 360)'
            raise ConfigError(
                f'{tree.at(cut(key, SHOWN_CHARACTERS))}: {expected}', f'{tree.path}: {expected}'
            )
        rows.append((angle, tree.section(key).vector(MODULATORS, DOSE)))
    return tuple(sorted(rows))


@dataclass(frozen=True)
class Stimulus:
    """One entry of the stimulus library."""

    name: str
    doses: ModulatorVector  # per modulator at intensity 1, each [-2, 2]
    duration_s: float = 0.0  # the doses flow for this long, 0 = at once
    delay_s: float = 0.0  # from the stamp to the effect
    refractory_s: float = 0.2  # a repetition within this time is ignored
    habituation_step: float = 0.5  # each delivery halves the next one this many times
    habituation_half_life_s: float = 30.0


def read_stimuli(tree: Tree) -> Mapping[str, Stimulus]:
    """Read the section `stimuli`, the library by name."""
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


@dataclass(frozen=True)
class Snapshot:
    """Where and how often the state is saved; an empty path is off."""

    path: str
    period_s: float
    max_age_s: float


def read_snapshot(tree: Tree) -> Snapshot:
    """Read the section `snapshot`."""
    tree.expect_keys(('path', 'period_s', 'max_age_s'))
    return Snapshot(
        path=tree.text('path'),
        period_s=tree.number('period_s', POSITIVE),
        max_age_s=tree.number('max_age_s', NON_NEGATIVE),
    )
