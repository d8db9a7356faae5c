# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Show test patterns or a picture on a panel, without anything else running.

    oled-face                                        patterns on an SSD1306 at 0x3C of /dev/i2c-1
    oled-face --output sh1106 --seconds 5 border     one pattern, longer, on another chip
    oled-face --output sh1106,web                    on a panel and on a web page
    oled-face --interface spi                        on SPI
    oled-face --output terminal                      without a panel
    oled-face --scan                                 which addresses answer on the I2C bus
    oled-face picture.png --dither floyd_steinberg   a picture of your own
"""

from __future__ import annotations

if __name__ == '__main__':  # before the imports, of which one may fail
    from oled_face import programs

    raise SystemExit(programs.oled_face_command())

import argparse
import logging
import re
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from oled_face.appearance import TINTS
from oled_face.buses import (
    I2C_BUS,
    INTERFACES,
    NO_BUS,
    SLOW_BUS_HINT,
    SLOW_FULL_FRAME_S,
    BusConfig,
    open_serial,
    scan,
)
from oled_face.errors import OledError
from oled_face.fit import METHODS, THRESHOLD, fit
from oled_face.i2c_address import OF_PANELS
from oled_face.interface import FULL_CONTRAST
from oled_face.output import DesiredState, Output
from oled_face.outputs import (
    DisplayConfig,
    address_remark,
    display_config,
    make_outputs,
    panel_of,
)
from oled_face.panels import AUTO_DRIVER, DRIVERS, USUAL_OFFSET, Panel
from oled_face.patterns import PATTERNS, pattern
from oled_face.pictures import read_picture
from oled_face.power_saving import Power
from oled_face.selection import PANEL, WORDS

_STEP_S = 0.05


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return an exit status: 0 if everything was shown."""
    options = _parser().parse_args(arguments)
    try:
        config = _config(options)
        if options.scan:
            return _scan(config.bus)
        outputs = make_outputs(config, log=_print)
        frames = [_frame(name, config.panel, options.dither) for name in options.show or PATTERNS]
    except (ValueError, OledError) as error:
        _print(logging.ERROR, str(error))
        return 1
    try:
        _show(frames, outputs, options.seconds, Power(True, options.contrast))
        _report(outputs)
    finally:
        for output in outputs:
            output.close()
    return 1 if any(output.problem for output in outputs) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog='oled-face',
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add('show', nargs='*', metavar='PATTERN|FILE', help=f'{", ".join(PATTERNS)}, or a picture')
    add(
        '--output',
        default=PANEL,
        help=f'comma-separated: {", ".join(WORDS)} (default: panel = the chip of --driver)',
    )
    add('--seconds', type=float, default=2.0, help='how long each is shown (default: 2)')
    add(
        '--driver',
        choices=DRIVERS,
        default=AUTO_DRIVER,
        help='chip (default: as --output says, else ssd1306)',
    )
    add('--width', type=int, default=128, help='columns, px')
    add('--height', type=int, default=64, help='rows, px')
    add(
        '--column-offset',
        type=int,
        default=USUAL_OFFSET,
        help='memory column of the leftmost pixel (default: -1, usual for the driver)',
    )
    add('--rotate180', action='store_true', help='the panel is mounted upside down')
    add('--interface', choices=INTERFACES, default=I2C_BUS, help='bus (default: i2c)')
    add('--port', type=int, help='number of the bus (default: I2C 1, SPI 0)')
    add(
        '--i2c-address',
        default=OF_PANELS[0],
        help='0x3C (default), 3C and 60 are the same; boards print it as 0x78',
    )
    add('--i2c-chunked', action='store_true', help='32 bytes at a time, for SMBus-only adapters')
    add('--spi-device', type=int, default=0, help='chip select')
    add('--spi-speed-hz', type=int, default=8_000_000, help='default: 8000000')
    add('--gpio-dc', type=int, default=24, help='GPIO of data/command (BCM number)')
    add('--gpio-reset', type=int, default=25, help='GPIO of reset (BCM number)')
    add('--contrast', type=_contrast, default=FULL_CONTRAST, metavar='0..255')
    add('--dither', choices=METHODS, default=THRESHOLD, help='for pictures')
    add('--persist', action='store_true', help='leave the last picture on')
    add('--tint', choices=TINTS, default='white', help='colour of an emulated panel')
    add('--gif-path', default='oled_face.gif')
    add('--png-folder', default='oled_face_frames')
    add('--web-port', type=int, default=8064)
    add('--scan', action='store_true', help='list the addresses that answer on the I2C bus')
    return parser


def _contrast(text: str) -> int:
    if not text.isdecimal() or int(text) > 255:
        raise argparse.ArgumentTypeError(f'expected 0 to 255, got {text!r}')
    return int(text)


def _config(options: argparse.Namespace) -> DisplayConfig:
    values = dict(vars(options))
    if options.port is not None and options.interface != NO_BUS:
        values[f'{options.interface}_port'] = options.port
    config = display_config(values)
    if line := address_remark(values):
        _print(logging.INFO, line)
    return config


def _frame(name: str, panel: Panel, dither: str) -> np.ndarray:
    if name in PATTERNS:
        return pattern(name, panel.width, panel.height)
    if not Path(name).exists():
        raise ValueError(f'expected one of {", ".join(PATTERNS)} or a picture file; got {name!r}')
    return fit(read_picture(name), panel.width, panel.height, method=dither)


def _scan(bus: BusConfig) -> int:
    open_serial(bus).cleanup()  # explains what is wrong if it cannot be opened
    found = scan(bus.i2c_port)
    print(', '.join(f'0x{address:02X}' for address in found) or 'nothing answers')
    return 0 if found else 1


def _show(
    frames: Sequence[np.ndarray], outputs: Sequence[Output], each_s: float, power: Power
) -> None:
    for frame in frames:
        end_s = time.monotonic() + each_s
        while time.monotonic() < end_s:
            for output in outputs:
                output.update(DesiredState(frame, power))
            time.sleep(_STEP_S)


def _report(outputs: Sequence[Output]) -> None:
    """Print how fast the bus of the panel is."""
    for output in outputs:
        panel = panel_of(output)
        if panel is None:
            continue
        _print(
            logging.INFO,
            f'a full frame took {1e3 * panel.full_frame_s:.1f} ms, '
            f'so the bus runs at {panel.bus_hz / 1e3:.0f} kHz or more',
        )
        if panel.full_frame_s > SLOW_FULL_FRAME_S:
            _print(logging.WARNING, SLOW_BUS_HINT)


def _print(level: int, line: str) -> None:
    print(_with_options(line), file=sys.stderr)


def _with_options(line: str) -> str:
    """Name the options of this command where a line names parameters of the node."""
    parameters = [name for name in vars(_parser().parse_args([])) if '_' in name]
    options = {name: f'--{name.replace("_", "-")}' for name in parameters}
    options |= {'i2c_port': '--port', 'spi_port': '--port'}
    return re.sub(r'\w+', lambda found: options.get(found[0], found[0]), line)
