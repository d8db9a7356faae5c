# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""I2C addresses as people write them."""

from __future__ import annotations

import re

# The data sheets of all chips of `panels` leave one bit to the wiring.
OF_PANELS = (0x3C, 0x3D)
LEAST, GREATEST = 0x08, 0x77  # those that a device may have
# Boards print the byte that is sent first: address and a bit that says write.
_AS_PRINTED = {address << 1: address for address in OF_PANELS}
_TEXT = re.compile(r'(0x)?([0-9a-f]{1,3})', re.IGNORECASE)


def read_address(given: int | str) -> int:
    """
    Return the 7-bit address that is meant.

    Args:
        given: a number; or a text, hexadecimal with 0x or a letter in it ('0x3C', '3C'), decimal
            otherwise ('60'). 0x78 and 0x7A, as boards print it, mean 0x3C and 0x3D.

    Raises:
        ValueError: if it is no address that a device may have.
    """
    number = _number(given)
    address = _AS_PRINTED.get(number, number)
    if not LEAST <= address <= GREATEST:
        raise ValueError(
            f'i2c_address: expected {LEAST:#04x}..{GREATEST:#04x}, mostly 0x3C or 0x3D, '
            f'got {_said(given, number)}'
        )
    return address


def explain_address(given: int | str) -> str:
    """
    Return a line that says how an address was understood; empty where there is nothing to say.

    Raises:
        ValueError: as `read_address`.
    """
    number, address = _number(given), read_address(given)
    if number != address:
        return (
            f'i2c_address: {_said(given, number)} is {_hex(address)} and the bit for writing, '
            f'as boards print it; {_hex(address)} is used'
        )
    if address not in OF_PANELS:
        return (
            f'i2c_address: {_said(given, number)} is used, though panels answer at 0x3C or 0x3D, '
            'which boards print as 0x78 or 0x7A'
        )
    if isinstance(given, str) and not _is_decimal(given) and 'x' not in given.lower():
        return f'i2c_address: {given} is taken as hexadecimal, {_hex(address)}'
    return ''


def _number(given: int | str) -> int:
    if isinstance(given, int) and not isinstance(given, bool):
        return given
    if isinstance(given, str) and (match := _TEXT.fullmatch(given.strip())):
        return int(match[2], 10 if _is_decimal(given) else 16)
    raise ValueError(f'i2c_address: expected an address such as 0x3C, 3C or 60, got {given!r}')


def _is_decimal(text: str) -> bool:
    return text.strip().isdecimal()


def _said(given: int | str, number: int) -> str:
    """What was given, and in hexadecimal, unless it is that already."""
    text = str(given).strip()
    return text if text.lower().startswith('0x') else f'{text} = {_hex(number)}'


def _hex(number: int) -> str:
    return f'0x{number:02X}'
