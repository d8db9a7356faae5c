# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Parameters keep their type on the command line, and each process has its exit code."""

import sys
from pathlib import Path
from time import monotonic

import pytest
import yaml

pytest.importorskip('ament_index_python')

from emotion_agent.ros import processes
from emotion_agent.ros.processes import NodeProcesses, yaml_value

TIMEOUT_S = 30.0


@pytest.mark.parametrize('value', [True, 3, 0.5, 'on', '12', 'a "quoted" \\ path', ''])
def test_parameter_keeps_its_type(value):
    read = yaml.safe_load(yaml_value(value))

    assert read == value
    assert type(read) is type(value)


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package `toys` whose executables are Python scripts."""
    monkeypatch.setattr(processes, 'get_package_prefix', lambda _: str(tmp_path))
    folder = tmp_path / 'lib' / 'toys'
    folder.mkdir(parents=True)

    def add(name: str, script: str) -> None:
        file = Path(folder, name)
        file.write_text(f'#!{sys.executable}\n{script}')
        file.chmod(0o755)

    return add


SCRIPT = """
import signal, sys
signal.signal(signal.SIGINT, {handler})
print('ready', file=sys.stderr, flush=True)
signal.pause()
"""
ENDING = SCRIPT.format(handler='lambda *_: sys.exit(0)')
STUBBORN = SCRIPT.format(handler='signal.SIG_IGN')


def wait_until_ready(log: Path) -> None:
    end_s = monotonic() + TIMEOUT_S
    while 'ready' not in log.read_text():
        assert monotonic() < end_s, f'waited {TIMEOUT_S} s for {log}'


def test_group_ends_with_the_exit_code_of_each(package, tmp_path):
    package('ending', ENDING)
    package('stubborn', STUBBORN)
    nodes = NodeProcesses('toy', log_folder=tmp_path / 'log')
    for name in ('ending', 'stubborn'):
        nodes.start('toys', name)
        wait_until_ready(tmp_path / 'log' / f'{name}.log')

    nodes.stop('ending')
    assert nodes.exit_codes == {'ending': 0}
    nodes.stop(timeout_s=0.2)

    assert nodes.exit_codes == {'ending': 0, 'stubborn': -9}


def test_node_runs_once_in_a_group(package):
    package('ending', ENDING)
    with NodeProcesses('toy') as nodes:
        nodes.start('toys', 'ending')

        with pytest.raises(ValueError, match='ending is running in this group'):
            nodes.start('toys', 'ending')
