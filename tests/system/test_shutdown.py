# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""An agent at work ends without a complaint, whichever signal ends it."""

import signal
import subprocess

import pytest

pytest.importorskip('skimage', reason='the photograph ships in scikit-image')


@pytest.mark.parametrize('name', ['SIGINT', 'SIGTERM'])
def test_an_agent_that_reads_images_ends_without_a_warning(start_nodes, listener, tmp_path, name):
    parameters = {'camera:source': 'astronaut', 'camera:rate_hz': 30.0}
    agent = start_nodes().start(
        'emotion_agent', 'agent', parameters, stdout=subprocess.DEVNULL, arguments=['--camera']
    )
    listener.wait_until(lambda: len(listener.heard['human_affect']) > 10, 'faces')

    agent.send_signal(getattr(signal, name))

    assert agent.wait(30) == 0
    log = (tmp_path / 'log' / 'agent.log').read_text()
    complaints = ('[WARN]', '[ERROR]', 'Failed', 'invalid')
    assert [line for line in log.splitlines() if any(word in line for word in complaints)] == []
