# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The client of another process: it may be there before the agent, and outlives its crash."""

from time import monotonic

from emotion_agent.client import GIVEN_UP, SENT, UNKNOWN, EmotionClient


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


def test_stimulus_to_an_agent_that_has_crashed_waits_for_the_next(start_nodes, listener):
    crashing, next_ones = start_nodes(), start_nodes()
    crashing.start('emotion_agent', 'emotion_state')
    client = EmotionClient(listener.node, '/emotion', source='late', patience_s=60.0)
    hasty = EmotionClient(listener.node, '/emotion', source='hasty', patience_s=0.0)
    listener.wait_until(lambda: client.is_connected and hasty.is_connected, 'the agent')
    before = client.stimulate('praise')
    listener.wait_until(before.done, 'the answer')
    assert before.result().outcome == SENT

    crashing.kill('emotion_state')
    killed_s = monotonic()
    results = client.stimulate('win'), hasty.stimulate('insult')
    listener.wait_until(lambda: not client.is_connected, 'the end of the agent')
    missed_s = monotonic() - killed_s
    listener.wait_until(results[1].done, 'the end of the patience')
    assert results[1].result().outcome == GIVEN_UP
    assert not results[0].done()
    assert missed_s < 12.0  # Fast DDS's own lease is 20 s

    next_ones.start('emotion_agent', 'emotion_state')
    listener.wait_until(results[0].done, 'the answer of the next one')
    listener.wait_until(lambda: client.state.last_stimulus == 'win', 'the win')
    assert results[0].result().outcome == SENT
    assert client.state.last_source == 'late'


def test_stimulus_is_not_taken_for_sent_when_another_agent_answers(start_nodes, listener):
    crashing, next_ones = start_nodes(), start_nodes()
    crashing.start('emotion_agent', 'emotion_state')
    client = EmotionClient(listener.node, '/emotion', source='late', patience_s=60.0)
    listener.wait_until(lambda: client.is_connected, 'the agent')

    crashing.kill('emotion_state')
    result = client.stimulate('win')
    next_ones.start('emotion_agent', 'emotion_state')
    listener.wait_until(result.done, 'the answer')
    listener.wait_until(lambda: client.state.last_stimulus == 'win', 'the win')

    assert result.result().outcome == SENT
