# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""How nodes that start together find each other soon, with Fast DDS."""

import os
from pathlib import Path

OLD_VARIABLE = 'FASTRTPS_DEFAULT_PROFILES_FILE'
NEW_VARIABLE = 'FASTDDS_DEFAULT_PROFILES_FILE'
"""Of Fast DDS 3, from Kilted on, which complains of the old one."""
FILES = ('DEFAULT_FASTRTPS_PROFILES.xml', 'DEFAULT_FASTDDS_PROFILES.xml')
"""What Fast DDS reads in the working folder."""
QUICK_START = Path(__file__).with_name('fastdds.xml')


def use_profile(profile: Path = QUICK_START) -> None:
    """
    Let Fast DDS use a profile, unless the user chose one.

    To be called before rclpy is initialised.

    Args:
        profile: XML file, passed on to child processes; they may replace `QUICK_START`.
    """
    named = {os.environ.get(name) for name in (OLD_VARIABLE, NEW_VARIABLE)}
    if named <= {None, '', str(QUICK_START)} and not any(map(os.path.exists, FILES)):
        os.environ[variable()] = str(profile)


def variable() -> str:
    """Return the name of the variable that the installed Fast DDS reads."""
    prefixes = os.environ.get('AMENT_PREFIX_PATH', '').split(os.pathsep)
    is_old = any(Path(prefix, 'share', 'fastrtps').is_dir() for prefix in prefixes)
    return OLD_VARIABLE if is_old else NEW_VARIABLE
