# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Builds the outputs that the user lists."""

from __future__ import annotations

import errno
import logging
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from oled_face.appearance import TINTS
from oled_face.buses import I2C_BUS, NO_BUS, BusConfig
from oled_face.connection import PanelConnection
from oled_face.driver import PanelDriver
from oled_face.errors import MissingPackage, OledError
from oled_face.i2c_address import explain_address
from oled_face.interface import Display
from oled_face.output import Log, Output, log_to_library
from oled_face.panels import Panel, panel_for
from oled_face.selection import (
    EMULATOR,
    GIF,
    NONE,
    PANEL,
    PNG,
    TERMINAL,
    WEB,
    WINDOW,
    select,
)
from oled_face.views.gif import GifView
from oled_face.views.png import PngView
from oled_face.views.terminal import AUTO, STYLES, TerminalView
from oled_face.views.window import WindowView

if TYPE_CHECKING:
    from oled_face.views.web import WebView

# Counts the bytes that a panel would have been sent.
COUNTER = 'counter'
LAST_PORT = 0xFFFF
_WRITABLE = 'choose a place that can be written'
_REASONS = {
    errno.EADDRINUSE: 'already in use, mostly by the page of another robot on this computer',
    errno.EACCES: 'no permission',
}


@dataclass(frozen=True)
class DisplayConfig:
    """
    Where to show frames: which panel, how it is connected, and which emulated ones.

    Attributes:
        outputs: `PANEL` and some of `selection.VIEWS`.
        panel: what is connected.
        bus: where it is connected.
        rotate180: whether the panel is mounted upside down.
        refresh_s: seconds between full frames; 0 = only when needed.
        persist: leave the picture on the panel at the end.
        tint: colour of emulated panels, one of `appearance.TINTS`.
        terminal_style: one of `views.terminal.STYLES`.
        gif_path: file of the recording.
        gif_max_s: length of the recording; 0 = no limit.
        png_folder: folder of the pictures.
        png_max_frames: number of pictures; 0 = no limit.
        web_port: port of the page on localhost; 0 = any that is free.
    """

    outputs: tuple[str, ...] = (EMULATOR,)
    panel: Panel = field(default_factory=panel_for)
    bus: BusConfig = field(default_factory=BusConfig)
    rotate180: bool = False
    refresh_s: float = 30.0
    persist: bool = False
    tint: str = 'white'
    terminal_style: str = AUTO
    gif_path: str = 'oled_face.gif'
    gif_max_s: float = 60.0
    png_folder: str = 'oled_face_frames'
    png_max_frames: int = 1000
    web_port: int = 8064

    def __post_init__(self):
        if self.tint not in TINTS:
            raise ValueError(f'tint: expected one of {", ".join(TINTS)}; got {self.tint!r}')
        if self.terminal_style not in STYLES:
            raise ValueError(
                f'terminal_style: expected one of {", ".join(STYLES)}; got {self.terminal_style!r}'
            )
        if not 0 <= self.web_port <= LAST_PORT:
            raise ValueError(f'web_port: expected 0..{LAST_PORT}, got {self.web_port}')


def display_config(values: Mapping[str, Any]) -> DisplayConfig:
    """
    Build a configuration from the parameters of the node or the options of the command.

    Args:
        values: `output`, `driver`, `width`, `height` and `column_offset`; fields of `BusConfig`
            and `DisplayConfig`, which have defaults; others are ignored.

    Raises:
        ValueError: if a value is unknown, or values do not fit each other.
    """
    outputs, driver = select(values['output'], values['driver'])
    size = values['width'], values['height']
    return DisplayConfig(
        outputs=outputs,
        panel=panel_for(driver, *size, values['column_offset']),
        bus=BusConfig(**fields_of(BusConfig, values)),
        **fields_of(DisplayConfig, values),
    )


def fields_of(kind: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return those of `values` that are fields of the dataclass `kind`."""
    return {field.name: values[field.name] for field in fields(kind) if field.name in values}


def address_remark(values: Mapping[str, Any]) -> str:
    """
    Return how the address of the panel was understood; empty where there is nothing to say.

    Args:
        values: that `display_config` has accepted.
    """
    is_used = values['interface'] == I2C_BUS and PANEL in select(values['output']).outputs
    return explain_address(values['i2c_address']) if is_used else ''


def make_outputs(
    config: DisplayConfig,
    *,
    clock: Callable[[], float] = time.monotonic,
    log: Log = log_to_library,
) -> list[Output]:
    """
    Build outputs; none is opened yet.

    Without a panel, a driver without a bus counts the bytes that a panel would have been sent.

    Args:
        config: which outputs, and their settings. 'emulator' is the terminal where there is one.
        clock: monotonic time, s.
        log: called with a level of `logging` and a line.
    """
    known = _views(config, log)
    views = [
        Output(name, known[name].open, explain=known[name].explain, clock=clock, log=log)
        for name in _resolve(config.outputs)
        if name not in (PANEL, NONE)
    ]
    bus = config.bus if PANEL in config.outputs else BusConfig(interface=NO_BUS)
    connection = PanelConnection(
        bus,
        config.panel,
        rotate180=config.rotate180,
        refresh_s=config.refresh_s,
        persist=config.persist,
        clock=clock,
    )
    panel = Output(
        PANEL if PANEL in config.outputs else COUNTER,
        connection.open,
        explain=connection.explain,
        clock=clock,
        log=log,
    )
    return [panel, *views]


def panel_of(output: Output) -> PanelDriver | None:
    """Return the panel behind an output; None if it has none, or not now."""
    display = output.display
    return display if output.name == PANEL and isinstance(display, PanelDriver) else None


def _resolve(names: tuple[str, ...]) -> list[str]:
    """Replace 'emulator' by the terminal, or by nothing where there is none."""
    emulator = TERMINAL if sys.stdout.isatty() else NONE
    return list(dict.fromkeys(emulator if name == EMULATOR else name for name in names))


@dataclass(frozen=True)
class _View:
    """
    How an emulated panel is opened, and what may be wrong.

    Attributes:
        open: makes the display.
        parameter: which may be the cause if that fails, with its value; empty = none.
        remedy: what to do about it.
    """

    open: Callable[[], Display]
    parameter: str = ''
    remedy: str = ''

    def explain(self, error: Exception) -> Exception:
        """Name parameter, value and remedy, unless the error does so itself."""
        if isinstance(error, OledError) or not (self.parameter and isinstance(error, OSError)):
            return error
        reason = _REASONS.get(error.errno or 0) or error.strerror or error
        return OledError(f'{self.parameter}: {reason}; {self.remedy}')


def _views(config: DisplayConfig, log: Log) -> dict[str, _View]:
    tint = config.tint

    def open_web() -> WebView:
        # Here, as its server takes longer to import than all that a node without one needs.
        try:
            from oled_face.views.web import WebView
        except ModuleNotFoundError as error:
            remedy = (
                'it lies beside oled_face in the repository: pip install src/node_kit'
                if error.name == 'node_kit'
                else 'sudo apt install python3-aiohttp (or pip install aiohttp)'
            )
            raise MissingPackage(
                f'a page needs the Python package {error.name}: {remedy}'
            ) from error
        view = WebView(config.web_port, tint)
        log(logging.INFO, f'web: {view.url}')
        return view

    return {
        TERMINAL: _View(lambda: TerminalView(config.terminal_style, tint)),
        GIF: _View(
            lambda: GifView(config.gif_path, config.gif_max_s, tint),
            f'gif_path {config.gif_path}',
            _WRITABLE,
        ),
        PNG: _View(
            lambda: PngView(config.png_folder, config.png_max_frames, tint),
            f'png_folder {config.png_folder}',
            _WRITABLE,
        ),
        WINDOW: _View(lambda: WindowView(tint)),
        WEB: _View(
            open_web,
            f'web_port {config.web_port}',
            'set web_port to another number above 1023, or to 0 for any that is free',
        ),
    }
