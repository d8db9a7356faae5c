# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What is said of a file that cannot be read, in one line."""

from collections.abc import Iterator
from contextlib import contextmanager

LONGEST_CAUSE = 200
"""Characters of a library's message that are repeated."""
LONGEST_VALUE = 80
"""Characters of what stands in a file that are repeated."""


class FileError(ValueError):
    """A file that is damaged or holds something else. The message names it, and what to do."""


@contextmanager
def reading(path: object, expected: str) -> Iterator[None]:
    """
    A context in which a file is read: whatever a decoder raises is a `FileError`.

    Decoders of damaged bytes raise errors of many kinds. That a file is not there or may not be
    read stays an `OSError`, and a package that is not installed a `ModuleNotFoundError`.

    Args:
        path: the file, for the message.
        expected: what it should hold, for the message.

    Raises:
        FileError: for every other error.
    """
    try:
        yield
    except (FileError, ModuleNotFoundError):
        raise
    except OSError as error:
        if error.filename is not None:
            raise
        raise FileError(_refusal(path, error, expected)) from error
    except Exception as error:
        raise FileError(_refusal(path, error, expected)) from error


def cause_of(error: object) -> str:
    """The message of an error in one short line; its class where the message alone is a riddle."""
    line = printable(' '.join(str(error).split()))[:LONGEST_CAUSE]
    if not line or isinstance(error, (LookupError, MemoryError)):
        return f'{type(error).__name__} {line}'.strip()
    return line


def shown(value: object) -> str:
    """The `repr` of what stands in a file, for a line; cut where it is long."""
    text = repr(value)
    return text if len(text) <= LONGEST_VALUE else f'{text[: LONGEST_VALUE - 1]}…'


def printable(text: str) -> str:
    """The text with everything that steers a terminal, or is no character, as an escape."""
    return ''.join(
        char if char.isprintable() else char.encode('unicode_escape', 'surrogatepass').decode()
        for char in text
    )


def _refusal(path: object, error: Exception, expected: str) -> str:
    return f'{path} cannot be read ({cause_of(error)}); expected {expected}'
