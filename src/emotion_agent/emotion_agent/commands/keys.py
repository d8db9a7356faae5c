# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Keys that are pressed in a terminal, or words that come line by line where there is none."""

import os
import select
import sys
import termios
import tty

ENTER, SPACE = 'enter', 'space'
_NAMES = {'\n': ENTER, '\r': ENTER, ' ': SPACE}
_ESCAPE = '\x1b'  # begins what arrows and function keys send
_MOST_BYTES = 4096


class Keys:
    """
    What comes on standard input, without waiting for it.

    In a terminal every key counts at once, as long as this is entered; elsewhere each line is one.

    Attributes:
        is_terminal: whether keys are pressed.
    """

    def __init__(self) -> None:
        self._fd = sys.stdin.fileno()
        # A program in the background would be stopped where it touches the terminal.
        self.is_terminal = os.isatty(self._fd) and os.tcgetpgrp(self._fd) == os.getpgrp()
        self._is_at_end = os.isatty(self._fd) and not self.is_terminal
        self._text = b''  # that came and was not taken yet

    def __enter__(self) -> 'Keys':
        if self.is_terminal:
            self._before = termios.tcgetattr(self._fd)
            tty.setcbreak(self._fd)
        return self

    def __exit__(self, *_) -> None:
        if self.is_terminal:
            termios.tcsetattr(self._fd, termios.TCSADRAIN, self._before)

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self._is_at_end and not self._text

    def pressed(self) -> list[str]:
        """
        Return the names of keys: letters, `enter`, `space`.

        In a terminal all of them since the last call; elsewhere the next line, where there is one.
        """
        if not self._is_at_end and select.select([self._fd], [], [], 0.0)[0]:
            data = os.read(self._fd, _MOST_BYTES)
            self._is_at_end = not data
            self._text = (self._text + data)[-_MOST_BYTES:]
        return self._keys() if self.is_terminal else self._next_line()

    def _keys(self) -> list[str]:
        text, self._text = self._text.decode(errors='ignore'), b''
        if text.startswith(_ESCAPE):
            return []
        return [_NAMES.get(key, key) for key in text if key in _NAMES or key.isprintable()]

    def _next_line(self) -> list[str]:
        line, end, rest = self._text.partition(b'\n')
        if not end and not (line and self._is_at_end):
            return []
        self._text = rest
        return [line.decode(errors='ignore').strip() or ENTER]
