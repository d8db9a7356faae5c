# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import pytest

from oled_face.bus_cost import I2C, I2C_CHUNKED, SPI


@pytest.mark.parametrize(
    ('bus_cost', 'bus_bytes', 'transactions', 'clock_hz', 'milliseconds'),
    [
        (I2C, 1034, 2, 100e3, 93.1),
        (I2C, 1034, 2, 400e3, 23.275),
        (I2C_CHUNKED, 1096, 33, 400e3, 24.825),
        (I2C, 1080, 16, 1e6, 9.752),
        (SPI, 1030, 2, 8e6, 1.03),
    ],
)
def test_bus_time(bus_cost, bus_bytes, transactions, clock_hz, milliseconds):
    duration_s = bus_cost.duration_s(bus_bytes, transactions, clock_hz)

    assert duration_s * 1e3 == pytest.approx(milliseconds)
    assert bus_cost.clock_hz(bus_bytes, transactions, duration_s) == pytest.approx(clock_hz)
