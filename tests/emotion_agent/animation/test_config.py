# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import pytest

from emotion_agent.animation import AnimatorConfig


@pytest.mark.parametrize(
    ('setting', 'message'),
    [
        ({'transition_s': -1.0}, r'transition_s must be a number >= 0, got -1\.0'),
        ({'breathing': float('nan')}, 'breathing must be a number >= 0, got nan'),
        ({'gaze_s': 0.0}, 'gaze_s must be > 0, got 0'),
        ({'saccade_min_s': 3.0}, 'saccade_min_s must be <= saccade_max_s'),
        ({'sleep_after_s': 400.0}, 'sleep_after_s must be <= off_after_s'),
        ({'hysteresis': 0.5}, 'hysteresis must be <= threshold'),
        ({'blink_rate_per_min': 50.0}, r'allow fewer than 60\.0 per minute, got .* 50\.0'),
    ],
)
def test_contradictions_are_named(setting, message):
    with pytest.raises(ValueError, match=message):
        AnimatorConfig(**setting)
