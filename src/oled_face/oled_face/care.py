# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""When a panel rests: organic pixels age while they are lit, and a dark panel ages not at all."""

from __future__ import annotations

from dataclasses import dataclass

from oled_face.contract import FULL_CONTRAST

DIM_CONTRAST = 0x30


@dataclass(frozen=True)
class Power:
    """
    How a panel should be driven now.

    Attributes:
        on: whether the panel is lit.
        contrast: 0..255.
    """

    on: bool
    contrast: int


@dataclass(frozen=True)
class CareConfig:
    """
    When to rest.

    Attributes:
        dim_s: seconds without a lit frame until the panel is dimmed; 0 = never.
        idle_s: seconds without a lit frame until it is switched off; 0 = never.
        contrast: 0..255 while frames come.
        dim_contrast: 0..255 when dimmed, and left so while off.
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


class PanelCare:
    """
    Decides from the frames that come whether the panel rests.

    Only a frame with light counts: a frame that is all off never wakes a panel, and neither does
    a panel stay awake for it.

    Args:
        config: when to rest.
        now_s: present time, s, on a clock that never goes backwards.
    """

    def __init__(self, config: CareConfig, now_s: float):
        self.config = config
        self._lit_at_s = now_s

    def note_frame(self, is_lit: bool, now_s: float) -> None:
        """Take note of a frame that came."""
        if is_lit:
            self.stay_awake(now_s)

    def stay_awake(self, now_s: float) -> None:
        """Begin to count the idle time anew."""
        self._lit_at_s = now_s

    def power(self, now_s: float) -> Power:
        """Return how to drive the panel now."""
        idle_s = now_s - self._lit_at_s
        is_off = 0 < self.config.idle_s <= idle_s
        is_dim = is_off or 0 < self.config.dim_s <= idle_s
        contrast = self.config.dim_contrast if is_dim else self.config.contrast
        return Power(on=not is_off, contrast=contrast)
