# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
What the panel hears of one agent and says to it. Knows no Qt.

The link has a node and a thread of its own, so it can leave at any time: in the node that the
plugins of rqt share, what one of them destroys may be what the others' thread is waiting for.

Callbacks only put things down; the panel picks them up when it draws. So neither waits for the
other, and a panel that is slow sees fewer pictures.
"""

import os
from collections import deque
from collections.abc import Sequence
from threading import Event, Thread
from time import monotonic
from typing import Generic, NamedTuple, TypeVar

import rclpy
from rcl_interfaces.srv import GetParameters
from rclpy.exceptions import InvalidNamespaceException
from rclpy.executors import ExternalShutdownException, SingleThreadedExecutor
from rclpy.parameter import parameter_value_to_python
from rclpy.validate_namespace import validate_namespace
from sensor_msgs.msg import Image

from emotion_agent.client import EmotionClient
from emotion_agent.logic import STATE
from emotion_agent.logic.emotion_state import TABLE, configuration
from emotion_agent.neuromodulation import MODULATORS, ConfigError, EmotionEngine, ModulatorVector
from emotion_agent.rqt_emotion.plane import Affect
from emotion_msgs.msg import EmotionState, FaceAffect, FaceAffectArray, Stimulus, StimulusInfo
from node_kit.qos import EVENT, PICTURE, RESULT

WIZARD = 'wizard'  # face_id and frame_id of the person who is played by hand
WIZARD_PERIOD_S = 0.1
WIZARD_VIEW = (640, 480)  # px; the played person fills the middle of it
# What the resting levels depend on.
SETTINGS = ['temperament', *(f'offset.{name}' for name in MODULATORS)]

UNSEEN_S = 1.0  # a person is shown this long after they were last seen

T = TypeVar('T')


class Person(NamedTuple):
    """Somebody whom the robot sees, in the camera or played by hand."""

    affect: Affect
    is_played: bool


class Newest(Generic[T]):
    """
    A place for one message: the newest goes before the others.

    Attributes:
        value: the newest, None before the first.
        count: how many there were.
    """

    def __init__(self) -> None:
        self.value: T | None = None
        self.count = 0
        self._at = float('-inf')

    def put(self, value: T) -> None:
        """Take a message."""
        self.value = value
        self.count += 1
        self._at = monotonic()

    @property
    def age_s(self) -> float:
        """Time since the newest came, s; infinite before the first."""
        return monotonic() - self._at


class AgentLink:
    """
    The topics and services of one agent, seen by a panel.

    Attributes:
        namespace: of the agent.
        name: of the node of the link.
        state: the newest one.
        picture: the newest face_image.
        causes: accepted stimuli that nobody has taken from it yet, oldest first.
        stimuli: the library of the state node, once it has answered `ask`.
        rest: the resting level of each modulator, likewise; None where it cannot be known.
    """

    def __init__(self, namespace: str):
        """
        Join the topics. rclpy is initialised.

        Args:
            namespace: of the agent, from the root.

        Raises:
            ValueError: if it is no namespace.
        """
        check_namespace(namespace)
        self.namespace = namespace
        self._node = node = rclpy.create_node(f'rqt_emotion_{os.getpid()}')
        self.name = node.get_name()
        self.client = EmotionClient(node, namespace, source='rqt')
        self.state: Newest[EmotionState] = Newest()
        self.picture: Newest[Image] = Newest()
        self.causes: deque[Stimulus] = deque(maxlen=200)
        self.stimuli: tuple[StimulusInfo, ...] = ()
        self.rest: ModulatorVector | None = None
        self._played: Affect | None = None
        self._people: dict[str, tuple[float, Person]] = {}  # face_id -> when, whom
        self.client.on_state(self.state.put)
        place = f'{namespace.rstrip("/")}/'
        node.create_subscription(FaceAffectArray, f'{place}human_affect', self._on_faces, RESULT)
        node.create_subscription(Image, f'{place}face_image', self.picture.put, PICTURE)
        node.create_subscription(Stimulus, f'{place}emotion_state/causes', self._on_cause, EVENT)
        self._affect = node.create_publisher(FaceAffectArray, f'{place}human_affect', RESULT)
        self._parameters = node.create_client(
            GetParameters, f'{place}emotion_state/get_parameters'
        )
        self._timer = node.create_timer(WIZARD_PERIOD_S, self._show_person)
        self._timer.cancel()
        self._is_closing = Event()
        self._thread = Thread(target=self._spin, name=self.name, daemon=True)
        self._thread.start()

    @property
    def people(self) -> list[Person]:
        """Everybody whom somebody has seen in the last second."""
        return [person for at, person in self._people.values() if monotonic() - at < UNSEEN_S]

    @property
    def is_over(self) -> bool:
        """Whether ROS has been shut down, so that there is nobody left to talk to."""
        return not self._node.context.ok()

    @property
    def agents(self) -> list[str]:
        """The namespaces of all agents on the network, sorted."""
        return namespaces_of_agents(self._node.get_topic_names_and_types())

    def close(self) -> None:
        """Leave the graph."""
        self._is_closing.set()
        self._thread.join()
        self._node.destroy_node()

    def ask(self) -> None:
        """Ask for stimuli and resting levels; the answers come into the attributes."""
        if (stimuli := self.client.stimuli()) is not None:
            stimuli.add_done_callback(self._on_stimuli)
        if self._parameters.service_is_ready():
            values = self._parameters.call_async(GetParameters.Request(names=SETTINGS))
            values.add_done_callback(self._on_parameters)

    def play_person(self, affect: Affect | None) -> None:
        """
        Let the robot see a person, ten times a second until told otherwise.

        Args:
            affect: of the person; None = nobody is played.
        """
        self._played = affect
        if affect is None:
            self._timer.cancel()
        elif self._timer.is_canceled():
            self._timer.reset()

    def _spin(self) -> None:
        executor = SingleThreadedExecutor()
        executor.add_node(self._node)
        try:
            while not self._is_closing.is_set():
                executor.spin_once(timeout_sec=WIZARD_PERIOD_S)
        except ExternalShutdownException:
            pass  # rqt is ending
        finally:
            executor.shutdown()

    def _on_cause(self, cause: Stimulus) -> None:
        self.causes.append(cause)

    def _on_faces(self, faces: FaceAffectArray) -> None:
        now_s = monotonic()
        # Made anew, as the panel may be reading the old one.
        people = {id_: seen for id_, seen in self._people.items() if now_s - seen[0] < UNSEEN_S}
        for face in faces.faces:
            affect = Affect(face.valence, face.arousal)
            people[face.face_id] = now_s, Person(affect, face.face_id == WIZARD)
        self._people = people

    def _on_stimuli(self, answer) -> None:
        if answer.result() is not None:
            self.stimuli = tuple(answer.result().stimuli)

    def _on_parameters(self, answer) -> None:
        values = answer.result().values if answer.result() is not None else []
        named = zip(SETTINGS, map(parameter_value_to_python, values), strict=False)
        self.rest = resting_levels(dict(named))

    def _show_person(self) -> None:
        if (person := self._played) is not None:
            message = wizard_message(person)
            message.header.stamp = self._node.get_clock().now().to_msg()
            self._affect.publish(message)


def check_namespace(namespace: str) -> None:
    """
    Check a namespace before anything is made in it.

    Raises:
        ValueError: saying what is wrong with it.
    """
    try:
        validate_namespace(namespace)
    except InvalidNamespaceException as error:
        reason = str(error).splitlines()[0]
        raise ValueError(f'expected a namespace such as /emotion: {reason}') from None


def wizard_message(person: Affect) -> FaceAffectArray:
    """
    One face in the middle of the view, certain, and of a known person: the wizard's.

    Args:
        person: what the face shows. Nobody has looked for an expression, so each is as likely.
    """
    width, height = WIZARD_VIEW
    face = FaceAffect(
        face_id=WIZARD,
        valence=float(person.valence),
        arousal=float(person.arousal),
        confidence=1.0,
        expression=[1.0 / 8.0] * 8,
    )
    face.roi.width, face.roi.height = width // 2, height // 2
    face.roi.x_offset, face.roi.y_offset = width // 4, height // 4
    message = FaceAffectArray(faces=[face], image_width=width, image_height=height)
    message.header.frame_id = WIZARD
    return message


def resting_levels(settings: dict) -> ModulatorVector | None:
    """
    The level of each modulator when nothing has happened for long.

    Args:
        settings: the parameters `SETTINGS` of the state node by name.

    Returns:
        The levels, [0, 1]; None if they cannot be computed: a parameter is missing, or the
        temperament is a file of another machine.
    """
    if None in (settings.get(name) for name in SETTINGS):
        return None
    try:
        config = configuration({setting.name: setting.default for setting in TABLE} | settings)
    except ConfigError:
        return None
    return EmotionEngine(config, now_s=0.0).read(0.0).levels


def namespaces_of_agents(topics: Sequence[tuple[str, list[str]]]) -> list[str]:
    """
    The agents on the network.

    Args:
        topics: names and types, as the node lists them.

    Returns:
        Their namespaces, such as `/emotion`, sorted.
    """
    return sorted(
        name.removesuffix('/state') or '/'
        for name, kinds in topics
        if STATE in kinds and name.endswith('/state')
    )
