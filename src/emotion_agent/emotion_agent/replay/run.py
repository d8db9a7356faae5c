# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A bag through the agent, into a new bag."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

from emotion_agent.logic import AFFECT, EVENT, STATE, STIMULUS
from emotion_agent.logic.events import OF_A_STUDY
from emotion_agent.neuromodulation import EmotionConfig
from emotion_agent.neuromodulation.engine import HISTORY_S
from emotion_agent.replay.agent import OfflineAgent
from emotion_agent.replay.bag import Bag, Recorded
from emotion_agent.replay.gaps import LATEST_NS, Gap, is_possible
from emotion_agent.replay.messages import BagMessages, MalformedMessage
from emotion_agent.replay.people import UNSEEN_S, Person, person_among
from emotion_agent.replay.recorded_agent import Change, RecordedAgent
from emotion_agent.replay.sources import Choice, Names, NothingToPlay, choose
from emotion_agent.replay.timeline import play_own_rhythm, play_recorded_rhythm
from emotion_agent.replay.writer import McapFile
from node_kit.time import to_seconds

# What the state counts without anything being lost.
TAKEN = ('accepted', 'observed', 'strengthened')


@dataclass
class Outcome:
    """
    What a replay did.

    Attributes:
        choice: what was played, and what was not.
        states: every state, in order.
        people: of each state, the person who was attended to, as it was written; None = nobody
            was seen.
        stimuli: (stamp in s, name) of every accepted stimulus.
        config: of the emotional state.
        published: topic -> messages written.
        played: topic -> messages played.
        ignored: what was lost -> how often.
        unknown: stimulus that the temperament does not have -> how often it came.
        temperament: as it was named last.
        damage: what of the bag could not be read.
        done: recorded changes of the agent that were made again.
        not_done: those that were not, because of what was given.
        resumed: whether it began where the recorded agent stood.
        start_ns: when the recording begins, ns.
        images: camera images looked at.
        bag_s: length of the bag without its gaps, s.
        gaps: what was jumped, as nobody recorded.
        took_s: time that the replay took, s.
    """

    choice: Choice
    config: EmotionConfig
    bag_s: float
    states: list[Any] = field(default_factory=list)
    people: list[Person | None] = field(default_factory=list)
    stimuli: list[tuple[float, str]] = field(default_factory=list)
    published: Counter[str] = field(default_factory=Counter)
    played: Counter[str] = field(default_factory=Counter)
    ignored: dict[str, int] = field(default_factory=dict)
    unknown: dict[str, int] = field(default_factory=dict)
    temperament: str = ''
    damage: list[str] = field(default_factory=list)
    done: list[Change] = field(default_factory=list)
    not_done: list[Change] = field(default_factory=list)
    resumed: bool = False
    gaps: list[Gap] = field(default_factory=list)
    start_ns: int = 0
    images: int = 0
    took_s: float = 0.0
    _faces: Sequence[Any] = ()  # of the newest image
    _seen_ns: int = 0  # when that was

    def note(
        self, topic: str, time_ns: int, data: bytes, names: Names, messages: BagMessages
    ) -> None:
        """Take in what the agent published, and when."""
        self.published[topic] += 1
        if topic == names.affect:
            self._faces, self._seen_ns = messages.from_bytes(AFFECT, data).faces, time_ns
        elif topic == names.state:
            state = messages.from_bytes(STATE, data)
            self.states.append(state)
            faces = self._faces if time_ns - self._seen_ns <= UNSEEN_S * 1e9 else ()
            self.people.append(person_among(faces, state.attended_face))
        elif topic == names.causes:
            cause = messages.from_bytes(STIMULUS, data)
            self.stimuli.append((to_seconds(cause.header.stamp), cause.name))


def replay(
    bag: Bag,
    out: Path,
    settings: Mapping[str, MutableMapping[str, Any]],
    names: Names,
    origin: str | None = None,
    at_recorded_stamps: bool = False,
    progress: Callable[[Recorded], None] = lambda event: None,
    recorded: RecordedAgent | None = None,
    given: Mapping[str, Mapping[str, Any]] | None = None,
) -> Outcome:
    """
    Play a bag to the agent and write everything it publishes into a new bag.

    The same bag and settings give the same bytes. Where the bag has no message for `GAP_S`, the
    agent jumps in its own rhythm. The agent begins where the recorded one stood;
    where the bag does not say, it wakes at rest before the recording begins, early enough for
    whatever may come late.

    Args:
        bag: the recording.
        out: the new .mcap file.
        settings: from `replay_settings`; recorded changes are made in them.
        names: of the topics.
        origin: where to begin, one of `ORIGINS`; None = as early as the recording allows.
        at_recorded_stamps: publish states and draw at the stamps of the recorded ones.
        progress: called with every message that is played.
        recorded: what the bag says of the agent.
        given: node -> parameters that are not as they were recorded.

    Raises:
        NothingToPlay: if the bag has not what is needed.
        OutputError: if the new bag cannot be written.
        ConfigError, ParameterError, ArtefactError, DetectorError: if a part cannot be made.
    """
    messages = bag.types
    transport = settings['affect_estimator']['image_transport']
    choice = choose(bag.topics, names, origin, transport)
    cues = _cues(bag, names) if at_recorded_stamps else []
    # Without an end the recorded states show that somebody was there.
    pulses = [] if at_recorded_stamps else [t for t in (names.state,) if t in bag.topics]
    start_ns, end_ns = (min(max(0, time_ns), LATEST_NS) for time_ns in (bag.start_ns, bag.end_ns))
    misplaced = Counter[str]()
    started_s = perf_counter()
    with McapFile(out, messages) as file:

        def publish(topic: str, time_ns: int, data: bytes) -> None:
            file.write(topic, time_ns, data)
            outcome.note(topic, time_ns, data, names, messages)

        recorded = recorded or RecordedAgent()
        begins_ns = recorded.snapshot_ns or max(0, start_ns - round(HISTORY_S * 1e9))
        agent = OfflineAgent(
            settings, names, choice, messages, publish, begins_ns, recorded, given
        )
        outcome = Outcome(choice, agent.keeper.engine.config, (end_ns - start_ns) / 1e9)
        outcome.resumed, outcome.start_ns = agent.is_resumed, start_ns

        def do(change: Change) -> None:
            (outcome.done if agent.apply(change) else outcome.not_done).append(change)

        for topic, msgtype in agent.topics().items():
            file.announce(topic, msgtype, is_latched=topic == names.state)
        expected = {**names.expected(), names.events: EVENT}
        passed_on = [] if at_recorded_stamps else [names.events]

        def events() -> Iterator[Recorded]:
            for event in bag.messages({*choice.topics, *cues, *pulses, *passed_on}):
                if not is_possible(event.time_ns):
                    misplaced[event.topic] += 1
                elif event.msgtype == expected[event.topic] and (
                    event.topic not in passed_on or _is_of_a_study(event.data, messages)
                ):
                    if event.topic not in (*cues, *pulses):
                        outcome.played[event.topic] += 1
                    progress(event)
                    yield event

        changes = [change for change in recorded.changes if is_possible(change.time_ns)]
        if at_recorded_stamps:
            play_recorded_rhythm(agent, events(), changes, do, names, messages)
        else:
            rates_hz = (
                settings['face_sketcher']['rate_hz'],
                settings['emotion_state']['publish_rate_hz'],
            )
            outcome.gaps = play_own_rhythm(
                agent,
                events(),
                changes,
                do,
                rates_hz,
                recorded.snapshot_ns or start_ns,
                end_ns,
                pulses,
            )
            outcome.bag_s -= sum(gap.length_s for gap in outcome.gaps)
    outcome.took_s = perf_counter() - started_s
    if outcome.played[names.events]:
        choice.skipped.pop(names.events, None)
    outcome.images = agent.images
    outcome.ignored = _ignored(agent)
    outcome.unknown = dict(agent.keeper.unknown)
    outcome.temperament = settings['emotion_state']['temperament']
    outcome.damage = [
        *bag.damage,
        *agent.problems,
        *(f'{count} {topic}: a time that cannot be' for topic, count in misplaced.items()),
    ]
    return outcome


def _is_of_a_study(data: bytes, messages: BagMessages) -> bool:
    """Whether an event only tells of a study, and is in the new bag as it is."""
    try:
        return messages.from_bytes(EVENT, data).kind in OF_A_STUDY
    except MalformedMessage:
        return False


def _cues(bag: Bag, names: Names) -> list[str]:
    """The recorded topics whose stamps say when to publish the state and draw the face."""
    if names.state not in bag.topics:
        raise NothingToPlay(f'--at-recorded-stamps: {names.state} was not recorded')
    return [topic for topic in (names.state, names.face) if topic in bag.topics]


def _ignored(agent: OfflineAgent) -> dict[str, int]:
    counts = {
        **{f'malformed on {topic}': count for topic, count in agent.malformed.items()},
        **{f'{reason} images': count for reason, count in agent.stream.counters.items()},
        **{name: n for name, n in agent.keeper.counters.items() if name not in TAKEN},
    }
    return {name: count for name, count in counts.items() if count}
