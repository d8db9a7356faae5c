# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Whatever happens on the bus, the panel shows the last frame once writing works again."""

import errno

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from panel_fakes import Chip, Clock, frame_of

from oled_face import PanelDriver, panel_for
from oled_face.bus_cost import I2C, SPI

PANELS = [
    panel_for('ssd1306'),
    panel_for('ssd1306', 128, 32),
    panel_for('ssd1306', 96, 16),
    panel_for('ssd1306', 64, 48),
    panel_for('ssd1305', 128, 32),
    panel_for('sh1106'),
]
PANEL_NAMES = [f'{panel.driver} {panel.width}x{panel.height}' for panel in PANELS]
by_panel = pytest.mark.parametrize('panel', PANELS, ids=PANEL_NAMES)
seeds = st.integers(0, 2**32 - 1)


def next_frame(frame: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Change a window of a frame, or a few pixels, or all of it."""
    height, width = frame.shape
    frame = frame.copy()
    kind = generator.integers(4)
    if kind == 0:
        return (generator.random(frame.shape) < generator.random()) * np.uint8(255)
    if kind == 1:
        count = generator.integers(1, 30)
        frame[generator.integers(0, height, count), generator.integers(0, width, count)] ^= 255
        return frame
    if kind == 2:
        top, bottom = np.sort(generator.integers(0, height + 1, 2))
        left, right = np.sort(generator.integers(0, width + 1, 2))
        frame[top:bottom, left:right] ^= 255
    return frame


@by_panel
@pytest.mark.parametrize('bus_cost', [I2C, SPI], ids=['i2c', 'spi'])
def test_memory_follows_600_random_frames(panel, bus_cost):
    generator = np.random.default_rng(1)
    chip = Chip(panel)
    oled = PanelDriver(chip, panel, bus_cost, clock=Clock())
    frame = frame_of(width=panel.width, height=panel.height)

    for _ in range(600):
        frame = next_frame(frame, generator)
        oled.show(frame)
        assert np.array_equal(chip.picture(), frame != 0)


@by_panel
@given(seed=seeds, share=st.sampled_from([0.1, 0.5]))
def test_recovers_from_failed_writes_anywhere(panel, seed, share):
    """Each write may fail, with any number of its bytes arrived, also within a recovery."""
    generator = np.random.default_rng(seed)
    chip = Chip(panel, seed)
    oled = PanelDriver(chip, panel, clock=Clock())
    frame = frame_of(width=panel.width, height=panel.height)

    for _ in range(12):
        frame = next_frame(frame, generator)
        chip.faults = [
            int(generator.integers(0, 25)) if generator.random() < share else None
            for _ in range(generator.integers(0, 8))
        ]
        while True:
            try:
                oled.show(frame)
                break
            except OSError:
                continue
        assert np.array_equal(chip.picture(), frame != 0)


@by_panel
@given(seed=seeds, number=st.sampled_from([errno.EIO, errno.ENXIO, errno.ETIMEDOUT]))
def test_recovers_from_a_loss_of_power(panel, seed, number):
    """After which contrast and inversion are as they were set, and a sleeping panel sleeps on."""
    generator = np.random.default_rng(seed)
    chip = Chip(panel, seed)
    oled = PanelDriver(chip, panel, clock=Clock())
    frame = next_frame(frame_of(width=panel.width, height=panel.height), generator)
    oled.contrast(0x30)
    oled.invert(True)
    asleep = bool(generator.integers(2))
    if asleep:
        oled.sleep()
    chip.fault_number = number
    chip.faults = [0]
    with pytest.raises(OSError, match='the bus failed'):
        oled.show(frame)
    chip.power_on()
    chip.ram[:] = generator.integers(0, 256, chip.ram.shape)

    oled.show(frame)

    assert chip.contrast == 0x30
    assert np.array_equal(chip.picture(), (frame == 0) & (not asleep))
    oled.wake()
    assert np.array_equal(chip.picture(), frame == 0)


@by_panel
@pytest.mark.parametrize('asleep', [False, True])
def test_a_loss_of_power_that_no_write_noticed_is_made_up_for_by_the_refresh(panel, asleep):
    seed = 1
    generator = np.random.default_rng(seed)
    chip, clock = Chip(panel, seed), Clock()
    oled = PanelDriver(chip, panel, refresh_s=30.0, clock=clock)
    frame = next_frame(frame_of(width=panel.width, height=panel.height), generator)
    oled.contrast(0x30)
    oled.invert(True)
    oled.show(frame)
    if asleep:
        oled.sleep()
    chip.power_on()
    chip.ram[:] = generator.integers(0, 256, chip.ram.shape)

    clock.advance(30.0)
    oled.show(frame)

    assert chip.contrast == 0x30
    assert np.array_equal(chip.picture(), (frame == 0) & (not asleep))
    oled.wake()
    assert np.array_equal(chip.picture(), frame == 0)


@by_panel
def test_a_refresh_leaves_a_lit_panel_lit(panel):
    chip, clock = Chip(panel), Clock()
    oled = PanelDriver(chip, panel, refresh_s=30.0, clock=clock)
    frame = frame_of((5, 10), width=panel.width, height=panel.height)
    oled.show(frame)
    chip.take()

    clock.advance(30.0)
    oled.show(frame)

    commands = [command for kind, command in chip.take() if kind == 'C']
    assert bytes([0xAF]) in commands
    assert not any(command.startswith((bytes([0xAE]), bytes([0xAD]))) for command in commands)


def test_a_failed_window_is_followed_by_a_full_frame():
    chip = Chip(panel_for())
    oled = PanelDriver(chip)
    oled.show(frame_of())
    chip.faults = [None, 0]
    with pytest.raises(OSError, match='the bus failed'):
        oled.show(frame_of((5, 10)))
    chip.take()

    oled.show(frame_of((5, 10)))

    assert ('C', bytes.fromhex('21007f220007')) in chip.take()
    assert oled.show(frame_of((5, 10))) == 0


@pytest.mark.parametrize('action', ['sleep', 'wake', 'invert', 'contrast'])
def test_a_command_that_failed_is_made_up_for(action):
    chip = Chip(panel_for())
    oled = PanelDriver(chip)
    oled.show(frame_of((5, 10)))
    arguments = {'invert': (True,), 'contrast': (0x30,)}.get(action, ())
    chip.faults = [0]
    with pytest.raises(OSError, match='the bus failed'):
        getattr(oled, action)(*arguments)

    oled.show(frame_of((5, 10)))

    assert chip.is_on == (action != 'sleep')
    assert chip.is_inverted == (action == 'invert')
    assert chip.contrast == (0x30 if action == 'contrast' else 0xCF)
