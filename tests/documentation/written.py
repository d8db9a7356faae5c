# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
What the pages hold: fenced blocks with their language and marker, commands in the text, tables.

A comment in the line before a block says what happens to it beyond the check of its language:

    <!-- run -->                  its commands are run
    <!-- not run: needs a panel   it cannot be run here, for this reason -->
"""

import ast
import re
import shlex
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = (
    ROOT / 'README.md',
    ROOT / 'CONTRIBUTING.md',
    *sorted((ROOT / 'docs').rglob('*.md')),
    *sorted((ROOT / 'src').glob('*/README.md')),
)

_BLOCK = re.compile(
    r'(?:^ *<!-- *(?P<marker>run|not run: .*?) *-->\n)?'
    r'^(?P<indent> *)```(?P<language>\w*)\n(?P<text>.*?)^(?P=indent)```$',
    re.MULTILINE | re.DOTALL,
)
_SPAN = re.compile(r'`([^`\n]+(?:\n[^`\n]+)?)`')


@dataclass(frozen=True)
class Block:
    """
    A fenced block.

    Attributes:
        where: page and line, for messages.
        language: what stands behind the fence.
        text: the content, without the indentation of the fence.
        marker: `run`, `not run: REASON`, or nothing.
    """

    where: str
    language: str
    text: str
    marker: str

    @property
    def page(self) -> str:
        """The page, relative to the repository."""
        return self.where.partition(':')[0]


def text_of(page: Path) -> str:
    """Return the text of a page."""
    return page.read_text(encoding='utf-8')


def blocks(*languages: str) -> list[Block]:
    """Return the blocks of all pages, or those in one of `languages`."""
    found = []
    for page in PAGES:
        text = text_of(page)
        for match in _BLOCK.finditer(text):
            line = text.count('\n', 0, match.start()) + 1
            content = re.sub(rf'^{match["indent"]}', '', match['text'], flags=re.MULTILINE)
            where = f'{page.relative_to(ROOT)}:{line}'
            found.append(Block(where, match['language'], content, match['marker'] or ''))
    return [block for block in found if not languages or block.language in languages]


def without_blocks(page: Path) -> str:
    """Return the text of a page between its blocks."""
    return _BLOCK.sub('', text_of(page))


def spans(page: Path) -> list[str]:
    """Return what stands between backticks in the text of a page, each in one line."""
    return [' '.join(span.split()) for span in _SPAN.findall(without_blocks(page))]


def commands(text: str) -> Iterator[list[str]]:
    """
    Yield the words of each command of a shell text.

    Comments and redirections are left out, pipes and `&&` separate commands; the brackets of
    `[--optional]` are taken off.
    """
    text = re.sub(r'(?<=[ \n])\[(.*?)\](?=[ \n]|$)', r'\1', text)
    for line in text.replace('\\\n', ' ').splitlines():
        words = shlex.shlex(line, posix=True, punctuation_chars='|&;<>')
        words.whitespace_split = True
        words.commenters = '#' if ' #' in line or line.startswith('#') else ''
        command: list[str] = []
        for word in words:
            if set(word) <= set('|&;<>'):
                yield from filter(None, [command])
                command = []
            else:
                command.append(word)
        yield from filter(None, [command])


def manual(file: Path) -> str:
    """Return the indented lines of the docstring of a module: how its command is called."""
    docstring = ast.get_docstring(ast.parse(text_of(file))) or ''
    return textwrap.dedent('\n'.join(re.findall(r'^ {4}.*', docstring, re.MULTILINE)))


def table_rows(text: str, heading: str) -> list[list[str]]:
    """
    Return the cells of the table whose head begins with `heading`.

    Raises:
        ValueError: if there is no such table.
    """
    lines = iter(text[text.index(f'| {heading}') :].splitlines()[2:])
    rows = []
    for line in lines:
        if not line.startswith('|'):
            break
        rows.append([cell.strip() for cell in line.strip('|').split('|')])
    return rows
