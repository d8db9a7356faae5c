# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Plays scripts to a live agent, in any node that is spun.

    runner = ScriptRunner(node, '/emotion')
    runner.play(read_script('study.yaml'))
"""

import json
import math
from collections.abc import Callable, Mapping
from threading import RLock
from time import monotonic
from typing import Any, NamedTuple

from geometry_msgs.msg import Point
from rclpy.node import Node
from rclpy.publisher import Publisher
from rclpy.subscription import Subscription

from emotion_agent.client import EmotionClient
from emotion_agent.logic.events import KEY, MARKER, SCRIPT, make_event
from emotion_agent.ros.messages import make_message
from emotion_agent.scripts.people import PERIOD_S, SCRIPT_FRAME, WIZARD, people_message
from emotion_agent.scripts.player import (
    ENDED,
    IDLE,
    PLAYING,
    Action,
    ScriptPlayer,
    StateChange,
)
from emotion_agent.scripts.script import (
    GAZE_PERIOD_S,
    Coming,
    Entry,
    Gaze,
    Leaving,
    Marker,
    Saying,
    Script,
    ScriptedStimulus,
    Wait,
)
from emotion_agent.speaking.player import Player
from emotion_agent.speaking.speech import Speech
from emotion_msgs.msg import Event, FaceAffectArray, Stimulus
from node_kit.limits import LINE_CHARACTERS, shown, within_limits
from node_kit.publishing import count_listeners, publish
from node_kit.qos import EVENT, RESULT
from node_kit.rhythm import Rhythm

TICK_S = 0.02
BY_HAND_S = 1.0  # so long after somebody played a person by hand, those of the script are not seen

SendEvent = Callable[[str, str, Mapping[str, Any] | None], None]


class ScriptStatus(NamedTuple):
    """Where a script is."""

    name: str = ''  # '' = none was played
    state: str = IDLE
    at_s: float = 0.0
    duration_s: float = 0.0
    wait: Wait | None = None  # that is on, also while it is paused
    next: Entry | None = None  # None = the end

    @property
    def waits_for(self) -> str:
        """What it waits for, such as `key yes`; '' = nothing."""
        return self.wait.words if self.wait else ''

    @property
    def is_running(self) -> bool:
        """Whether it plays, waits or is paused."""
        return self.state not in (IDLE, ENDED)


class ScriptRunner:
    """
    Plays one script at a time to one agent.

    Stimuli go out as those of an `EmotionClient`; people ten times a second on `human_affect`, all
    of them in one message; gaze on `gaze`, again and again until it ends; what it does itself, on
    `events`. Methods may be called from any thread, and do not block.

    Two never fight for the person who is seen: while somebody plays a person by hand in a panel,
    those of the script are silent, and where another script begins on the same agent, this one
    ends. Where a camera sees somebody as well, the log says so once.
    """

    def __init__(
        self,
        node: Node,
        namespace: str = 'emotion',
        sound: Player | None = None,
        on_action: Callable[[Action], None] = lambda action: None,
        send_event: SendEvent | None = None,
    ):
        """
        Create a client, publishers and subscriptions on the node.

        Args:
            node: gets them.
            namespace: of the agent, as for an `EmotionClient`.
            sound: what plays the WAV files, see `EmotionClient.speak`; None = they are not heard.
            on_action: gets whatever happens, in the thread in which it happens.
            send_event: gets kind, name and value of each event instead of the topic `events`; they
                have to come there from a node of the same name.
        """
        self._node = node
        self._sound, self._on_action = sound, on_action
        self._place = place = f'{namespace.rstrip("/")}/' if namespace else ''
        self._own = node.get_fully_qualified_name()
        self.client = EmotionClient(node, namespace, source=self._own)
        self._affect = node.create_publisher(FaceAffectArray, f'{place}human_affect', RESULT)
        self._gaze = node.create_publisher(Point, f'{place}gaze', RESULT)
        self._events = (
            node.create_publisher(Event, f'{place}events', EVENT) if send_event is None else None
        )
        self._send_event = send_event or self._publish_event
        self._heard = [
            node.create_subscription(Event, f'{place}events', self._on_event, EVENT),
            node.create_subscription(
                Stimulus, f'{place}emotion_state/causes', within_limits(self._on_cause), EVENT
            ),
        ]
        self._faces: Subscription | None = None  # while a script with people is played
        self._lock = RLock()  # those who call share what follows with the executor
        self._player: ScriptPlayer | None = None
        self._rhythm: Rhythm | None = None
        self._speech: Speech | None = None
        self._people_due_s = self._gaze_due_s = self._by_hand_s = -math.inf
        self._shows_people = self._is_warned = False

    @property
    def status(self) -> ScriptStatus:
        """Where the script is that was played last."""
        with self._lock:
            player = self._player
            if player is None:
                return ScriptStatus()
            return ScriptStatus(
                player.script.name,
                player.state,
                player.position_s,
                player.script.duration_s,
                player.wait,
                player.next,
            )

    @property
    def is_connected(self) -> bool:
        """Whether an agent takes stimuli, and all who are known get what the script does."""
        return self.client.is_connected and all(found >= known for found, known in self.listeners)

    @property
    def listeners(self) -> list[tuple[int, int]]:
        """For each topic, how many get what is published, and how many are known to listen."""
        publishers = filter(None, (self._affect, self._gaze, self._events))
        return [
            (
                count_listeners(self._node, publisher),
                self._node.count_subscribers(publisher.topic_name),
            )
            for publisher in publishers
        ]

    def play(self, script: Script, from_s: float = 0.0) -> None:
        """
        Begin a script, and end the one that runs.

        Args:
            script: from `read_script`.
            from_s: where to begin, see `ScriptPlayer.start`.

        Raises:
            ValueError: if the script is not that long.
        """
        player = ScriptPlayer(script)
        with self._lock:
            player.start(self._now_s(), from_s)
            self.stop()
            self._player, self._is_warned = player, False
            self._people_due_s = self._gaze_due_s = -math.inf
            if script.people:
                self._faces = self._node.create_subscription(
                    FaceAffectArray,
                    f'{self._place}human_affect',
                    within_limits(self._on_faces),
                    RESULT,
                )
            self._rhythm = Rhythm(self._node, TICK_S, self._tick)
            self._tick()

    def pause(self) -> bool:
        """Let the script stand; False if none runs, or it is paused. A sentence is completed."""
        return self._control('pause')

    def resume(self) -> bool:
        """Go on after a pause; False if it is not paused."""
        return self._control('resume')

    def skip(self) -> bool:
        """End a wait or go to the next entry, see `ScriptPlayer.skip`; False if none runs."""
        return self._control('skip')

    def stop(self) -> bool:
        """End the script, and fall silent; False if none runs."""
        with self._lock:
            is_stopped = self._control('stop')
            if is_stopped and self._speech is not None:
                self._speech.stop()
        return is_stopped

    def key(self, name: str) -> bool:
        """Tell of a key, which ends a wait for it; False if no script runs."""
        with self._lock:
            if self._player is None or not self.status.is_running:
                return False
            self._send_event(KEY, name, None)
            self._player.key(name, self._now_s())
            self._tick()
        return True

    def close(self) -> None:
        """End the script, and destroy what was made on the node. A second close does nothing."""
        self.stop()
        self.client.close()
        for subscription in self._heard:
            self._node.destroy_subscription(subscription)
        publishers = filter(None, (self._affect, self._gaze, self._events))
        for publisher in publishers if self._heard else ():
            self._node.destroy_publisher(publisher)
        self._heard = []

    def _now_s(self) -> float:
        """As the rhythm of the node goes: simulated time where it has it."""
        if self._node.get_parameter('use_sim_time').value:
            return self._node.get_clock().now().nanoseconds / 1e9
        return monotonic()

    def _control(self, what: str) -> bool:
        with self._lock:
            if self._player is None:
                return False
            is_done = getattr(self._player, what)(self._now_s())
            self._tick()
        return is_done

    def _tick(self) -> None:
        """Do what is due; at the end of a script its rhythm ends."""
        with self._lock:
            player = self._player
            if player is None or self._rhythm is None:
                return
            now_s = self._now_s()
            for action in player.advance(now_s):
                self._do(action)
            self._go_on(player, now_s)
            if player.state == ENDED:
                self._end()

    def _do(self, action: Action) -> None:
        script = self.status.name
        match action:
            case StateChange(at_s, state):
                self._send_event(SCRIPT, script, {'state': state, 'at_s': at_s})
            case Marker(at_s, text):
                self._send_event(MARKER, text, {'script': script, 'at_s': at_s})
            case ScriptedStimulus(_, name, intensity, duration_s):
                self.client.stimulate(name, intensity, duration_s)
            case Saying():
                self._say(action)
            case Coming() | Leaving():
                self._people_due_s = -math.inf
            case Gaze():
                self._gaze_due_s = -math.inf
        self._on_action(action)

    def _say(self, saying: Saying) -> None:
        try:
            if saying.wav is None:
                self._speech = self.client.babble(saying.for_s)
            else:
                self._speech = self.client.speak(saying.wav, self._sound)
        except ValueError as error:
            self._node.get_logger().warning(f'{self.status.name}: {error}')

    def _go_on(self, player: ScriptPlayer, now_s: float) -> None:
        """Show people and the gaze again, when it is time."""
        people = player.people
        if (people or self._shows_people) and now_s >= self._people_due_s:
            self._people_due_s = max(self._people_due_s, now_s - TICK_S) + PERIOD_S
            self._shows_people = bool(people)
            if monotonic() > self._by_hand_s + BY_HAND_S:
                stamp = self._node.get_clock().now().to_msg()
                self._publish(self._affect, people_message(make_message, people, stamp))
        if (point := player.gaze) is not None and now_s >= self._gaze_due_s:
            self._gaze_due_s = now_s + GAZE_PERIOD_S
            self._publish(self._gaze, Point(x=point[0], y=point[1], z=point[2]))

    def _end(self) -> None:
        if self._rhythm is not None:
            self._rhythm.close()
            self._rhythm = None
        if self._faces is not None:
            self._node.destroy_subscription(self._faces)
            self._faces = None

    def _on_event(self, event: Event) -> None:
        """Let an event end a wait for it; those of the script itself do not."""
        is_own = event.source == self._node.get_name()
        is_of_script = event.kind == SCRIPT or (event.kind == MARKER and event.value)
        with self._lock:
            if self._player is None or not self.status.is_running:
                return
            if event.kind == SCRIPT and not is_own and _state_in(event.value) == PLAYING:
                self._node.get_logger().warning(
                    f'{self.status.name} ends: {shown(event.source)} plays {shown(event.name)}'
                )
                self.stop()
            elif event.kind == KEY and not is_own:
                self._player.key(event.name, self._now_s())
            elif not is_of_script and event.kind != KEY:
                self._player.event(event.kind, event.name, self._now_s())

    def _on_cause(self, cause: Stimulus) -> None:
        with self._lock:
            if self._player is not None and cause.source != self._own:
                self._player.stimulus(cause.name, self._now_s())

    def _on_faces(self, affect: FaceAffectArray) -> None:
        """Take note of others who show people."""
        if affect.header.frame_id == WIZARD:
            self._by_hand_s = monotonic()
        elif affect.header.frame_id == SCRIPT_FRAME or not affect.faces:
            return
        elif self._shows_people and not self._is_warned:
            self._is_warned = True
            self._node.get_logger().warning(
                f'{self.status.name}: a camera sees somebody as well, and the robot attends to '
                'one of them; stop the camera while a script plays people'
            )

    def _publish_event(self, kind: str, name: str, value: Mapping[str, Any] | None) -> None:
        now_ns = self._node.get_clock().now().nanoseconds
        own = self._node.get_name()
        self._publish(self._events, make_event(make_message, kind, now_ns, own, name, value))

    def _publish(self, publisher: Publisher | None, message: Any) -> None:
        if publisher is not None:
            publish(self._node, publisher, message)


def _state_in(value: str) -> str:
    """What the event of a script says of its state; '' where it cannot be understood."""
    try:
        return str(json.loads(value[:LINE_CHARACTERS])['state'])
    except (ValueError, KeyError, TypeError):
        return ''
