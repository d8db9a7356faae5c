# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The node `emotion_state`, for a node that tells it what to do, in coroutines."""

from typing import Any

from rcl_interfaces.msg import ParameterEvent
from rcl_interfaces.srv import SetParametersAtomically
from rclpy.client import Client
from rclpy.parameter import Parameter, parameter_value_to_python
from rclpy.qos import DurabilityPolicy, QoSProfile
from rclpy.serialization import deserialize_message
from std_srvs.srv import Trigger

from emotion_agent.neuromodulation import ConfigError
from emotion_agent.resources.temperaments import own_temperaments, shipped_temperaments
from emotion_agent.ros.agents import AGENT, nobody_listens
from node_kit import ManagedNode
from node_kit.calls import RepeatedCall, until

THERE_S = 3.0  # so long it may take until it is found
ANSWER_S = 5.0  # and to answer
FOLDER = 'temperament_folder'  # its parameter
MOST_NODES = 50  # whose parameters are kept by DDS until they are read


class NoState(Exception):
    """The node is not there, or does not do it. The message says why, in one line."""


class StateClient:
    """
    Asks the node `emotion_state` in the namespace of a node.

    Every method that asks may raise `NoState`.
    """

    def __init__(self, node: ManagedNode):
        """
        Create clients and a subscription on the node.

        Args:
            node: gets them.
        """
        self._node = node
        self._folder = ''
        self._name = f'{node.get_namespace().rstrip("/")}/{AGENT}'
        self._clients: list[Client] = [
            node.create_client(Trigger, f'{AGENT}/reset'),
            node.create_client(SetParametersAtomically, f'{AGENT}/set_parameters_atomically'),
        ]
        latched = QoSProfile(depth=MOST_NODES, durability=DurabilityPolicy.TRANSIENT_LOCAL)
        # Raw, as a path may be longer than the texts of other messages.
        self._parameters = node.create_subscription(
            ParameterEvent, 'parameters', self._on_parameters, latched, raw=True
        )

    @property
    def temperaments(self) -> list[str]:
        """The names that can be set: those that ship, and those of its folder on this machine."""
        try:
            own = own_temperaments(self._folder)
        except (ConfigError, ValueError):
            own = {}
        return sorted({*shipped_temperaments(), *own})

    async def reset(self) -> None:
        """Put the robot to rest."""
        await self._ask(self._clients[0], Trigger.Request())

    async def set_temperament(self, name: str) -> None:
        """Give it another temperament."""
        parameter = Parameter('temperament', value=name).to_parameter_msg()
        request = SetParametersAtomically.Request(parameters=[parameter])
        answer = await self._ask(self._clients[1], request)
        if not answer.result.successful:
            raise NoState(answer.result.reason)

    def close(self) -> None:
        """Destroy what was made on the node."""
        self._node.destroy_subscription(self._parameters)
        for client in self._clients:
            self._node.destroy_client(client)

    async def _ask(self, client: Client, request: Any) -> Any:
        if not await until(self._node, client.service_is_ready, THERE_S):
            raise NoState(nobody_listens(self._node, self._node.get_namespace()))
        call = RepeatedCall(client, request)
        if not await until(self._node, call.is_answered, ANSWER_S):
            raise NoState(f'{self._name} has not answered in {ANSWER_S:g} s; see its log')
        return call.answer()

    def _on_parameters(self, data: bytes) -> None:
        event = deserialize_message(data, ParameterEvent)
        if event.node != self._name:
            return
        for parameter in (*event.new_parameters, *event.changed_parameters):
            if parameter.name == FOLDER:
                self._folder = str(parameter_value_to_python(parameter.value) or '')
