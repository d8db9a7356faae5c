# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What the node `emotion_state` does with stimuli, faces and time."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from emotion_agent.logic import STATE, STIMULUS, TIME, Clock, Make
from emotion_agent.neuromodulation import (
    EMOTIONS,
    MODULATORS,
    EmotionConfig,
    EmotionEngine,
    Face,
    FaceEvent,
    FaceFollower,
    Reading,
    load,
)
from emotion_agent.neuromodulation.engine import FUTURE_S, HISTORY_S
from emotion_agent.resources.temperaments import temperament_file
from node_kit.settings import Setting
from node_kit.time import from_seconds, is_zero, stamp_fields, to_nanoseconds, to_seconds

FROM_FACES = 'human_affect'  # the source of the stimuli that are derived from faces

TABLE = (
    Setting('temperament', 'balanced', 'name of a shipped temperament, or a YAML file'),
    Setting('time_scale', 1.0, 'factor on every half-life; 10.0 = slow', 0.01, 1000.0),
    # A face that keeps smiling is answered by a visible smile within 5 s, a sad one by a sad face
    # within 10 s.
    Setting('empathy.gain', 2.33, 'factor on how far a seen face pulls the state', 0.0, 10.0),
    Setting('empathy.attack', 10.0, 'factor on how fast a seen face pulls', 1.0, 1000.0),
    *(
        Setting(f'offset.{name}', 0.0, f'added to the temperament of {name}', -1.0, 1.0)
        for name in MODULATORS
    ),
    Setting('publish_rate_hz', 10.0, 'rate of the state, Hz', 0.1, 200.0, fixed=True),
    Setting('face_events', True, 'derive face_seen and face_lost from human_affect'),
    Setting('on_time_jump', 'keep', 'what to do when the clock goes back: keep the state or '
            'reset it', choices=('keep', 'reset')),
    Setting('snapshot_path', '', 'file that carries the state over a restart; none = no file; '
            'empty = that of the temperament, or ROS_HOME/emotion_agent/NAMESPACE.json, and none '
            'with use_sim_time', fixed=True),
    Setting('publish_expression', False, 'publish the expression of the robot as ROS4HRI has it '
            '(hri_msgs/Expression); needs hri_msgs', fixed=True),
)  # fmt: skip


def configuration(settings: Mapping[str, Any]) -> EmotionConfig:
    """
    Return the chosen temperament with the adjustments of the other parameters.

    Raises:
        ConfigError: naming the file and the place in it.
    """
    config = load(temperament_file(settings['temperament']))
    empathy = config.empathy
    return config.with_changes(
        {
            'emotion': {
                'time_scale': config.time_scale * settings['time_scale'],
                'empathy': {
                    'gain': empathy.gain * settings['empathy.gain'],
                    'attack': empathy.attack * settings['empathy.attack'],
                },
                'modulators': {
                    name: {
                        'temperament': max(
                            -1.0, min(1.0, config.modulators[name].temperament + offset)
                        )
                    }
                    for name in MODULATORS
                    if (offset := settings[f'offset.{name}'])
                },
            }
        }
    )


class StateKeeper:
    """
    Gives an `EmotionEngine` its stimuli, observations and the time, and sends what it reads.

    The state is sent at every `tick`, and at once after every accepted stimulus or observation.

    Attributes:
        engine: the state itself.
        changes: how many stimuli and observations were accepted.
        malformed: texts that were no stimulus.
        out_of_time: observations that were too old, or ahead of the clock.
    """

    def __init__(
        self,
        settings: Mapping[str, Any],
        make: Make,
        clock: Clock,
        send_state: Callable[[Any], None],
        send_cause: Callable[[Any], None],
        warn: Callable[[str], None],
    ):
        """
        Start at rest.

        Args:
            settings: of `TABLE`; read anew whenever they matter.
            make: makes messages.
            clock: the time, ns.
            send_state: gets every `EmotionState`.
            send_cause: gets every accepted `Stimulus` with its resolved stamp, before the state.
            warn: gets a line for everything that is ignored.

        Raises:
            ConfigError: if the temperament does not fit.
        """
        self._settings = settings
        self._make = make
        self._clock = clock
        self._send_state = send_state
        self._send_cause = send_cause
        self._warn = warn
        self.engine = EmotionEngine(configuration(settings), now_s=self._now_s())
        self.changes = self.malformed = self.out_of_time = 0
        self._follower = FaceFollower(self.engine.config.empathy.p_min)
        self._observation_ns = 0

    def stimulate(self, stimulus: Any) -> None:
        """Let something happen to the robot; without a stamp it happens now."""
        if self._accepts(stimulus):
            self._changed()

    def stimulate_by_text(self, message: Any) -> None:
        """Let something happen to the robot that a `String` says as "name" or "name:0.5"."""
        text = message.data
        name, _, intensity = text.strip().partition(':')
        try:
            strength = float(intensity or 1.0)
        except ValueError:
            self.malformed += 1
            self._warn(f'expected "name" or "name:0.5" on stimulus_text, got {text!r}')
            return
        self.stimulate(self._stimulus(name.strip(), strength, 'stimulus_text'))

    def observe(self, affect: Any) -> None:
        """Take in all faces of one camera image."""
        now_s = self._now_s()
        stamp_ns = to_nanoseconds(affect.header.stamp) or self._clock()
        stamp_s = stamp_ns / 1e9
        if not now_s - HISTORY_S <= stamp_s <= now_s + FUTURE_S:
            self.out_of_time += 1
            self._warn(
                f'ignored an observation that is {now_s - stamp_s:.1f} s old: set the clocks'
            )
            return
        followed, events = self._follower.update(stamp_s, map(_face, affect.faces))
        is_changed = self._takes_in(events)
        if followed is not None:
            outcome = self.engine.observe(
                followed.valence,
                followed.arousal,
                followed.confidence,
                stamp_s=stamp_s,
                now_s=self._now_s(),
            )
            if outcome.accepted:
                self._observation_ns = max(self._observation_ns, stamp_ns)
                is_changed = True
        if is_changed:
            self._changed()

    def tick(self) -> None:
        """Send the state, and first the loss of a face that has been away for long."""
        self.changes += self._takes_in(self._follower.lost(self._now_s()))
        self._publish()

    def reset(self) -> None:
        """Put the robot to rest."""
        self.engine.reset(self._now_s())
        self._changed()

    def reconfigure(self) -> None:
        """Go on with the settings as they are now; the state is kept."""
        self.engine.reconfigure(configuration(self._settings), self._now_s())
        self._follower.p_min = self.engine.config.empathy.p_min

    def clock_set_back(self) -> None:
        """Forget the stamps of before: a recording that starts again brings the same ones."""
        now_s = self._now_s()
        self.engine.advance(now_s)
        self._observation_ns = 0
        self._follower.clock_set_back(now_s)
        if self._settings['on_time_jump'] == 'reset':
            self.engine.reset(now_s)
            self._follower = FaceFollower(self.engine.config.empathy.p_min)

    @property
    def counters(self) -> dict[str, int]:
        """What happened to stimuli and observations, how often."""
        return {
            **self.engine.counters,
            'malformed_text': self.malformed,
            'out_of_time': self.out_of_time,
        }

    def _accepts(self, stimulus: Any) -> bool:
        now_ns = self._clock()
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
            self._warn(f'ignored a stimulus of {stimulus.source!r}: {outcome.detail}')
            return False
        if outcome.future:
            stimulus.header.stamp = now_stamp
        stimulus.intensity = outcome.intensity
        self._send_cause(stimulus)
        return True

    def _takes_in(self, events: Iterable[FaceEvent]) -> bool:
        """Whether it changes the state that somebody came or went."""
        is_changed = False
        for event in events if self._settings['face_events'] else ():
            stimulus = self._stimulus(event.name, 1.0, FROM_FACES)
            stimulus.header.stamp = self._stamp(event.stamp_s)
            is_changed |= self._accepts(stimulus)
        return is_changed

    def _stimulus(self, name: str, intensity: float, source: str) -> Any:
        """A stimulus without a stamp that lasts as long as the library says."""
        return self._make(STIMULUS, name=name, intensity=intensity, duration=-1.0, source=source)

    def _changed(self) -> None:
        self.changes += 1
        self._publish()

    def _publish(self) -> None:
        now_ns = self._clock()
        state = self._state_message(self.engine.read(now_ns / 1e9))
        state.header.stamp = self._make(TIME, **stamp_fields(now_ns))
        self._send_state(state)

    def _state_message(self, reading: Reading) -> Any:
        """The reading as a message; its own stamp is left to the caller."""
        message = self._make(
            STATE,
            observation_stamp=self._make(TIME, **stamp_fields(self._observation_ns)),
            deviation=reading.deviation,
            mood=reading.mood,
            neutral=reading.neutral,
            visible_valence=reading.visible_valence,
            visible_arousal=reading.visible_arousal,
            intensity=reading.intensity,
            valence=reading.valence,
            arousal=reading.arousal,
            dominance=reading.dominance,
            dominant=reading.dominant,
            dominant_since=self._stamp(reading.dominant_since_s),
            last_stimulus=reading.last_stimulus,
            last_source=reading.last_source,
            last_change_stamp=self._stamp(reading.last_change_stamp_s or 0.0),
            attended_face=self._follower.attended,
        )
        for name, level in zip(MODULATORS, reading.levels, strict=True):
            setattr(message, name, float(level))
        for name, strength, visible in zip(
            EMOTIONS, reading.emotions, reading.visible, strict=True
        ):
            setattr(message, name, float(strength))
            setattr(message, f'visible_{name}', float(visible))
        return message

    def _stamp(self, seconds: float) -> Any:
        return self._make(TIME, **stamp_fields(max(0, from_seconds(seconds))))

    def _now_s(self) -> float:
        return self._clock() / 1e9


def _face(face: Any) -> Face:
    return Face(
        face.face_id,
        float(face.roi.width * face.roi.height),
        face.valence,
        face.arousal,
        face.confidence,
    )
