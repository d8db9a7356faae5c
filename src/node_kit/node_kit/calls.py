# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Calls of services that may just have been found."""

from time import monotonic
from typing import Any

from rclpy.client import Client
from rclpy.task import Future


class RepeatedCall:
    """
    A request that is sent again until it is answered; for requests that may come twice.

    A client can see a service before the service sees the client; the answer to what it asks in
    between is lost, and no time would bring it.

    Args:
        client: of the service.
        request: what to ask.
        interval_s: from one sending to the next.
    """

    def __init__(self, client: Client, request: Any, interval_s: float = 2.0) -> None:
        self._client = client
        self._request = request
        self._interval_s = interval_s
        self._sent: list[Future] = []
        self._next = monotonic()

    def is_answered(self) -> bool:
        """Whether there is an answer; sends the request if that is due."""
        if not self._sent or (monotonic() >= self._next and not self._answers()):
            self._sent.append(self._client.call_async(self._request))
            self._next = monotonic() + self._interval_s
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
