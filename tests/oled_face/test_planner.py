# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
from functools import reduce

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oled_face.bus_cost import I2C, I2C_CHUNKED, SPI
from oled_face.planner import Planner, Window

BUS_COSTS = {'i2c': I2C, 'chunked': I2C_CHUNKED, 'spi': SPI}


@st.composite
def changes(draw):
    """Return sparse to dense changes of an 8-page memory."""
    share = draw(st.sampled_from([0.0, 0.001, 0.01, 0.1, 1.0]))
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    return generator.random((8, 128)) < share


@pytest.mark.parametrize('paged', [False, True])
@pytest.mark.parametrize('bus_cost', BUS_COSTS.values(), ids=BUS_COSTS)
@given(changed=changes())
def test_covers_every_change_for_no_more_than_a_full_frame(bus_cost, paged, changed):
    planner = Planner(8, 128, bus_cost, paged=paged)

    windows = planner.plan(changed)

    covered = np.zeros_like(changed)
    for first_page, last_page, first_column, last_column in windows:
        assert not paged or first_page == last_page
        covered[first_page : last_page + 1, first_column : last_column + 1] = True
    assert np.array_equal(covered & changed, changed)
    assert planner.cost(windows) <= planner.full_cost
    assert windows == sorted(windows)


@pytest.mark.parametrize('bus_cost', BUS_COSTS.values(), ids=BUS_COSTS)
@given(changed=changes())
def test_costs_no_more_than_one_box_or_a_box_for_every_byte(bus_cost, changed):
    planner = Planner(8, 128, bus_cost)
    places = np.argwhere(changed).tolist()
    bytewise = [Window(page, page, column, column) for page, column in places]

    cost = planner.cost(planner.plan(changed))

    assert cost <= planner.cost(bytewise)
    if bytewise:
        assert cost <= planner.cost([reduce(Window.union, bytewise)])


def test_nothing_changed_needs_no_window():
    assert Planner(8, 128, I2C).plan(np.zeros((8, 128), bool)) == []


@pytest.mark.parametrize(
    ('bus_cost', 'paged', 'cost'),
    [(I2C, False, 1034), (I2C_CHUNKED, False, 1096), (I2C, True, 1080), (SPI, False, 1030)],
)
def test_full_frame_costs_what_luma_sends(bus_cost, paged, cost):
    assert Planner(8, 128, bus_cost, paged=paged).full_cost == cost
