# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Interrupted at any moment, a process ends with exit status 0 and says nothing."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.dds

SCRIPT = """
import os, signal, sys
import rclpy
from node_kit import ManagedNode
from node_kit.main import run

def interrupt():
    os.kill(os.getpid(), signal.SIGINT)

class Interrupted(ManagedNode):
    def __init__(self):
        if moment == 'making':
            interrupt()
        super().__init__('interrupted')

    def on_start(self):
        if moment == 'starting':
            interrupt()
        self.create_timer(0.01, self.work)

    def work(self):
        if moment == 'working':
            interrupt()

moment = sys.argv[1]
if moment == 'initialising':
    init = rclpy.init
    rclpy.init = lambda **options: (interrupt(), init(**options))
sys.exit(run(Interrupted))
"""


@pytest.mark.parametrize('moment', ['initialising', 'making', 'starting', 'working'])
def test_an_interrupt_ends_the_process_quietly(moment):
    process = subprocess.run(
        [sys.executable, '-c', SCRIPT, moment],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert process.returncode == 0
    assert 'Traceback' not in process.stderr
