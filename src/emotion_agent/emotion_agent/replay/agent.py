# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Estimator, state and sketcher in one process without ROS, joined by their messages."""

from collections.abc import Callable, Mapping, MutableMapping
from typing import Any

from emotion_agent.logic import (
    AFFECT,
    COMPRESSED_IMAGE,
    EVENT,
    FLOAT,
    IMAGE,
    POINT,
    STATE,
    STIMULUS,
    TEXT,
    TIME,
    affect_estimator,
    emotion_state,
    face_sketcher,
)
from emotion_agent.logic.events import PARAMETERS, RESET, SNAPSHOT, TEMPERAMENT
from emotion_agent.logic.hri import EXPRESSION
from emotion_agent.logic.recorder import RECORD_UNITS
from emotion_agent.neuromodulation import ConfigError, EmotionConfig, UnreadableMemory, load
from emotion_agent.replay.discretion import discreet_affect
from emotion_agent.replay.messages import BagMessages, MalformedMessage
from emotion_agent.replay.parameters import ParameterError
from emotion_agent.replay.recorded_agent import Change, RecordedAgent
from emotion_agent.replay.sources import Choice, Names
from emotion_models.runtime import AffectEstimator, PhotoEncoder
from node_kit.images import ImageError
from node_kit.limits import excess_of
from node_kit.time import stamp_fields, to_nanoseconds, to_seconds

STATE_NODE, FACE_NODE = 'emotion_state', 'face_sketcher'
ESTIMATOR_NODE = 'affect_estimator'


class OfflineAgent:
    """
    The parts of the agent that the nodes run, on a clock that is set from outside.

    Messages between the parts pass as bytes, as they do between nodes, so that numbers have the
    same precision.

    Attributes:
        now_ns: the clock; to be set before each call, never back.
        keeper: the emotional state.
        sketcher: the face.
        images: camera images looked at.
        stream: which camera images those are.
        malformed: topic -> messages that could not be read.
        is_resumed: whether it began where the recorded agent stood.
        problems: what of the recorded agent, or chosen, could not be used, one line each.
        publishes_states: whether states are published; others count as never looked at.
    """

    def __init__(
        self,
        settings: Mapping[str, MutableMapping[str, Any]],
        names: Names,
        choice: Choice,
        messages: BagMessages,
        publish: Callable[[str, int, bytes], None],
        start_ns: int,
        recorded: RecordedAgent | None = None,
        given: Mapping[str, Mapping[str, Any]] | None = None,
    ):
        """
        Begin where the recorded agent stood, or at rest.

        Args:
            settings: values of each of `TABLES`; recorded changes are made in them.
            names: of the topics.
            choice: what will be played.
            messages: the types.
            publish: gets topic, time and bytes of everything that the agent publishes.
            start_ns: what time it is.
            recorded: the recorded agent.
            given: node -> parameters that are not as they were recorded.

        Raises:
            ParameterError: if what the parameters name is not there.
        """
        self._settings = settings
        self._given = given or {}
        recorded = recorded or RecordedAgent()
        self._missed = recorded.missed
        self.now_ns = start_ns
        self.images = 0
        self.stream = affect_estimator.ImageStream()
        self.malformed: dict[str, int] = {}
        self.publishes_states = True
        self.problems: list[str] = []
        self._names = names
        self._messages = messages
        self._publish = publish
        self._is_fed_images = choice.origin == 'images'
        recorders = [recorded.parameters.get(node, {}) for node in ('recorder', 'session')]
        asked_for = any(parameters.get(RECORD_UNITS) for parameters in recorders)
        self._keeps_units = not self._is_fed_images or asked_for
        # Stimuli that are derived from the faces are not played a second time.
        self._derives_events = choice.origin != 'stimuli'
        self._estimator: AffectEstimator | None = (
            affect_estimator.make_estimator(settings['affect_estimator'], say=self.problems.append)
            if self._is_fed_images
            else None
        )
        self._encoder = self._estimator.photo if self._estimator else None
        self.keeper = emotion_state.StateKeeper(
            settings['emotion_state'],
            messages.make,
            lambda: self.now_ns,
            self._take_state,
            lambda cause: self._pass(names.causes, STIMULUS, cause),
            lambda event: self._pass(names.events, EVENT, event),
            lambda kind, text: None,  # what is ignored is counted
            self._recorded_temperament(recorded.temperament),
        )
        self.is_resumed = recorded.snapshot is not None and self._resume(recorded.snapshot)
        self.sketcher = face_sketcher.Sketcher(
            settings['face_sketcher'],
            messages.make,
            lambda: self.now_ns,
            lambda drawn: self._pass(names.face, IMAGE, drawn.image),
            lambda kind, text: None,
        )
        if self.sketcher.decoder_problem:
            raise ParameterError(f'{names[FACE_NODE]}: {self.sketcher.decoder_problem}')
        if self.sketcher.identity_problem:
            self.problems.append(f'{names[FACE_NODE]}: {self.sketcher.identity_problem}')
        self._callbacks: dict[str, tuple[str, Callable[[Any], None]]] = {
            names.image: (IMAGE, self._estimate),
            names.compressed: (COMPRESSED_IMAGE, self._estimate),
            names.affect: (AFFECT, self._observe),
            names.stimulus: (STIMULUS, self.keeper.stimulate),
            names.text: (TEXT, self.keeper.stimulate_by_text),
            names.causes: (STIMULUS, self._stimulate_again),
            names.gaze: (POINT, self.sketcher.take_gaze),
            names.mouth: (FLOAT, self.sketcher.take_mouth),
            names.shown: (EXPRESSION, self.sketcher.take_expression),
        }

    def topics(self) -> dict[str, str]:
        """Return topic -> type of everything that the agent may publish."""
        published = {
            self._names.events: EVENT,
            self._names.causes: STIMULUS,
            self._names.state: STATE,
            self._names.face: IMAGE,
        }
        return {self._names.affect: AFFECT, **published} if self._derives_events else published

    def receive(self, topic: str, data: bytes) -> None:
        """Take in a recorded message; one that cannot be read, or is beyond limits, is counted."""
        if topic == self._names.events:  # of a study, for whoever looks at the new bag
            self._publish(topic, self.now_ns, data)
            return
        msgtype, callback = self._callbacks[topic]
        try:
            message = self._messages.from_bytes(msgtype, data)
            if not (is_refused := bool(excess_of(message))):
                callback(message)
        except (MalformedMessage, ImageError):
            is_refused = True
        if is_refused:
            self.malformed[topic] = self.malformed.get(topic, 0) + 1

    def apply(self, change: Change) -> bool:
        """Do again what was done to the recorded agent; False if what was given forbids it."""
        if change.kind == RESET:
            self.keeper.reset()
        elif change.kind == SNAPSHOT:
            return not self._given.get(STATE_NODE) and self._restart(change.value)
        elif change.kind == TEMPERAMENT:
            temperament = self._recorded_temperament(change.value)
            if temperament is None:
                return False
            self._settings[STATE_NODE]['temperament'] = change.name
            self.keeper.reconfigure({'temperament'}, temperament)
        elif change.kind == PARAMETERS:
            return self._set(change.node, change.value)
        return True

    def _set(self, node: str, values: Mapping[str, Any]) -> bool:
        settings = self._settings.get(node, {})
        given = self._given.get(node, {})
        changed = {
            name: value for name, value in values.items() if name in settings and name not in given
        }
        settings.update(changed)
        if changed and node == STATE_NODE:
            self.keeper.reconfigure(changed)
        elif changed and node == FACE_NODE:
            self.sketcher.reconfigure(set(changed))
        elif changed and node == ESTIMATOR_NODE and self._estimator is not None:
            self._estimator.photo = self._photo()
        return bool(changed)

    def _photo(self) -> PhotoEncoder | None:
        """The encoder of photographs where it is wanted by now, loaded once."""
        settings = self._settings[ESTIMATOR_NODE]
        if not affect_estimator.shared_fields(settings):
            return None
        if self._encoder is None:
            self._encoder = affect_estimator.choose_photo(settings, self.problems.append)
        return self._encoder

    def _restart(self, snapshot: Mapping[str, Any]) -> bool:
        """Go on as a node did that was started again."""
        settings = self._settings[STATE_NODE]
        settings.update(
            {name: value for name, value in snapshot['parameters'].items() if name in settings}
        )
        temperament = self._recorded_temperament(snapshot.get('temperament'))
        self.keeper.temperament = temperament or self.keeper.temperament
        return self._resume(snapshot)

    def _resume(self, snapshot: Mapping[str, Any]) -> bool:
        try:
            self.keeper.resume(snapshot)
        except UnreadableMemory as error:
            self.problems.append(f'the recorded snapshot: {error}')
            return False
        return True

    def _recorded_temperament(self, content: Mapping[str, Any] | None) -> EmotionConfig | None:
        """A recorded temperament, unless another one was given."""
        if content is None or 'temperament' in self._given.get(STATE_NODE, {}):
            return None
        try:
            return load(content)
        except ConfigError as error:
            raise ParameterError(
                f'the recorded temperament: {error}; choose one with --temperament'
            ) from None

    def _estimate(self, image: Any) -> None:
        assert self._estimator is not None
        number, sent_ns = self.stream.number, to_nanoseconds(image.header.stamp)
        transport = affect_estimator.transport_of(image)
        stamp_ns = self.stream.take(transport, sent_ns, self.now_ns, self.now_ns / 1e9)
        if stamp_ns is None:
            return
        image.header.stamp = self._messages.make(TIME, **stamp_fields(stamp_ns))
        if self.stream.number != number:
            self._estimator.reset()
        pixels = affect_estimator.pixels_of(image)
        faces = self._estimator(pixels, to_seconds(image.header.stamp))
        self.images += 1
        shared = affect_estimator.shared_fields(self._settings[ESTIMATOR_NODE])
        self._observe(
            affect_estimator.affect_message(
                self._messages.make, image.header, pixels.shape, faces, shared
            )
        )

    def _observe(self, affect: Any) -> None:
        affect = self._pass_affect(affect)
        self.sketcher.take_faces(affect)
        if not (self.is_resumed and self._is_not_for_the_state(affect)):
            self.keeper.observe(affect)

    def _is_not_for_the_state(self, affect: Any) -> bool:
        """Whether the recorded state took it in before it stood here, or did not receive it."""
        is_missed = to_nanoseconds(affect.header.stamp) in self._missed
        return is_missed or self.keeper.has_seen(affect)

    def _stimulate_again(self, cause: Any) -> None:
        if not (self._derives_events and cause.source == emotion_state.FROM_FACES):
            self.keeper.stimulate(cause)

    def _take_state(self, state: Any) -> None:
        if self.publishes_states:
            self.sketcher.take_state(self._pass(self._names.state, STATE, state))

    def _pass_affect(self, affect: Any) -> Any:
        """As `_pass`; what is not recorded of people is not written into the new bag either."""
        data = self._messages.to_bytes(AFFECT, affect)
        written = discreet_affect(self._messages, data, self._keeps_units)
        self._publish(self._names.affect, self.now_ns, written)
        return self._messages.from_bytes(AFFECT, data)

    def _pass(self, topic: str, msgtype: str, message: Any) -> Any:
        """Publish a message and return it as a subscriber gets it."""
        data = self._messages.to_bytes(msgtype, message)
        self._publish(topic, self.now_ns, data)
        return self._messages.from_bytes(msgtype, data)
