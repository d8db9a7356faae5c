# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import pytest

from oled_face.power_saving import Power, PowerSaving, PowerSavingConfig

AWAKE, DIM, OFF = Power(True, 0xCF), Power(True, 0x30), Power(False, 0x30)


@pytest.mark.parametrize(
    ('idle_s', 'power'), [(0, AWAKE), (14.9, AWAKE), (15, DIM), (29.9, DIM), (30, OFF), (1e6, OFF)]
)
def test_rests_in_two_steps_without_light(idle_s, power):
    power_saving = PowerSaving(PowerSavingConfig(), now_s=100.0)

    assert power_saving.power(100.0 + idle_s) == power


def test_light_wakes_and_darkness_does_not():
    power_saving = PowerSaving(PowerSavingConfig(), now_s=0.0)
    for now_s in range(0, 31):
        power_saving.note_frame(is_lit=False, now_s=now_s)
    assert power_saving.power(30.0) == OFF

    power_saving.note_frame(is_lit=True, now_s=31.0)

    assert power_saving.power(31.0) == AWAKE


def test_zero_means_never():
    power_saving = PowerSaving(PowerSavingConfig(dim_s=0.0, idle_s=0.0), now_s=0.0)

    assert power_saving.power(1e9) == AWAKE


@pytest.mark.parametrize(
    ('options', 'text'),
    [
        ({'idle_s': -1.0}, 'expected seconds >= 0'),
        ({'dim_contrast': 256}, r'expected 0\.\.255, got 256'),
    ],
)
def test_refuses_what_makes_no_sense(options, text):
    with pytest.raises(ValueError, match=text):
        PowerSavingConfig(**options)
