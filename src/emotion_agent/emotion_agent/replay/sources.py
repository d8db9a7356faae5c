# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Which topics of a bag are played to the agent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from emotion_agent.logic import (
    AFFECT,
    COMPRESSED_IMAGE,
    EVENT,
    FLOAT,
    IMAGE,
    PARAMETER_EVENT,
    POINT,
    STATE,
    STIMULUS,
    TEXT,
)
from emotion_agent.logic.hri import EXPRESSION

if TYPE_CHECKING:
    from emotion_agent.replay.bag import Topic

PARAMETER_EVENTS = '/parameter_events'
INPUTS = ('/stimulus', '/stimulus_text')
ORIGINS = ('images', 'affect', 'stimuli')


class NothingToPlay(ValueError):
    """A bag without what the replay was to begin from. The message lists what it has."""


@dataclass(frozen=True)
class Names:
    """
    The topics of an agent, as absolute names.

    Args:
        namespace: of the agent, without slashes around it.
        image_topic: of the camera; relative to the namespace unless it begins with a slash.
    """

    namespace: str = 'emotion'
    image_topic: str = 'camera/image_raw'

    def __getitem__(self, name: str) -> str:
        return name if name.startswith('/') else f'/{self.namespace}/{name}'.replace('//', '/')

    @property
    def image(self) -> str:
        """The raw camera image."""
        return self[self.image_topic]

    @property
    def compressed(self) -> str:
        """The compressed camera image."""
        return f'{self.image}/compressed'

    @property
    def affect(self) -> str:
        """What was read from the faces in the camera images."""
        return self['human_affect']

    @property
    def stimulus(self) -> str:
        """Stimuli of other nodes."""
        return self['stimulus']

    @property
    def text(self) -> str:
        """The same in plain text."""
        return self['stimulus_text']

    @property
    def causes(self) -> str:
        """Every stimulus that was accepted, with the stamp that counted."""
        return self['emotion_state/causes']

    @property
    def gaze(self) -> str:
        """Where other nodes want the face to look."""
        return self['gaze']

    @property
    def mouth(self) -> str:
        """How far the mouth is open while the robot speaks."""
        return self['mouth']

    @property
    def shown(self) -> str:
        """Expressions that other nodes want the face to show."""
        return self['show_expression']

    @property
    def state(self) -> str:
        """The emotional state."""
        return self['state']

    @property
    def face(self) -> str:
        """The drawn face."""
        return self['face_image']

    @property
    def events(self) -> str:
        """What is no stimulus but decides how the robot goes on."""
        return self['events']

    @property
    def snapshot(self) -> str:
        """Where the emotional state stands, to go on exactly from there."""
        return self['emotion_state/snapshot']

    @property
    def parameters(self) -> str:
        """All parameters of each node, at its start and after every change."""
        return self['parameters']

    def about(self) -> dict[str, str]:
        """Return topic -> type of what tells how the agent was, and is not played itself."""
        return {
            self.parameters: PARAMETER_EVENT,
            PARAMETER_EVENTS: PARAMETER_EVENT,
            self.events: EVENT,
            self.snapshot: EVENT,
        }

    def expected(self) -> dict[str, str]:
        """Return topic -> type of what is played and what comes of it."""
        return {
            self.image: IMAGE,
            self.compressed: COMPRESSED_IMAGE,
            self.affect: AFFECT,
            self.stimulus: STIMULUS,
            self.text: TEXT,
            self.causes: STIMULUS,
            self.gaze: POINT,
            self.mouth: FLOAT,
            self.shown: EXPRESSION,
            self.state: STATE,
            self.face: IMAGE,
        }


@dataclass
class Choice:
    """
    What is played.

    Attributes:
        origin: where the replay begins, one of `ORIGINS`.
        topics: the topics to play.
        skipped: topic -> why it is not played.
    """

    origin: str
    topics: list[str]
    skipped: dict[str, str] = field(default_factory=dict)


def found_namespace(recorded: Mapping[str, 'Topic']) -> str:
    """
    Return the namespace of the agent that a bag is of, 'emotion' where nothing says so.

    Raises:
        NothingToPlay: if there are several.
    """
    namespaces = agent_namespaces(recorded)
    if len(namespaces) > 1:
        listed = ', '.join(name or '/' for name in namespaces)
        raise NothingToPlay(
            'the bag is of several agents: choose one with the option or argument namespace: '
            f'{listed}'
        )
    return namespaces[0] if namespaces else Names().namespace


def chosen_namespace(recorded: Mapping[str, 'Topic'], namespace: str | None) -> str:
    """Return the namespace that was asked for, without slashes, else the one that is found."""
    return found_namespace(recorded) if namespace is None else namespace.strip('/')


def agent_namespaces(recorded: Mapping[str, 'Topic']) -> list[str]:
    """Return the namespaces of what agents published, else of what was said to them."""
    by_agents, to_agents = set[str](), set[str]()
    for topic, (msgtype, messages, *_) in recorded.items():
        for name, expected in Names('').expected().items():
            is_ours = msgtype == expected and msgtype.startswith('emotion_msgs/')
            if messages and (is_ours or name == Names('').text) and topic.endswith(name):
                namespace = topic.removesuffix(name).strip('/')
                (to_agents if name in INPUTS else by_agents).add(namespace)
    return sorted(by_agents or to_agents)


def choose(
    recorded: Mapping[str, 'Topic'],
    names: Names,
    origin: str | None = None,
    transport: str = 'auto',
    is_live: bool = False,
) -> Choice:
    """
    Choose what to play.

    Stimuli are taken from the recorded causes where there are any: they carry the stamps that
    counted. Played to live nodes beside images or affect, the causes would repeat what the nodes
    find in the faces themselves, so there the stimuli are taken as they came.

    Where the bag has a snapshot of the state, what was seen is taken from it rather than looked
    for in the images again: only so the recorded states come out.

    Args:
        recorded: topics of the bag.
        names: of the agent's topics.
        origin: one of `ORIGINS`; None = the first of them that was recorded, as said above.
        transport: which images, `raw`, `compressed`, or `auto` = all that were recorded; the
            estimator chooses among them as it does live.
        is_live: choose for live nodes.

    Raises:
        NothingToPlay: if the bag has not what the origin needs.
    """
    usable, skipped = _usable(recorded, names)
    images = [
        topic
        for topic, kind in ((names.image, 'raw'), (names.compressed, 'compressed'))
        if topic in usable and transport in ('auto', kind)
    ]
    affect = [names.affect] if names.affect in usable else []
    stimuli = _stimuli(usable, names, prefers_causes=not is_live or origin == 'stimuli')
    available = {'images': images, 'affect': affect, 'stimuli': stimuli}
    is_complete = is_recorded(recorded, names.snapshot)
    first_of = ORIGINS[1:] if is_complete else ORIGINS
    origin = origin or next((name for name in first_of if available[name]), 'stimuli')
    if not available[origin] and not (is_complete and origin == 'stimuli'):
        raise NothingToPlay(_missing(origin, recorded, names, skipped))
    to_the_face = [topic for topic in (names.gaze, names.mouth, names.shown) if topic in usable]
    given = [*stimuli, *to_the_face]
    played = given if origin == 'stimuli' else [*available[origin], *given]
    outcome = (names.state, names.face, *(names.about() if is_complete else ()))
    for topic in recorded:
        if topic not in played and topic not in outcome and recorded[topic].messages:
            skipped.setdefault(topic, f'not played from {origin}')
    return Choice(origin, played, skipped)


def is_recorded(recorded: Mapping[str, 'Topic'], topic: str) -> bool:
    """Whether a bag has messages of a topic."""
    return topic in recorded and recorded[topic].messages > 0


def _usable(recorded: Mapping[str, 'Topic'], names: Names) -> tuple[set[str], dict[str, str]]:
    """The topics that can be played, and why others of ours cannot."""
    usable, skipped = set(), {}
    for topic, expected in names.expected().items():
        if topic not in recorded or not recorded[topic].messages:
            continue
        msgtype, problem = recorded[topic].msgtype, recorded[topic].problem
        if msgtype != expected:
            skipped[topic] = f'expected {expected}, got {msgtype or "an unknown type"}'
        elif problem:
            skipped[topic] = problem
        else:
            usable.add(topic)
    return usable, skipped


def _stimuli(usable: set[str], names: Names, prefers_causes: bool) -> list[str]:
    as_given = [topic for topic in (names.stimulus, names.text) if topic in usable]
    causes = [names.causes] if names.causes in usable else []
    return (causes or as_given) if prefers_causes else (as_given or causes)


def _missing(
    origin: str, recorded: Mapping[str, 'Topic'], names: Names, skipped: Mapping[str, str]
) -> str:
    wanted = {
        'images': f'{names.image} or {names.compressed}',
        'affect': names.affect,
        'stimuli': f'{names.causes}, {names.stimulus} or {names.text}',
    }[origin]
    why = ''.join(f'; {topic}: {reason}' for topic, reason in skipped.items())
    namespaces = ', '.join(name or '/' for name in agent_namespaces(recorded)) or 'none found'
    return (
        f'nothing to replay from {origin}: expected {wanted}{why}; recorded are '
        f'{", ".join(sorted(recorded)) or "no topics"}; choose with --namespace (recorded: '
        f'{namespaces}), --image-topic or --from'
    )
