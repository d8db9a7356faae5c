# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What the node `emotion_state` does with stimuli, faces and time."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

import numpy as np

from emotion_agent.logic import STIMULUS, TIME, Clock, Make
from emotion_agent.logic.configuration import configuration, read_temperament
from emotion_agent.logic.events import PARAMETERS, RESET, SNAPSHOT, TEMPERAMENT, make_event
from emotion_agent.logic.state_message import stamp, state_message
from emotion_agent.neuromodulation import (
    MODULATORS,
    EmotionConfig,
    EmotionEngine,
    Face,
    FaceEvent,
    FaceFollower,
    UnreadableMemory,
)
from emotion_agent.neuromodulation.outcome import FUTURE_S, HISTORY_S
from emotion_agent.neuromodulation.sections import SPAN_S
from node_kit.limits import shown
from node_kit.settings import Setting
from node_kit.time import is_zero, stamp_fields, to_nanoseconds, to_seconds

FROM_FACES = 'human_affect'  # the source of the stimuli that are derived from faces
NODE = 'emotion_state'
SNAPSHOT_VERSION = 1
LATE_S = 1.0  # an observation that comes later is in the next state, which is not sent for it
MOST_UNKNOWN = 20  # so many names are remembered

TABLE = (
    Setting('temperament', 'balanced', 'name of a temperament that is shipped or lies in '
            'temperament_folder; at start also a YAML file. Setting it again reads it again'),
    Setting('temperament_folder', '', 'folder of your own temperaments, NAME.yaml; they go before '
            'shipped ones of the same name', fixed=True),
    Setting('time_scale', 1.0, 'factor on every half-life; 10.0 = slow', 0.01, 1000.0),
    # A face that keeps smiling is answered by a visible smile within 5 s, a sad one by a sad face
    # within 10 s.
    Setting('empathy.gain', 2.33, 'factor on how far a seen face pulls the state', 0.0, 10.0),
    Setting('empathy.attack', 10.0, 'factor on how fast a seen face pulls', 1.0, 1000.0),
    *(
        Setting(f'offset.{name}', 0.0, f'added to the temperament of {name}', -1.0, 1.0)
        for name in MODULATORS
    ),
    Setting('publish_rate_hz', 10.0, 'rate of the state while nothing changes more often, Hz', 0.1,
            200.0, fixed=True),
    Setting('face_events', True, 'derive face_seen and face_lost from human_affect'),
    Setting('on_time_jump', 'keep', 'what to do when the clock goes back: keep the state or '
            'reset it', choices=('keep', 'reset')),
    Setting('snapshot_path', '', 'file that carries the state over a restart; none = no file; '
            'empty = that of the temperament, or ROS_HOME/emotion_agent/NAMESPACE.json, and none '
            'with use_sim_time', fixed=True),
    Setting('snapshot_delay_s', 0.5, 'it is written at most so long after a stimulus, a reset, or '
            'a face that comes or goes, s', 0.05, 3600.0, fixed=True),
    Setting('snapshot_period_s', 0.0, 'it is written so often while nothing but observations '
            'changes the state, s; 0 = as the temperament says, which is 10', 0.0, 86400.0),
    Setting('publish_expression', False, 'publish the expression of the robot as ROS4HRI has it '
            '(hri_msgs/Expression); needs hri_msgs', fixed=True),
)  # fmt: skip


class StateKeeper:
    """
    Gives an `EmotionEngine` its stimuli, observations and the time, and sends what it reads.

    The state is sent at every `tick`, and at once after every accepted stimulus or observation,
    except observations that come more than `LATE_S` late: they are of no hurry any more.

    The clock is read once for each message that comes in, so that a replay which sets its clock to
    the stamps that went out does the same to the bit.

    Attributes:
        engine: the state itself.
        temperament: as it was read last, without the adjustments of other parameters.
        changes: how many stimuli and observations were accepted, and resets.
        events: how many of these were no observations.
        malformed: texts that were no stimulus.
        unknown: names that are not in the library, how often each was sent; the first ones only.
        out_of_time: observations that were too old, or ahead of the clock.
    """

    def __init__(
        self,
        settings: Mapping[str, Any],
        make: Make,
        clock: Clock,
        send_state: Callable[[Any], None],
        send_cause: Callable[[Any], None],
        send_event: Callable[[Any], None],
        warn: Callable[[str, str], None],
        temperament: EmotionConfig | None = None,
    ):
        """
        Start at rest.

        Args:
            settings: of `TABLE`; read anew whenever they matter.
            make: makes messages.
            clock: the time, ns.
            send_state: gets every `EmotionState`.
            send_cause: gets every accepted `Stimulus` with its resolved stamp, before the state.
            send_event: gets an `Event` for whatever else decides how the state goes on.
            warn: gets the kind of everything that is ignored, and a line about it.
            temperament: instead of the one that the settings name.

        Raises:
            ConfigError: if the temperament does not fit.
        """
        self._settings = settings
        self._make = make
        self._clock = clock
        self._send_state = send_state
        self._send_cause = send_cause
        self._send_event = send_event
        self._warn = warn
        self.temperament = temperament or read_temperament(settings)
        self._now_ns = clock()
        self.engine = EmotionEngine(configuration(settings, self.temperament), self._now_ns / 1e9)
        self.changes = self.events = self.malformed = self.out_of_time = 0
        self.unknown = Counter[str]()
        self._follower = FaceFollower(self.engine.config.empathy.p_min)
        self._observation_ns = 0

    def stimulate(self, stimulus: Any) -> None:
        """Let something happen to the robot; without a stamp it happens now."""
        now_ns = self._time_ns()
        if self._accepts(stimulus, now_ns):
            self._changed(now_ns)

    def stimulate_by_text(self, message: Any) -> None:
        """Let something happen to the robot that a `String` says as "name" or "name:0.5"."""
        text = message.data
        name, _, intensity = text.strip().partition(':')
        try:
            strength = _as_in_messages(float(intensity or 1.0))
        except ValueError:
            self.malformed += 1
            self._warn(
                'malformed_text',
                f'expected "name" or "name:0.5" on stimulus_text, got {shown(text)}',
            )
            return
        self.stimulate(self._stimulus(name.strip(), strength, 'stimulus_text'))

    def observe(self, affect: Any) -> None:
        """Take in all faces of one camera image."""
        now_ns = self._time_ns()
        now_s = now_ns / 1e9
        stamp_ns = to_nanoseconds(affect.header.stamp) or now_ns
        stamp_s = stamp_ns / 1e9
        if not now_s - HISTORY_S <= stamp_s <= now_s + FUTURE_S:
            self.out_of_time += 1
            self._warn(
                'out_of_time',
                f'ignored an observation that is {now_s - stamp_s:.1f} s old: set the clocks',
            )
            return
        followed, events = self._follower.update(
            stamp_s, map(_face, affect.faces), late_s=now_s - stamp_s
        )
        is_changed = self._takes_in(events, now_ns)
        self.changes += is_changed
        if followed is not None:
            outcome = self.engine.observe(
                followed.valence,
                followed.arousal,
                followed.confidence,
                stamp_s=stamp_s,
                now_s=now_s,
            )
            if outcome.accepted:
                self._observation_ns = max(self._observation_ns, stamp_ns)
                self.changes += 1
                is_changed |= now_s - stamp_s <= LATE_S
        if is_changed:
            self._publish(now_ns)

    def tick(self) -> None:
        """Send the state."""
        self._publish(self._time_ns())

    def reset(self) -> None:
        """Put the robot to rest; who was seen before is forgotten, and whoever is there is new."""
        now_ns = self._time_ns()
        self._tell(RESET, now_ns)
        self.engine.reset(now_ns / 1e9)
        self._follower = FaceFollower(self.engine.config.empathy.p_min)
        self.events += 1
        self._changed(now_ns)

    def reconfigure(
        self, given: Collection[str], temperament: EmotionConfig | None = None
    ) -> None:
        """
        Go on with the settings as they are now; the state is kept.

        Args:
            given: names of those that were set; `temperament` among them is read again.
            temperament: instead of reading it.

        Raises:
            ConfigError: if the temperament does not fit.
        """
        now_ns = self._time_ns()
        if 'temperament' in given:
            self.temperament = temperament or read_temperament(self._settings)
            self._tell(TEMPERAMENT, now_ns, self._settings['temperament'],
                       self.temperament.as_mapping())  # fmt: skip
        others = {name: self._settings[name] for name in sorted(given) if name != 'temperament'}
        if others:
            self._tell(PARAMETERS, now_ns, value=others)
        self.engine.reconfigure(configuration(self._settings, self.temperament), now_ns / 1e9)
        self._follower.p_min = self.engine.config.empathy.p_min

    def clock_set_back(self) -> None:
        """Forget the stamps of before: a recording that starts again brings the same ones."""
        self._set_back(self._clock())

    def snapshot(self, now_ns: int, name: str = '') -> Any:
        """
        Return an `Event` with all that is needed to go on to the bit, see `resume`.

        Args:
            now_ns: when; not before the newest state.
            name: of the event.
        """
        content = {
            'version': SNAPSHOT_VERSION,
            'parameters': dict(self._settings),
            'temperament': self.temperament.as_mapping(),
            'engine': self.engine.memory(now_ns / 1e9),
            'faces': self._follower.memory(),
            'observation_ns': self._observation_ns,
        }
        return make_event(self._make, SNAPSHOT, now_ns, NODE, name, content)

    def resume(self, content: Mapping[str, Any]) -> None:
        """
        Go on where another keeper stood, under the settings and the temperament of this one.

        Args:
            content: of the `snapshot` of the other one, read from its JSON.

        Raises:
            UnreadableMemory: if it is none, or of another version.
        """
        if content.get('version') != SNAPSHOT_VERSION:
            raise UnreadableMemory(
                f'expected version {SNAPSHOT_VERSION}, got {content.get("version")!r}'
            )
        try:
            self.engine.recall(content['engine'])
            self._follower.recall(content['faces'])
            self._observation_ns = int(content['observation_ns'])
        except (KeyError, TypeError, AttributeError) as error:
            raise UnreadableMemory(f'cannot be understood: {error!r}') from error
        config = configuration(self._settings, self.temperament)
        if config.sha256 != self.engine.config.sha256:
            self.engine.reconfigure(config)
        self._follower.p_min = config.empathy.p_min

    def has_seen(self, affect: Any) -> bool:
        """Whether an image with this stamp, or a newer one, was taken in already."""
        newest_s = self._follower.newest_s
        return newest_s is not None and to_nanoseconds(affect.header.stamp) / 1e9 <= newest_s

    @property
    def counters(self) -> dict[str, int]:
        """What happened to stimuli and observations, how often."""
        return {
            **self.engine.counters,
            'malformed_text': self.malformed,
            'out_of_time': self.out_of_time,
        }

    def _time_ns(self) -> int:
        """Now; a time of day that was set back is noticed, as nobody tells of it."""
        now_ns = self._clock()
        if now_ns < self._now_ns - FUTURE_S * 1e9:
            self._set_back(now_ns)
        self._now_ns = now_ns
        return now_ns

    def _set_back(self, now_ns: int) -> None:
        self._now_ns, now_s = now_ns, now_ns / 1e9
        self.engine.advance(now_s)
        self._observation_ns = 0
        self._follower.clock_set_back(now_s)
        if self._settings['on_time_jump'] == 'reset':
            self.engine.reset(now_s)
            self.events += 1
            self.changes += 1
            self._follower = FaceFollower(self.engine.config.empathy.p_min)

    def _accepts(self, stimulus: Any, now_ns: int) -> bool:
        now_stamp = self._make(TIME, **stamp_fields(now_ns))
        if is_zero(stimulus.header.stamp):
            stimulus.header.stamp = now_stamp
        outcome = self.engine.stimulate(
            stimulus.name,
            stimulus.intensity,
            stamp_s=to_seconds(stimulus.header.stamp),
            duration_s=stimulus.duration,
            source=stimulus.source,
            now_s=now_ns / 1e9,
        )
        if not outcome.accepted:
            if outcome.reason == 'unknown' and (
                stimulus.name in self.unknown or len(self.unknown) < MOST_UNKNOWN
            ):
                self.unknown[stimulus.name] += 1
            self._warn(
                outcome.reason,
                f'ignored a stimulus of {shown(stimulus.source)}: {outcome.detail}',
            )
            return False
        if outcome.future:
            stimulus.header.stamp = now_stamp
        stimulus.intensity = outcome.intensity
        stimulus.duration = min(stimulus.duration, SPAN_S.high)
        self.events += 1
        self._send_cause(stimulus)
        return True

    def _takes_in(self, events: Iterable[FaceEvent], now_ns: int) -> bool:
        """Whether it changes the state that somebody came or went."""
        is_changed = False
        for event in events if self._settings['face_events'] else ():
            stimulus = self._stimulus(event.name, 1.0, FROM_FACES)
            stimulus.header.stamp = stamp(self._make, event.stamp_s)
            is_changed |= self._accepts(stimulus, now_ns)
        return is_changed

    def _stimulus(self, name: str, intensity: float, source: str) -> Any:
        """A stimulus without a stamp that lasts as long as the library says."""
        return self._make(STIMULUS, name=name, intensity=intensity, duration=-1.0, source=source)

    def _changed(self, now_ns: int) -> None:
        self.changes += 1
        self._publish(now_ns)

    def _publish(self, now_ns: int) -> None:
        """Send the state, and first the loss of a face that has been away for long."""
        self.changes += self._takes_in(self._follower.lost(now_ns / 1e9), now_ns)
        reading = self.engine.read(now_ns / 1e9)
        state = state_message(self._make, reading, self._observation_ns, self._follower.attended)
        state.header.stamp = self._make(TIME, **stamp_fields(now_ns))
        self._send_state(state)

    def _tell(self, kind: str, now_ns: int, name: str = '', value: Any = None) -> None:
        self._send_event(make_event(self._make, kind, now_ns, NODE, name, value))


def _as_in_messages(number: float) -> float:
    """A number with the precision of a message, so that its recording is the same."""
    return float(np.float32(number)) if abs(number) <= 1e30 else number


def _face(face: Any) -> Face:
    return Face(
        face.face_id,
        float(face.roi.width * face.roi.height),
        face.valence,
        face.arousal,
        face.confidence,
    )
