# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The programs of this package; each imports what it runs when it is called."""

import io
import os
import signal
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

from emotion_models import reading
from emotion_models.missing import what_to_install

ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Signals that end a program as Ctrl-C does: it cleans up."""
NOBODY_READS = 141  # as a shell says that SIGPIPE ended a command


def emotion_models() -> int:
    """Run the command `emotion-models` and return its exit status."""
    return _run('emotion-models', 'emotion_models.cli')


def sheets() -> int:
    """Write the contact sheets of the face and return an exit status."""
    return _run('sheets', 'emotion_models.drawing.sheets')


def _run(name: str, module: str) -> int:
    _prepare_streams()
    came: list[int] = []

    def interrupt(number: int, _) -> None:
        came.append(number)
        raise KeyboardInterrupt

    # A KeyboardInterrupt in an import can be swallowed, or become another error.
    answered = _answer(lambda number, _: os._exit(128 + number))
    try:
        main = import_module(module).main
        for number in answered:
            signal.signal(number, interrupt)
        return _call(name, main)
    except KeyboardInterrupt:
        return 128 + (came or [signal.SIGINT])[0]
    except SystemExit:
        if not came:
            raise
        return 128 + came[0]  # as Lightning answers a KeyboardInterrupt
    except BrokenPipeError:
        # `| head` has read enough. What is left is written to nowhere when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NOBODY_READS
    except ModuleNotFoundError as error:
        remedy = what_to_install(error)
        if remedy is None:
            raise
        print(f'{name}: {remedy}', file=sys.stderr)
        return 2
    finally:
        for number, handler in answered.items():
            signal.signal(number, handler)


def _call(name: str, main: Callable[[], int]) -> int:
    try:
        return main()
    except BrokenPipeError:
        raise
    except (OSError, ValueError) as error:
        print(f'{name}: {reading.printable(str(error))}', file=sys.stderr)
        return 2
    finally:
        sys.stdout.flush()


def _prepare_streams() -> None:
    """
    Let standard output take any name, with escapes where it is no text.

    A standard stream that is closed, as by `>&-`, leads to nowhere: Python has None for it, and
    the next file to be opened would get its number.
    """
    for name, mode in (('stdin', 'r'), ('stdout', 'w'), ('stderr', 'w')):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode))
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors='backslashreplace')


def _answer(handler: Callable[[int, Any], Any]) -> dict[int, Any]:
    """Answer `ENDINGS` unless ignored, as under nohup; returns what answered them before."""
    usual = signal.SIG_DFL, signal.default_int_handler
    before = {number: signal.getsignal(number) for number in ENDINGS}
    answered: dict[int, Any] = {n: former for n, former in before.items() if former in usual}
    for number in answered:
        signal.signal(number, handler)
    return answered
