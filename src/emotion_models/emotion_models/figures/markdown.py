# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Tables in Markdown."""

from collections.abc import Iterable, Sequence


def markdown_table(
    columns: Sequence[str], rows: Iterable[Sequence[str]], left: Sequence[int] = (0,)
) -> str:
    """
    A table, without a newline at its end.

    Args:
        columns: names.
        rows: as many cells each.
        left: places of the columns that are aligned to the left; the others are to the right.
    """
    rules = ['---' if place in left else '---:' for place in range(len(columns))]
    return '\n'.join(f'| {" | ".join(row)} |' for row in (columns, rules, *rows))
