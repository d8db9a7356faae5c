# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0

import signal
import sys

import numpy as np
import pytest
from panel_fakes import Chip, frame_of
from PIL import Image

from oled_face import panel_for, programs
from oled_face.cli import main
from oled_face.patterns import PATTERNS, pattern


@pytest.fixture
def chip(monkeypatch):
    """An SSD1306 on every I2C bus."""
    chip = Chip(panel_for())
    monkeypatch.setattr('luma.core.interface.serial.i2c', lambda **options: chip)
    return chip


def test_shows_the_patterns_and_prints_the_speed_of_the_bus(chip, capsys):
    assert main(['--seconds', '0.01', '--persist']) == 0

    assert np.array_equal(chip.picture(), pattern(PATTERNS[-1]) != 0)
    assert 'a full frame took' in capsys.readouterr().err
    assert chip.is_closed


def test_speaks_the_language_of_the_node(monkeypatch, capsys, tmp_path):
    path, opened, chip = tmp_path / 'face.gif', [], Chip(panel_for('sh1106'))
    monkeypatch.setattr(
        'luma.core.interface.serial.i2c', lambda **options: opened.append(options) or chip
    )

    status = main(
        ['--output', 'SH1106,gif', '--gif-path', str(path), '--i2c-address', '7A', '--persist',
         '--seconds', '0.02', 'border', 'checker']
    )  # fmt: skip

    assert status == 0
    assert opened[0]['address'] == 0x3D
    assert '--i2c-address: 7A = 0x7A is 0x3D and the bit for writing' in capsys.readouterr().err
    assert np.array_equal(chip.picture(), pattern('checker') != 0)
    assert path.exists()


@pytest.mark.parametrize('contrast', ['256', '-1', 'bright'])
def test_contrast_out_of_range_is_refused_in_a_line(contrast, capsys):
    with pytest.raises(SystemExit):
        main([f'--contrast={contrast}', 'border'])

    assert f"expected 0 to 255, got '{contrast}'" in capsys.readouterr().err


@pytest.mark.parametrize('number', [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_leaves_the_panel_dark(chip, monkeypatch, number):
    lit = []
    monkeypatch.setattr(sys, 'argv', ['oled-face', 'border'])
    usual = {signal.SIGINT: signal.default_int_handler}  # as from a terminal
    monkeypatch.setattr(signal, 'getsignal', lambda of: usual.get(of, signal.SIG_DFL))
    monkeypatch.setattr(
        'oled_face.cli.time.sleep', lambda _: lit.append(chip.is_on) or signal.raise_signal(number)
    )

    assert programs.oled_face_command() == 128 + number

    assert lit[-1]
    assert not chip.is_on
    assert chip.is_closed


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


def test_a_recording_that_was_cut_off_is_no_success(capsys):
    assert main(['--output', 'gif', '--gif-path', '/dev/full', '--seconds', '0.05']) == 1

    error = capsys.readouterr().err
    assert error.count('\n') == 1
    assert error.startswith('gif: cannot go on with /dev/full: No space left on device')


@pytest.mark.parametrize(
    ('arguments', 'line'),
    [
        (['--port', '250', 'border'], 'panel: /dev/i2c-250 not found: enable I2C'),
        (['--scan', '--port', '250'], '/dev/i2c-250 not found: enable I2C'),
        (['--interface', 'spi', '--port', '9', 'full'], 'panel: /dev/spidev9.0 not found'),
        (['--width', '100'], 'size of ssd1306: expected one of 128x64'),
        (['nothing.png'], 'expected one of border, checker, stripes, gradient, full or a picture'),
        (['--output', 'paper'], 'output: expected some of panel'),
        (['--output', 'ssd1306,sh1106'], 'output: expected one panel at most'),
        (['--output', 'sh1106,web', '--driver', 'ssd1306'], 'output names the panel sh1106'),
        (['--output', 'web', '--web-port', '70000'], '--web-port: expected 0..65535, got 70000'),
        (['--i2c-address', '0x99'], '--i2c-address: expected 0x08..0x77'),
    ],
)
def test_every_problem_is_one_line(capsys, arguments, line):
    assert main([*arguments, '--seconds', '0.01']) == 1

    error = capsys.readouterr().err
    assert error.count('\n') == 1
    assert error.startswith(line)


@pytest.mark.parametrize('interface', ['i2c', 'spi'])
def test_what_was_asked_for_is_named_as_it_is_given_here(capsys, interface):
    assert main(['--interface', interface, '--port', '250', 'border', '--seconds', '0.01']) == 1

    asked_for = capsys.readouterr().err.partition('(asked for: ')[2]
    assert asked_for.startswith('--port 250')


def test_scan_lists_what_answers(monkeypatch, capsys, chip):
    monkeypatch.setattr('oled_face.cli.scan', lambda port: [0x3C, 0x68])

    assert main(['--scan']) == 0

    assert capsys.readouterr().out == '0x3C, 0x68\n'
