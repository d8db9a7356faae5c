# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Each fault of a bus is one line with cause and remedy."""

import errno
import os

import pytest
from luma.core.error import DeviceNotFoundError, UnsupportedPlatform
from panel_fakes import Recorder

from oled_face.bus_cost import I2C, I2C_CHUNKED, SPI
from oled_face.buses import BusConfig, explain, open_serial, probe, scan
from oled_face.errors import (
    BusFault,
    BusNotFound,
    BusPermission,
    MissingPackage,
    PanelNotResponding,
)

ABSENT_PORT = 250


def os_error(number: int) -> OSError:
    return OSError(number, os.strerror(number))


def test_missing_i2c_bus_names_what_is_there(monkeypatch):
    monkeypatch.setattr('glob.glob', lambda pattern: ['/dev/i2c-20', '/dev/i2c-21'])

    with pytest.raises(BusNotFound) as error:
        open_serial(BusConfig(i2c_port=ABSENT_PORT))

    assert str(error.value) == (
        '/dev/i2c-250 not found: enable I2C (raspi-config or dtparam=i2c_arm=on), '
        'in a container pass --device; available: /dev/i2c-20, /dev/i2c-21 '
        '(asked for: i2c_port 250)'
    )


@pytest.mark.parametrize('chunked', [False, True])
@pytest.mark.parametrize('number', [errno.EPERM, errno.EACCES])
def test_permission_names_the_group(monkeypatch, number, chunked):
    def refuse(port):
        raise OSError(number, 'refused', f'/dev/i2c-{port}')

    monkeypatch.setattr('smbus2.SMBus', refuse)

    with pytest.raises(BusPermission) as error:
        open_serial(BusConfig(i2c_chunked=chunked))

    assert 'no permission for /dev/i2c-1 (i2c_port 1): add the user to group i2c' in str(
        error.value
    )
    assert 'sudo' not in str(error.value)


def test_other_failures_to_open_keep_the_reason(monkeypatch):
    def fail(port):
        raise os_error(errno.ENODEV)

    monkeypatch.setattr('smbus2.SMBus', fail)

    with pytest.raises(BusFault, match=r'cannot open /dev/i2c-1 \(i2c_port 1\): .*No such device'):
        open_serial(BusConfig())


def test_missing_spi_bus():
    with pytest.raises(BusNotFound, match=r'/dev/spidev9\.0 not found: enable SPI .*dtparam=spi'):
        open_serial(BusConfig(interface='spi', spi_port=9))


def test_missing_package_is_named(monkeypatch):
    def fail(**options):
        raise ModuleNotFoundError("No module named 'spidev'", name='spidev')

    monkeypatch.setattr('os.path.exists', lambda path: True)
    monkeypatch.setattr('luma.core.interface.serial.spi', fail)

    with pytest.raises(MissingPackage, match='spi needs the Python package spidev: pip install'):
        open_serial(BusConfig(interface='spi'))


def test_missing_gpio_is_reported(monkeypatch):
    def fail(**options):
        raise UnsupportedPlatform('GPIO access not available')

    monkeypatch.setattr('os.path.exists', lambda path: True)
    monkeypatch.setattr('luma.core.interface.serial.spi', fail)

    with pytest.raises(
        BusNotFound,
        match=r'needs GPIO pins \(gpio_dc 24, gpio_reset 25\).*GPIO access not available',
    ):
        open_serial(BusConfig(interface='spi'))


@pytest.mark.parametrize(
    ('problem', 'kind', 'text'),
    [
        (DeviceNotFoundError('I2C device not found'), PanelNotResponding, '0x3C on bus 1; scan'),
        (os_error(errno.EREMOTEIO), PanelNotResponding, 'scan found: 0x3D, 0x68; check wiring'),
        (os_error(errno.EIO), PanelNotResponding, 'nothing answers'),
        (os_error(errno.ENXIO), PanelNotResponding, 'nothing answers'),
        (os_error(errno.ETIMEDOUT), PanelNotResponding, 'nothing answers'),
        (os_error(errno.EINVAL), BusFault, 'EINVAL.*: set i2c_chunked to true'),
        (os_error(errno.EOPNOTSUPP), BusFault, 'set i2c_chunked to true'),
        (os_error(errno.EACCES), BusPermission, 'no permission for /dev/i2c-1'),
        (os_error(errno.ENODEV), BusFault, r'/dev/i2c-1 failed \(ENODEV\); check wiring'),
    ],
)
def test_failed_writes_are_explained(problem, kind, text):
    error = explain(problem, BusConfig(), lambda: [0x3D, 0x68])

    assert type(error) is kind
    assert '\n' not in str(error)
    with pytest.raises(kind, match=text):
        raise error


def test_silence_on_spi_is_a_fault_of_the_bus():
    error = explain(os_error(errno.EIO), BusConfig(interface='spi'), find=pytest.fail)

    assert type(error) is BusFault
    assert '/dev/spidev0.0' in str(error)


class ScannedBus:
    """Two devices: one that answers reads only, one that a driver of the kernel uses."""

    def __init__(self):
        self.quick, self.read = [], []

    def write_quick(self, address):
        self.quick.append(address)
        if address == 0x3C:
            return
        raise os_error(errno.EBUSY if address == 0x68 else errno.EREMOTEIO)

    def read_byte(self, address):
        self.read.append(address)
        if address != 0x50:
            raise os_error(errno.ENXIO)


def test_scan_finds_what_answers_and_writes_to_no_memory():
    bus = ScannedBus()

    assert scan(1, bus) == [0x3C, 0x50, 0x68]
    assert not set(bus.quick) & {*range(0x30, 0x38), *range(0x50, 0x60)}
    assert len(bus.quick) + len(bus.read) == 112


def test_scan_ends_at_the_first_time_out_of_a_stuck_bus():
    class StuckBus:
        asked = 0

        def write_quick(self, address):
            self.asked += 1
            raise os_error(errno.ETIMEDOUT)

    bus = StuckBus()

    assert scan(1, bus) == []
    assert bus.asked == 1


class FlakySerial(Recorder):
    def __init__(self, failures):
        super().__init__()
        self.failures = failures

    def command(self, *command):
        super().command(*command)
        if self.failures:
            self.failures -= 1
            raise os_error(errno.EIO)


def test_probe_tries_three_times():
    pauses = []
    serial = FlakySerial(failures=2)

    probe(serial, pauses.append)

    assert serial.take() == [('C', b'\xe3')] * 3
    assert pauses == [0.05, 0.05]
    with pytest.raises(OSError, match='Input/output'):
        probe(FlakySerial(failures=3), pauses.append)


@pytest.mark.parametrize(
    ('options', 'text'),
    [
        ({'interface': 'usb'}, "interface: expected one of i2c, spi, noop; got 'usb'"),
        ({'i2c_address': 0x80}, r'i2c_address: expected 0x08\.\.0x77.*got 128 = 0x80'),
        ({'spi_speed_hz': 10_000_000}, 'spi_speed_hz: expected one of 500000.*got 10000000'),
    ],
)
def test_refuses_places_that_do_not_exist(options, text):
    with pytest.raises(ValueError, match=text):
        BusConfig(**options)


def test_each_bus_has_its_costs():
    assert BusConfig().cost is I2C
    assert BusConfig(i2c_chunked=True).cost is I2C_CHUNKED
    assert BusConfig(interface='spi').cost is SPI


def test_chunked_bus_is_closed_with_its_serial(monkeypatch):
    class Bus:
        is_open = True

        def close(self):
            self.is_open = False

    bus = Bus()
    monkeypatch.setattr('smbus2.SMBus', lambda port: bus)

    open_serial(BusConfig(i2c_chunked=True)).cleanup()

    assert not bus.is_open
