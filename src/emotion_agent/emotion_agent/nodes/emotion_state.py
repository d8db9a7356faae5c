# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
The node `emotion_state`: keeps the emotional state of the robot.

Hears:   stimulus (emotion_msgs/Stimulus), stimulus_text (std_msgs/String, "praise" or
         "praise:0.5"), human_affect (emotion_msgs/FaceAffectArray).
Says:    state (emotion_msgs/EmotionState, latched) at a steady rate and at once on every change;
         ~/causes (emotion_msgs/Stimulus), every accepted stimulus with its resolved stamp.
Serves:  ~/list_stimuli, ~/reset, ~/save.
Without: input the state dissolves to rest by itself.
"""

import time
from collections.abc import Iterable
from pathlib import Path

from rclpy.clock import JumpThreshold
from rclpy.duration import Duration
from std_msgs.msg import String
from std_srvs.srv import Trigger

from emotion_agent.neuromodulation import (
    COUNTERS,
    EMOTIONS,
    MODULATORS,
    EmotionConfig,
    EmotionEngine,
    Face,
    FaceEvent,
    FaceFollower,
    Reading,
    load,
    load_snapshot,
    save_snapshot,
)
from emotion_agent.neuromodulation.engine import FUTURE_S, HISTORY_S
from emotion_agent.temperaments import temperament_file
from emotion_msgs.msg import EmotionState, FaceAffectArray, Stimulus, StimulusInfo
from emotion_msgs.srv import ListStimuli
from node_kit import Diagnosis, ManagedNode, Setting, run
from node_kit.diagnostics import RateMeter, RecentGrowth
from node_kit.qos import EVENT, LATCHED, RESULT
from node_kit.time import is_zero, to_message, to_seconds

WARN_EVERY_S = 10.0
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
    Gives an `EmotionEngine` its stimuli, observations and the time, and publishes what it reads.

    The parameters adjust the chosen temperament: factors multiply its values, offsets add to them.
    """

    TABLE = (
        Setting('temperament', 'balanced', 'name of a shipped temperament, or a YAML file'),
        Setting('time_scale', 1.0, 'factor on every half-life; 10 = slow', 0.01, 1000.0),
        Setting('empathy.gain', 1.0, 'factor on how far a seen face pulls the state', 0.0, 10.0),
        Setting('empathy.attack', 1.0, 'factor on how fast a seen face pulls', 1.0, 1000.0),
        *(
            Setting(f'offset.{name}', 0.0, f'added to the temperament of {name}', -1.0, 1.0)
            for name in MODULATORS
        ),
        Setting('publish_rate_hz', 10.0, 'rate of the state, Hz', 0.1, 200.0, fixed=True),
        Setting('face_events', True, 'derive face_seen and face_lost from human_affect'),
        Setting('on_time_jump', 'keep', 'what to do when the clock goes back: keep the state or '
                'reset it', choices=('keep', 'reset')),
        Setting('snapshot_path', '', 'file that carries the state over a restart; none = no file',
                fixed=True),
    )  # fmt: skip

    def __init__(self, **node_options):
        self._offered: list = []
        super().__init__('emotion_state', **node_options)
        self._rate = RateMeter()
        self._malformed = 0
        self._out_of_time = 0
        self._growth = RecentGrowth()
        self._problem = ''

    def on_prepare(self) -> None:
        """Make the engine, and restore what it felt before."""
        self._engine = EmotionEngine(self._configuration(self.settings), now=self._now())
        self._follower = FaceFollower(self._engine.config.empathy.p_min)
        self._observation_stamp = to_message(0.0)
        self._saved_at = time.monotonic()
        self._is_saved = True
        self._period_s = self._engine.config.snapshot.period_s
        self._restore()
        self._state_publisher = self.create_lifecycle_publisher(EmotionState, 'state', LATCHED)
        self._cause_publisher = self.create_lifecycle_publisher(Stimulus, '~/causes', EVENT)
        self._offered = [
            self.create_service(ListStimuli, '~/list_stimuli', self._list_stimuli),
            self.create_service(Trigger, '~/reset', self._reset),
            self.create_service(Trigger, '~/save', self._save_now),
        ]

    def on_start(self) -> None:
        """Listen, and begin to publish."""
        self._inputs = [
            self.create_subscription(Stimulus, 'stimulus', self._on_stimulus, EVENT),
            self.create_subscription(String, 'stimulus_text', self._on_text, EVENT),
            self.create_subscription(FaceAffectArray, 'human_affect', self._on_affect, RESULT),
        ]
        self._jumps = self.get_clock().create_jump_callback(
            JumpThreshold(
                min_forward=None, min_backward=Duration(nanoseconds=-1), on_clock_change=True
            ),
            post_callback=self._on_time_jump,
        )
        self._timer = self.create_timer(1.0 / self.settings['publish_rate_hz'], self._tick)

    def on_stop(self) -> None:
        """Fall silent; the state goes on dissolving with the clock."""
        self.destroy_timer(self._timer)
        self._jumps.unregister()
        for subscription in self._inputs:
            self.destroy_subscription(subscription)

    def on_release(self) -> None:
        """Save the state and end the services."""
        self._save()
        for service in self._offered:
            self.destroy_service(service)
        self._offered = []

    # Parameters

    def check_settings(self, values: dict) -> None:
        """Refuse a temperament file that does not fit, naming the path in it."""
        self._configuration(values)

    def on_settings(self, changed: set[str]) -> None:
        """Give the engine the changed configuration; the state is kept."""
        if self.is_prepared:
            self._engine.reconfigure(self._configuration(self.settings), self._now())

    def _configuration(self, values) -> EmotionConfig:
        config = load(temperament_file(values['temperament']))
        empathy = config.empathy
        return config.with_changes(
            {
                'emotion': {
                    'time_scale': config.time_scale * values['time_scale'],
                    'empathy': {
                        'gain': empathy.gain * values['empathy.gain'],
                        'attack': empathy.attack * values['empathy.attack'],
                    },
                    'modulators': {
                        name: {
                            'temperament': max(
                                -1.0, min(1.0, config.modulators[name].temperament + offset)
                            )
                        }
                        for name in MODULATORS
                        if (offset := values[f'offset.{name}'])
                    },
                }
            }
        )

    # Input

    def _on_stimulus(self, message: Stimulus) -> None:
        self._stimulate(message)

    def _on_text(self, message: String) -> None:
        name, _, intensity = message.data.strip().partition(':')
        try:
            strength = float(intensity or 1.0)
        except ValueError:
            self._malformed += 1
            self._warn(f'expected "name" or "name:0.5" on stimulus_text, got {message.data!r}')
            return
        self._stimulate(stimulus_message(name.strip(), strength, source='stimulus_text'))

    def _stimulate(self, stimulus: Stimulus) -> None:
        now = self.get_clock().now()
        if is_zero(stimulus.header.stamp):
            stimulus.header.stamp = now.to_msg()
        outcome = self._engine.stimulate(
            stimulus.name,
            stimulus.intensity,
            stamp=to_seconds(stimulus.header.stamp),
            duration=stimulus.duration,
            source=stimulus.source,
            now=to_seconds(now),
        )
        if not outcome.accepted:
            self._warn(f'ignored a stimulus of {stimulus.source!r}: {outcome.detail}')
            return
        if outcome.future:
            stimulus.header.stamp = now.to_msg()
        stimulus.intensity = outcome.intensity
        self.send(self._cause_publisher, stimulus)
        self._changed()

    def _on_affect(self, message: FaceAffectArray) -> None:
        now = self._now()
        if is_zero(message.header.stamp):
            message.header.stamp = to_message(now)
        stamp = to_seconds(message.header.stamp)
        if not now - HISTORY_S <= stamp <= now + FUTURE_S:
            self._out_of_time += 1
            self._warn(f'ignored an observation that is {now - stamp:.1f} s old: set the clocks')
            return
        followed, events = self._follower.update(
            stamp,
            [
                Face(
                    face.face_id,
                    float(face.roi.width * face.roi.height),
                    face.valence,
                    face.arousal,
                    face.confidence,
                )
                for face in message.faces
            ],
        )
        self._tell(events)
        if followed is None:
            return
        outcome = self._engine.observe(
            followed.valence,
            followed.arousal,
            followed.confidence,
            stamp=stamp,
            now=self._now(),
        )
        if outcome.accepted:
            self._observation_stamp = max(
                self._observation_stamp, message.header.stamp, key=to_seconds
            )
            self._changed()

    def _tell(self, events: Iterable[FaceEvent]) -> None:
        for event in events if self.settings['face_events'] else ():
            stimulus = stimulus_message(event.name, source='human_affect')
            stimulus.header.stamp = to_message(event.stamp)
            self._stimulate(stimulus)

    def _on_time_jump(self, jump) -> None:
        if jump.delta.nanoseconds >= 0:
            return
        now = self._now()
        self._engine.advance(now)
        self._observation_stamp = to_message(0.0)
        if self.settings['on_time_jump'] == 'reset':
            self._engine.reset(now)
            self._follower = FaceFollower(self._engine.config.empathy.p_min)

    # Output

    def _tick(self) -> None:
        self._tell(self._follower.lost(self._now()))
        self._publish()
        if not self._is_saved and time.monotonic() - self._saved_at > self._period_s:
            self._save()

    def _changed(self) -> None:
        self._is_saved = False
        self._publish()

    def _publish(self) -> None:
        message = state_message(self._engine.read(self._now()))
        message.observation_stamp = self._observation_stamp
        self.send(self._state_publisher, message)
        self._rate.tick()

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
            for name, stimulus in self._engine.stimuli.items()
        ]
        return response

    def _reset(self, _, response):
        self._engine.reset(self._now())
        self._changed()
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
        path = self.settings['snapshot_path'] or self._engine.config.snapshot.path
        return None if path in ('', NO_SNAPSHOT) else Path(path).expanduser()

    def _save(self) -> bool:
        if not self.is_prepared or (path := self._snapshot_path) is None:
            return False
        self._saved_at = time.monotonic()
        try:
            save_snapshot(path, self._engine.snapshot(self._now(), time.time()))
        except OSError as problem:
            self._problem = f'cannot write {path}: {problem.strerror}'
            self._warn(self._problem)
            return False
        self._problem = ''
        self._is_saved = True
        return True

    def _restore(self) -> None:
        if (path := self._snapshot_path) is None:
            return
        try:
            snapshot = load_snapshot(path)
        except OSError as problem:
            self._problem = f'cannot read {path}: {problem.strerror}; started at rest'
            self._warn(self._problem)
            return
        if snapshot is not None:
            problems = self._engine.restore(snapshot, self._now(), time.time())
            self.get_logger().info('; '.join([f'restored the state of {path}', *problems]))

    def diagnose(self) -> list[Diagnosis]:
        """Report what was ignored, and what to do about each kind."""
        if not self.is_prepared:
            return []
        counters = {
            **self._engine.counters,
            'malformed_text': self._malformed,
            'out_of_time': self._out_of_time,
        }
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


def stimulus_message(name: str, intensity: float = 1.0, source: str = '') -> Stimulus:
    """Return a stimulus without a stamp that lasts as long as the library says."""
    return Stimulus(name=name, intensity=intensity, duration=-1.0, source=source)


def state_message(reading: Reading) -> EmotionState:
    """Convert a reading of the engine; the stamp of the observation is left to the caller."""
    message = EmotionState(
        deviation=reading.deviation,
        mood=reading.mood,
        neutral=reading.neutral,
        intensity=reading.intensity,
        valence=reading.valence,
        arousal=reading.arousal,
        dominance=reading.dominance,
        dominant=reading.dominant,
        dominant_since=to_message(max(0.0, reading.dominant_since)),
        last_stimulus=reading.last_stimulus,
        last_source=reading.last_source,
        last_change_stamp=to_message(max(0.0, reading.last_change_stamp or 0.0)),
    )
    message.header.stamp = to_message(reading.stamp)
    for name, level in zip(MODULATORS, reading.levels, strict=True):
        setattr(message, name, float(level))
    for name, strength, visible in zip(EMOTIONS, reading.emotions, reading.visible, strict=True):
        setattr(message, name, float(strength))
        setattr(message, f'visible_{name}', float(visible))
    return message


def main() -> int:
    """Run the node."""
    return run(EmotionStateNode)
