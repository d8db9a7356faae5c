# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Files and folders as people name them."""

from pathlib import Path


def expanded(text: str) -> Path:
    """
    Return a path, with the home folder where it begins with ~.

    Raises:
        ValueError: if there is no home folder, or the text cannot be a path.
    """
    try:
        if '\0' in text:
            raise ValueError(f'expected a file or folder, got {text!r}')
        return Path(text).expanduser()
    except RuntimeError as error:
        raise ValueError(f'{text}: there is no home folder; name the whole path') from error
