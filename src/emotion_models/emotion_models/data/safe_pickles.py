# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Pickles that hold nothing but arrays."""

import pickle
from typing import Any

SAFE = {
    ('collections', 'OrderedDict'),
    ('_codecs', 'encode'),
    ('numpy', 'dtype'),
    ('numpy', 'ndarray'),
    *(
        (f'numpy.{core}.{module}', name)
        for core in ('core', '_core')
        for module, name in (
            ('multiarray', '_reconstruct'),
            ('multiarray', 'scalar'),
            ('numeric', '_frombuffer'),
        )
    ),
}
"""All that such a pickle needs to be made of; other pickles could run anything."""


class ArraysOnly(pickle.Unpickler):
    """
    Reads pickles of arrays, lists and dictionaries.

    Raises:
        ValueError: for a pickle that wants to run anything else.
    """

    def find_class(self, module: str, name: str) -> Any:
        """What a pickle names, if it is harmless."""
        if (module, name) not in SAFE:
            raise ValueError(f'it wants to run {module}.{name}, which no array needs; not loaded')
        return super().find_class(module, name)
