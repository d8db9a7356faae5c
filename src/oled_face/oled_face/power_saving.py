# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""When a panel is dimmed and switched off: its organic pixels wear out while they are lit."""

from __future__ import annotations

from dataclasses import dataclass

from oled_face.interface import FULL_CONTRAST

DIM_CONTRAST = 0x30


@dataclass(frozen=True)
class Power:
    """
    Whether a panel should be on, and how bright.

    Attributes:
        on: whether the panel is lit.
        contrast: 0..255.
    """

    on: bool
    contrast: int


@dataclass(frozen=True)
class PowerSavingConfig:
    """
    When to dim a panel and when to switch it off.

    Attributes:
        dim_s: seconds without a lit frame until the panel is dimmed; 0 = never.
        idle_s: seconds without a lit frame until it is switched off; 0 = never.
        contrast: 0..255 while frames arrive.
        dim_contrast: 0..255 while dimmed or off.
    """

    dim_s: float = 15.0
    idle_s: float = 30.0
    contrast: int = FULL_CONTRAST
    dim_contrast: int = DIM_CONTRAST

    def __post_init__(self):
        if min(self.dim_s, self.idle_s) < 0:
            raise ValueError(
                f'dim_s and idle_s: expected seconds >= 0, got {self.dim_s} and {self.idle_s}'
            )
        for level in (self.contrast, self.dim_contrast):
            if not 0 <= level <= 255:
                raise ValueError(f'contrast: expected 0..255, got {level}')


class PowerSaving:
    """
    Decides from the frames that arrive whether the panel is on, dimmed or off.

    Only frames with a lit pixel count: a dark one neither wakes a panel nor keeps it awake.

    Args:
        config: when to dim and when to switch off.
        now_s: present time on a monotonic clock, s.
    """

    def __init__(self, config: PowerSavingConfig, now_s: float):
        self.config = config
        self._lit_at_s = now_s

    def note_frame(self, is_lit: bool, now_s: float) -> None:
        """Take a new frame into account."""
        if is_lit:
            self.stay_awake(now_s)

    def stay_awake(self, now_s: float) -> None:
        """Count the idle time from now on."""
        self._lit_at_s = now_s

    def power(self, now_s: float) -> Power:
        """Return whether the panel should be on now, and how bright."""
        idle_s = now_s - self._lit_at_s
        is_off = 0 < self.config.idle_s <= idle_s
        is_dim = is_off or 0 < self.config.dim_s <= idle_s
        contrast = self.config.dim_contrast if is_dim else self.config.contrast
        return Power(on=not is_off, contrast=contrast)
