# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""No program of ours leaves anything but its own files at home, or asks for a name's address."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence

import pytest
from all_programs import NODES, PROGRAMS, run, start
from source_imports import imported_packages

OURS = ('.ros', '.config/matplotlib', '.cache/matplotlib')
"""What ROS and our nodes keep, and the list of fonts of the plots (docs/privacy.md)."""
LOADS_BOTH_NETWORKS = """
from emotion_models.runtime import AffectEstimator
from emotion_models.runtime.latent_decoder import LatentDecoder
AffectEstimator(), LatentDecoder()
"""


def tracer(trace) -> list[str]:
    """
    The words before a program that let strace write down its look-ups of names; none without it.

    Libraries look up names too, which only strace sees: each look-up begins with resolv.conf.
    """
    words = ['strace', '-D', '-f', '-qq', '-e', 'signal=none', '-P', '/etc/resolv.conf']
    words = [*words, '-o', str(trace)]
    is_there = (
        shutil.which('strace') and not subprocess.run([*words, 'true'], check=False).returncode
    )
    return words if is_there else []


@pytest.fixture
def watched(tmp_path, monkeypatch):
    """Run a program in an empty home: its status and words, the files it left, its look-ups."""
    home, trace = tmp_path / 'home', tmp_path / 'trace'
    home.mkdir()
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(('ORT_', 'XDG_', 'ROS_HOME', 'ROS_LOG', 'MPL'))
    }
    environment['HOME'] = str(home)
    under = tracer(trace)

    def watch(call: Callable[[Sequence[str], dict[str, str]], tuple[int, str]]):
        status, said = call(under, environment)
        left = [str(path.relative_to(home)) for path in home.rglob('*') if path.is_file()]
        looked_up = trace.read_text() if under else ''
        return status, said, [name for name in left if not name.startswith(OURS)], looked_up

    return watch


def check(watched, call) -> None:
    status, said, left, looked_up = watched(call)

    assert status in (0, 1, 2), said
    assert (left, looked_up) == ([], ''), said


def test_the_library_is_silent(watched, tmp_path):
    words = [sys.executable, '-c', LOADS_BOTH_NETWORKS]

    check(watched, lambda under, environment: run([*under, *words], environment, tmp_path))


def test_one_module_imports_onnxruntime():
    """Which tells it to be silent; the package says so before that (`emotion_models/__init__`)."""
    for package in ('node_kit', 'oled_face', 'emotion_agent'):
        assert 'onnxruntime' not in imported_packages(package)
    assert imported_packages('emotion_models')['onnxruntime'] == {
        'emotion_models/emotion_models/runtime/artefact.py'
    }


@pytest.mark.dds
def test_the_agent_is_silent(watched, tmp_path):
    check(watched, lambda under, environment: start('agent', environment, tmp_path, under))


@pytest.mark.slow
@pytest.mark.dds
@pytest.mark.parametrize('name', NODES)
def test_every_node_is_silent(name, watched, tmp_path):
    check(watched, lambda under, environment: start(name, environment, tmp_path, under))


@pytest.mark.slow
@pytest.mark.parametrize('name', PROGRAMS)
def test_every_command_is_silent(name, watched, tmp_path):
    check(
        watched, lambda under, environment: run([*under, *PROGRAMS[name]], environment, tmp_path)
    )
