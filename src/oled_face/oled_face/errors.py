# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Errors of a display; every message is one line with cause and remedy."""


class OledError(Exception):
    """A display cannot be used, now or at all."""


class BusNotFound(OledError):
    """The bus that was asked for is not there."""


class BusPermission(OledError):
    """The bus is there and may not be used."""


class BusFault(OledError):
    """The bus failed in the middle of something."""


class PanelNotResponding(OledError):
    """The bus works and nothing answers at the address."""


class MissingPackage(OledError):
    """A Python package that this display needs is not installed."""


class NoScreen(OledError):
    """There is nothing to draw on: no terminal, no screen."""


class OutputFinished(OledError):
    """An output is complete, such as a recording of full length; it is not opened again."""


class OutputBroken(OledError):
    """A recording that cannot go on; it is not opened again, which would overwrite it."""
