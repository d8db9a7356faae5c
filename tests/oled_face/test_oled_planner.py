# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
from functools import reduce

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oled_face.planner import Planner, Window
from oled_face.wire import I2C, I2C_CHUNKED, SPI

WIRES = {'i2c': I2C, 'chunked': I2C_CHUNKED, 'spi': SPI}


@st.composite
def changes(draw):
    """Return sparse to dense changes of an 8-page memory."""
    share = draw(st.sampled_from([0.0, 0.001, 0.01, 0.1, 1.0]))
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    return generator.random((8, 128)) < share


@pytest.mark.parametrize('paged', [False, True])
@pytest.mark.parametrize('wire', WIRES.values(), ids=WIRES)
@given(changed=changes())
def test_covers_every_change_for_no_more_than_a_full_frame(wire, paged, changed):
    planner = Planner(8, 128, wire, paged=paged)

    windows = planner.plan(changed)

    covered = np.zeros_like(changed)
    for first_page, last_page, first_column, last_column in windows:
        assert not paged or first_page == last_page
        covered[first_page : last_page + 1, first_column : last_column + 1] = True
    assert np.array_equal(covered & changed, changed)
    assert planner.cost(windows) <= planner.full_cost
    assert windows == sorted(windows)


@pytest.mark.parametrize('wire', WIRES.values(), ids=WIRES)
@given(changed=changes())
def test_costs_no_more_than_one_box_or_a_box_for_every_byte(wire, changed):
    planner = Planner(8, 128, wire)
    places = np.argwhere(changed).tolist()
    bytewise = [Window(page, page, column, column) for page, column in places]

    cost = planner.cost(planner.plan(changed))

    assert cost <= planner.cost(bytewise)
    if bytewise:
        assert cost <= planner.cost([reduce(Window.union, bytewise)])


def test_nothing_changed_needs_no_window():
    assert Planner(8, 128, I2C).plan(np.zeros((8, 128), bool)) == []


@pytest.mark.parametrize(
    ('wire', 'paged', 'cost'),
    [(I2C, False, 1034), (I2C_CHUNKED, False, 1096), (I2C, True, 1080), (SPI, False, 1030)],
)
def test_full_frame_costs_what_luma_sends(wire, paged, cost):
    assert Planner(8, 128, wire, paged=paged).full_cost == cost


@pytest.mark.parametrize(
    ('wire', 'wire_bytes', 'transactions', 'clock_hz', 'milliseconds'),
    [
        (I2C, 1034, 2, 100e3, 93.1),
        (I2C, 1034, 2, 400e3, 23.275),
        (I2C_CHUNKED, 1096, 33, 400e3, 24.825),
        (I2C, 1080, 16, 1e6, 9.752),
        (SPI, 1030, 2, 8e6, 1.03),
    ],
)
def test_bus_time(wire, wire_bytes, transactions, clock_hz, milliseconds):
    seconds = wire.seconds(wire_bytes, transactions, clock_hz)

    assert seconds * 1e3 == pytest.approx(milliseconds)
    assert wire.clock_hz(wire_bytes, transactions, seconds) == pytest.approx(clock_hz)
