# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What tests of the life of a face share: how to watch it, and to find what it does."""

import numpy as np

from emotion_agent.animation.config import AnimatorConfig
from emotion_agent.animation.life import Life
from emotion_models.drawing.view import View
from emotion_models.labels.emotions import EMOTIONS

RATE_HZ = 25.0
NOTHING = AnimatorConfig.preset('minimal', blink_rate=0.0, drift_px=0.0)
AWAKE = {'sleep_after_s': 86400.0, 'off_after_s': 864000.0}


def settings(**own):
    """What `own` says and nothing else, and no sleep."""
    return AnimatorConfig.preset('minimal', **{'blink_rate': 0.0, 'drift_px': 0.0, **AWAKE, **own})


def visible(expression='neutral', strength=0.8):
    return strength * np.array([name == expression for name in EMOTIONS], dtype=float)


def life_of(config, expression='neutral', strength=0.8, arousal=0.0, seed=0):
    life = Life(config, seed, 0.0)
    life.feel(visible(expression, strength), arousal, 0.0)
    return life


def motions(life, stop, start=0.0, rate=RATE_HZ):
    """All motions between two times in seconds, of a face whose expression stands."""
    return [life.motion(now_s, True) for now_s in times(stop, start, rate)]


def times(stop, start=0.0, rate=RATE_HZ):
    return (np.arange(round(start * rate), round(stop * rate)) / rate).tolist()


def views(life, stop, start=0.0, rate=RATE_HZ):
    """The views of those motions, an array whose columns are the numbers of `View`."""
    return np.array([motion.view for motion in motions(life, stop, start, rate)])


def column(seen, name):
    return seen[:, View._fields.index(name)]


def runs(flags):
    """Where flags are on: first frames, and the frames after the last ones."""
    edges = np.diff(np.concatenate([[0], np.asarray(flags, int), [0]]))
    return np.nonzero(edges > 0)[0], np.nonzero(edges < 0)[0]
