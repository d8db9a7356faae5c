# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The lifecycle of all nodes: they activate themselves, and no transition fails silently."""

import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from inspect import iscoroutinefunction
from time import monotonic
from typing import Any

from lifecycle_msgs.srv import ChangeState
from rcl_interfaces.msg import ParameterEvent, SetParametersResult
from rclpy.lifecycle import (
    LifecycleNode,
    LifecyclePublisher,
    LifecycleState,
    TransitionCallbackReturn,
)
from rclpy.parameter import Parameter
from rclpy.publisher import Publisher
from rclpy.service import Service
from rclpy.subscription import Subscription
from rosgraph_msgs.msg import Clock
from type_description_interfaces.srv import GetTypeDescription

from node_kit.arguments import Arguments
from node_kit.diagnostics import Diagnosis, DiagnosticsPublisher, RecentGrowth
from node_kit.hand_over import Receiver
from node_kit.limits import LinesByKind, excess_of, shown
from node_kit.parameter_topic import ParametersPublisher, PublicPublisher
from node_kit.parameters import Settings, overrides_of, warn_of_unknown
from node_kit.private_memory import hide_segments, use_private_files
from node_kit.programs import what_to_install
from node_kit.publishing import count_listeners, publish
from node_kit.requests import limited, possible
from node_kit.rhythm import Rhythm
from node_kit.rivals import Rivals
from node_kit.settings import AUTOSTART, OF_EVERY_NODE, PRIVATE_MEMORY, Setting
from node_kit.sim_clock import problem_of
from node_kit.text import public_value

# Sim time may stand at 0 this long before a warning.
NO_CLOCK_S = 2.0


class Unavailable(Exception):
    """Something that a node needs is missing. The message says what, and what to do."""


class ManagedNode(LifecycleNode):
    """
    A lifecycle node that activates itself (parameter `autostart`).

    A subclass overrides what it needs of `on_prepare`, `on_start`, `on_stop`, `on_release`,
    `check_settings`, `on_settings` and `diagnose`. If one of these raises
    `Unavailable` (expected), one line is logged and the transition fails, so that it can be tried
    again. Any other exception is a defect: the traceback is logged and error processing follows.

    Rhythms and subscriptions go on in an inactive rclpy node: make them in `on_start` and close
    or destroy them in `on_stop`.

    Attributes:
        settings: current values of the parameters of `TABLE`, read like a dictionary.
        defects: number of callbacks that failed in this process.
    """

    TABLE: tuple[Setting, ...] = ()

    def __init__(self, name: str, arguments: Arguments | None = None, **node_options):
        """
        Declare the parameters; nothing is started.

        Args:
            name: default node name.
            arguments: of the process, for the parameters among them.
            node_options: passed to rclpy's node, such as `namespace` or `parameter_overrides`.

        Raises:
            ValueError: if a parameter value given at start is refused.
        """
        self._warn_by_kind: LinesByKind | None = None
        self.refused_messages = 0
        self._last_refusal = ''
        self._refusals = RecentGrowth()
        self._rhythms: list[Rhythm] = []
        self._receivers: dict[Subscription, Receiver] = {}
        table = (*OF_EVERY_NODE, *self.TABLE)
        given = arguments.of(arguments.full_name(name)) if arguments else []
        overrides = [*node_options.pop('parameter_overrides', ()), *overrides_of(given, table)]
        is_private = any(item.name == PRIVATE_MEMORY and item.value for item in overrides)
        if is_private:
            use_private_files()
        super().__init__(
            name, enable_logger_service=True, parameter_overrides=overrides, **node_options
        )
        if is_private:
            hide_segments()
        self.defects = 0
        self._active = False
        self._prepared = False
        self._failures: dict[str, str] = {}  # transition -> why it failed
        self._own_publishers: list[LifecyclePublisher] = []
        self._lone_publishers: list[LifecyclePublisher] = []
        self._rivals = Rivals(self)
        self._without_clock_since_s: float | None = None
        self.settings = Settings(self, table, self.check_settings, self.on_settings)
        warn_of_unknown(self, given, self.settings.keys())
        self.check_settings(dict(self.settings), set(self.settings))
        self.add_post_set_parameters_callback(self._follow_clock)
        self._parameters_publisher = ParametersPublisher(self)
        self._limit_services_of_rcl()
        self._diagnostics = DiagnosticsPublisher(
            self, lambda: (*self.diagnose(), self._diagnose_lifecycle())
        )

    @property
    def is_active(self) -> bool:
        """Whether the node is active."""
        return self._active

    @property
    def is_prepared(self) -> bool:
        """Whether `on_prepare` has succeeded and nothing was released since."""
        return self._prepared

    def autostart(self) -> None:
        """Configure and activate, unless the parameter `autostart` is false."""
        if (
            self.settings[AUTOSTART]
            and self.trigger_configure() == TransitionCallbackReturn.SUCCESS
        ):
            self.trigger_activate()

    def close(self) -> None:
        """Stop and release everything, from any state. Safe to call twice."""
        if self._active:
            self._attempt('stop', self.on_stop)
            self._active = False
        if self._prepared:
            self._release()

    def create_publisher(self, msg_type: type, *args, **kwargs) -> Publisher:
        """Create a publisher; one of parameters, also rclpy's own, tells no passwords."""
        if msg_type is ParameterEvent:
            kwargs['publisher_class'] = PublicPublisher
        return super().create_publisher(msg_type, *args, **kwargs)

    def create_lifecycle_publisher(
        self, *args, is_alone: bool = False, **kwargs
    ) -> LifecyclePublisher:
        """
        Create a publisher that publishes only while active and is destroyed on release.

        Args:
            args: as for rclpy's node.
            is_alone: whether another publisher of its topic is worth a warning.
            kwargs: as for rclpy's node.
        """
        publisher = super().create_lifecycle_publisher(*args, **kwargs)
        self._own_publishers.append(publisher)
        if is_alone:
            self._lone_publishers.append(publisher)
        return publisher

    def set_parameters_atomically(self, parameter_list: list[Parameter]) -> SetParametersResult:
        """Change parameters; a value of the wrong type is refused with what to write instead."""
        if problem := self.settings.wrong_type(parameter_list):
            return SetParametersResult(successful=False, reason=problem)
        return super().set_parameters_atomically(parameter_list)

    def warn(self, kind: str, line: str) -> None:
        """
        Log a warning, unless there was one of its kind lately.

        Args:
            kind: one of a few names, nothing that came from outside.
            line: what is wrong, and what to do.
        """
        if self._warn_by_kind is None:
            self._warn_by_kind = LinesByKind(self.get_logger().warning)
        self._warn_by_kind(kind, line)

    def create_subscription(
        self, msg_type: type, topic: str, callback: Callable, *args, **kwargs
    ) -> Subscription:
        """
        Create a subscription that gets messages of its own process without a copy.

        A message that is beyond `node_kit.limits` is counted and does not reach the callback.
        """
        if not (kwargs.get('raw') or iscoroutinefunction(callback)):
            callback = self._limited(topic, callback)
        subscription = super().create_subscription(msg_type, topic, callback, *args, **kwargs)
        self._receivers[subscription] = Receiver(self, subscription)
        return subscription

    def create_service(
        self, srv_type: type, srv_name: str, callback: Callable, **kwargs
    ) -> Service:
        """
        Create a service, also for rclpy, which so offers the parameters of the node.

        A request that is beyond `node_kit.limits` is counted and refused.
        """

        def answer(request: Any, response: Any) -> Any:
            with self._parameters_publisher.once():
                return callback(request, response)

        is_plain = not iscoroutinefunction(callback)
        refuse = partial(self._refuse, 'request', srv_name)
        taken = limited(answer, refuse) if is_plain else callback
        return super().create_service(srv_type, srv_name, taken, **kwargs)

    def destroy_subscription(self, subscription: Subscription) -> bool:
        """Destroy a subscription; False if it was none of this node."""
        if subscription in self._receivers:
            self._receivers.pop(subscription).close()
        return super().destroy_subscription(subscription)

    def every(self, period_s: float, callback: Callable[[], None]) -> Rhythm:
        """
        Call a function periodically, also after the time of day was set.

        Args:
            period_s: of steady time; of simulated time with `use_sim_time`.
            callback: without arguments.
        """
        rhythm = Rhythm(self, period_s, callback)
        self._rhythms = [*self._running_rhythms(), rhythm]
        return rhythm

    def send(self, publisher: Publisher, message: Any) -> None:
        """
        Publish from any thread; does nothing once the process is shutting down.

        Nodes of this process may get the message itself: it is not to be changed any more.
        """
        publish(self, publisher, message)

    def count_listeners(self, publisher: Publisher) -> int:
        """Count the subscriptions that a publisher has found; from any thread, 0 at a shutdown."""
        return count_listeners(self, publisher)

    # To be overridden by subclasses.

    def on_prepare(self) -> None:
        """Load models, open devices, create publishers. Called on configure."""

    def on_start(self) -> None:
        """Start to work: create subscriptions and timers. Called on activate."""

    def on_stop(self) -> None:
        """Destroy what `on_start` created. Called on deactivate."""

    def on_release(self) -> None:
        """Release what `on_prepare` created, also in part. Called on cleanup and shutdown."""

    def check_settings(self, values: dict, given: set[str]) -> None:
        """Raise ValueError for values that break a rule; `given` are being set, at start all."""

    def on_settings(self, given: set[str]) -> None:
        """Apply parameters that were set, perhaps to their old value; `settings` has them."""

    def diagnose(self) -> Iterable[Diagnosis]:
        """Return the diagnoses of this node, for /diagnostics."""
        return ()

    # Transitions, called by rclpy. The return value decides the next state.

    def on_configure(self, state: LifecycleState) -> TransitionCallbackReturn:
        """SUCCESS -> inactive; FAILURE -> unconfigured; ERROR -> error processing."""
        result = self._attempt('configure', self.on_prepare)
        self._prepared = result == TransitionCallbackReturn.SUCCESS
        if self._prepared:
            self.get_logger().info(_summary(self.settings.worth_saying()))
        else:
            self._release()
        return result

    def on_activate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """SUCCESS -> active; FAILURE -> inactive; ERROR -> error processing."""
        result = self._attempt('activate', self.on_start)
        if result != TransitionCallbackReturn.SUCCESS:
            return result
        self._active = True
        self.get_logger().info('active')
        # The base class activates the lifecycle publishers.
        return super().on_activate(state)

    def on_deactivate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """SUCCESS -> inactive; ERROR -> error processing."""
        self._active = False
        result = self._attempt('deactivate', self.on_stop)
        super().on_deactivate(state)
        return result

    def on_cleanup(self, state: LifecycleState) -> TransitionCallbackReturn:
        """SUCCESS -> unconfigured; ERROR -> error processing."""
        return self._release()

    def on_shutdown(self, state: LifecycleState) -> TransitionCallbackReturn:
        """SUCCESS -> finalized, from every state."""
        self.close()
        return TransitionCallbackReturn.SUCCESS

    def on_error(self, state: LifecycleState) -> TransitionCallbackReturn:
        """SUCCESS -> unconfigured, so that configure can be tried again."""
        self.close()
        return TransitionCallbackReturn.SUCCESS

    def _limited(self, topic: str, callback: Callable[[Any], None]) -> Callable[[Any], None]:
        def take(message: Any) -> None:
            if isinstance(message, Clock) and (problem := problem_of(message)):
                self.refused_messages += 1
                self._last_refusal = f'{topic}: {problem}'
                self.warn('clock', problem)
            elif excess := excess_of(message):
                self.refused_messages += 1
                self._last_refusal = f'{topic}: {excess}'
                self.warn('limit', f'ignored a message on {self._last_refusal}')
            else:
                callback(message)

        return take

    def _limit_services_of_rcl(self) -> None:
        """Limit what rclpy makes without `create_service` and takes requests with a content."""
        for service in self.services:
            refuse = partial(self._refuse, 'request', service.srv_name)
            if service.srv_type is ChangeState:
                service.callback = possible(service.callback, self._transitions, refuse)
            elif service.srv_type is GetTypeDescription:
                service.callback = limited(service.callback, refuse)

    def _transitions(self) -> Sequence[tuple]:
        return self._state_machine.available_transitions

    def _refuse(self, kind: str, where: str, why: str) -> None:
        where = where.rpartition('/')[2]
        self.refused_messages += 1
        self._last_refusal = f'{where}: {why}'
        self.warn(kind, f'refused a request of {self._last_refusal}')

    def _release(self) -> TransitionCallbackReturn:
        result = self._attempt('release', self.on_release)
        for publisher in self._own_publishers:
            self.destroy_lifecycle_publisher(publisher)
        self._own_publishers, self._lone_publishers = [], []
        self._prepared = False
        return result

    def _follow_clock(self, parameters: list[Parameter]) -> None:
        if any(parameter.name == 'use_sim_time' for parameter in parameters):
            for rhythm in self._running_rhythms():
                rhythm.follow_clock()

    def _running_rhythms(self) -> list[Rhythm]:
        return [rhythm for rhythm in self._rhythms if rhythm.is_running]

    def _diagnose_lifecycle(self) -> Diagnosis:
        state = 'active' if self._active else 'inactive' if self._prepared else 'unconfigured'
        values = {'state': state, 'defects': self.defects, 'refused': self.refused_messages}
        diagnosis = Diagnosis('lifecycle', state, values)
        for failure in self._failures.values():
            diagnosis.error(failure)
        if self.defects:
            diagnosis.error(f'{self.defects} callbacks failed; see the log, and report the defect')
        if self._refusals.of({'refused': self.refused_messages}):
            diagnosis.warn(
                f'{self.refused_messages} messages ignored, the last on {self._last_refusal}'
            )
        for line in self._rivals.find(self._lone_publishers):
            diagnosis.warn(line)
        if self._waits_for_clock():
            diagnosis.warn(
                'use_sim_time is on and nothing is published on /clock; play a bag with --clock'
            )
        elif silence_s := max((r.silence_s for r in self._running_rhythms()), default=0.0):
            is_simulated = self.get_parameter('use_sim_time').value
            why = 'the time on /clock stands still' if is_simulated else 'the process is held up'
            diagnosis.warn(f'nothing was done for {silence_s:.0f} s: {why}')
        return diagnosis

    def _waits_for_clock(self) -> bool:
        """Whether sim time is on and has stood at 0 for a while."""
        clock = self.get_clock()
        if not self.get_parameter('use_sim_time').value or clock.now().nanoseconds:
            self._without_clock_since_s = None
            return False
        self._without_clock_since_s = self._without_clock_since_s or monotonic()
        return monotonic() - self._without_clock_since_s > NO_CLOCK_S

    def _attempt(self, what: str, action: Callable[[], None]) -> TransitionCallbackReturn:
        # rclpy drops exceptions of transition callbacks without a message.
        try:
            _with_packages(action)
        except Unavailable as error:
            self.get_logger().error(f'cannot {what}: {error}')
            self._failures[what] = str(error)
            return TransitionCallbackReturn.FAILURE
        except Exception as error:
            if self.context.ok():  # no defect if ROS was shut down meanwhile
                self.get_logger().error(f'cannot {what}, a defect:\n{traceback.format_exc()}')
            self._failures[what] = f'cannot {what}, a defect: {error!r}; see the log'
            return TransitionCallbackReturn.ERROR
        if what == 'configure':
            self._failures.clear()
        self._failures.pop(what, None)
        return TransitionCallbackReturn.SUCCESS


def _summary(settings: Mapping[str, Any]) -> str:
    told = {
        name: public_value(name, value) if isinstance(value, str) else value
        for name, value in settings.items()
    }
    return f'configured with {", ".join(f"{name}={shown(value)}" for name, value in told.items())}'


def _with_packages(action: Callable[[], None]) -> None:
    """Do it; what needs a package that is not installed is `Unavailable`."""
    try:
        action()
    except ModuleNotFoundError as error:
        if (remedy := what_to_install(error)) is None:
            raise
        raise Unavailable(remedy) from error
