# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Fetching published model files: resumed, verified, and in place only when complete."""

import http.client
import os
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from emotion_models.reading import cause_of, printable
from emotion_models.runtime.artefact import file_digest
from emotion_models.runtime.published import PublishedFile

CHUNK_BYTES = 1 << 14
TIMEOUT_S = 30
"""Without anything coming."""
WHOLE_S = 600.0
"""For one file."""
LARGEST_BYTES = 64 << 20
"""Of a file; what is published has less than one megabyte."""

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
    try:
        part = file.path.with_name(f'{file.file_name}.part')
    except FileNotFoundError as error:
        raise DownloadError(str(error)) from error
    try:
        part.parent.mkdir(parents=True, exist_ok=True)
        _fetch(file.url, part, progress)
    except urllib.error.HTTPError as error:
        raise DownloadError(
            f'{file.url} answers {error.code} {printable(str(error.reason))}; {_remedy(file)}'
        ) from error
    except (OSError, http.client.HTTPException) as error:
        cause = cause_of(getattr(error, 'reason', error))
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
    _make_way(part)
    done = part.stat().st_size if part.exists() else 0
    deadline_s = time.monotonic() + WHOLE_S
    try:
        response = _open(url, done)
    except urllib.error.HTTPError as error:
        if error.code != RANGE_NOT_SATISFIABLE or not done:
            raise
        done, response = 0, _open(url, 0)  # Nothing follows after the part: it is another file's.
    with response:
        if not _continues(response, done):
            done = 0
        # Of the header as http.client has understood it; none where it says nothing sensible.
        whole = done + response.length if response.length else 0
        with part.open('ab' if done else 'wb') as copy:
            while piece := response.read1(CHUNK_BYTES):
                done += len(piece)
                if max(done, whole) > LARGEST_BYTES:
                    raise ConnectionError(
                        f'it is of more than {LARGEST_BYTES / 1e6:.0f} MB, which is not this file'
                    )
                if time.monotonic() > deadline_s:
                    raise TimeoutError(f'not complete after {WHOLE_S:g} s')
                copy.write(piece)
                progress(done, whole)
    if done < whole:
        raise ConnectionError(f'the connection ended after {done} of {whole} bytes')


def _make_way(part: Path) -> None:
    """Remove a link, through which another file would be written, and refuse what is no file."""
    if part.is_symlink():
        part.unlink()
    if part.exists() and not part.is_file():
        raise FileExistsError(f'{part} is no file: remove it')


def _continues(response: http.client.HTTPResponse, done: int) -> bool:
    """Whether what comes follows on what is there, and is not the whole file or another piece."""
    if response.status != http.client.PARTIAL_CONTENT:
        return False
    piece = response.headers.get('Content-Range', f'bytes {done}-')
    if not piece.startswith(f'bytes {done}-'):
        raise ConnectionError(f'asked for what follows byte {done}, got {printable(piece)[:80]}')
    return True


def _open(url: str, start: int) -> http.client.HTTPResponse:
    request = urllib.request.Request(url, headers={'User-Agent': 'emotion-models'})
    if start:
        request.add_header('Range', f'bytes={start}-')
    return urllib.request.urlopen(request, timeout=TIMEOUT_S)


def _remedy(file: PublishedFile) -> str:
    return f'copy the file to {file.path} yourself; without it, faces are found by Haar'
