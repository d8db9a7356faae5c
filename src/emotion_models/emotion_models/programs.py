# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The programs of this package; each imports what it runs when it is called."""

import io
import os
import signal
import sys
from importlib import import_module

from emotion_models import reading
from emotion_models.missing import what_to_install

INTERRUPTED = 130
"""Exit status after SIGINT."""
NOBODY_READS = 141  # as a shell says that SIGPIPE ended a command


def emotion_models() -> int:
    """Run the command `emotion-models` and return its exit status."""
    return _run('emotion-models', 'emotion_models.cli')


def sheets() -> int:
    """Write the contact sheets of the face and return an exit status."""
    return _run('sheets', 'emotion_models.drawing.sheets')


def _run(name: str, module: str) -> int:
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors='backslashreplace')  # names of files may be no text
    # A KeyboardInterrupt in an import can be swallowed, or become another error.
    if is_default := signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))
    try:
        main = import_module(module).main
        if is_default:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            return main()
        except BrokenPipeError:
            raise
        except (OSError, ValueError) as error:
            print(f'{name}: {reading.printable(str(error))}', file=sys.stderr)
            return 2
        finally:
            sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
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
