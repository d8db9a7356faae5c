# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""An error at every write to the panel: the next frame is there, and others are left alone."""

import errno
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from campaign import Figures, counts

sys.path.insert(0, str(Path(__file__).parents[1] / 'oled_face'))

from panel_fakes import Chip, Clock

from oled_face import PanelDriver, panel_for
from oled_face.bus_cost import I2C, SPI

PANELS = [
    panel_for('ssd1306'),
    panel_for('ssd1306', 128, 32),
    panel_for('ssd1306', 64, 48),
    panel_for('ssd1305', 128, 32),
    panel_for('sh1106'),
]
NUMBERS = (errno.EIO, errno.ENXIO, errno.ETIMEDOUT, errno.EREMOTEIO)
REFRESH_S = 30.0
ARRIVE = (0, 1, 3, 7, 1000)  # so many bytes of the write before the bus fails


class Life:
    """A panel on a bus that fails at one write, and all that is done to it."""

    def __init__(self, panel, bus_cost, fails_at: int | None, arriving: int = 0):
        self.chip = Chip(panel, seed=fails_at or 0)
        self.chip.fault_number = NUMBERS[(fails_at or 0) % len(NUMBERS)]
        if fails_at is not None:
            self.chip.faults = [None] * fails_at + [arriving]
        self.clock = Clock()
        self._draw = np.random.default_rng(1)
        self._panel, self._bus_cost = panel, bus_cost
        self.failures = 0
        while not self._attempt(self._open):
            pass

    def _open(self) -> None:
        self.driver = PanelDriver(
            self.chip, self._panel, self._bus_cost, refresh_s=REFRESH_S, clock=self.clock
        )

    def live(self) -> None:
        """Every thing that is done to a panel, each again once if it fails."""
        frame = np.zeros((self._panel.height, self._panel.width), np.uint8)
        inverted, is_on = False, True
        deeds = ('show', 'show', 'invert', 'show', 'contrast', 'sleep', 'wake', 'refresh', 'show')
        for deed in deeds:
            if deed == 'show':
                frame = frame.copy()
                top, left = self._draw.integers(0, 12, 2)
                frame[top : top + 9, left : left + 40] ^= 255
            inverted ^= deed == 'invert'
            is_on = deed != 'sleep' if deed in ('sleep', 'wake') else is_on
            self.clock.advance(2 * REFRESH_S if deed == 'refresh' else 1.0)
            arguments = {'invert': [inverted], 'contrast': [0x30]}.get(deed, [])
            if deed not in ('show', 'refresh'):
                self._attempt(getattr(self.driver, deed), *arguments)
            while not self._attempt(self.driver.show, frame):
                pass
            assert np.array_equal(self.chip.picture(), ((frame != 0) ^ inverted) & is_on), deed
        self._attempt(self.driver.close)

    def _attempt(self, action, *arguments) -> bool:
        try:
            action(*arguments)
        except OSError:
            self.failures += 1
            assert self.failures == 1, 'what failed once does not come back'
            return False
        return True


@pytest.mark.parametrize('every', counts(11, 1))
def test_the_bus_fails_once_at_every_write(every):
    figures, outcomes = Figures('writes to the panel'), Counter()
    for panel in PANELS:
        for bus_cost in (I2C, SPI):
            whole = Life(panel, bus_cost, None)
            whole.live()
            writes = len(whole.chip.sent)
            for fails_at in range(0, writes, every):
                for arriving in ARRIVE:
                    life = Life(panel, bus_cost, fails_at, arriving)
                    life.live()
                    outcomes['failed'] += life.failures
                    outcomes['lives'] += 1
            outcomes['writes'] += writes
    figures.tell(**outcomes)
    assert outcomes['failed'] > 0.9 * outcomes['lives']
