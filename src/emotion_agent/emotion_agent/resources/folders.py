# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Where the files of our packages are: installed with ROS, or in the source tree without it."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[2]


def config_folder() -> Path:
    """Return the folder of parameters, temperaments and scripts."""
    share = _installed('emotion_agent')
    return (share or _PACKAGE) / 'config'


def message_definitions() -> dict[str, str]:
    """Return message type -> text of its definition, of all messages of `emotion_msgs`."""
    share = _installed('emotion_msgs')
    folder = (share or _PACKAGE.parent / 'emotion_msgs') / 'msg'
    return {
        f'emotion_msgs/msg/{file.stem}': file.read_text(encoding='utf-8')
        for file in sorted(folder.glob('*.msg'))
    }


def _installed(package: str) -> Path | None:
    try:
        from ament_index_python.packages import PackageNotFoundError, get_package_share_directory
    except ImportError:
        return None
    try:
        return Path(get_package_share_directory(package))
    except PackageNotFoundError:
        return None
