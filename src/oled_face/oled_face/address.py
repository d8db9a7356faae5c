# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""By what name and addresses this computer is reached; nothing is sent, nobody is asked."""

import fcntl
import socket
import struct

_GET_ADDRESS = 0x8915  # SIOCGIFADDR, linux/sockios.h
_NAME_BYTES = 15  # of an interface, linux/if.h
_VIRTUAL = ('lo', 'docker', 'br-', 'veth', 'virbr')
NO_ADDRESS = 'no network'


def name_and_addresses() -> str:
    """Return the host name, and each IPv4 address on a line of its own, or `NO_ADDRESS`."""
    addresses = [
        address
        for _, name in socket.if_nameindex()
        if not name.startswith(_VIRTUAL) and (address := _address_of(name))
    ]
    return '\n'.join([socket.gethostname(), *(addresses or [NO_ADDRESS])])


def _address_of(interface: str) -> str:
    """The IPv4 address of a network interface; '' where it has none."""
    request = struct.pack('256s', interface.encode()[:_NAME_BYTES])
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as anything:
        try:
            answer = fcntl.ioctl(anything.fileno(), _GET_ADDRESS, request)
        except OSError:
            return ''
    return socket.inet_ntoa(answer[20:24])
