# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Open the bus to a panel, check that the panel answers, and explain failures."""

from __future__ import annotations

import errno
import glob
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from oled_face.bus_cost import I2C, I2C_CHUNKED, SPI, BusCost
from oled_face.errors import (
    BusFault,
    BusNotFound,
    BusPermission,
    MissingPackage,
    OledError,
    PanelNotResponding,
)
from oled_face.i2c_address import read_address

I2C_BUS, SPI_BUS, NO_BUS = 'i2c', 'spi', 'noop'
INTERFACES = (I2C_BUS, SPI_BUS, NO_BUS)
# The speeds that luma.core accepts.
SPI_SPEEDS_HZ = tuple(
    int(mhz * 1e6) for mhz in (0.5, 1, 2, 4, 8, 16, 20, 24, 28, 32, 36, 40, 44, 48, 50, 52)
)
SLOW_FULL_FRAME_S = 0.05
SLOW_BUS_HINT = 'bus near 100 kHz, set dtparam=i2c_arm_baudrate=400000'


def _luma_error(name: str) -> type[Exception]:
    """Return an error of luma.core; one that nothing raises where that is not installed."""
    try:
        from luma.core import error
    except ModuleNotFoundError:
        return type(name, (Exception,), {})
    return getattr(error, name)


# What buses raise; libraries of pins (lgpio, RPi.GPIO) raise errors of their own besides.
BUS_ERRORS = (_luma_error('Error'), OSError)

_NO_OPERATION = 0xE3
_BROUGHT_BY = {'luma': 'luma.oled', 'smbus2': 'smbus2'}
_OF_SPI = 'spidev and RPi.GPIO (rpi-lgpio on a Raspberry Pi 5)'
_PROBES, _PROBE_PAUSE_S = 3, 0.05
_SILENT = (errno.EREMOTEIO, errno.EIO, errno.ENXIO, errno.ETIMEDOUT)
_DENIED = (errno.EPERM, errno.EACCES)
_TOO_LONG = (errno.EINVAL, errno.EOPNOTSUPP)


@dataclass(frozen=True)
class BusConfig:
    """
    Where a panel is connected.

    Attributes:
        interface: one of `INTERFACES`; 'noop' = no bus, bytes are only counted.
        i2c_port: number of the I2C bus, N of /dev/i2c-N.
        i2c_address: 7-bit address, 0x3C or 0x3D on most modules; given as `read_address` takes it.
        i2c_chunked: send 32 bytes at a time, for adapters that support SMBus only.
        spi_port: number of the SPI bus, N of /dev/spidevN.M.
        spi_device: chip select, M of /dev/spidevN.M.
        spi_speed_hz: one of `SPI_SPEEDS_HZ`.
        gpio_dc: GPIO (BCM number) of data/command.
        gpio_reset: GPIO (BCM number) of reset.
    """

    interface: str = I2C_BUS
    i2c_port: int = 1
    i2c_address: int = 0x3C
    i2c_chunked: bool = False
    spi_port: int = 0
    spi_device: int = 0
    spi_speed_hz: int = 8_000_000
    gpio_dc: int = 24
    gpio_reset: int = 25

    def __post_init__(self):
        if self.interface not in INTERFACES:
            raise ValueError(
                f'interface: expected one of {", ".join(INTERFACES)}; got {self.interface!r}'
            )
        object.__setattr__(self, 'i2c_address', read_address(self.i2c_address))
        if self.spi_speed_hz not in SPI_SPEEDS_HZ:
            raise ValueError(
                f'spi_speed_hz: expected one of {", ".join(map(str, SPI_SPEEDS_HZ))}; '
                f'got {self.spi_speed_hz}'
            )

    @property
    def cost(self) -> BusCost:
        """What a write costs on this bus."""
        if self.interface == SPI_BUS:
            return SPI
        return I2C_CHUNKED if self.i2c_chunked else I2C

    @property
    def path(self) -> str:
        """The device file of the bus."""
        if self.interface == SPI_BUS:
            return f'/dev/spidev{self.spi_port}.{self.spi_device}'
        return f'/dev/i2c-{self.i2c_port}'

    @property
    def parameters(self) -> str:
        """The parameters that choose the bus, with their values."""
        if self.interface == SPI_BUS:
            return f'spi_port {self.spi_port}, spi_device {self.spi_device}'
        return f'i2c_port {self.i2c_port}'


def open_serial(config: BusConfig) -> Any:
    """
    Open the bus.

    Returns:
        A serial object of luma.core; its `cleanup()` closes the bus.

    Raises:
        BusNotFound, BusPermission, BusFault, MissingPackage: with the remedy.
    """
    try:
        return _OPENERS[config.interface](config)
    except ImportError as error:
        packages = _BROUGHT_BY.get(str(error.name).partition('.')[0], _OF_SPI)
        raise MissingPackage(
            f'{config.interface} needs the Python package {error.name}: pip install {packages}'
        ) from error
    except Exception as error:
        raise _explain_opening(error, config) from error


def probe(serial: Any, pause: Callable[[float], None] = time.sleep) -> None:
    """
    Check that a panel answers. SPI is write-only, so that a panel there is taken for granted.

    Raises:
        OSError, luma.core.error.Error: if none answers three attempts.
    """
    for _ in range(_PROBES):
        try:
            serial.command(_NO_OPERATION)
            return
        except BUS_ERRORS as error:
            last = error
        pause(_PROBE_PAUSE_S)
    raise last


def explain(error: Exception, config: BusConfig, find: Callable[[], Sequence[int]]) -> OledError:
    """
    Explain a failed write.

    Args:
        error: one of `BUS_ERRORS`, or of a library of pins.
        config: the bus that was written to.
        find: returns the addresses that answer on the bus; called only if nothing answered.

    Returns:
        An error whose message names cause and remedy.
    """
    if not isinstance(error, BUS_ERRORS):
        return BusFault(
            f'writing to {config.path} failed ({type(error).__name__}: {error}); '
            'check wiring, power and pins'
        )
    number = _number_of(error)
    if number in _DENIED:
        return _permission(config)
    if number in _TOO_LONG and not config.i2c_chunked:
        return BusFault(
            f'{config.path} refuses long writes ({errno.errorcode[number]}): '
            'set i2c_chunked to true'
        )
    if config.interface == I2C_BUS and number in _SILENT:
        addresses = ', '.join(f'0x{address:02X}' for address in find()) or 'nothing'
        return PanelNotResponding(
            f'nothing answers at 0x{config.i2c_address:02X} on bus {config.i2c_port}; '
            f'scan found: {addresses}; check wiring or set i2c_address'
        )
    name = errno.errorcode.get(number, number)
    return BusFault(f'writing to {config.path} failed ({name}); check wiring and power')


def _number_of(error: Exception) -> int:
    # luma.core turns EIO and EREMOTEIO of a command into an error of its own, without a number.
    return (error.errno if isinstance(error, OSError) else None) or errno.EIO


def scan(port: int, bus: Any = None) -> list[int]:
    """
    Find the addresses that answer on an I2C bus.

    Args:
        port: number of the bus.
        bus: an open smbus2 bus; None = open and close one.

    Returns:
        Addresses, ascending.

    Raises:
        OSError: if the bus cannot be opened.
    """
    if bus is None:
        import smbus2

        with smbus2.SMBus(port) as opened:
            return scan(port, opened)
    found = []
    try:
        for address in range(0x08, 0x78):
            if _answers(bus, address):
                found.append(address)
    except TimeoutError:
        pass  # on a stuck bus, every further address would take a second
    return found


def _answers(bus: Any, address: int) -> bool:
    # Read where EEPROMs live, as a quick write could corrupt them; write quick elsewhere.
    may_be_memory = 0x30 <= address <= 0x37 or 0x50 <= address <= 0x5F
    try:
        (bus.read_byte if may_be_memory else bus.write_quick)(address)
    except TimeoutError:
        raise
    except OSError as error:
        return error.errno == errno.EBUSY  # in use by a driver of the kernel
    return True


def _open_i2c(config: BusConfig) -> Any:
    from luma.core.interface.serial import i2c

    if not config.i2c_chunked:
        return i2c(port=config.i2c_port, address=config.i2c_address)
    import smbus2

    bus = smbus2.SMBus(config.i2c_port)
    serial = i2c(bus=bus, address=config.i2c_address)
    serial.cleanup = bus.close  # luma.core leaves a bus that it did not open
    return serial


def _open_spi(config: BusConfig) -> Any:
    # Checked first, as luma.core imports the GPIO packages before it opens the bus.
    if not os.path.exists(config.path):
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), config.path)
    from luma.core.interface.serial import spi

    return spi(
        port=config.spi_port,
        device=config.spi_device,
        bus_speed_hz=config.spi_speed_hz,
        gpio_DC=config.gpio_dc,
        gpio_RST=config.gpio_reset,
    )


class _NoBus:
    """Takes everything, as `noop` of luma.core does, which need not be installed for it."""

    def command(self, *_: int) -> None: ...

    def data(self, _: Sequence[int]) -> None: ...

    def cleanup(self) -> None: ...


def _open_nothing(config: BusConfig) -> Any:
    return _NoBus()


_OPENERS: dict[str, Callable[[BusConfig], Any]] = {
    I2C_BUS: _open_i2c,
    SPI_BUS: _open_spi,
    NO_BUS: _open_nothing,
}


def _explain_opening(error: Exception, config: BusConfig) -> OledError:
    number = getattr(error, 'errno', None)
    if isinstance(error, _luma_error('DeviceNotFoundError')) or number == errno.ENOENT:
        return BusNotFound(_bus_missing(config))
    if isinstance(error, _luma_error('DevicePermissionError')) or number in _DENIED:
        return _permission(config)
    if isinstance(error, _luma_error('UnsupportedPlatform')):
        pins = f'gpio_dc {config.gpio_dc}, gpio_reset {config.gpio_reset}'
        return BusNotFound(f'{config.path} needs GPIO pins ({pins}), which are not there: {error}')
    return BusFault(f'cannot open {config.path} ({config.parameters}): {error}')


def _bus_missing(config: BusConfig) -> str:
    if config.interface == SPI_BUS:
        enable, pattern = 'enable SPI (raspi-config or dtparam=spi=on)', '/dev/spidev*'
    else:
        enable, pattern = 'enable I2C (raspi-config or dtparam=i2c_arm=on)', '/dev/i2c-*'
    available = ', '.join(sorted(glob.glob(pattern))) or 'none'
    return (
        f'{config.path} not found: {enable}, in a container pass --device; '
        f'available: {available} (asked for: {config.parameters})'
    )


def _permission(config: BusConfig) -> BusPermission:
    group = 'spi' if config.interface == SPI_BUS else 'i2c'
    return BusPermission(
        f'no permission for {config.path} ({config.parameters}): add the user to group {group} '
        f'(usermod -aG {group} $USER as administrator, log in again)'
    )
