# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The panels that the driver knows: sizes, memory offsets and initialisation."""

from __future__ import annotations

from dataclasses import dataclass

from oled_face.packing import ROWS_PER_PAGE

# Most 0.96 inch modules; the chip cannot be read out over a write-only bus.
DEFAULT_DRIVER = 'ssd1306'
AUTO_DRIVER = 'auto'
# Stands for the offset that is usual for a panel, where it must be a number.
USUAL_OFFSET = -1


@dataclass(frozen=True)
class Panel:
    """
    A panel as the driver sees it.

    Attributes:
        driver: name of the controller chip.
        width: columns, px.
        height: rows, px, a multiple of 8.
        start: commands that come before the settings and leave the panel dark.
        settings: commands that may be sent again at any time, also while the panel is lit.
        column_offset: memory column of the leftmost pixel.
        paged: whether the chip can only address one page at a time.
    """

    driver: str
    width: int
    height: int
    start: bytes
    settings: bytes
    column_offset: int = 0
    paged: bool = False

    @property
    def pages(self) -> int:
        """Pages of eight rows."""
        return self.height // ROWS_PER_PAGE


def _ssd1306(
    multiplex: int, com_pins: int, clock: int = 0x80, pump: int = 0x14
) -> tuple[bytes, bytes]:
    """SSD1306 data sheet rev. 1.5, section 9, with the timing that luma.oled uses."""
    start = [0xAE]  # panel off
    settings = [
        0xD5, clock,  # oscillator and divider: 0x80 refreshes 64 rows at about 88 Hz
        0xA8, multiplex,  # rows - 1
        0xD3, 0x00,  # no vertical offset
        0x40,  # memory row 0 on top
        0x8D, pump,  # charge pump on (0x14) or off (0x10); ignored where there is none
        0x20, 0x00,  # addresses advance by column, then page, inside the window
        0xA1, 0xC8,  # upright on modules whose connector is above the glass
        0xDA, com_pins,  # wiring of the rows
        0xD9, 0xF1,  # pre-charge 1 clock, discharge 15
        0xDB, 0x40,  # deselect voltage
        0xA4,  # show the memory
    ]  # fmt: skip
    return bytes(start), bytes(settings)


def _sh1106(multiplex: int, offset: int) -> tuple[bytes, bytes]:
    """SH1106 data sheet v2.3; without a comment, values are those after reset."""
    start = [
        0xAE,  # panel off
        0xAD, 0x8B,  # voltage converter on: only while the panel is off, and so after reset
    ]  # fmt: skip
    settings = [
        0xD5, 0x80,  # oscillator and divider
        0xA8, multiplex,
        0xD3, offset,
        0x40,  # memory row 0 on top
        0xA1, 0xC8,  # upright on modules whose connector is above the glass
        0xDA, 0x12,  # alternating rows
        0xD9, 0x22,  # pre-charge 2 clocks, discharge 2
        0xDB, 0x35,  # deselect voltage
        0xA4,  # show the memory
    ]  # fmt: skip
    return bytes(start), bytes(settings)


_SSD1306_SIZES = {
    # Narrow panels are wired to the middle columns of the chip.
    (128, 64): (_ssd1306(0x3F, 0x12), 0),
    (128, 32): (_ssd1306(0x1F, 0x02), 0),
    (96, 16): (_ssd1306(0x0F, 0x02, clock=0x60), 0),
    (64, 48): (_ssd1306(0x2F, 0x12), 32),
    (64, 32): (_ssd1306(0x1F, 0x12), 32),
}
_SSD1305_SIZES = {
    # Supplied externally, and 132 columns wide.
    (128, 64): (_ssd1306(0x3F, 0x12, pump=0x10), 0),
    (128, 32): (_ssd1306(0x1F, 0x12, pump=0x10), 4),
}
_SH1106_SIZES = {
    # 132 columns, of which most modules show the middle 128.
    (128, 64): (_sh1106(0x3F, 0x00), 2),
    (128, 32): (_sh1106(0x20, 0x0F), 2),
}
_SIZES = {
    'ssd1306': _SSD1306_SIZES,
    'ssd1309': _SSD1306_SIZES,
    'ssd1315': _SSD1306_SIZES,
    'ssd1305': _SSD1305_SIZES,
    'sh1106': _SH1106_SIZES,
}
_PAGED = frozenset({'sh1106'})

CHIPS = tuple(_SIZES)
DRIVERS = (AUTO_DRIVER, *CHIPS)


def panel_for(
    driver: str = DEFAULT_DRIVER,
    width: int = 128,
    height: int = 64,
    column_offset: int = USUAL_OFFSET,
) -> Panel:
    """
    Look a panel up.

    Args:
        driver: one of `DRIVERS`; 'auto' = `DEFAULT_DRIVER`.
        width: columns, px.
        height: rows, px.
        column_offset: memory column of the leftmost pixel; `USUAL_OFFSET` = usual for this panel.

    Raises:
        ValueError: if there is no such driver or it has no such size.
    """
    if driver not in DRIVERS:
        raise ValueError(f'driver: expected one of {", ".join(DRIVERS)}; got {driver!r}')
    name = DEFAULT_DRIVER if driver == AUTO_DRIVER else driver
    if (width, height) not in _SIZES[name]:
        known = ', '.join(f'{w}x{h}' for w, h in _SIZES[name])
        raise ValueError(f'size of {name}: expected one of {known}; got {width}x{height}')
    (start, settings), usual_offset = _SIZES[name][width, height]
    offset = usual_offset if column_offset == USUAL_OFFSET else column_offset
    return Panel(name, width, height, start, settings, offset, name in _PAGED)
