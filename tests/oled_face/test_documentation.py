# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The tables of docs/hardware.md are what the driver does."""

import re

import pytest

from oled_face.i2c_address import read_address
from oled_face.selection import WORDS


@pytest.fixture
def page(repository):
    return (repository / 'docs' / 'hardware.md').read_text()


def first_cells(page: str, heading: str) -> list[list[str]]:
    """What stands in backticks in the first column of a table, and the rest of each row."""
    table = page[page.index(heading) :].split('\n\n', maxsplit=1)[0]
    rows = [line.strip('| ').split(' | ', 1) for line in table.splitlines()[2:]]
    return [[*re.findall(r'`([^`]+)`', first), rest] for first, rest in rows]


def test_every_output_is_in_the_table(page):
    rows = first_cells(page, '| output | what |')

    assert {word for *words, _ in rows for word in words} == set(WORDS)


def test_addresses_of_the_table_are_understood_so(page):
    rows = first_cells(page, '| written in a file')

    assert len(rows) > 3
    for *written, meant in rows:
        address = int(re.search(r'0x..', meant)[0], 16)
        for text in written:
            assert read_address(text) == address, text
            if text.isdecimal() or text.startswith('0x'):  # ROS reads these as numbers
                assert read_address(int(text, 0)) == address, text
