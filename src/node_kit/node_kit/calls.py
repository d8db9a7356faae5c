# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Calls of services that have just been discovered, and waiting in coroutines."""

from collections.abc import Callable
from time import monotonic
from typing import Any

from rclpy.client import Client
from rclpy.clock import Clock, ClockType
from rclpy.node import Node
from rclpy.task import Future

LOOK_S = 0.02  # between two looks at what is waited for


class RepeatedCall:
    """
    A request that is sent again until it is answered; for requests that may be served twice.

    A client can discover a service before the service discovers the client. The answer to a
    request in between is lost, however long one waits.

    Args:
        client: of the service.
        request: to send.
        interval_s: between two requests, s.
    """

    def __init__(self, client: Client, request: Any, interval_s: float = 2.0) -> None:
        self._client = client
        self._request = request
        self._interval_s = interval_s
        self._sent: list[Future] = []
        self._next_s = monotonic()

    def is_answered(self) -> bool:
        """Whether there is an answer; sends the request if that is due."""
        if not self._sent or (monotonic() >= self._next_s and not self._answers()):
            self._sent.append(self._client.call_async(self._request))
            self._next_s = monotonic() + self._interval_s
        return bool(self._answers())

    def answer(self) -> Any:
        """
        The first answer.

        Raises:
            RuntimeError: if there is none yet.
        """
        if not self._answers():
            raise RuntimeError(f'{self._client.srv_name} has not answered yet')
        return self._answers()[0].result()

    def _answers(self) -> list[Future]:
        return [future for future in self._sent if future.done()]


async def until(node: Node, condition: Callable[[], bool], within_s: float) -> bool:
    """
    Wait in a coroutine, as a service may be, while the node goes on with its other work.

    The service needs a callback group of its own: nothing else of its group runs until it ends.

    Args:
        node: whose executor runs the coroutine.
        condition: that is waited for.
        within_s: at most, s of steady time.

    Returns:
        Whether it holds.
    """
    if condition():
        return True
    end_s = monotonic() + within_s
    done = Future(executor=node.executor)

    def look() -> None:
        holds = condition()
        if (holds or monotonic() >= end_s) and not done.done():
            done.set_result(holds)

    timer = node.create_timer(LOOK_S, look, clock=Clock(clock_type=ClockType.STEADY_TIME))
    try:
        return await done
    finally:
        node.destroy_timer(timer)
