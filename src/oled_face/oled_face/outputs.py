# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Builds the outputs that the user lists."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from oled_face.appearance import TINTS
from oled_face.buses import NO_BUS, BusConfig
from oled_face.connection import PanelConnection
from oled_face.driver import PanelDriver
from oled_face.interface import Display
from oled_face.output import Log, Output, log_to_library
from oled_face.panels import DRIVERS, Panel, panel_for
from oled_face.views.gif import GifView
from oled_face.views.png import PngView
from oled_face.views.terminal import AUTO, STYLES, TerminalView
from oled_face.views.web import WebView
from oled_face.views.window import WindowView

PANEL, EMULATOR, NONE = 'panel', 'emulator', 'none'
TERMINAL, GIF, PNG, WINDOW, WEB = 'terminal', 'gif', 'png', 'window', 'web'
# Counts the bytes that a panel would have been sent.
COUNTER = 'counter'
OUTPUTS = (PANEL, EMULATOR, TERMINAL, GIF, PNG, WINDOW, WEB, NONE)


@dataclass(frozen=True)
class DisplayConfig:
    """
    Where to show frames: which panel, how it is connected, and which emulated ones.

    Attributes:
        outputs: some of `OUTPUTS`.
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


def display_config(values: Mapping[str, Any]) -> DisplayConfig:
    """
    Build a configuration from the parameters of the node or the options of the command.

    Args:
        values: `output`, `driver`, `width`, `height` and `column_offset`; fields of `BusConfig`
            and `DisplayConfig`, which have defaults; others are ignored.

    Raises:
        ValueError: if a value is unknown, or values do not fit each other.
    """
    driver = driver_of(values['output'], values['driver'])
    size = values['width'], values['height']
    return DisplayConfig(
        outputs=parse_outputs(values['output']),
        panel=panel_for(driver, *size, values['column_offset']),
        bus=BusConfig(**fields_of(BusConfig, values)),
        **fields_of(DisplayConfig, values),
    )


def fields_of(kind: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return those of `values` that are fields of the dataclass `kind`."""
    return {field.name: values[field.name] for field in fields(kind) if field.name in values}


def parse_outputs(text: str) -> tuple[str, ...]:
    """
    Split a comma-separated list of outputs; the name of a driver stands for the panel.

    Example:
        >>> parse_outputs('panel, gif')
        ('panel', 'gif')

    Raises:
        ValueError: if it names an output that does not exist.
    """
    names = _split(text)
    for name in names:
        if name not in OUTPUTS and name not in DRIVERS:
            raise ValueError(f'output: expected some of {", ".join(OUTPUTS)}; got {name!r}')
    return tuple(dict.fromkeys(PANEL if name in DRIVERS else name for name in names))


def driver_of(text: str, default: str) -> str:
    """Return the driver that a list of outputs names, `default` if it names none."""
    return next((name for name in _split(text) if name in DRIVERS), default)


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
    openers = _view_openers(config, log)
    views = [
        Output(name, openers[name], clock=clock, log=log)
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


def _split(text: str) -> list[str]:
    return [name.strip() for name in text.split(',') if name.strip()]


def _resolve(names: tuple[str, ...]) -> list[str]:
    """Replace 'emulator' by the terminal, or by nothing where there is none."""
    emulator = TERMINAL if sys.stdout.isatty() else NONE
    return list(dict.fromkeys(emulator if name == EMULATOR else name for name in names))


def _view_openers(config: DisplayConfig, log: Log) -> dict[str, Callable[[], Display]]:
    tint = config.tint

    def open_web() -> WebView:
        view = WebView(config.web_port, tint)
        log(logging.INFO, f'web: {view.url}')
        return view

    return {
        TERMINAL: lambda: TerminalView(config.terminal_style, tint),
        GIF: lambda: GifView(config.gif_path, config.gif_max_s, tint),
        PNG: lambda: PngView(config.png_folder, config.png_max_frames, tint),
        WINDOW: lambda: WindowView(tint),
        WEB: open_web,
    }
