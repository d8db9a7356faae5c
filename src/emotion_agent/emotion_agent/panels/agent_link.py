# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
The topics and services of one agent for a panel: a view on any node, and a link of its own.

The link, for rqt, has a node and a thread of its own, so it can be closed at any time: the plugins
of rqt share a node, and destroying something there may break the wait of another plugin's thread.

Callbacks only store messages; the panel takes them when it draws. So neither waits for the other,
and a slow panel shows fewer pictures.
"""

import os
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from threading import Event, Thread
from time import monotonic
from typing import Generic, NamedTuple, TypeVar

import rclpy
from builtin_interfaces.msg import Time
from rcl_interfaces.srv import GetParameters
from rclpy.clock import Clock, ClockType
from rclpy.executors import ExternalShutdownException, SingleThreadedExecutor
from rclpy.node import Node
from rclpy.parameter import parameter_value_to_python
from sensor_msgs.msg import Image

from emotion_agent.client import EmotionClient
from emotion_agent.logic import STATE
from emotion_agent.logic.configuration import configuration, read_temperament
from emotion_agent.logic.emotion_state import TABLE
from emotion_agent.neuromodulation import MODULATORS, ConfigError, EmotionEngine, ModulatorVector
from emotion_agent.panels.plane import Affect
from emotion_agent.ros.agents import check_namespace
from emotion_agent.ros.messages import make_message
from emotion_agent.ros.session_client import SessionClient
from emotion_agent.scripts.people import PERIOD_S, SCRIPT_FRAME, WIZARD, people_message
from emotion_agent.scripts.script import Feeling
from emotion_models.drawing.parts import FACIAL_UNITS
from emotion_msgs.msg import EmotionState, FaceAffect, FaceAffectArray, Stimulus, StimulusInfo
from node_kit.limits import within_limits
from node_kit.main import SHUT_DOWN_ERRORS
from node_kit.publishing import publish
from node_kit.qos import EVENT, PICTURE, RESULT

PLAYED = (WIZARD, SCRIPT_FRAME)  # frame_id of people who are played, by hand or by a script
# Parameters that set the resting levels.
SETTINGS = ['temperament', 'temperament_folder', *(f'offset.{name}' for name in MODULATORS)]

UNSEEN_S = 1.0  # a person is shown this long after they were last seen

T = TypeVar('T')


class Person(NamedTuple):
    """Somebody whom the robot sees, in the camera or simulated by hand."""

    affect: Affect
    is_simulated: bool
    units: tuple[float, ...] = ()  # action units, order of FACIAL_UNITS; none = not estimated


class Newest(Generic[T]):
    """
    The newest message of a topic.

    Attributes:
        value: the newest, None before the first.
        count: how many there were.
    """

    def __init__(self) -> None:
        self.value: T | None = None
        self.count = 0
        self._at_s = float('-inf')

    def put(self, value: T) -> None:
        """Store a message."""
        self.value = value
        self.count += 1
        self._at_s = monotonic()

    @property
    def age_s(self) -> float:
        """Time since the newest came, s; infinite before the first."""
        return monotonic() - self._at_s


class AgentView:
    """
    The topics and services of one agent, seen by a panel, on a node that somebody spins.

    Attributes:
        namespace: of the agent.
        client: of the agent.
        state: the newest one.
        picture: the newest face_image.
        affect: the newest message on human_affect.
        causes: accepted stimuli, oldest first; the panel takes them out.
        stimuli: the library of the state node, after an answer to `ask`.
        rest: the resting level of each modulator, likewise; None if it cannot be computed.
    """

    def __init__(self, node: Node, namespace: str, source: str):
        """
        Create what is needed on the node.

        Args:
            node: gets it.
            namespace: of the agent, from the root.
            source: of the stimuli of the panel.
        """
        self.namespace = namespace
        self._node = node
        self.client = EmotionClient(node, namespace, source=source)
        self.state: Newest[EmotionState] = Newest()
        self.picture: Newest[Image] = Newest()
        self.affect: Newest[FaceAffectArray] = Newest()
        self.causes: deque[Stimulus] = deque(maxlen=200)
        self.stimuli: tuple[StimulusInfo, ...] = ()
        self.rest: ModulatorVector | None = None
        self._simulated: Affect | None = None
        self._seen: dict[str, tuple[float, FaceAffect, bool]] = {}  # id -> when, whom, played
        self.client.on_state(self.state.put)
        place = f'{namespace.rstrip("/")}/'
        on_faces, on_cause = within_limits(self._on_faces), within_limits(self.causes.append)
        self._subscriptions = [
            node.create_subscription(FaceAffectArray, f'{place}human_affect', on_faces, RESULT),
            node.create_subscription(Image, f'{place}face_image', self.picture.put, PICTURE),
            node.create_subscription(Stimulus, f'{place}emotion_state/causes', on_cause, EVENT),
        ]
        self._affect = node.create_publisher(FaceAffectArray, f'{place}human_affect', RESULT)
        self._parameters = node.create_client(
            GetParameters, f'{place}emotion_state/get_parameters'
        )
        self._timer = node.create_timer(
            PERIOD_S, self._show_person, clock=Clock(clock_type=ClockType.STEADY_TIME)
        )
        self._timer.cancel()

    @property
    def faces(self) -> list[tuple[FaceAffect, bool]]:
        """Everybody seen in the last second, and whether they are played."""
        return [
            (face, is_played)
            for at_s, face, is_played in self._seen.values()
            if monotonic() - at_s < UNSEEN_S
        ]

    @property
    def people(self) -> list[Person]:
        """Everybody seen in the last second."""
        return [person_of(face, is_played) for face, is_played in self.faces]

    @property
    def attended_units(self) -> tuple[float, ...]:
        """The action units of the person whom the robot attends to; none = they do not come."""
        attended = self.state.value.attended_face if self.state.value is not None else ''
        found = [person_of(*seen).units for seen in self.faces if seen[0].face_id == attended]
        return found[0] if found else ()

    def ask(self) -> None:
        """Request stimuli and resting levels; the answers are stored in the attributes."""
        self.client.stimuli().add_done_callback(self._on_stimuli)
        if self._parameters.service_is_ready():
            values = self._parameters.call_async(GetParameters.Request(names=SETTINGS))
            values.add_done_callback(self._on_parameters)

    def simulate_person(self, affect: Affect | None) -> None:
        """
        Publish a simulated person on `human_affect`, ten times a second until the next call.

        Args:
            affect: of the person; None = stop.
        """
        self._simulated = affect
        with suppress(*SHUT_DOWN_ERRORS):  # from ROS 2 Kilted on, timers end with ROS
            if affect is None:
                self._timer.cancel()
            elif self._timer.is_canceled():
                self._timer.reset()

    def close(self) -> None:
        """Destroy what was made on the node."""
        self.client.close()
        for subscription in self._subscriptions:
            self._node.destroy_subscription(subscription)
        self._node.destroy_timer(self._timer)
        self._node.destroy_client(self._parameters)
        self._node.destroy_publisher(self._affect)

    def _on_faces(self, faces: FaceAffectArray) -> None:
        self.affect.put(faces)
        now_s = monotonic()
        # A new dictionary, as the panel may be reading the old one.
        seen = {id_: entry for id_, entry in self._seen.items() if now_s - entry[0] < UNSEEN_S}
        is_played = faces.header.frame_id in PLAYED
        for face in faces.faces:
            seen[face.face_id] = now_s, face, is_played
        self._seen = seen

    def _on_stimuli(self, answer) -> None:
        if not answer.result().problem:
            self.stimuli = answer.result().stimuli

    def _on_parameters(self, answer) -> None:
        values = answer.result().values if answer.result() is not None else []
        named = zip(SETTINGS, map(parameter_value_to_python, values), strict=False)
        self.rest = resting_levels(dict(named))

    def _show_person(self) -> None:
        if (person := self._simulated) is not None:
            message = wizard_message(person)
            message.header.stamp = self._node.get_clock().now().to_msg()
            publish(self._node, self._affect, message)


class AgentLink(AgentView):
    """
    A view of one agent with a node of its own, which a thread of its own spins.

    Attributes:
        name: of the node.
        session: asks the node `session` of the agent.
    """

    def __init__(self, namespace: str):
        """
        Create the node and spin it; rclpy must be initialised.

        Args:
            namespace: of the agent, from the root.

        Raises:
            ValueError: if the namespace is not valid.
        """
        check_namespace(namespace)
        node = rclpy.create_node(f'rqt_emotion_{os.getpid()}')
        self.name = node.get_name()
        super().__init__(node, namespace, source='rqt')
        self.session = SessionClient(node, namespace)
        self._is_closing = Event()
        self._thread = Thread(target=self._spin, name=self.name, daemon=True)
        self._thread.start()

    @property
    def is_over(self) -> bool:
        """Whether ROS has been shut down."""
        return not self._node.context.ok()

    @property
    def agents(self) -> list[str]:
        """The namespaces of all agents on the network, sorted."""
        return namespaces_of_agents(self._node.get_topic_names_and_types())

    def close(self) -> None:
        """Stop spinning and destroy the node."""
        self._is_closing.set()
        self._thread.join()
        self._node.destroy_node()

    def _spin(self) -> None:
        executor = SingleThreadedExecutor()
        executor.add_node(self._node)
        try:
            while not self._is_closing.is_set():
                executor.spin_once(timeout_sec=PERIOD_S)
        except ExternalShutdownException:
            pass  # rqt is ending
        finally:
            executor.shutdown()


def person_of(face: FaceAffect, is_simulated: bool) -> Person:
    """Return a face as a panel shows it."""
    known = len(face.action_units) == len(FACIAL_UNITS)
    units = tuple(face.action_units) if known else ()
    return Person(Affect(face.valence, face.arousal), is_simulated, units)


def wizard_message(person: Affect) -> FaceAffectArray:
    """
    A simulated face in the middle of the view, with confidence 1.

    Args:
        person: valence and arousal of the face; each expression is given the same probability.
    """
    played = {WIZARD: Feeling(0.0, float(person.valence), float(person.arousal))}
    return people_message(make_message, played, Time(), WIZARD)


def resting_levels(settings: dict) -> ModulatorVector | None:
    """
    The level of each modulator at rest.

    Args:
        settings: the parameters `SETTINGS` of the state node by name.

    Returns:
        The levels, [0, 1]; None if they cannot be computed: a parameter is missing, or the
        temperament is a file of another machine.
    """
    if None in (settings.get(name) for name in SETTINGS):
        return None
    try:
        values = {setting.name: setting.default for setting in TABLE} | settings
        config = configuration(values, read_temperament(values))
    except ConfigError:
        return None
    return EmotionEngine(config, now_s=0.0).read(0.0).levels


def namespaces_of_agents(topics: Sequence[tuple[str, list[str]]]) -> list[str]:
    """
    The agents on the network.

    Args:
        topics: names and types, as `Node.get_topic_names_and_types` returns them.

    Returns:
        Their namespaces, such as `/emotion`, sorted.
    """
    return sorted(
        name.removesuffix('/state') or '/'
        for name, kinds in topics
        if STATE in kinds and name.endswith('/state')
    )
