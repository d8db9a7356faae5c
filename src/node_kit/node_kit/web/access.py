# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Who may open the pages of a server.

A server of this computer serves whoever is on it. One that others reach serves whoever has its
token. Pages of others, which a browser may have open too, get nothing from either: neither by a
name of theirs that leads here (`Host`) nor by a connection from their page (`Origin`).
"""

import hmac
import ipaddress
import socket
from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple
from urllib.parse import urlsplit

LOOPBACK = '127.0.0.1'
TOKEN_CHARACTERS = 16
"""A token has as many at least."""
_LOOPBACK_NAMES = ('localhost', '::1', LOOPBACK)


class Refusal(NamedTuple):
    """Why a request gets nothing."""

    status: int  # of HTTP
    text: str


class Access:
    """
    Decides who gets an answer.

    Args:
        host: name or address that the server listens on.
        token: that whoever comes has to know; '' = none is asked for.

    Raises:
        ValueError: if others can reach the server and the token is missing or short.
    """

    def __init__(self, host: str = LOOPBACK, token: str = ''):
        self._is_local = is_loopback(host)
        if token and len(token) < TOKEN_CHARACTERS:
            raise ValueError(
                f'token: expected at least {TOKEN_CHARACTERS} characters, got {len(token)}; '
                f'{HOW_TO_MAKE_ONE}'
            )
        if not (self._is_local or token):
            raise ValueError(
                f'token: expected one, as host {host} lets others reach the page; '
                f'{HOW_TO_MAKE_ONE}, or set host to {LOOPBACK}'
            )
        self._token = token.encode()
        own = socket.gethostname().lower()
        self._names = {*_LOOPBACK_NAMES}
        if not self._is_local:
            self._names |= {host.lower(), own, f'{own}.local'}

    @property
    def asks_for_token(self) -> bool:
        """Whether who comes needs the token."""
        return bool(self._token)

    def refusal(self, hosts: Sequence[str], origins: Sequence[str]) -> Refusal | None:
        """
        Why a request is refused, whatever is asked for.

        Args:
            hosts: its headers `Host`.
            origins: its headers `Origin`: of the page that asks, where a browser says it.

        Returns:
            None = it is not.
        """
        if len(hosts) != 1 or not self._is_ours(name_of(hosts[0])):
            whom = 'for this computer only' if self._is_local else 'by this name nothing is served'
            return Refusal(403, f'{whom}: open it by {self._by_what_name()}')
        if len(origins) > 1 or any(not is_of(origin, hosts[0]) for origin in origins):
            return Refusal(403, 'for its own page only: close the page that asked')
        return None

    def token_refusal(self, given: str | None) -> Refusal | None:
        """
        Why a request without the right token is refused.

        Args:
            given: the token of the request; None = it has none.
        """
        if not self._token:
            return None
        if not given:
            return Refusal(401, 'a token is needed: add ?token=… to the address')
        if hmac.compare_digest(given.encode('utf-8', 'replace'), self._token):
            return None
        return Refusal(403, 'the token is wrong: use the one that the server was given')

    def _is_ours(self, name: str) -> bool:
        # Nobody can give an address another meaning, as they can with a name.
        return name in self._names or (not self._is_local and is_address(name))

    def _by_what_name(self) -> str:
        return LOOPBACK if self._is_local else 'the address or the name of this computer'


HOW_TO_MAKE_ONE = 'python3 -c "import secrets; print(secrets.token_urlsafe())" makes one'


def is_loopback(host: str) -> bool:
    """Whether a name or an address that a server listens on leads to this computer only."""
    if host.lower() == 'localhost':
        return True
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return False


def is_address(name: str) -> bool:
    """Whether a name is the address of a computer."""
    with suppress(ValueError):
        return ipaddress.ip_address(name) is not None
    return False


def name_of(host: str) -> str:
    """Return the name in a header `Host`, in small letters; '' = there is none."""
    with suppress(ValueError):
        return urlsplit(f'//{host}').hostname or ''
    return ''


def is_of(origin: str, host: str) -> bool:
    """Whether the page of an `Origin` came from a `Host`: the same name and the same port."""
    with suppress(ValueError):
        page = urlsplit(origin)
        if page.scheme in ('http', 'https'):
            usual = 443 if page.scheme == 'https' else 80
            asked = urlsplit(f'//{host}')
            return (page.hostname, page.port or usual) == (asked.hostname, asked.port or usual)
    return False
