# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
An executor for small computers: as rclpy's for one thread, at a fraction of its cost.

rclpy's collects the entities of all nodes before every wait, and wakes itself twice after every
callback. Here what is busy, subscriptions and timers, is collected once, and all that is ready is
worked off before the next wait. What is rarely ready (services, clients, events of publishers:
most of what a node has) is waited for by a second thread, which sleeps. When one of these is
ready, every five seconds, for events of subscriptions, and while a coroutine is under way, rclpy's
own code takes over.
"""

import inspect
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from rclpy.exceptions import InvalidHandle
from rclpy.executors import ShutdownException, SingleThreadedExecutor, TimeoutException
from rclpy.node import Node

from node_kit.waiting import Sleeper, WaitSet

COROUTINE_S = 0.02  # between two looks at other work while a coroutine waits for something


class LeanExecutor(SingleThreadedExecutor):
    """Runs callbacks in the thread that calls `spin`; in every other way as rclpy's."""

    def __init__(self, **options: Any) -> None:
        self._is_stale = True  # whether entities came or went since they were collected
        self._sleeper: Sleeper | None = None
        self._calls: deque[Callable[[], None]] = deque()
        self._busy: list[tuple[Any, Node, Callable]] = []
        self._thread_id = 0
        super().__init__(**options)

    @property
    def is_spinning(self) -> bool:
        """Whether `spin` runs, which alone makes the calls of `call_soon`."""
        return self._sleeper is not None

    def call_soon(self, call: Callable[[], None]) -> None:
        """Call without arguments in the thread of `spin`, after the callback that runs now."""
        self._calls.append(call)
        if threading.get_ident() != self._thread_id:
            self.interrupt()

    def interrupt(self) -> None:
        """End the present wait."""
        with suppress(InvalidHandle):  # it may be shut down by now
            super().wake()

    def wake(self) -> None:
        """End the present wait, and note that entities may have come or gone."""
        self._is_stale = True
        if (sleeper := self._sleeper) is not None:
            sleeper.interrupt()
        self.interrupt()

    def add_node(self, node: Node) -> bool:
        """Add a node; False if it was there already."""
        is_new = super().add_node(node)
        self.wake()
        return is_new

    def remove_node(self, node: Node) -> None:
        """Leave a node alone from now on."""
        super().remove_node(node)
        self.wake()

    def spin(self) -> None:
        """Execute callbacks until ROS or the executor is shut down."""
        self._thread_id = threading.get_ident()
        self._is_stale = is_unclear = True
        sleeper = self._sleeper = Sleeper(self._context, self.interrupt)
        try:
            while self._goes_on():
                if is_unclear or sleeper.is_awake or self._tasks:
                    sleeper.rouse()
                    self._work_as_rclpy()
                    sleeper.sleep(self.get_nodes())
                self._call()
                is_unclear = not self._work_on_busy()
        finally:
            self._sleeper = None
            sleeper.close()
            self._thread_id = 0

    def _goes_on(self) -> bool:
        return self._context.ok() and not self._is_shutdown

    def _call(self) -> None:
        while self._calls:
            self._calls.popleft()()

    def _work_as_rclpy(self) -> None:
        """Execute all that is ready, whatever it is, and coroutines until they end."""
        with suppress(TimeoutException, ShutdownException):
            for task, *_ in self._wait_for_ready_callbacks(timeout_sec=0):
                _run(task)
        while self._goes_on() and not all(task.done() for task, *_ in self._tasks):
            self._call()
            self.spin_once(COROUTINE_S)
        with self._tasks_lock:
            self._tasks = [item for item in self._tasks if not item[0].done()]

    def _work_on_busy(self) -> bool:
        """Wait for subscriptions and timers, and execute those that are ready; False if none."""
        if self._is_stale:
            self._is_stale = False
            self._collect()
        ready = self._wait_set.wait()
        for entity, node, take in self._busy:
            if entity.handle.pointer in ready and self._goes_on():
                self._execute(entity, node, take)
        return bool(ready)

    def _collect(self) -> None:
        nodes = self.get_nodes()
        timers: list[Any] = [(timer, node) for node in nodes for timer in node.timers]
        subscriptions: list[Any] = [(s, node) for node in nodes for s in node.subscriptions]
        self._busy = [(*item, self._take_if_due) for item in timers]
        self._busy += [(*item, self._take_subscription) for item in subscriptions]
        self._wait_set = WaitSet(
            self._context,
            self._guard,
            timers=[timer for timer, _ in timers],
            subscriptions=[subscription for subscription, _ in subscriptions],
            guards=[self._sigint_gc] if self._sigint_gc is not None else [],
        )

    def _take_if_due(self, timer: Any) -> Callable | None:
        # A timer that was cancelled meanwhile is still in the list of the ready ones.
        with suppress(InvalidHandle), timer.handle:
            if timer.handle.is_timer_ready():
                return self._take_timer(timer)
        return None

    def _execute(self, entity: Any, node: Node, take: Callable) -> None:
        if inspect.iscoroutinefunction(entity.callback):
            _run(self._make_handler(entity, node, take))
        elif (callback := take(entity)) is not None:
            # A coroutine around a plain function, which it ends with.
            with suppress(StopIteration):
                callback().send(None)


def make_executor() -> SingleThreadedExecutor:
    """Return a `LeanExecutor`; where rclpy is not built as in Jazzy and Kilted, its own."""
    executor = SingleThreadedExecutor()
    makes = list(inspect.signature(executor._make_handler).parameters)
    if makes == ['entity', 'node', 'take_from_wait_list'] and hasattr(executor, '_tasks'):
        executor.shutdown()
        return LeanExecutor()
    return executor


def _run(task: Any) -> None:
    task()
    if (error := task.exception()) is not None:
        raise error
