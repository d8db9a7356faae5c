# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A request that nobody heard is asked again."""

from time import monotonic

import pytest
import rclpy
from std_srvs.srv import Trigger

from node_kit.calls import RepeatedCall


@pytest.fixture
def node(ros):
    node = ros.create_node('asker')
    yield node
    node.destroy_node()


def spin_until(node, condition, timeout_s=30.0):
    end_s = monotonic() + timeout_s
    while not condition():
        assert monotonic() < end_s
        rclpy.spin_once(node, timeout_sec=0.02)


def serve(node):
    requests = []

    def answer(request, response):
        requests.append(request)
        response.message = f'answer {len(requests)}'
        return response

    node.create_service(Trigger, 'question', answer)
    return requests


def test_a_request_sent_before_there_is_a_service_is_answered(node):
    call = RepeatedCall(node.create_client(Trigger, 'question'), Trigger.Request(), 0.05)

    assert not call.is_answered()
    with pytest.raises(RuntimeError, match='question has not answered yet'):
        call.answer()
    serve(node)
    spin_until(node, call.is_answered)

    assert call.answer().message.startswith('answer')


def test_what_is_answered_is_not_asked_again(node):
    requests = serve(node)
    client = node.create_client(Trigger, 'question')
    spin_until(node, client.service_is_ready)
    call = RepeatedCall(client, Trigger.Request(), 5.0)
    spin_until(node, call.is_answered)

    end_s = monotonic() + 0.2
    spin_until(node, lambda: call.is_answered() and monotonic() > end_s)

    assert call.answer().message == 'answer 1'
    assert len(requests) == 1
