# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Fetching published model files: resumed, verified, and in place only when complete."""

import http.client
import os
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from emotion_models.runtime.artefact import file_digest
from emotion_models.runtime.published import PublishedFile

CHUNK_BYTES = 1 << 14
TIMEOUT_S = 30
RANGE_NOT_SATISFIABLE = 416

Progress = Callable[[int, int], None]
"""Called with the bytes received so far and those of the whole file (0 = not known)."""


class DownloadError(OSError):
    """A file that could not be fetched; says why and what to do."""


def download(file: PublishedFile, progress: Progress = lambda done, whole: None) -> Path:
    """
    A published file in the cache; fetched unless a complete copy is there.

    An interrupted download leaves `NAME.part`, with which the next one goes on.

    Args:
        file: which.
        progress: called after every piece.

    Returns:
        Path of the copy.

    Raises:
        DownloadError: if it cannot be fetched, or is not the file that was published.
    """
    if file.is_cached():
        return file.path
    part = file.path.with_name(f'{file.file_name}.part')
    try:
        part.parent.mkdir(parents=True, exist_ok=True)
        _fetch(file.url, part, progress)
    except urllib.error.HTTPError as error:
        raise DownloadError(
            f'{file.url} answers {error.code} {error.reason}; {_remedy(file)}'
        ) from error
    except (OSError, http.client.HTTPException) as error:
        cause = getattr(error, 'reason', error)
        raise DownloadError(
            f'{file.url} cannot be fetched ({cause}); try again to go on, or {_remedy(file)}'
        ) from error
    found = file_digest(part)
    if found != file.sha256:
        part.unlink()
        raise DownloadError(
            f'what came from {file.url} has the SHA-256 {found}, expected {file.sha256}; '
            'it was deleted: try again'
        )
    os.replace(part, file.path)
    return file.path


def _fetch(url: str, part: Path, progress: Progress) -> None:
    """Bring `part` to its full length, from where it ends if the server can."""
    done = part.stat().st_size if part.exists() else 0
    try:
        response = _open(url, done)
    except urllib.error.HTTPError as error:
        if error.code != RANGE_NOT_SATISFIABLE or not done:
            raise
        done, response = 0, _open(url, 0)  # Nothing follows after the part: it is another file's.
    with response:
        if response.status != http.client.PARTIAL_CONTENT:
            done = 0
        length = int(response.headers.get('Content-Length', 0))
        whole = done + length if length else 0
        with part.open('ab' if done else 'wb') as copy:
            while piece := response.read(CHUNK_BYTES):
                copy.write(piece)
                done += len(piece)
                progress(done, whole)
    if done < whole:
        raise ConnectionError(f'the connection ended after {done} of {whole} bytes')


def _open(url: str, start: int) -> http.client.HTTPResponse:
    request = urllib.request.Request(url, headers={'User-Agent': 'emotion-models'})
    if start:
        request.add_header('Range', f'bytes={start}-')
    return urllib.request.urlopen(request, timeout=TIMEOUT_S)


def _remedy(file: PublishedFile) -> str:
    return f'copy the file to {file.path} yourself; without it, faces are found by Haar'
