# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import errno

import numpy as np
import pytest
from panel_fakes import Chip, frame_of

from oled_face import panel_for
from oled_face.buses import BusConfig
from oled_face.connection import PanelConnection
from oled_face.errors import BusFault, PanelNotResponding


def test_scans_once_per_outage():
    scans = []
    chip = Chip(panel_for())
    connection = PanelConnection(
        BusConfig(),
        panel_for(),
        open_bus=lambda bus: chip,
        scan_bus=lambda port: scans.append(port) or [0x3D],
        pause=lambda seconds: None,
    )
    for _ in range(2):
        chip.faults = [0, 0, 0]
        with pytest.raises(PanelNotResponding, match='scan found: 0x3D'):
            connection.open()
    assert scans == [1]

    connection.open()
    chip.faults = [0, 0, 0]
    with pytest.raises(PanelNotResponding):
        connection.open()

    assert scans == [1, 1]
    assert chip.is_closed


def test_opens_a_panel_that_shows():
    chip = Chip(panel_for())
    connection = PanelConnection(
        BusConfig(), panel_for(), open_bus=lambda bus: chip, rotate180=True
    )

    connection.open().show(frame_of((5, 10)))

    assert np.array_equal(chip.picture(), frame_of((122, 53)) != 0)


def test_explains_without_a_scan_where_none_is_possible():
    def fail(port):
        raise OSError(errno.ENOENT, 'no such bus')

    connection = PanelConnection(BusConfig(), panel_for(), scan_bus=fail)

    assert 'scan found: nothing' in str(
        connection.explain(OSError(errno.EREMOTEIO, 'Remote I/O error'))
    )


def test_a_bus_is_released_whatever_its_library_raises():
    class error(Exception):  # noqa: N801 - as that of lgpio
        pass

    class Pins(Chip):
        def command(self, *command):
            raise error('GPIO busy')

        def cleanup(self):
            super().cleanup()
            raise error('GPIO not allocated')

    chip = Pins(panel_for())
    connection = PanelConnection(
        BusConfig(interface='spi'), panel_for(), open_bus=lambda bus: chip
    )

    with pytest.raises(BusFault, match=r'writing to /dev/spidev0.0 failed \(error: GPIO busy\)'):
        connection.open()

    assert chip.is_closed
