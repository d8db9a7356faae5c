# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import logging
import socket
import sys

import numpy as np
import pytest

from oled_face.buses import BusConfig
from oled_face.output import DesiredState
from oled_face.outputs import COUNTER, DisplayConfig, address_remark, display_config, make_outputs
from oled_face.panels import panel_for
from oled_face.power_saving import Power
from oled_face.selection import PANEL


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


@pytest.fixture
def problems():
    """What outputs say that cannot be opened or written."""
    outputs, lines = [], []

    def of(**config) -> list[str]:
        made = make_outputs(
            DisplayConfig(**config),
            log=lambda level, line: lines.append(line) if level >= logging.WARNING else None,
        )
        outputs.extend(made)
        for output in made:
            output.update(DesiredState(np.full((64, 128), 255, np.uint8), Power(True, 0xCF)))
        return lines

    yield of
    for output in outputs:
        output.close()


def test_a_taken_port_names_parameter_cause_and_remedy(problems):
    with socket.create_server(('127.0.0.1', 0)) as other_robot:
        port = other_robot.getsockname()[1]

        (line,) = problems(outputs=('web',), web_port=port)

    assert line == (
        f'web: web_port {port}: already in use, mostly by the page of another robot on this '
        'computer; set web_port to another number above 1023, or to 0 for any that is free'
    )


@pytest.mark.parametrize(
    ('output', 'parameter'), [('gif', 'gif_path'), ('png', 'png_folder'), ('web', 'web_port')]
)
def test_every_place_that_cannot_be_used_is_named_with_its_parameter(
    problems, monkeypatch, tmp_path, output, parameter
):
    def refuse(*_, **__):
        raise PermissionError(13, 'Permission denied')

    monkeypatch.setattr('node_kit.web.server.socket.create_server', refuse)
    (tmp_path / 'file').touch()
    value = 80 if output == 'web' else str(tmp_path / 'file' / 'face')

    (line,) = problems(outputs=(output,), **{parameter: value})

    assert line.startswith(f'{output}: {parameter} {value}: ')
    assert '; ' in line


def test_without_its_server_the_page_says_what_brings_it(problems, monkeypatch):
    monkeypatch.setitem(sys.modules, 'aiohttp', None)
    for name in ('oled_face.views.web', 'node_kit.web.server'):
        monkeypatch.delitem(sys.modules, name, raising=False)

    (line,) = problems(outputs=('web',), web_port=0)

    assert line == (
        'web: a page needs the Python package aiohttp: '
        'sudo apt install python3-aiohttp (or pip install aiohttp)'
    )


@pytest.mark.parametrize(
    ('bus', 'parameters'),
    [
        (BusConfig(i2c_port=250), 'i2c_port 250'),
        (BusConfig(interface='spi', spi_port=9, spi_device=1), 'spi_port 9, spi_device 1'),
    ],
)
def test_a_missing_bus_is_named_with_its_parameters(problems, bus, parameters):
    (line,) = problems(outputs=('panel',), bus=bus)

    assert line.startswith('panel: /dev/')
    assert line.endswith(f'(asked for: {parameters})')


def test_files_may_lie_in_the_home_folder(problems, monkeypatch, tmp_path):
    monkeypatch.setenv('HOME', str(tmp_path))

    assert problems(outputs=('gif', 'png'), gif_path='~/face.gif', png_folder='~/frames') == []

    assert (tmp_path / 'face.gif').exists()
    assert list((tmp_path / 'frames').iterdir())


@pytest.mark.parametrize(
    ('values', 'is_said'),
    [
        ({'output': 'sh1106,web', 'interface': 'i2c'}, True),
        ({'output': 'web', 'interface': 'i2c'}, False),
        ({'output': 'panel', 'interface': 'spi'}, False),
    ],
)
def test_an_address_is_explained_where_it_is_used(values, is_said):
    assert bool(address_remark({**values, 'i2c_address': 0x78})) == is_said


def test_a_port_that_cannot_be_is_refused():
    with pytest.raises(ValueError, match=r'web_port: expected 0\.\.65535, got 70000'):
        DisplayConfig(web_port=70000)
