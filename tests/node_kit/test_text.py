# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What came from outside cannot steer the terminal on which it is printed."""

import os

import pytest

from emotion_models import reading
from node_kit import text


@pytest.mark.parametrize('printable', [text.printable, reading.printable])
@pytest.mark.parametrize(
    ('given', 'expected'),
    [
        ('joy', 'joy'),
        ('größer 笑', 'größer 笑'),
        ('a b', 'a b'),
        ('\x1b[2J', r'\x1b[2J'),
        ('a\nb\r', r'a\nb\r'),
        ('\x9b31m', r'\x9b31m'),
        ('\u202egnp.exe', r'\u202egnp.exe'),
        (os.fsdecode(b'caf\xe9'), r'caf\udce9'),
        ('\0', r'\x00'),
    ],
)
def test_control_characters_are_escaped_and_all_others_stay(printable, given, expected):
    shown = printable(given)

    assert shown == expected
    assert shown.isprintable()
    shown.encode()
