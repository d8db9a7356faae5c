# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The name and the addresses of this computer."""

import socket

from oled_face import address


def test_the_name_comes_first_and_addresses_follow(monkeypatch):
    known = {
        'eth0': '192.168.1.7',
        'wlan0': '10.0.0.2',
        'docker0': '172.17.0.1',
        'lo': '127.0.0.1',
    }
    monkeypatch.setattr(socket, 'gethostname', lambda: 'robot-7')
    monkeypatch.setattr(socket, 'if_nameindex', lambda: list(enumerate([*known, 'eth1'])))
    monkeypatch.setattr(address, '_address_of', lambda name: known.get(name, ''))

    assert address.name_and_addresses() == 'robot-7\n192.168.1.7\n10.0.0.2'

    known.clear()
    assert address.name_and_addresses() == f'robot-7\n{address.NO_ADDRESS}'


def test_the_kernel_is_asked():
    assert address._address_of('lo') == '127.0.0.1'
    assert address._address_of('no_such_one') == ''
