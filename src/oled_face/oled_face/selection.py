# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The language in which users say where to show pictures: `sh1106,web`."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import NamedTuple

from oled_face.panels import AUTO_DRIVER, CHIPS

PANEL, EMULATOR, NONE = 'panel', 'emulator', 'none'
TERMINAL, GIF, PNG, WINDOW, WEB = 'terminal', 'gif', 'png', 'window', 'web'
PANELS = (PANEL, *CHIPS)
VIEWS = (EMULATOR, TERMINAL, GIF, PNG, WINDOW, WEB)
WORDS = (*PANELS, *VIEWS, NONE)


class Selection(NamedTuple):
    """
    What a list of outputs asks for.

    Attributes:
        outputs: some of `VIEWS`; `PANEL` for a panel of any name.
        driver: chip of the panel, one of `panels.DRIVERS`.
    """

    outputs: tuple[str, ...]
    driver: str


def select(given: str | Sequence[str], driver: str = AUTO_DRIVER) -> Selection:
    """
    Read a list of outputs, with at most one panel.

    Args:
        given: some of `WORDS`, in any case, as a list or a text with commas between them; the name
            of a chip is the panel with this chip.
        driver: chip that is set elsewhere, one of `panels.DRIVERS`; 'auto' = not set.

    Example:
        >>> select('sh1106, web')
        Selection(outputs=('panel', 'web'), driver='sh1106')

    Raises:
        ValueError: if a word is unknown, or what is asked for contradicts itself.
    """
    names = _words(given)
    for name in names:
        if name not in WORDS:
            raise ValueError(
                f'output: expected some of {", ".join(WORDS)}, with commas between them; '
                f'got {name!r}{_suggestion(name)}'
            )
    panels = [name for name in names if name in PANELS]
    if len(panels) > 1:
        raise ValueError(f'output: expected one panel at most, got {" and ".join(panels)}')
    if NONE in names and len(names) > 1:
        raise ValueError(f'output: {NONE} stands alone, got {",".join(names)}')
    chip = driver
    if panels and panels[0] in CHIPS:
        chip = panels[0]
        if driver not in (AUTO_DRIVER, chip):
            raise ValueError(
                f'output names the panel {chip}, and driver is {driver}: write the chip of the '
                f'panel into output, and leave driver at {AUTO_DRIVER}'
            )
    return Selection(tuple(PANEL if name in PANELS else name for name in names), chip)


def _words(given: str | Sequence[str]) -> list[str]:
    words = given.split(',') if isinstance(given, str) else given
    if not isinstance(words, Sequence) or not all(isinstance(word, str) for word in words):
        raise ValueError(f'output: expected a text such as sh1106,web; got {given!r}')
    return list(dict.fromkeys(word.strip().lower() for word in words if word.strip()))


def _suggestion(name: str) -> str:
    # Not that of node_kit, which this library does without.
    near = get_close_matches(name, WORDS, 1)
    return f'; did you mean {near[0]}?' if near else ''
