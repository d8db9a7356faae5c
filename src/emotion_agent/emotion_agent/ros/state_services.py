# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The services of the node `emotion_state`."""

from collections.abc import Callable
from typing import Any

from rclpy.node import Node
from std_srvs.srv import Trigger

from emotion_agent.logic.emotion_state import StateKeeper
from emotion_msgs.msg import StimulusInfo
from emotion_msgs.srv import ListStimuli


class StateServices:
    """Offers `~/list_stimuli`, `~/reset` and `~/save` until `close`."""

    def __init__(self, node: Node, keeper: StateKeeper, save: Callable[[], tuple[bool, str]]):
        """
        Args:
            node: that offers them.
            keeper: of the state.
            save: writes the state to its file; gives whether it was written, and where or why not.
        """
        self._node = node
        self._keeper = keeper
        self._save = save
        self._services = [
            node.create_service(ListStimuli, '~/list_stimuli', self._list_stimuli),
            node.create_service(Trigger, '~/reset', self._reset),
            node.create_service(Trigger, '~/save', self._save_now),
        ]

    def close(self) -> None:
        """End the services."""
        for service in self._services:
            self._node.destroy_service(service)

    def _list_stimuli(self, _: Any, response: Any) -> Any:
        response.stimuli = [
            StimulusInfo(
                name=name,
                doses=stimulus.doses,
                duration=stimulus.duration_s,
                delay=stimulus.delay_s,
                refractory=stimulus.refractory_s,
            )
            for name, stimulus in self._keeper.engine.stimuli.items()
        ]
        return response

    def _reset(self, _: Any, response: Any) -> Any:
        self._keeper.reset()
        response.success, response.message = True, 'at rest'
        return response

    def _save_now(self, _: Any, response: Any) -> Any:
        response.success, response.message = self._save()
        return response
