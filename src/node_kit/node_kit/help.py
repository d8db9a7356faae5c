# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What an executable answers to `--help`: what it subscribes to, publishes, and can be told."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from node_kit.settings import Setting


def is_asked_for(arguments: Sequence[str]) -> bool:
    """Whether a command line asks for help, before the arguments of ROS begin."""
    own = arguments[: arguments.index('--ros-args')] if '--ros-args' in arguments else arguments
    return bool({'-h', '--help'} & set(own))


def help_text(program: str, node: Any) -> str:
    """
    Return the help of the executable of one node.

    Args:
        program: path or name of the executable.
        node: its class, with a table of settings; the docstring of its module is the description.
    """
    name = Path(program).name
    description = (sys.modules[node.__module__].__doc__ or '').strip()
    parameters = '\n'.join(map(_line, node.TABLE))
    return (
        f'usage: {name} [--ros-args [-p PARAMETER:=VALUE] [--params-file FILE] '
        f'[-r __ns:=/NAMESPACE] [-r TOPIC:=OTHER]]\n\n{description}\n\nparameters:\n{parameters}'
    )


def _line(setting: Setting) -> str:
    default = (
        str(setting.default).lower() if isinstance(setting.default, bool) else setting.default
    )
    choices = f'; one of {", ".join(map(str, setting.choices))}' if setting.choices else ''
    return f'  {setting.name} ({default!s}): {setting.description}{choices}'
