# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import sys

import numpy as np
import pytest
from oled_fakes import Chip, frame_of
from PIL import Image

from oled_face import panel_for
from oled_face.buses import BusConfig
from oled_face.care import Power
from oled_face.cli import main
from oled_face.output import Wish
from oled_face.outputs import COUNTER, PANEL, DisplayConfig, driver_of, make_outputs, parse_outputs
from oled_face.patterns import PATTERNS, pattern


@pytest.fixture
def chip(monkeypatch):
    """An SSD1306 on every I2C bus."""
    chip = Chip(panel_for())
    monkeypatch.setattr('oled_face.buses.i2c', lambda **options: chip)
    return chip


def test_shows_the_patterns_and_says_how_fast_the_bus_is(chip, capsys):
    assert main(['--seconds', '0.01', '--persist']) == 0

    assert np.array_equal(chip.picture(), pattern(PATTERNS[-1]) != 0)
    assert 'a full frame took' in capsys.readouterr().err
    assert chip.is_closed


@pytest.mark.parametrize('contrast', ['256', '-1', 'bright'])
def test_contrast_out_of_range_is_refused_in_a_line(contrast, capsys):
    with pytest.raises(SystemExit):
        main([f'--contrast={contrast}', 'border'])

    assert f"expected 0 to 255, got '{contrast}'" in capsys.readouterr().err


def test_leaves_the_panel_dark(chip):
    assert main(['--seconds', '0.01', 'border']) == 0

    assert not chip.is_on


def test_shows_a_picture(chip, tmp_path):
    Image.fromarray(frame_of((5, 10))).save(tmp_path / 'picture.png')

    assert main(['--seconds', '0.01', '--persist', str(tmp_path / 'picture.png')]) == 0

    assert np.array_equal(chip.picture(), frame_of((5, 10)) != 0)


def test_writes_a_gif_without_a_panel(tmp_path):
    path = tmp_path / 'patterns.gif'

    assert main(['--output', 'gif', '--gif-path', str(path), '--seconds', '0.03']) == 0

    assert Image.open(path).n_frames == len(PATTERNS)


@pytest.mark.parametrize(
    ('arguments', 'line'),
    [
        (['--port', '250', 'border'], 'panel: /dev/i2c-250 not found: enable I2C'),
        (['--scan', '--port', '250'], '/dev/i2c-250 not found: enable I2C'),
        (['--interface', 'spi', '--port', '9', 'full'], 'panel: /dev/spidev9.0 not found'),
        (['--width', '100'], 'size of ssd1306: expected one of 128x64'),
        (['nothing.png'], 'expected one of border, checker, stripes, gradient, full or a picture'),
        (['--output', 'paper'], 'output: expected some of panel'),
        (['--address', '0x99'], 'i2c_address: expected 0x08..0x77'),
    ],
)
def test_every_problem_is_one_line(capsys, arguments, line):
    assert main([*arguments, '--seconds', '0.01']) == 1

    error = capsys.readouterr().err
    assert error.count('\n') == 1
    assert error.startswith(line)


def test_scan_lists_what_answers(monkeypatch, capsys, chip):
    monkeypatch.setattr('oled_face.cli.scan', lambda port: [0x3C, 0x68])

    assert main(['--scan']) == 0

    assert capsys.readouterr().out == '0x3C, 0x68\n'


@pytest.mark.parametrize('name', PATTERNS)
@pytest.mark.parametrize(('width', 'height'), [(128, 64), (128, 32), (96, 16), (64, 48)])
def test_patterns_fit_every_panel(name, width, height):
    frame = pattern(name, width, height)

    assert frame.shape == (height, width)
    assert frame.dtype == np.uint8
    assert np.count_nonzero(frame) > 0


def test_border_lights_all_four_edges():
    frame = pattern('border')

    assert frame[0].all()
    assert frame[-1].all()
    assert frame[:, 0].all()
    assert frame[:, -1].all()
    assert not np.array_equal(frame, frame[::-1])


@pytest.mark.parametrize(
    ('text', 'names'),
    [('panel, gif', ('panel', 'gif')), ('ssd1306', ('panel',)), ('', ()), ('gif,gif', ('gif',))],
)
def test_outputs_are_listed_by_name(text, names):
    assert parse_outputs(text) == names


def test_an_output_may_name_the_driver():
    assert driver_of('gif,sh1106', 'ssd1306') == 'sh1106'
    assert driver_of('gif', 'ssd1306') == 'ssd1306'


@pytest.mark.parametrize(('is_terminal', 'views'), [(True, ['terminal']), (False, [])])
def test_emulator_is_the_terminal_where_there_is_one(monkeypatch, is_terminal, views):
    monkeypatch.setattr(sys.stdout, 'isatty', lambda: is_terminal, raising=False)

    outputs = make_outputs(['emulator'], DisplayConfig())

    assert [output.name for output in outputs] == [COUNTER, *views]


def test_the_address_of_the_page_is_told():
    lines = []
    _, web = make_outputs(
        ['web'], DisplayConfig(web_port=0), log=lambda level, line: lines.append(line)
    )

    web.update(Wish(None, Power(True, 0xCF)))

    assert lines == [f'web: {web.display.url}']
    web.close()


def test_with_a_panel_nothing_else_counts():
    outputs = make_outputs(['panel', 'gif', 'none'], DisplayConfig(bus=BusConfig()))

    assert [output.name for output in outputs] == [PANEL, 'gif']
