# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Addresses as they stand on boards, in data sheets and in what i2cdetect prints."""

import pytest

from oled_face.i2c_address import explain_address, read_address


@pytest.mark.parametrize(
    'given', [0x3C, '0x3C', '0X3c', '3C', '3c', '60', ' 0x3C ', 0x78, '0x78', '120']
)
def test_every_way_to_write_the_usual_address(given):
    assert read_address(given) == 0x3C


@pytest.mark.parametrize('given', [0x3D, '0x3D', '3d', '61', 0x7A, '0x7A', '7A', '7a', '122'])
def test_every_way_to_write_the_other_address(given):
    assert read_address(given) == 0x3D


@pytest.mark.parametrize('given', ['0x78', '0x7A', '7A', '120', 0x78, 122])
def test_what_boards_print_is_explained(given):
    line = explain_address(given)

    assert f'{given}' in line
    assert f'{read_address(given):#04X}'.replace('X', 'x') in line
    assert 'as boards print it' in line


def test_hexadecimal_without_a_mark_is_explained():
    assert explain_address('3C') == 'i2c_address: 3C is taken as hexadecimal, 0x3C'


@pytest.mark.parametrize('given', [78, '78', 0x20])
def test_an_address_without_panels_is_used_and_explained(given):
    assert read_address(given) == int(given)
    assert 'boards print as 0x78 or 0x7A' in explain_address(given)


@pytest.mark.parametrize('given', [0x3C, 61, '0x3C', '60'])
def test_nothing_is_said_of_a_usual_address(given):
    assert explain_address(given) == ''


@pytest.mark.parametrize('given', [0x79, '0x99', 0, 7, -1, 0x100, 'F0'])
def test_what_no_device_may_have_is_refused(given):
    with pytest.raises(ValueError, match=r'i2c_address: expected 0x08\.\.0x77.*got '):
        read_address(given)


@pytest.mark.parametrize('given', ['', 'three', '0x', '3C 3D', 60.0, True, None])
def test_what_is_no_address_is_refused(given):
    with pytest.raises(ValueError, match='i2c_address: expected an address such as 0x3C'):
        read_address(given)
