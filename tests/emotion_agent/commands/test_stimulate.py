# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What `stimulate` takes from who calls itself an agent."""

from threading import Thread

import pytest

pytest.importorskip('rclpy')

from rclpy.executors import SingleThreadedExecutor

from emotion_agent.commands.stimulate import Refused, list_stimuli
from emotion_agent.ros.agents import AGENT
from emotion_msgs.msg import StimulusInfo
from emotion_msgs.srv import ListStimuli
from node_kit.limits import LIST_ITEMS, NAME_CHARACTERS


@pytest.fixture
def answer_with(ros):
    """Ask an agent whose library is these stimuli."""
    agent, person = (ros.create_node(name, namespace='odd') for name in (AGENT, 'person'))
    library: list[StimulusInfo] = []
    agent.create_service(
        ListStimuli, f'{AGENT}/list_stimuli', lambda _, answer: fill(answer, library)
    )
    executor = SingleThreadedExecutor()
    executor.add_node(agent)
    thread = Thread(target=executor.spin, daemon=True)
    thread.start()

    def ask(*stimuli: StimulusInfo) -> list[StimulusInfo]:
        library[:] = stimuli
        return list_stimuli(person)

    yield ask
    executor.shutdown()
    thread.join(10)
    for node in (agent, person):
        node.destroy_node()


def fill(answer: ListStimuli.Response, library: list[StimulusInfo]) -> ListStimuli.Response:
    answer.stimuli = list(library)
    return answer


def test_a_library_beyond_the_limits_is_refused_in_a_line(answer_with):
    assert [info.name for info in answer_with(StimulusInfo(name='tickle'))] == ['tickle']

    with pytest.raises(Refused, match=f'name has 100000 characters, at most {NAME_CHARACTERS}'):
        answer_with(StimulusInfo(name='x' * 100_000))
    with pytest.raises(Refused, match=f'stimuli has {LIST_ITEMS + 1} items, at most'):
        answer_with(*[StimulusInfo(name='tickle')] * (LIST_ITEMS + 1))
