# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The files of the page, as routes of a server."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from node_kit.web.server import Handler

PAGE = 'index.html'
KINDS = {
    '.css': 'text/css; charset=utf-8',
    '.html': 'text/html; charset=utf-8',
    '.js': 'text/javascript; charset=utf-8',
    '.png': 'image/png',
    '.svg': 'image/svg+xml',
}
"""Ending of a file -> content type; others are not served."""


def page_routes() -> dict[str, Handler]:
    """Return what answers the paths of the page: `/`, and `/NAME` for each other file."""
    return {('/' if name == PAGE else f'/{name}'): _handler(name) for name in page_files()}


def open_paths() -> list[str]:
    """
    Return the paths that tell nothing, and so need no token: all of the page.

    The page keeps its token for the tab and takes it off the address, which others may see. So it
    comes without one when it is loaded again, and then says itself what is missing.
    """
    return list(page_routes())


@cache
def page_files() -> tuple[str, ...]:
    """Return the names of the files of the page, sorted."""
    found = (file.name for file in _folder().iterdir())
    return tuple(sorted(name for name in found if _ending(name) in KINDS))


def _folder() -> Traversable:
    return files('emotion_agent') / 'web' / 'page'


def _ending(name: str) -> str:
    return name[name.rfind('.') :]


def _handler(name: str) -> Handler:
    async def serve(_: object):
        from node_kit.web.server import answer

        return answer(KINDS[_ending(name)], (_folder() / name).read_bytes())

    return serve
