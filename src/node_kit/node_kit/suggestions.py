# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What an unknown name may have been meant to be."""

from collections.abc import Iterable
from difflib import get_close_matches

from node_kit.limits import NAME_CHARACTERS


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return '; did you mean NAME?' for the known name that is nearest, '' where none is near."""
    if len(name) > NAME_CHARACTERS:
        return ''
    near = get_close_matches(name, list(known), 1)
    return f'; did you mean {near[0]}?' if near else ''
