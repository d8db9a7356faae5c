# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Whether a command of the documentation names what is there; nothing is run but `--help`."""

import importlib
import importlib.util
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from functools import cache
from io import StringIO
from itertools import pairwise
from pathlib import Path

from written import ROOT, text_of

PACKAGES = ('emotion_agent', 'emotion_models', 'oled_face', 'node_kit', 'emotion_msgs')
TRAINING = ('fit', 'validate', 'test')
COMMANDS = {
    'emotion-agent': 'emotion_agent.commands.cli',
    'emotion-models': 'emotion_models.cli',
    'oled-face': 'oled_face.cli',
}
# Which `./run` finds too.
EXECUTABLES = {
    'emotion_agent': (
        'affect_estimator',
        'agent',
        'camera',
        'emotion_state',
        'emotion_web',
        'face_sketcher',
        'play_bag',
        'recorder',
        'rqt_emotion',
        'session',
        'stimulate',
    ),
    'oled_face': ('oled_face', 'test_pattern'),
}
REPOSITORY_FILE = re.compile(
    r'\.?/?((?:config|deploy|docs|examples|launch|requirements|scripts|src|tests)/[\w./@-]*)'
)


class Foreign(Exception):
    """A command of others, which is not looked at."""


def check(words: Sequence[str]) -> None:
    """
    Check one command.

    Raises:
        Foreign: if it is not one of this repository, of Python or of ROS.
        AssertionError: saying what it names that is not there.
    """
    words = list(words)
    while words and (re.match(r'\w+=', words[0]) or words[0] == './run'):
        words.pop(0)
    if not words or _is_placeholder(words[0]):
        return
    program, *rest = words
    if program not in CHECKS:
        raise Foreign(program)
    for word in rest:
        path = REPOSITORY_FILE.fullmatch(word)
        if path and not re.search('[A-Z]{3}|…', word):
            assert (ROOT / path[1]).exists(), f'{word} is not in the repository'
    CHECKS[program](program, rest)


def _is_placeholder(word: str) -> bool:
    """Whether it stands for something that the reader chooses."""
    return word.rstrip('…').isupper() or word == '…'


def _make(_, rest: list[str]) -> None:
    makefile = text_of(ROOT / 'Makefile')
    for word in rest:
        name, is_variable, _value = word.partition('=')
        known = re.search(rf'\b{name}\b' if is_variable else rf'^{name}:', makefile, re.MULTILINE)
        assert known, f'the Makefile has no {name}'


def _own(program: str, rest: list[str]) -> None:
    has_subcommand = program != 'oled-face' and rest and not rest[0].startswith('-')
    before = rest[:1] if has_subcommand else []
    if program == 'emotion-models' and before and before[0] in TRAINING:
        return  # test_training.py asks Lightning
    _check_options(rest, _help(program, *before), ' '.join([program, *before]))


def _python(_, rest: list[str]) -> None:
    if rest[:1] == ['-m']:
        spec = importlib.util.find_spec(rest[1])
        assert spec, f'there is no module {rest[1]}'
        runs = rest[1] == 'pytest' or '__main__' in text_of(Path(spec.origin))
        assert runs, f'{rest[1]} does nothing by python -m'
    elif rest and rest[0].endswith('.py') and any(word.startswith('--') for word in rest):
        _check_options(rest, _help(str(ROOT / rest[0])), rest[0])


def _nothing(_program: str, _rest: list[str]) -> None:
    pass


def _ros2(_, rest: list[str]) -> None:
    if rest and not _is_placeholder(rest[0]):
        assert rest[0] in ROS2, f'there is no ros2 {rest[0]}'
        ROS2[rest[0]](rest[1:])


def _launch(rest: list[str]) -> None:
    if not rest or rest[0] not in PACKAGES:
        return
    package, file, *arguments = rest
    folder = ROOT / 'src' / package / 'launch'
    assert (folder / file).exists(), f'{package} has no launch file {file}'
    code = '\n'.join(
        map(text_of, [*folder.glob('*.py'), *(ROOT / 'src' / package).rglob('launch*/*.py')])
    )
    for argument in arguments:
        name = argument.partition(':=')[0]
        assert name == '--show-args' or f"'{name}'" in code, f'{file} has no argument {name}'


def _run(rest: list[str]) -> None:
    if not rest or rest[0] not in PACKAGES:
        return
    package, executable, *arguments = rest
    path = _executable(package, executable)
    own, ros = arguments, []
    if '--ros-args' in arguments:
        place = arguments.index('--ros-args')
        own, ros = arguments[:place], arguments[place + 1 :]
    if any(word.startswith('-') for word in own):
        _check_options(own, _help(path), executable)
    for before, word in pairwise(ros):
        if before == '-p':
            _check_parameter(executable, word.partition(':=')[0])


def _executable(package: str, name: str) -> str:
    """Return the file that `ros2 run` would run."""
    from ament_index_python.packages import get_package_prefix

    path = Path(get_package_prefix(package), 'lib', package, name)
    assert path.exists(), f'{package} has no executable {name}'
    return str(path)


def _executed(name: str, rest: list[str]) -> None:
    package = 'oled_face' if name in EXECUTABLES['oled_face'] else 'emotion_agent'
    _run([package, name, *rest])


def _check_parameter(node: str, name: str) -> None:
    if _is_placeholder(name) or _is_placeholder(node):
        return
    table = parameters().get(node)
    assert table, f'there is no node {node}'
    assert name in table, f'{node} has no parameter {name}'


@cache
def parameters() -> dict[str, dict]:
    """Node -> name -> setting."""
    from emotion_agent.agent import find
    from emotion_agent.launching.nodes import NODES

    return {
        name: {setting.name: setting for setting in find(place).TABLE}
        for name, place in NODES.items()
    }


def _param(rest: list[str]) -> None:
    if len(rest) > 2 and rest[0] in ('set', 'get', 'describe'):
        _check_parameter(rest[1].rpartition('/')[2], rest[2])


def _topic(rest: list[str]) -> None:
    known = text_of(ROOT / 'README.md') + text_of(ROOT / 'docs' / 'interfaces.md')
    for word in rest:
        if word.startswith('/') and not _is_placeholder(word):
            parts = word.removeprefix('/emotion/').split('/')
            listed = all(f'`{part}' in known for part in parts) or f'`{"/".join(parts)}`' in known
            assert listed, f'no page lists the topic or service {word}'
        if re.fullmatch(r'\w+/(msg|srv)/\w+', word):
            _type(word)
    if '--field' in rest and '/emotion/state' in rest:
        field = rest[rest.index('--field') + 1]
        assert field in _type('emotion_msgs/msg/EmotionState').get_fields_and_field_types()


def _interface(rest: list[str]) -> None:
    _type(rest[1])


def _type(name: str) -> type:
    """Return the class of `package/msg/Name`."""
    package, room, name = name.split('/')
    kind = getattr(importlib.import_module(f'{package}.{room}'), name, None)
    assert kind, f'there is no interface {package}/{room}/{name}'
    return kind


def _unchecked(_rest: list[str]) -> None:
    pass


ROS2 = {
    'launch': _launch,
    'run': _run,
    'param': _param,
    'topic': _topic,
    'service': _topic,
    'interface': _interface,
    'bag': _unchecked,
    'pkg': _unchecked,
    'security': _unchecked,
}
CHECKS = {
    'make': _make,
    **dict.fromkeys(COMMANDS, _own),
    **{name: _executed for names in EXECUTABLES.values() for name in names},
    'python': _python,
    'python3': _python,
    'bash': _nothing,
    'pytest': _nothing,
    'tensorboard': _nothing,
    'ros2': _ros2,
}


def _check_options(words: Sequence[str], text: str, command: str) -> None:
    for word in words:
        option = word.partition('=')[0]
        if re.match('--?[a-z]', option) and option not in ('-h', '--help'):
            assert re.search(rf'(?<![\w-]){option}(?![\w-])', text), f'{command} has no {option}'


@cache
def _help(*command: str) -> str:
    """Return what a command prints for --help; of those of `COMMANDS` without a new process."""
    program, *rest = command
    if program in COMMANDS:
        return _help_of_main(importlib.import_module(COMMANDS[program]).main, [*rest, '--help'])
    asked = [sys.executable, *command] if program.endswith('.py') else [*command]
    return subprocess.run([*asked, '--help'], capture_output=True, text=True, check=True).stdout


def _help_of_main(main: Callable[[list[str]], int], words: list[str]) -> str:
    with redirect_stdout(StringIO()) as said:
        try:
            status = main(words)
        except SystemExit as ended:
            status = ended.code
    assert not status, words
    return said.getvalue()
