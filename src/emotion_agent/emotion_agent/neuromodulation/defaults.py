# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
The default configuration, as the mapping that a YAML file would give.

Every number that a user can change stands here and nowhere else. Half-lives keep the order in
which human emotions fade (Verduyn & Lavrijsen 2015, doi 10.1007/s11031-014-9445-y), shortened to
seconds so that a desk robot looks alive; they are no claim about blood plasma. Emotion
coordinates are pleasure, arousal, dominance after Russell & Mehrabian 1977; love and power are
chosen, near the word norms of Warriner et al. 2013. Endorphins for anger are this robot's
convention.
"""

from emotion_agent.neuromodulation.names import EMOTIONS, MODULATORS


def _row(names: tuple[str, ...], *values: float) -> dict[str, float]:
    """A table row as a mapping, without its zeros."""
    return {name: value for name, value in zip(names, values, strict=True) if value}


def _modulator(half_life_s: float, rest: float) -> dict[str, float]:
    return {'half_life_s': half_life_s, 'rest': rest, 'temperament': 0.0}


def _emotion(weights: tuple[float, ...], pad: tuple[float, float, float]) -> dict:
    return {'weights': _row(MODULATORS, *weights), 'pad': list(pad)}


def _stimulus(duration_s: float = 0.0, refractory_s: float = 0.2, **doses: float) -> dict:
    return {
        'doses': doses,
        'duration_s': duration_s,
        'delay_s': 0.0,
        'refractory_s': refractory_s,
        'habituation': {'step': 0.5, 'half_life_s': 30.0},
    }


# Cross-inhibition: what is cleared (row) by what is released (column).
# fmt: off
_CROSS_INHIBITION = {           # adr  cor  end  dop  oxy  nor  ser
    'adrenaline':    _row(MODULATORS, 0.0, 0.0, 0.6, 1.2, 1.5, 0.4, 1.0),
    'cortisol':      _row(MODULATORS, 0.0, 0.0, 0.0, 0.5, 0.8, 0.0, 0.5),
    'endorphins':    _row(MODULATORS, 1.0, 0.0, 0.0, 1.2, 1.5, 0.6, 0.3),
    'dopamine':      _row(MODULATORS, 1.5, 0.5, 1.2, 0.0, 0.0, 0.5, 0.0),
    'oxytocin':      _row(MODULATORS, 0.8, 0.4, 1.5, 0.0, 0.0, 0.4, 0.0),
    'noradrenaline': _row(MODULATORS, 0.8, 0.0, 0.8, 0.8, 0.8, 0.0, 0.5),
    'serotonin':     _row(MODULATORS, 1.0, 0.6, 0.4, 0.0, 0.0, 0.5, 0.0),
}

_EMOTIONS = dict(zip(EMOTIONS, (
    #          adr    cor    end    dop    oxy    nor    ser
    _emotion((0.85,  0.35, -0.15,  0.00, -0.25,  0.00, -0.15), (-0.64,  0.60, -0.43)),  # fear
    _emotion((0.15,  0.00,  0.95,  0.00, -0.30,  0.10, -0.10), (-0.51,  0.59,  0.25)),  # mad
    _emotion((-.20, -0.25, -0.20,  0.90,  0.10,  0.00,  0.10), ( 0.76,  0.48,  0.35)),  # joy
    _emotion((-.15, -0.15, -0.30,  0.10,  0.95,  0.00,  0.00), ( 0.70,  0.10,  0.20)),  # love
    _emotion((-.10,  0.15, -0.10, -0.80,  0.00, -0.10, -0.35), (-0.63, -0.27, -0.33)),  # sad
    _emotion((0.00, -0.10,  0.00,  0.00,  0.00,  1.00,  0.00), ( 0.40,  0.67, -0.13)),  # surprise
    _emotion((-.25, -0.25,  0.15,  0.10,  0.00,  0.00,  0.90), ( 0.40,  0.30,  0.60)),  # power
), strict=True))
# fmt: on

# Angle in the valence-arousal plane, degrees -> how a human seen there moves the set-point.
_EMPATHY_MATRIX = {
    '45': {'dopamine': 1.0, 'oxytocin': 0.3, 'serotonin': 0.2},  # excited: joins in
    '135': {'noradrenaline': 0.6, 'adrenaline': 0.4, 'cortisol': 0.2},  # upset: concern, no anger
    '225': {'dopamine': -0.8, 'oxytocin': 0.4, 'serotonin': -0.2},  # sad: shares it, and cares
    '315': {'dopamine': 0.3, 'oxytocin': 0.6, 'serotonin': 0.6},  # content: settles
}

_STIMULI = {
    'praise': _stimulus(refractory_s=1.0, dopamine=0.7, serotonin=0.25, oxytocin=0.2),
    'touch_gentle': _stimulus(duration_s=2.0, oxytocin=0.8, serotonin=0.1, cortisol=-0.2),
    'known_face': _stimulus(oxytocin=0.7, dopamine=0.4),
    'face_seen': _stimulus(dopamine=0.35, noradrenaline=0.2, oxytocin=0.15),
    'face_lost': _stimulus(dopamine=-0.35, oxytocin=-0.1),
    'scold': _stimulus(dopamine=-0.4, serotonin=-0.3, cortisol=0.2),
    'insult': _stimulus(endorphins=0.7, serotonin=-0.1, noradrenaline=0.1),
    'collision': _stimulus(noradrenaline=0.5, adrenaline=0.45, endorphins=0.35),
    'picked_up': _stimulus(adrenaline=0.8, noradrenaline=0.5),
    'fall': _stimulus(adrenaline=0.8, noradrenaline=0.5),
    'threat_near': _stimulus(adrenaline=0.9, cortisol=0.2),
    'loud_sound': _stimulus(noradrenaline=1.0, adrenaline=0.3),
    'novelty': _stimulus(noradrenaline=0.5, dopamine=0.2),
    'blocked': _stimulus(endorphins=0.6, noradrenaline=0.2, cortisol=0.1),
    'goal_reached': _stimulus(dopamine=0.8, serotonin=0.5),
    'goal_failed': _stimulus(dopamine=-0.7, serotonin=-0.3),
    'win': _stimulus(serotonin=0.9, dopamine=0.3),
    'low_battery': _stimulus(duration_s=20.0, dopamine=-0.5, serotonin=-0.5, cortisol=0.3),
    'charging': _stimulus(duration_s=10.0, serotonin=0.4, dopamine=0.2),
}

DEFAULTS = {
    'emotion': {
        'time_scale': 1.0,
        'capacity': 2.0,
        'mood': {'half_life_s': 600.0, 'gain': 1.0},
        'modulators': {
            'adrenaline': _modulator(8.0, rest=0.05),
            'cortisol': _modulator(60.0, rest=0.10),
            'endorphins': _modulator(15.0, rest=0.10),
            'dopamine': _modulator(20.0, rest=0.30),
            'oxytocin': _modulator(30.0, rest=0.15),
            'noradrenaline': _modulator(3.0, rest=0.10),
            'serotonin': _modulator(40.0, rest=0.35),
        },
        'overthrow': _CROSS_INHIBITION,
        'emotions': _EMOTIONS,
        'visibility': {'on': 0.25, 'full': 0.70},
        'dominant': {'on': 0.25, 'off': 0.15, 'margin': 0.08, 'min_hold_s': 0.4},
        'empathy': {
            'gain': 0.6,
            'attack': 1.0,
            'p_min': 0.4,
            'p_full': 0.8,
            'timeout_s': 2.0,
            'matrix': _EMPATHY_MATRIX,
        },
        'stimuli': _STIMULI,
        'snapshot': {'path': '', 'period_s': 10.0, 'max_age_s': 86400.0},
    }
}
