# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
The node `emotion_state`: keeps the emotional state of the robot.

Subscribes: stimulus (emotion_msgs/Stimulus), stimulus_text (std_msgs/String, "praise" or
            "praise:0.5"), human_affect (emotion_msgs/FaceAffectArray).
Publishes:  state (emotion_msgs/EmotionState, latched) at once on every change, and at a steady
            rate where nothing changes as often; ~/causes (emotion_msgs/Stimulus), every accepted
            stimulus with its resolved stamp; events (emotion_msgs/Event), every reset and every
            change of a parameter;
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

from emotion_agent.logic.configuration import configuration, read_temperament
from emotion_agent.logic.emotion_state import TABLE, StateKeeper
from emotion_agent.logic.events import AT_START
from emotion_agent.logic.hri import EXPRESSION, robot_expression_fields
from emotion_agent.neuromodulation import COUNTERS, ConfigError, EmotionConfig, load_snapshot
from emotion_agent.resources.temperaments import (
    own_temperaments,
    shipped_temperaments,
    temperament_file,
)
from emotion_agent.ros.home import home_folder
from emotion_agent.ros.messages import make_message, message_class
from emotion_agent.ros.snapshots import Progress, SnapshotWriter
from emotion_agent.ros.state_services import StateServices
from emotion_agent.ros.tracked_faces import require_hri_messages
from emotion_msgs.msg import EmotionState, Event, FaceAffectArray, Stimulus
from node_kit import Diagnosis, ManagedNode, Unavailable, run
from node_kit.diagnostics import RateMeter, RecentGrowth
from node_kit.limits import LinesByKind, cut
from node_kit.paths import expanded
from node_kit.qos import EVENT, LATCHED, RESULT
from node_kit.time import to_nanoseconds, to_seconds

SNAPSHOT_EVERY_S = 10.0
NO_SNAPSHOT = 'none'
TIME_TO_WRITE = 0.8  # of the delay is over before a snapshot is taken; the rest is to write it
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
        self._state_services: StateServices | None = None
        super().__init__('emotion_state', **node_options)
        # rclpy tells levels apart by the line of code that logs.
        self._say = LinesByKind(lambda line: self.get_logger().info(line))
        self._rate = RateMeter()
        self._growth = RecentGrowth()
        self._snapshots: SnapshotWriter | None = None
        self._count_at_tick = 0  # of states

    def on_prepare(self) -> None:
        """Make the state, and restore what it was before."""
        self._expression_publisher = None
        if self.settings['publish_expression']:
            require_hri_messages('publish_expression')
            self._expression_publisher = self.create_lifecycle_publisher(
                message_class(EXPRESSION), 'expression', RESULT
            )
        try:
            temperament = read_temperament(self.settings)
        except ConfigError as error:
            raise Unavailable(error.without_content) from None
        self._keeper = StateKeeper(
            self.settings,
            make_message,
            lambda: self.get_clock().now().nanoseconds,
            self._send_state,
            lambda cause: self.send(self._cause_publisher, cause),
            lambda event: self.send(self._event_publisher, event),
            self.warn,
            temperament,
        )
        self._say_which_temperament()
        self._restore()
        self._state_publisher = self.create_lifecycle_publisher(
            EmotionState, 'state', LATCHED, is_alone=True
        )
        self._cause_publisher = self.create_lifecycle_publisher(Stimulus, '~/causes', EVENT)
        self._event_publisher = self.create_lifecycle_publisher(Event, 'events', EVENT)
        self._snapshot_publisher = self.create_lifecycle_publisher(Event, '~/snapshot', RESULT)
        self._state_services = StateServices(self, self._keeper, self._save_now)

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
        self._rhythms = [self.every(1.0 / self.settings['publish_rate_hz'], self._tick)]
        if self._snapshots is not None:
            period_s = TIME_TO_WRITE * self.settings['snapshot_delay_s']
            self._rhythms.append(self.every(period_s, self._save_what_happened))

    def on_stop(self) -> None:
        """Stop publishing; the state goes on decaying with the clock."""
        for rhythm in self._rhythms:
            rhythm.close()
        self._jumps.unregister()
        for subscription in self._inputs:
            self.destroy_subscription(subscription)

    def on_release(self) -> None:
        """Save the state and end the services."""
        if self._snapshots is not None:
            self._snapshots.close()
            self._snapshots = None
        if self._state_services is not None:
            self._state_services.close()
            self._state_services = None

    # Parameters

    def check_settings(self, values: dict, given: set[str]) -> None:
        """
        Refuse a temperament that does not fit, naming the place in its file, and no real path.

        Whoever may set parameters is not to have any file read: a path is taken only if it is the
        one that the parameter has already, which reads its file again. Nor are they told what
        stands in it.
        """
        expanded(values['snapshot_path'])
        is_at_start = given == set(values)
        try:
            configuration(values, self._chosen_temperament(values, given))
        except ConfigError as error:
            raise error if is_at_start else ConfigError(error.without_content) from None

    def _chosen_temperament(self, values: dict, given: set[str]) -> EmotionConfig:
        if 'temperament' not in given and self.is_prepared:
            return self._keeper.temperament
        is_other = values['temperament'] != self.settings['temperament']
        return read_temperament(values, only_names=is_other)

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
        self._say('temperament', f'temperament {name} of {file}{instead}')

    # Input

    def _on_time_jump(self, jump) -> None:
        if jump.delta.nanoseconds < 0:
            self._keeper.clock_set_back()

    # Output

    def _tick(self) -> None:
        """Publish at the steady rate, unless changes are published more often."""
        if self._rate.count - self._count_at_tick <= 1:
            self._keeper.tick()
        self._count_at_tick = self._rate.count

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
        if path:
            return expanded(path)
        home = home_folder()
        return home / f'{name}.json' if home else None

    def _restore(self) -> None:
        """Go on from the file, and keep the state in it from now on."""
        if (path := self._snapshot_path) is None:
            if not self.settings['snapshot_path'] and home_folder() is None:
                self.warn(
                    'snapshot',
                    'there is no home folder: the state is not kept; set snapshot_path',
                )
            return
        self.get_logger().info(f'the state is kept in {path}')
        problem = ''
        try:
            snapshot = load_snapshot(path)
        except OSError as error:
            problem = f'cannot read {path}: {error.strerror}; started at rest'
            self.warn('snapshot', problem)
            snapshot = None
        if snapshot is not None:
            problems = self._keeper.engine.restore(snapshot, self._now(), time.time())
            line = '; '.join([f'restored the state of {path}', *problems])
            self.get_logger().info(cut(line))
        keeper = self._keeper
        self._snapshots = SnapshotWriter(
            path,
            lambda: keeper.engine.snapshot(self._now(), time.time()),
            lambda: Progress(keeper.events, keeper.changes),
            lambda line: self.warn('snapshot', line),
        )
        self._snapshots.problem = problem
        if not problem:
            self._snapshots.save_soon()  # says now whether it can be written

    def _save_now(self) -> tuple[bool, str]:
        """Write the file at once; whether it was written, and where or why not."""
        if self._snapshots is None:
            return False, 'no snapshot_path is set'
        is_written = self._snapshots.save_now()
        return is_written, self._snapshots.problem or str(self._snapshot_path)

    def _save_what_happened(self) -> None:
        if self._snapshots is not None:
            period_s = self._keeper.engine.config.snapshot.period_s
            self._snapshots.tick(self.settings['snapshot_period_s'] or period_s)

    def diagnose(self) -> list[Diagnosis]:
        """Report what was ignored, and what to do about each kind."""
        if not self.is_prepared:
            return []
        counters = self._keeper.counters
        diagnosis = Diagnosis('stimuli', values={'state_hz': self._rate.hz, **counters})
        if self._snapshots is not None and self._snapshots.problem:
            diagnosis.warn(self._snapshots.problem)
        for name, count in self._growth.of(counters).items():
            if name not in HARMLESS:
                diagnosis.warn(f'{count} {name}: {REMEDIES[name]}')
        return [diagnosis]

    def _now(self) -> float:
        return to_seconds(self.get_clock().now())


def main() -> int:
    """Run the node."""
    return run(EmotionStateNode)
