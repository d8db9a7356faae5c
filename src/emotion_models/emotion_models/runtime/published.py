# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Model files that others publish, and the cache of those that were fetched."""

import os
from dataclasses import dataclass
from pathlib import Path

from emotion_models.runtime.artefact import file_digest


@dataclass(frozen=True)
class PublishedFile:
    """
    A file that is fetched on request and checked against a known digest.

    Args:
        file_name: of the copy in the cache.
        url: where its authors publish it.
        sha256: of its bytes, in hexadecimal.
        terms: licence and authors.
    """

    file_name: str
    url: str
    sha256: str
    terms: str

    @property
    def path(self) -> Path:
        """
        Where the copy lies, or would lie.

        Raises:
            FileNotFoundError: if there is no folder for it.
        """
        folder = cache_folder()
        if folder is None:
            raise FileNotFoundError(
                f'there is no home folder to keep {self.file_name} in; set XDG_CACHE_HOME'
            )
        return folder / self.file_name

    def is_cached(self) -> bool:
        """Whether a complete copy is in the cache."""
        try:
            return self.path.is_file() and file_digest(self.path) == self.sha256
        except OSError:  # no folder, or one of another user
            return False


PUBLISHED = {
    'yunet': PublishedFile(
        'yunet_n_320_320.onnx',
        'https://raw.githubusercontent.com/ShiqiYu/libfacedetection.train/'
        '0047ac24afb1a50a0c6105001c89d1b5b805dbf1/onnx/yunet_n_320_320.onnx',
        '81dbde155e982455488235acb8ec2dec5d647edf7cf7080d33e4abb69b93a0d2',
        'Apache-2.0, the authors of YuNet (Wu, Peng, Yu)',
    )
}
"""By the name that `emotion-models download` takes."""


def cache_folder() -> Path | None:
    """
    Folder of fetched files: `$XDG_CACHE_HOME/emotion_models`, by default in `~/.cache`.

    None where there is no home folder, as for a user without an entry.
    """
    chosen = Path(os.environ.get('XDG_CACHE_HOME', ''))
    try:
        return (chosen if chosen.is_absolute() else Path.home() / '.cache') / 'emotion_models'
    except RuntimeError:
        return None
