# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The client of another process: it may be there before the agent, and survives its restart."""

from emotion_agent.client import SENT, UNKNOWN, EmotionClient


def test_client_that_is_there_first_is_heard_and_survives_a_restart(start_nodes, listener):
    nodes = start_nodes()
    client = EmotionClient(listener.node, '/emotion', source='early', patience_s=60.0)
    early = client.stimulate('praise'), client.stimulate('praize'), client.stimuli()

    nodes.start('emotion_agent', 'emotion_state')
    listener.wait_until(lambda: all(answer.done() for answer in early), 'the answers')
    listener.wait_until(lambda: client.state, 'the state')
    assert [answer.result().outcome for answer in early[:2]] == [SENT, UNKNOWN]
    assert early[1].result().problem.endswith('did you mean praise?')
    assert 'win' in {info.name for info in early[2].result().stimuli}

    nodes.stop()
    listener.wait_until(lambda: not client.is_connected, 'the end of the agent')
    meanwhile = client.stimulate('win')
    nodes.start('emotion_agent', 'emotion_state')
    listener.wait_until(meanwhile.done, 'the answer of the next one')
    listener.wait_until(lambda: client.state.last_stimulus == 'win', 'the win')

    assert meanwhile.result().outcome == SENT
    assert client.state.last_source == 'early'
    client.close()
