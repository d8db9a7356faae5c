# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
An emotion engine: stimuli release neuromodulators, which decay and inhibit each other.

Knows no ROS and no robot; a game or a simulator can use it alone.

    >>> from emotion_agent.neuromodulation import EmotionEngine, load
    >>> engine = EmotionEngine(load(), now_s=0.0)
    >>> engine.stimulate('praise', now_s=0.0).accepted
    True
    >>> reading = engine.read(now_s=1.0)
    >>> reading.dominant, round(reading.emotions[2], 3), round(reading.valence, 3)
    ('joy', 0.574, 0.656)
    >>> engine.stimulate('picked_up', source='imu', now_s=5.0).accepted
    True
    >>> engine.read(now_s=5.0).dominant
    'fear'
    >>> engine.read(now_s=600.0).dominant
    'neutral'
"""

from emotion_agent.neuromodulation.config import EmotionConfig, load
from emotion_agent.neuromodulation.engine import EmotionEngine
from emotion_agent.neuromodulation.face_follower import Face, FaceEvent, FaceFollower
from emotion_agent.neuromodulation.memory import UnreadableMemory
from emotion_agent.neuromodulation.names import EMOTIONS, MODULATORS, NEUTRAL, ModulatorVector
from emotion_agent.neuromodulation.outcome import COUNTERS, Outcome
from emotion_agent.neuromodulation.readout import Reading
from emotion_agent.neuromodulation.sections import Stimulus
from emotion_agent.neuromodulation.snapshot_file import load_snapshot, save_snapshot
from emotion_agent.neuromodulation.yaml_tree import ConfigError

__all__ = [
    'COUNTERS',
    'EMOTIONS',
    'MODULATORS',
    'NEUTRAL',
    'ConfigError',
    'EmotionConfig',
    'EmotionEngine',
    'Face',
    'FaceEvent',
    'FaceFollower',
    'ModulatorVector',
    'Outcome',
    'Reading',
    'Stimulus',
    'UnreadableMemory',
    'load',
    'load_snapshot',
    'save_snapshot',
]
