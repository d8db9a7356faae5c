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


@pytest.mark.parametrize(
    ('given', 'expected'),
    [
        ('0', '0'),
        ('someone@home', 'someone@home'),
        ('rtsp://10.0.0.7/a', 'rtsp://10.0.0.7/a'),
        ('rtsp://me:pw@10.0.0.7/a?channel=1', 'rtsp://10.0.0.7/a?channel=1'),
        ('http://me@h', 'http://h'),
        ('http://me:p@w@h', 'http://h'),
        ('http://h/v?usr=me&pwd=pw&size=2', 'http://h/v?usr=…&pwd=…&size=2'),
        ('http://h/v?Password=pw', 'http://h/v?Password=…'),
        ("['rtsp://a:b@h/x', 'rtsp://h/x?token=t']", "['rtsp://h/x', 'rtsp://h/x?token=…']"),
    ],
)
def test_an_address_is_told_without_user_and_password(given, expected):
    assert text.public_name(given) == expected
