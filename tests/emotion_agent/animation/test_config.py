# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
from dataclasses import fields

import pytest

from emotion_agent.animation.config import PRESETS, AnimatorConfig, limits_of

SETTINGS = {entry.name: limits_of(entry) for entry in fields(AnimatorConfig)}
LOOPS = ('laughter', 'tears', 'trembling', 'heartbeat', 'scowling', 'smirking', 'sighing')


@pytest.mark.parametrize(
    ('own', 'message'),
    [
        ({'tempo': -1.0}, r'tempo must be in 0\.25\.\.4, got -1\.0'),
        ({'breath_px': float('nan')}, r'breath_px must be in 0\.\.4, got nan'),
        ({'laughter': 1.01}, r'laughter must be in 0\.\.1, got 1\.01'),
        ({'glance_least_s': 3.0}, r'glance_least_s must be <= glance_most_s, got 3\.0 > 2\.0'),
        ({'sleep_after_s': 400.0}, 'sleep_after_s must be <= off_after_s'),
        ({'hysteresis': 0.2, 'threshold': 0.1}, 'hysteresis must be <= threshold'),
        (
            {'blink_rate': 30.0, 'blink_arousal': 1.0},
            r'allow fewer than 60 a minute, got .* 30\.0',
        ),
    ],
)
def test_contradictions_are_named(own, message):
    with pytest.raises(ValueError, match=message):
        AnimatorConfig(**own)


@pytest.mark.parametrize('name', SETTINGS)
def test_each_setting_says_what_it_means_and_keeps_to_its_range(name):
    limits = SETTINGS[name]

    assert limits.meaning
    assert limits.low <= getattr(AnimatorConfig(), name) <= limits.high
    for wrong in (limits.low - 0.1, limits.high + 0.1):
        with pytest.raises(ValueError, match=f'{name} must be in'):
            AnimatorConfig(**{name: wrong})


def test_lively_is_the_default():
    assert AnimatorConfig.preset() == AnimatorConfig.preset('lively') == AnimatorConfig()


def test_presets_are_calmer_one_after_the_other():
    lively, calm, minimal = (AnimatorConfig.preset(name) for name in PRESETS)

    assert lively.blink_rate > calm.blink_rate > minimal.blink_rate > 0.0
    assert lively.glances > calm.glances > minimal.glances == 0.0
    assert not any(getattr(config, loop) for config in (calm, minimal) for loop in LOOPS)
    assert all(getattr(lively, loop) for loop in LOOPS)


def test_own_numbers_go_before_those_of_a_preset():
    config = AnimatorConfig.preset('minimal', laughter=1.0, breath_px=2)

    assert (config.laughter, config.breath_px, config.tears) == (1.0, 2, 0.0)


def test_a_preset_that_is_not_there_is_named():
    with pytest.raises(
        ValueError, match='preset must be one of lively, calm, minimal; got .wild.'
    ):
        AnimatorConfig.preset('wild')
