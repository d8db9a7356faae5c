# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
The node `emotion_state`: keeps the emotional state of the robot.

Subscribes: stimulus (emotion_msgs/Stimulus), stimulus_text (std_msgs/String, "praise" or
            "praise:0.5"), human_affect (emotion_msgs/FaceAffectArray).
Publishes:  state (emotion_msgs/EmotionState, latched) at a steady rate and at once on every
            change; ~/causes (emotion_msgs/Stimulus), every accepted stimulus with its resolved
            stamp; events (emotion_msgs/Event), every reset and every change of a parameter;
            ~/snapshot (emotion_msgs/Event), all that a replay needs to go on from there, when
            somebody begins to listen and every 10 s while somebody does;
            expression (hri_msgs/Expression) with each state, if publish_expression is set.
Services:   ~/list_stimuli, ~/reset, ~/save.
No input:   the state decays to rest by itself.
"""

if __name__ == '__main__':  # before the imports, of which one may fail
    from emotion_agent import programs

    raise SystemExit(programs.emotion_state())

import math
import time
from pathlib import Path

from rclpy.clock import JumpThreshold
from rclpy.duration import Duration
from std_msgs.msg import String
from std_srvs.srv import Trigger

from emotion_agent.logic.configuration import configuration, read_temperament
from emotion_agent.logic.emotion_state import TABLE, StateKeeper
from emotion_agent.logic.events import AT_START
from emotion_agent.logic.hri import EXPRESSION, robot_expression_fields
from emotion_agent.neuromodulation import COUNTERS, load_snapshot, save_snapshot
from emotion_agent.resources.temperaments import (
    own_temperaments,
    shipped_temperaments,
    temperament_file,
)
from emotion_agent.ros.home import home_folder
from emotion_agent.ros.messages import make_message, message_class
from emotion_agent.ros.tracked_faces import require_hri_messages
from emotion_msgs.msg import EmotionState, Event, FaceAffectArray, Stimulus, StimulusInfo
from emotion_msgs.srv import ListStimuli
from node_kit import Diagnosis, ManagedNode, run
from node_kit.diagnostics import RateMeter, RecentGrowth
from node_kit.qos import EVENT, LATCHED, RESULT
from node_kit.time import to_nanoseconds, to_seconds

WARN_EVERY_S = 10.0
SNAPSHOT_EVERY_S = 10.0
NO_SNAPSHOT = 'none'
# What the engine counts without anything being wrong.
HARMLESS = ('accepted', 'observed', 'strengthened', 'below_gate', 'refractory')

REMEDIES = {
    **COUNTERS,
    'malformed_text': 'neither "name" nor "name:0.5" on stimulus_text',
    'out_of_time': 'human_affect older than 10 s or ahead of the clock: synchronise the clocks',
}


class EmotionStateNode(ManagedNode):
    """
    Gives a `StateKeeper` its messages and the time, and publishes its states.

    The parameters adjust the chosen temperament: factors multiply its values, offsets add to them.
    """

    TABLE = TABLE

    def __init__(self, **node_options):
        self._own_services: list = []
        super().__init__('emotion_state', **node_options)
        self._rate = RateMeter()
        self._growth = RecentGrowth()
        self._problem = ''

    def on_prepare(self) -> None:
        """Make the state, and restore what it was before."""
        self._expression_publisher = None
        if self.settings['publish_expression']:
            require_hri_messages('publish_expression')
            self._expression_publisher = self.create_lifecycle_publisher(
                message_class(EXPRESSION), 'expression', RESULT
            )
        self._keeper = StateKeeper(
            self.settings,
            make_message,
            lambda: self.get_clock().now().nanoseconds,
            self._send_state,
            lambda cause: self.send(self._cause_publisher, cause),
            lambda event: self.send(self._event_publisher, event),
            self._warn,
        )
        self._say_which_temperament()
        self._saved_s = time.monotonic()
        self._saved_changes = 0
        self._period_s = self._keeper.engine.config.snapshot.period_s
        self._restore()
        self._state_publisher = self.create_lifecycle_publisher(
            EmotionState, 'state', LATCHED, is_alone=True
        )
        self._cause_publisher = self.create_lifecycle_publisher(Stimulus, '~/causes', EVENT)
        self._event_publisher = self.create_lifecycle_publisher(Event, 'events', EVENT)
        self._snapshot_publisher = self.create_lifecycle_publisher(Event, '~/snapshot', RESULT)
        self._own_services = [
            self.create_service(ListStimuli, '~/list_stimuli', self._list_stimuli),
            self.create_service(Trigger, '~/reset', self._reset),
            self.create_service(Trigger, '~/save', self._save_now),
        ]

    def on_start(self) -> None:
        """Listen, and begin to publish."""
        keeper = self._keeper
        self._snapshots_to = 0  # listeners that have had a snapshot
        self._snapshot_s = -math.inf
        self._snapshot_name = AT_START
        self._inputs = [
            self.create_subscription(Stimulus, 'stimulus', keeper.stimulate, EVENT),
            self.create_subscription(String, 'stimulus_text', keeper.stimulate_by_text, EVENT),
            self.create_subscription(FaceAffectArray, 'human_affect', keeper.observe, RESULT),
        ]
        self._jumps = self.get_clock().create_jump_callback(
            JumpThreshold(
                min_forward=None, min_backward=Duration(nanoseconds=-1), on_clock_change=True
            ),
            post_callback=self._on_time_jump,
        )
        self._timer = self.create_timer(1.0 / self.settings['publish_rate_hz'], self._tick)

    def on_stop(self) -> None:
        """Stop publishing; the state goes on decaying with the clock."""
        self.destroy_timer(self._timer)
        self._jumps.unregister()
        for subscription in self._inputs:
            self.destroy_subscription(subscription)

    def on_release(self) -> None:
        """Save the state and end the services."""
        self._save()
        for service in self._own_services:
            self.destroy_service(service)
        self._own_services = []

    # Parameters

    def check_settings(self, values: dict, given: set[str]) -> None:
        """
        Refuse a temperament that does not fit, naming the place in its file.

        Whoever may set parameters is not to have any file read: a path is taken only if it is the
        one that the parameter has already, which reads its file again.
        """
        if 'temperament' in given or not self.is_prepared:
            is_other = values['temperament'] != self.settings['temperament']
            temperament = read_temperament(values, only_names=is_other)
        else:
            temperament = self._keeper.temperament
        configuration(values, temperament)

    def on_settings(self, given: set[str]) -> None:
        """Give the engine the changed configuration; the state is kept."""
        if self.is_prepared:
            self._keeper.reconfigure(given)
            if 'temperament' in given:
                self._say_which_temperament()

    def _say_which_temperament(self) -> None:
        name, folder = self.settings['temperament'], self.settings['temperament_folder']
        file = temperament_file(name, folder)
        hidden = name in own_temperaments(folder) and name in shipped_temperaments()
        instead = ', instead of the shipped one' if hidden else ''
        self.get_logger().info(f'temperament {name} of {file}{instead}')

    # Input

    def _on_time_jump(self, jump) -> None:
        if jump.delta.nanoseconds < 0:
            self._keeper.clock_set_back()

    # Output

    def _tick(self) -> None:
        self._keeper.tick()
        is_changed = self._keeper.changes != self._saved_changes
        if is_changed and time.monotonic() - self._saved_s > self._period_s:
            self._save()

    def _send_state(self, state: EmotionState) -> None:
        self._send_snapshot(to_nanoseconds(state.header.stamp))
        self.send(self._state_publisher, state)
        if self._expression_publisher is not None:
            fields = robot_expression_fields(state)
            self.send(
                self._expression_publisher,
                make_message(EXPRESSION, header=state.header, **fields),
            )
        self._rate.tick()

    def _send_snapshot(self, now_ns: int) -> None:
        """Send a snapshot to whoever begins to listen, and to all again after a while."""
        listeners = self.count_listeners(self._snapshot_publisher)
        is_due = time.monotonic() - self._snapshot_s > SNAPSHOT_EVERY_S
        if listeners > self._snapshots_to or (listeners and is_due):
            snapshot = self._keeper.snapshot(now_ns, self._snapshot_name)
            self.send(self._snapshot_publisher, snapshot)
            self._snapshot_s, self._snapshot_name = time.monotonic(), ''
        self._snapshots_to = listeners

    # Services

    def _list_stimuli(self, _, response):
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

    def _reset(self, _, response):
        self._keeper.reset()
        response.success, response.message = True, 'at rest'
        return response

    def _save_now(self, _, response):
        response.success = self._save()
        saved = str(self._snapshot_path) if response.success else self._problem
        response.message = saved or 'no snapshot_path is set'
        return response

    # Snapshot

    @property
    def _snapshot_path(self) -> Path | None:
        path = self.settings['snapshot_path']
        if not path and self.get_parameter('use_sim_time').value:
            path = NO_SNAPSHOT  # a replay must not change what the robot keeps
        path = path or self._keeper.engine.config.snapshot.path
        if path == NO_SNAPSHOT:
            return None
        name = self.get_namespace().strip('/') or self.get_name()
        return Path(path).expanduser() if path else home_folder() / f'{name}.json'

    def _save(self) -> bool:
        if not self.is_prepared or (path := self._snapshot_path) is None:
            return False
        self._saved_s = time.monotonic()
        changes = self._keeper.changes
        try:
            save_snapshot(path, self._keeper.engine.snapshot(self._now(), time.time()))
        except OSError as error:
            self._problem = f'cannot write {path}: {error.strerror}'
            self._warn(self._problem)
            return False
        self._problem = ''
        self._saved_changes = changes
        return True

    def _restore(self) -> None:
        if (path := self._snapshot_path) is None:
            return
        self.get_logger().info(f'the state is kept in {path}')
        try:
            snapshot = load_snapshot(path)
        except OSError as error:
            self._problem = f'cannot read {path}: {error.strerror}; started at rest'
            self._warn(self._problem)
            return
        if snapshot is not None:
            problems = self._keeper.engine.restore(snapshot, self._now(), time.time())
            self.get_logger().info('; '.join([f'restored the state of {path}', *problems]))

    def diagnose(self) -> list[Diagnosis]:
        """Report what was ignored, and what to do about each kind."""
        if not self.is_prepared:
            return []
        counters = self._keeper.counters
        diagnosis = Diagnosis('stimuli', values={'state_hz': self._rate.hz, **counters})
        if self._problem:
            diagnosis.warn(self._problem)
        for name, count in self._growth.of(counters).items():
            if name not in HARMLESS:
                diagnosis.warn(f'{count} {name}: {REMEDIES[name]}')
        return [diagnosis]

    def _now(self) -> float:
        return to_seconds(self.get_clock().now())

    def _warn(self, text: str) -> None:
        self.get_logger().warning(text, throttle_duration_sec=WARN_EVERY_S)


def main() -> int:
    """Run the node."""
    return run(EmotionStateNode)
