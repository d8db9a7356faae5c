# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
The display driver beside luma.oled's own, in one process: processor time and bytes on the bus.

The load is 600 frames of a face that changes its expression every 20 frames and blinks
(tests/oled_face/scripted_face.py). Frames a second are what the bus allows, without gaps
between transactions.
"""

import statistics
import sys
import time
from pathlib import Path

import numpy as np
from luma.core.interface.serial import noop
from luma.oled.device import sh1106, ssd1306
from PIL import Image

sys.path.insert(0, str(Path(__file__).parents[1] / 'oled_face'))
from scripted_face import scripted_frames

from oled_face import PanelDriver, panel_for
from oled_face.bus_cost import I2C, I2C_CHUNKED, SPI, BusCost
from oled_face.packing import pack

BUSES = {
    'I2C 100 kHz': (I2C, 100e3),
    'I2C 400 kHz': (I2C, 400e3),
    'I2C 1 MHz': (I2C, 1e6),
    'I2C 400 kHz, 32-byte chunks': (I2C_CHUNKED, 400e3),
    'SPI 8 MHz': (SPI, 8e6),
}


class Counter:
    """A serial object that adds up what crosses a bus."""

    def __init__(self, bus_cost: BusCost):
        self._bus_cost = bus_cost
        self.reset()

    def reset(self) -> None:
        self.bus_bytes = self.transactions = 0

    def command(self, *command: int) -> None:
        self.bus_bytes += self._bus_cost.command_cost(len(command))
        self.transactions += 1

    def data(self, data) -> None:
        self.bus_bytes += self._bus_cost.data_cost(len(data))
        self.transactions += self._bus_cost.data_transactions(len(data))

    def cleanup(self) -> None:
        """Nothing to release."""


def microseconds(call, items) -> float:
    """Median time of a call over all items, µs."""
    durations = []
    for item in items:
        begun = time.perf_counter()
        call(item)
        durations.append(time.perf_counter() - begun)
    return 1e6 * statistics.median(durations)


def traffic(show, frames, bus_cost: BusCost, counter: Counter) -> tuple[np.ndarray, np.ndarray]:
    """Bytes, and seconds on a bus of 1 Hz, of every frame after the first."""
    show(frames[0])
    sent = []
    for frame in frames[1:]:
        counter.reset()
        show(frame)
        busy_s = bus_cost.duration_s(counter.bus_bytes, counter.transactions, 1.0)
        sent.append((counter.bus_bytes, busy_s))
    bus_bytes, busy_s = np.array(sent).T
    return bus_bytes, busy_s


def luma_device(kind, serial):
    """A device of luma that leaves nothing to do at exit."""
    device = kind(serial)
    device.persist = True
    return device


def print_processor_time(frames, images) -> None:
    """Time per frame, and how many times faster than luma."""
    luma = microseconds(luma_device(ssd1306, noop()).display, images)
    rows = [
        ('luma ssd1306.display()', luma),
        ('luma sh1106.display()', microseconds(luma_device(sh1106, noop()).display, images)),
        ('pack', microseconds(pack, frames)),
        ('show, SSD1306', microseconds(PanelDriver(noop(), refresh_s=0).show, frames)),
        (
            'show, SH1106',
            microseconds(PanelDriver(noop(), panel_for('sh1106'), refresh_s=0).show, frames),
        ),
    ]
    noise = list((np.random.default_rng(0).random((100, 64, 128)) < 0.004) * np.uint8(255))
    rows.append(
        ('show, worst case found', microseconds(PanelDriver(noop(), refresh_s=0).show, noise))
    )
    print('no bus                         µs/frame   luma / this')
    for name, time_us in rows:
        print(f'{name:30} {time_us:8.1f} {luma / time_us:10.1f}')


def print_bus_table(frames, images) -> None:
    """Bytes and frames a second on every bus."""
    print(
        '\n| bus | luma: bytes | fps | oled_face: mean bytes | fps | largest frame: bytes | fps |'
    )
    print('|---|---|---|---|---|---|---|')
    for name, (bus_cost, clock_hz) in BUSES.items():
        counter = Counter(bus_cost)
        luma = traffic(luma_device(ssd1306, counter).display, images, bus_cost, counter)
        counter = Counter(bus_cost)
        ours = traffic(
            PanelDriver(counter, bus_cost=bus_cost, refresh_s=0).show, frames, bus_cost, counter
        )
        cells = [
            f'{choose(bus_bytes):.0f} | {clock_hz / choose(busy_s):.0f}'
            for (bus_bytes, busy_s), choose in ((luma, np.mean), (ours, np.mean), (ours, np.max))
        ]
        print(f'| {name} | {" | ".join(cells)} |')


def main() -> None:
    """Print both tables."""
    frames = list(scripted_frames())
    images = [Image.fromarray(frame).convert('1') for frame in frames]
    print_processor_time(frames, images)
    print_bus_table(frames, images)


if __name__ == '__main__':
    main()
