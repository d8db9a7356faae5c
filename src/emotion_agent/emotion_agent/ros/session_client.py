# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The sessions and scripts of one agent, for panels: what the node `session` offers."""

from threading import Lock
from time import monotonic
from typing import Any, NamedTuple

from rclpy.client import Client
from rclpy.clock import Clock, ClockType
from rclpy.node import Node
from rclpy.task import Future
from std_srvs.srv import Trigger

from emotion_msgs.msg import SessionStatus
from emotion_msgs.srv import ControlScript, Mark, PlayScript, SetTemperament, StartSession
from node_kit.limits import within_limits
from node_kit.qos import LATCHED

SESSION = 'session'  # the node
START_ONE = 'start one: give session:=true to agent.launch.py, or ros2 run emotion_agent session'
PATIENCE_S = 20.0  # longer than the node takes for the start of a session, its slowest answer
PERIOD_S = 0.5

SERVICES = {
    'start': StartSession,
    'stop': Trigger,
    'mark': Mark,
    'reset': Trigger,
    'set_temperament': SetTemperament,
    'play': PlayScript,
    'control': ControlScript,
}
"""What the node offers as ~/NAME."""


class Asked(NamedTuple):
    """A question that is not answered yet."""

    future: Future
    answer: Future  # of rclpy
    name: str
    until_s: float


class SessionClient:
    """
    Asks the node `session` of one agent.

    Works inside any node that is spun. Methods may be called from any thread, and none blocks.
    Each returns a future whose result has `success` and `message`, one line for people; that of
    `start` also `session` and `folder`. It is done at once where no such node is there, and after
    20 s where it does not answer.
    """

    def __init__(self, node: Node, namespace: str):
        """
        Create clients, a subscription and a timer on the node.

        Args:
            node: gets them.
            namespace: of the agent, as for an `EmotionClient`.
        """
        self._node = node
        place = f'{namespace.rstrip("/")}/' if namespace else ''
        self._clients: dict[str, Client] = {
            name: node.create_client(kind, f'{place}{SESSION}/{name}')
            for name, kind in SERVICES.items()
        }
        name = node.resolve_service_name(f'{place}{SESSION}/start')
        self._namespace = name.rsplit('/', 2)[0] or '/'
        self._status: SessionStatus | None = None
        self._statuses = node.create_subscription(
            SessionStatus, f'{place}{SESSION}/status', within_limits(self._on_status), LATCHED
        )
        self._lock = Lock()
        self._asked: list[Asked] = []
        self._timer = node.create_timer(
            PERIOD_S, self._give_up, clock=Clock(clock_type=ClockType.STEADY_TIME)
        )
        self._timer.cancel()

    @property
    def status(self) -> SessionStatus | None:
        """The newest one; None before the first, and while the node is not there."""
        return self._status if self.is_there else None

    @property
    def is_there(self) -> bool:
        """Whether the node offers its services."""
        return self._node.context.ok() and self._clients['start'].service_is_ready()

    def start(
        self, participant: str, condition: str = '', notes: str = '', keep_state: bool = False
    ) -> Future:
        """Begin a session, from rest unless the state is kept."""
        return self._ask(
            'start',
            participant=participant,
            condition=condition,
            notes=notes,
            keep_state=keep_state,
        )

    def stop(self) -> Future:
        """End the session."""
        return self._ask('stop')

    def mark(self, text: str) -> Future:
        """Put a mark into the recording."""
        return self._ask('mark', text=text)

    def reset(self) -> Future:
        """Put the robot to rest."""
        return self._ask('reset')

    def set_temperament(self, name: str) -> Future:
        """Give the robot one of the temperaments that the status names."""
        return self._ask('set_temperament', name=name)

    def play(self, name: str, from_s: float = 0.0) -> Future:
        """Play one of the scripts that the status names, from a time of its own, s."""
        return self._ask('play', name=name, from_s=float(from_s))

    def control(self, action: str, value: str = '') -> Future:
        """Let the script `pause`, `resume`, `skip` or `stop`, or tell it of a `key`: `value`."""
        return self._ask('control', action=action, value=value)

    def close(self) -> None:
        """Destroy what was made on the node; what waits is answered that it was not done."""
        self._node.destroy_timer(self._timer)
        self._node.destroy_subscription(self._statuses)
        for client in self._clients.values():
            self._node.destroy_client(client)
        with self._lock:
            asked, self._asked = self._asked, []
        for question in asked:
            self._refuse(question.future, question.name, 'the panel was closed')

    def _ask(self, name: str, /, **fields: Any) -> Future:
        future = Future(executor=self._node.executor)
        if not self.is_there:
            why = f'no node {SESSION} is there in {self._namespace}; {START_ONE}'
            return self._refuse(future, name, why)
        answer = self._clients[name].call_async(SERVICES[name].Request(**fields))
        with self._lock:
            self._asked.append(Asked(future, answer, name, monotonic() + PATIENCE_S))
            self._timer.reset()
        answer.add_done_callback(self._on_answer)
        return future

    def _on_answer(self, answer: Future) -> None:
        if (question := self._take(answer)) is not None:
            question.future.set_result(answer.result())

    def _take(self, answer: Future) -> Asked | None:
        """The question of an answer, which is no longer open; None if it was given up."""
        with self._lock:
            found = [question for question in self._asked if question.answer is answer]
            self._asked = [question for question in self._asked if question.answer is not answer]
            if not self._asked:
                self._timer.cancel()
        return found[0] if found else None

    def _give_up(self) -> None:
        late = [question for question in self._asked if question.until_s < monotonic()]
        for question in late:
            if self._take(question.answer) is not None:
                self._clients[question.name].remove_pending_request(question.answer)
                why = f'{SESSION} in {self._namespace} has not answered in {PATIENCE_S:g} s'
                self._refuse(question.future, question.name, f'{why}; see its log')

    def _refuse(self, future: Future, name: str, why: str) -> Future:
        future.set_result(SERVICES[name].Response(success=False, message=why))
        return future

    def _on_status(self, status: SessionStatus) -> None:
        self._status = status
