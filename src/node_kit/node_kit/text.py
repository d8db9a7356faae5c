# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What came from outside, as it is printed and logged."""


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
