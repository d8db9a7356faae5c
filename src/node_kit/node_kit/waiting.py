# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Waiting for what rclpy calls entities: subscriptions, timers, services and so on."""

import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any, cast

from rclpy.context import Context
from rclpy.exceptions import InvalidHandle
from rclpy.guard_condition import GuardCondition
from rclpy.impl.implementation_singleton import rclpy_implementation
from rclpy.node import Node
from rclpy.waitable import NumberOfEntities

KINDS = ('subscription', 'guard_condition', 'timer', 'client', 'service')
LONGEST_SLEEP_S = 5.0
"""After so long somebody is to look at the events of subscriptions, for which nobody waits."""


class WaitSet:
    """
    Entities that are waited for again and again.

    Args:
        context: of the entities.
        ending: by which others end the wait; once it is destroyed or none there is no wait.
        subscriptions: and the other kinds, that are waited for beside it.
    """

    def __init__(
        self,
        context: Context,
        ending: GuardCondition | None,
        subscriptions: Sequence[Any] = (),
        guards: Sequence[GuardCondition] = (),
        timers: Sequence[Any] = (),
        clients: Sequence[Any] = (),
        services: Sequence[Any] = (),
        waitables: Sequence[Any] = (),
    ):
        count = NumberOfEntities(
            len(subscriptions), len(guards) + 1, len(timers), len(clients), len(services)
        )
        for waitable in waitables:
            count += waitable.get_num_entities()
        self._context = cast(Any, context.handle)
        with self._context:
            self._set = rclpy_implementation.WaitSet(
                count.num_subscriptions,
                count.num_guard_conditions,
                count.num_timers,
                count.num_clients,
                count.num_services,
                count.num_events,
                self._context,
            )
        self._ending = ending
        self._waitables = waitables
        self._additions = [
            (add, entity.handle)
            for add, entities in (
                (self._set.add_subscription, subscriptions),
                (self._set.add_guard_condition, guards),
                (self._set.add_timer, timers),
                (self._set.add_client, clients),
                (self._set.add_service, services),
            )
            for entity in entities
        ]

    def wait(self, longest_s: float = -1.0) -> set[int]:
        """
        Wait until one is ready.

        Args:
            longest_s: for no longer than that, s; below 0 = for ever.

        Returns:
            The pointers of those that are ready; none for a waitable, none after `longest_s`, and
            none at all where the wait could not be ended.
        """
        held: list[Any] = []
        try:
            _hold(self._context, held)
            # A shutdown triggers it and destroys it, perhaps just before it is held.
            if self._ending is None or not _hold(self._ending.handle, held):
                return set()
            self._fill(held)
            self._set.wait(int(longest_s * 1e9))
            return {pointer for kind in KINDS for pointer in self._set.get_ready_entities(kind)}
        finally:
            for handle in held:
                handle.__exit__(None, None, None)

    def _fill(self, held: list[Any]) -> None:
        """Put the entities into the set, and keep them from being destroyed during the wait."""
        self._set.clear_entities()
        self._set.add_guard_condition(cast(GuardCondition, self._ending).handle)
        for add, handle in self._additions:
            if _hold(handle, held):
                add(handle)
        for waitable in self._waitables:
            if _hold(waitable, held):
                waitable.add_to_wait_set(self._set)


def _hold(handle: Any, held: list[Any]) -> bool:
    """Whether it could be entered, that is, whether it was not destroyed."""
    try:
        handle.__enter__()
    except InvalidHandle:
        return False
    held.append(handle)
    return True


class Sleeper:
    """
    A thread that sleeps until an entity is ready that is neither a subscription nor a timer.

    It sleeps no longer than `LONGEST_SLEEP_S`, for the sake of the events of subscriptions: they
    wake whoever waits for them with every message, and make every wait longer. It is awake at
    first. Two threads may not wait for the same entity: while it sleeps nobody else may wait for
    these.
    """

    def __init__(self, context: Context, on_awake: Callable[[], None]):
        self._context = context
        self._on_awake = on_awake
        self._interruption = GuardCondition(None, None, context)
        self._awake = threading.Event()
        self._awake.set()
        self._sent_to_sleep = threading.Event()
        self._is_closing = False
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._run, name='rare_entities', daemon=True)
        self._thread.start()

    @property
    def is_awake(self) -> bool:
        """Whether an entity is ready, it slept for long, was interrupted, or failed."""
        return self._awake.is_set()

    def interrupt(self) -> None:
        """Wake it soon."""
        with suppress(InvalidHandle):  # it may be closed by now
            self._interruption.trigger()

    def rouse(self) -> None:
        """
        Wake it, and wait until it is awake.

        Raises:
            Exception: that ended its sleep, unless ROS was shut down meanwhile.
        """
        if not self.is_awake:
            self.interrupt()
            self._awake.wait()
        error, self._error = self._error, None
        if error is not None and self._context.ok():
            raise error

    def sleep(self, nodes: Iterable[Node]) -> None:
        """Let it sleep until an entity of these nodes is ready."""
        nodes = list(nodes)
        subscriptions: list[Any] = [s for node in nodes for s in node.subscriptions]
        events = {event for s in subscriptions for event in s.event_handlers}
        self._guards: list[Any] = [guard for node in nodes for guard in node.guards]
        self._wait_set = WaitSet(
            self._context,
            self._interruption,
            guards=self._guards,
            clients=[client for node in nodes for client in node.clients],
            services=[service for node in nodes for service in node.services],
            waitables=[w for node in nodes for w in node.waitables if w not in events],
        )
        self._awake.clear()
        self._sent_to_sleep.set()

    def close(self) -> None:
        """End the thread."""
        self._is_closing = True
        self._sent_to_sleep.set()
        self.interrupt()
        self._thread.join()
        self._interruption.destroy()

    def _run(self) -> None:
        while True:
            self._sent_to_sleep.wait()
            self._sent_to_sleep.clear()
            if self._is_closing:
                return
            try:
                ready = self._wait_set.wait(LONGEST_SLEEP_S)
                # A wait takes the trigger of a guard condition; rclpy's executor asks for this.
                for guard in self._guards:
                    guard._executor_triggered |= guard.handle.pointer in ready
            except Exception as error:  # for the thread that spins, which would wait for ever
                self._error = error
            self._awake.set()
            self._on_awake()
