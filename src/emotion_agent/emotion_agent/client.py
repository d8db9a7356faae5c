# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
The emotional state, for other nodes.

    from emotion_agent.client import EmotionClient

    class Bumper(Node):
        def __init__(self):
            super().__init__('bumper')
            self.emotion = EmotionClient(self)
            self.emotion.on_state(lambda state: self.get_logger().info(state.dominant))

        def on_bump(self):
            self.emotion.stimulate('collision', intensity=0.5)
"""

import math
from collections.abc import Callable
from pathlib import Path
from threading import RLock

import numpy as np
from rclpy.node import Node
from rclpy.subscription import Subscription
from rclpy.task import Future

from emotion_agent.ros.delivery import PATIENCE_S, Delivery
from emotion_agent.ros.mouth import Mouth
from emotion_agent.ros.requests import (
    GIVEN_UP,
    SENT,
    UNKNOWN,
    StimulusLibrary,
    StimulusResult,
)
from emotion_agent.speaking.envelope import RATE_HZ, babble, openings
from emotion_agent.speaking.player import Player, Playing, starter, usual_player
from emotion_agent.speaking.speech import Speech
from emotion_agent.speaking.wav import WavError, read_wav
from emotion_msgs.msg import EmotionState, FaceAffect, FaceAffectArray, Stimulus
from node_kit.limits import excess_of, within_limits
from node_kit.qos import LATCHED, RESULT

__all__ = [
    'GIVEN_UP',
    'SENT',
    'UNKNOWN',
    'EmotionClient',
    'Speech',
    'StimulusLibrary',
    'StimulusResult',
    'WavError',
    'action_units_of',
    'usual_player',
]

OnState = Callable[[EmotionState], None]
OnFaces = Callable[[FaceAffectArray], None]
DURATION_OF_THE_LIBRARY = -1.0


class EmotionClient:
    """
    Publishes stimuli to the emotional state of one robot, and receives the state.

    Works inside any node that is spun. Every method may be called from any thread, callbacks and
    the constructor of the node included; none of them blocks. Callbacks are called, and futures
    are done, by the executor that spins the node: a callback that waits for a future in a loop
    waits for ever; one that is a coroutine may await it. rclpy's experimental `EventsExecutor` is
    not supported: in Jazzy's and Kilted's wheels it fires no timers, so that nothing is done.

    The log of the node has a line if no agent is there a few seconds after the start, with the
    namespaces that have one; if a stimulus was given up; and for each name that is not in the
    library.
    """

    def __init__(
        self,
        node: Node,
        namespace: str = 'emotion',
        source: str = '',
        patience_s: float = PATIENCE_S,
    ):
        """
        Create a publisher, a subscription, a service client and a timer on the node.

        Args:
            node: gets them.
            namespace: of the agent; `emotion` is relative to the namespace of the node,
                `/emotion` is absolute, '' is the node's own.
            source: of the stimuli, as `emotion_state/causes` shows it; '' = the name of the node.
            patience_s: how long a stimulus waits for an agent until it is given up, s.
        """
        self._node = node
        self._source = source or node.get_fully_qualified_name()
        self._listeners: tuple[OnState, ...] = ()
        self._of_faces: tuple[OnFaces, ...] = ()
        self._faces: Subscription | None = None
        self._state: EmotionState | None = None
        place = f'{namespace.rstrip("/")}/' if namespace else ''
        self._states = node.create_subscription(
            EmotionState, f'{place}state', within_limits(self._on_state), LATCHED
        )
        self._affect_topic = f'{place}human_affect'
        self._mouth_topic = f'{place}mouth'
        self._mouth: Mouth | None = None
        self._speech: Speech | None = None
        self._is_closed = False
        self._speaking = RLock()  # those who speak from other threads
        self._delivery = Delivery(node, place, patience_s)

    @property
    def state(self) -> EmotionState | None:
        """The newest state; None before the first. A late client gets the last one at once."""
        return self._state

    @property
    def is_connected(self) -> bool:
        """
        Whether an active agent takes the stimuli: a second or so after the start.

        One that has crashed is taken for active until DDS misses it: 5 s with the project's
        settings of Fast DDS, up to 20 s with its own.
        """
        return self._delivery.is_connected

    def stimulate(
        self, name: str, intensity: float = 1.0, duration_s: float | None = None
    ) -> Future:
        """
        Publish a stimulus, or as soon as an agent is there; it counts when it arrives.

        Args:
            name: in the library of the state, such as `praise`.
            intensity: share of the library's doses, [0, 1].
            duration_s: how long the doses flow, s; 0 = at once; None = as in the library.

        Returns:
            A future whose result is a `StimulusResult`: `SENT` once an agent that got it has
            answered. If the agent crashed before, the stimulus waits again for the next one, as
            long as `patience_s` lasts. An agent may ignore what was sent, such
            as a repetition that is too soon; what it accepts comes back on
            `emotion_state/causes`.

        Raises:
            ValueError: if a number is out of its range, or the name too long.
        """
        if not 0.0 <= intensity <= 1.0:
            raise ValueError(f'expected an intensity of 0 to 1, got {intensity}')
        if duration_s is None:
            duration_s = DURATION_OF_THE_LIBRARY
        elif not (math.isfinite(duration_s) and duration_s >= 0.0):
            raise ValueError(f'expected a duration of 0 s or more, or None, got {duration_s}')
        stimulus = Stimulus(
            name=name,
            intensity=float(intensity),
            duration=float(duration_s),
            source=self._source,
        )
        if excess := excess_of(stimulus):
            raise ValueError(f'{excess}: use the name of a stimulus, and a short source')
        return self._delivery.send(stimulus)

    def stimuli(self) -> Future:
        """Ask for the library; returns a future whose result is a `StimulusLibrary`."""
        return self._delivery.ask()

    def on_state(self, callback: OnState) -> None:
        """Call `callback` with every state from now on, by the executor that spins the node."""
        self._listeners = (*self._listeners, callback)

    def on_faces(self, callback: OnFaces) -> None:
        """
        Call `callback` with the faces of every camera image from now on, largest first.

        Only a client that asks for them subscribes to `human_affect`. Faces have action units
        while the parameter `action_units` of `affect_estimator` is on; see `action_units_of`.
        """
        self._of_faces = (*self._of_faces, callback)
        if self._faces is None:
            self._faces = self._node.create_subscription(
                FaceAffectArray, self._affect_topic, within_limits(self._on_faces), RESULT
            )

    def speak(self, wav: str | Path, player: Player | None = None, delay_s: float = 0.0) -> Speech:
        """
        Move the mouth of the face as the sound of a file does, 30 times a second.

        The mouth follows the loudness, see `emotion_agent.speaking.envelope.openings`, from a
        thread of its own, whether the node is spun or not. Returns when the file is read and
        whoever spoke before is stopped.

        Args:
            wav: a WAV file of any rate, mono or stereo, of 8 to 32 bits or floats.
            player: what plays it: a function that gets the path and returns when it was played, or
                a command to which the path is added, such as `usual_player()`; none = nothing
                plays it, as when a robot plays it elsewhere.
            delay_s: from the start of the player until something is heard, s.

        Returns:
            What is being said: `wait()` for its end, `stop()` it.

        Raises:
            WavError: a ValueError, if no sound can be read from the file.
            ValueError: if the program of the player is not there, the delay is none, or the client
                was closed.
        """
        if not (math.isfinite(delay_s) and delay_s >= 0.0):
            raise ValueError(f'expected a delay of 0 s or more, got {delay_s}')
        sound = read_wav(wav)
        start_sound = None if player is None else starter(player, Path(wav))
        return self._say(openings(*sound), start_sound, delay_s)

    def babble(self, length_s: float) -> Speech:
        """
        Move the mouth as that of somebody who speaks, for some seconds; nothing is heard.

        Returns:
            As `speak`.

        Raises:
            ValueError: if the length is none, or the client was closed.
        """
        return self._say(babble(length_s))

    def _say(
        self,
        how_far_open: np.ndarray,
        start_sound: Callable[[], Playing] | None = None,
        delay_s: float = 0.0,
    ) -> Speech:
        with self._speaking:
            if self._is_closed:
                raise ValueError('expected an open client, got one that was closed; make another')
            if self._speech is not None:
                self._speech.stop()
            mouth = self._mouth = self._mouth or Mouth(self._node, self._mouth_topic)
            self._speech = Speech(
                how_far_open.tolist(),
                RATE_HZ,
                mouth.open,
                mouth.is_drawn,
                start_sound,
                delay_s,
                lambda problem: self._node.get_logger().warning(f'{mouth.topic}: {problem}'),
            )
            return self._speech

    def close(self) -> None:
        """
        Give up what waits, fall silent, and destroy what was made on the node; the node goes on.

        What is asked afterwards is given up at once. A second close does nothing.
        """
        self._listeners, self._of_faces = (), ()
        self._node.destroy_subscription(self._states)
        if self._faces is not None:
            self._node.destroy_subscription(self._faces)
            self._faces = None
        self._close_mouth()
        self._delivery.close()

    def _close_mouth(self) -> None:
        with self._speaking:
            self._is_closed = True
            if self._speech is not None:
                self._speech.stop()
            if self._mouth is not None:
                self._mouth.close()
                self._mouth = None

    def _on_state(self, state: EmotionState) -> None:
        self._state = state
        for listener in self._listeners:
            listener(state)

    def _on_faces(self, faces: FaceAffectArray) -> None:
        for listener in self._of_faces:
            listener(faces)


def action_units_of(face: FaceAffect) -> dict[str, float]:
    """The action units of a face by name, [0, 1]; empty where they were not estimated."""
    from emotion_models.drawing.parts import FACIAL_UNITS  # drawing is slow to import

    units = face.action_units
    return dict(zip(FACIAL_UNITS, units, strict=True)) if len(units) == len(FACIAL_UNITS) else {}
