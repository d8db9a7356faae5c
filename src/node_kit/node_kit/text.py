# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What came from outside, as it is printed and logged."""

import re

_USER = re.compile(r'(?<=://)[^/]*@')
_SECRET_OF_QUERY = re.compile(
    r'([?&][\w.-]*(?:user|usr|login|pass|pas|pwd|token|auth|key)[\w.-]*=)[^&#\s\'"]*',
    re.IGNORECASE,
)


def public_name(text: str) -> str:
    """
    Return a text with the addresses in it as others may know them: without user and password.

    Args:
        text: such as `rtsp://user:password@10.0.0.7/stream?pwd=secret`, which becomes
            `rtsp://10.0.0.7/stream?pwd=…`.
    """
    if '://' not in text:
        return text
    return _SECRET_OF_QUERY.sub(r'\1…', _USER.sub('', text))


def public_value(name: str, value: str) -> str:
    """
    Return the text of a parameter as others may know it.

    Args:
        name: of the parameter; what a `token` is, nobody is told.
        value: addresses in it are told as `public_name` does.
    """
    return '…' if value and name.rpartition('.')[2] == 'token' else public_name(value)


def printable(text: str) -> str:
    """
    Return a text with everything that steers a terminal, or is no character, as an escape.

    Names in messages, bags and files can move the cursor, forge a line or name a file whose name
    is not UTF-8.
    """
    return ''.join(
        char if char.isprintable() else char.encode('unicode_escape', 'surrogatepass').decode()
        for char in text
    )
