# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import sys

import pytest

from oled_face.buses import BusConfig
from oled_face.output import DesiredState
from oled_face.outputs import (
    COUNTER,
    PANEL,
    DisplayConfig,
    display_config,
    driver_of,
    make_outputs,
    parse_outputs,
)
from oled_face.panels import panel_for
from oled_face.power_saving import Power


@pytest.mark.parametrize(
    ('text', 'names'),
    [('panel, gif', ('panel', 'gif')), ('ssd1306', ('panel',)), ('', ()), ('gif,gif', ('gif',))],
)
def test_outputs_are_listed_by_name(text, names):
    assert parse_outputs(text) == names


def test_an_output_may_name_the_driver():
    assert driver_of('gif,sh1106', 'ssd1306') == 'sh1106'
    assert driver_of('gif', 'ssd1306') == 'ssd1306'


def test_configuration_takes_its_fields_from_values_by_name():
    values = {'driver': 'auto', 'width': 128, 'height': 32, 'column_offset': -1, 'scan': True}

    config = display_config({**values, 'output': 'gif,sh1106', 'i2c_port': 3, 'gif_max_s': 5.0})

    assert config == DisplayConfig(
        outputs=('gif', 'panel'),
        panel=panel_for('sh1106', 128, 32),
        bus=BusConfig(i2c_port=3),
        gif_max_s=5.0,
    )


@pytest.mark.parametrize(('is_terminal', 'views'), [(True, ['terminal']), (False, [])])
def test_emulator_is_the_terminal_where_there_is_one(monkeypatch, is_terminal, views):
    monkeypatch.setattr(sys.stdout, 'isatty', lambda: is_terminal, raising=False)

    outputs = make_outputs(DisplayConfig(outputs=('emulator',)))

    assert [output.name for output in outputs] == [COUNTER, *views]


def test_address_of_the_page_is_logged():
    lines = []
    config = DisplayConfig(outputs=('web',), web_port=0)
    _, web = make_outputs(config, log=lambda level, line: lines.append(line))

    web.update(DesiredState(None, Power(True, 0xCF)))

    assert lines == [f'web: {web.display.url}']
    web.close()


def test_with_a_panel_there_is_no_counter():
    outputs = make_outputs(DisplayConfig(outputs=('panel', 'gif', 'none')))

    assert [output.name for output in outputs] == [PANEL, 'gif']
