# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Every program of the packages, how it is called, and processes of them."""

import re
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from ament_index_python.packages import get_package_prefix

# What a node says once its start is over, however it went.
STARTED = re.compile(r': active$|cannot configure', re.MULTILINE)
NODES = (
    *('affect_estimator', 'emotion_state', 'face_sketcher', 'camera', 'recorder', 'session'),
    *('emotion_web', 'oled_face'),
)


def executable(package: str, name: str) -> str:
    return str(Path(get_package_prefix(package), 'lib', package, name))


def command(package: str, name: str) -> str:
    return str(Path(get_package_prefix(package), 'bin', name))


def module(name: str) -> list[str]:
    return [sys.executable, '-m', name]


SCRIPT = str(Path(__file__).parents[2] / 'config' / 'scripts' / 'day.yaml')
BAG = str(
    Path(__file__).parents[1] / 'emotion_agent' / 'replay' / 'data' / 'earlier_definitions.mcap'
)
PROGRAMS = {
    'agent': [executable('emotion_agent', 'agent'), '--help'],
    'play_bag': [executable('emotion_agent', 'play_bag'), '--help'],
    'rqt_emotion': [executable('emotion_agent', 'rqt_emotion'), '--help'],
    'stimulate': [executable('emotion_agent', 'stimulate'), '--help'],
    'test_pattern': [
        executable('oled_face', 'test_pattern'),
        *('--interface', 'noop', '--seconds', '0.1', 'border'),
    ],
    'emotion-agent plot-state': [command('emotion_agent', 'emotion-agent'), 'plot-state', SCRIPT],
    'emotion-agent replay': [
        command('emotion_agent', 'emotion-agent'),
        *('replay', BAG, '--out', 'out.mcap', '--from', 'affect'),
    ],
    'emotion-agent export': [
        command('emotion_agent', 'emotion-agent'),
        *('export', BAG, '--to', 'tables'),
    ],
    'emotion-agent compare': [command('emotion_agent', 'emotion-agent'), 'compare', BAG, BAG],
    'emotion-models list': [command('emotion_models', 'emotion-models'), 'list'],
    'emotion-models fit': [command('emotion_models', 'emotion-models'), 'fit', '--help'],
    'emotion-models evaluate': [
        command('emotion_models', 'emotion-models'),
        *('evaluate', 'affect', '--data', 'none.npz'),
    ],
    'oled-face': [command('oled_face', 'oled-face'), '--interface', 'noop', '--seconds', '0.1'],
    'oled-face --scan': [command('oled_face', 'oled-face'), '--port', '250', '--scan'],
    'demo': [*module('emotion_agent.commands.demo'), '--help'],
    'gallery': [*module('emotion_agent.commands.gallery'), '--help'],
    'panel': [*module('emotion_agent.rqt_emotion.main'), '--help'],
    'models': [*module('emotion_models.cli'), '--help'],
    'sheets': [*module('emotion_models.drawing.sheets'), 'sheets'],
}
"""Everything that can be called and ends by itself."""


def run(words: list[str], environment: dict[str, str], folder: Path) -> tuple[int, str]:
    """Exit status, and what was said."""
    done = subprocess.run(
        words,
        env=environment,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout


def start(
    name: str, environment: dict[str, str], folder: Path, under: Sequence[str] = ()
) -> tuple[int, str]:
    """A node, interrupted once it has started: exit status, and what it said."""
    words = [*under, executable('oled_face' if name == 'oled_face' else 'emotion_agent', name)]
    with (folder / 'said').open('w+') as said:
        process = subprocess.Popen(
            words, env=environment, cwd=folder, stdout=said, stderr=said, stdin=subprocess.DEVNULL
        )
        try:
            end_s = time.monotonic() + 60
            while process.poll() is None and not STARTED.search((folder / 'said').read_text()):
                assert time.monotonic() < end_s, (folder / 'said').read_text()
                time.sleep(0.02)
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
            return process.wait(30), (folder / 'said').read_text()
        finally:
            process.kill()
