# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Two processes that run at once never hear each other over ROS."""

import os
import subprocess
import sys

import pytest

from emotion_agent.ros import domain

OURS = int(os.environ['ROS_DOMAIN_ID'])

# The process id says which domain is tried first.
CLAIM = """
import os, sys
os.getpid = lambda: int(sys.argv[1])
from emotion_agent.ros.domain import use_own_domain
use_own_domain()
print(os.environ['ROS_DOMAIN_ID'], flush=True)
input()
"""


@pytest.fixture
def claim(monkeypatch):
    """Start a process that claims a domain; returns it with the domain."""
    monkeypatch.delenv('ROS_DOMAIN_ID')
    started = []

    def start(process_id: int = 7) -> tuple[subprocess.Popen, int]:
        process = subprocess.Popen(
            [sys.executable, '-c', CLAIM, str(process_id)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process, int(process.stdout.readline())

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_processes_at_once_get_different_domains(claim):
    domains = {claim()[1] for _ in range(3)}

    assert len(domains) == 3
    assert domains <= set(domain.DOMAINS)


def test_tests_have_a_domain_that_nobody_else_gets(claim):

    _, other = claim(process_id=domain.DOMAINS.index(OURS))

    assert other != OURS


def test_domain_of_a_killed_process_is_free_again(claim, monkeypatch, tmp_path):
    monkeypatch.setenv('TMPDIR', str(tmp_path))
    process, first = claim()
    process.kill()
    process.wait()

    assert claim()[1] == first


def test_chosen_domain_is_kept(claim, monkeypatch):
    monkeypatch.setenv('ROS_DOMAIN_ID', '42')

    assert [claim()[1], claim()[1]] == [42, 42]


def test_no_free_domain_is_reported(monkeypatch, tmp_path):
    monkeypatch.setattr('tempfile.tempdir', str(tmp_path))
    monkeypatch.setattr(domain, 'DOMAINS', range(1, 3))

    assert {domain.claim_domain(), domain.claim_domain()} == {1, 2}
    with pytest.raises(RuntimeError, match='all 2 ROS domains are claimed'):
        domain.claim_domain()
