# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
A bag to look at: its courses on one time axis, and its messages around a time.

    with Recording(Path('monday')) as recording:
        courses = recording.courses()
        newest = recording.at(recording.start_ns + 5_000_000_000)

Times are those of the recording: ns, and Unix seconds.
"""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from emotion_agent.logic import EVENT
from emotion_agent.neuromodulation import EMOTIONS, MODULATORS
from emotion_agent.replay.bag import Bag, Recorded
from emotion_agent.replay.chunks import EVENT_CHARACTERS
from emotion_agent.replay.gaps import LATEST_NS
from emotion_agent.replay.messages import MalformedMessage
from emotion_agent.replay.people import UNSEEN_S
from emotion_agent.replay.sources import Names, NothingToPlay, chosen_namespace
from node_kit.limits import excess_of

AFFECT, STATE, FACE, CAUSES, EVENTS = (
    *('human_affect', 'state', 'face_image', 'emotion_state/causes', 'events'),
)
LOOKED_AT = (AFFECT, STATE, FACE, CAUSES, EVENTS)
"""Topics of an agent, relative to its namespace."""
LASTING = (AFFECT, STATE, FACE)
"""Those whose newest message holds until the next one."""

OF_THE_ROBOT = (
    *('valence', 'arousal', 'dominance', 'intensity', 'visible_valence', 'visible_arousal'),
    *EMOTIONS,
    *MODULATORS,
)
OF_THE_PERSON = 'valence', 'arousal', 'confidence'
SERIES = (*OF_THE_ROBOT, *(f'person_{name}' for name in OF_THE_PERSON))
"""Names of the courses; those of the person are of whom the robot attends to."""

FINEST_S = 0.1  # between two times of an axis
STATE_S = 30.0  # longer than between the states of the slowest agent
_WINDOWS_S = 2.0, 20.0, 200.0, 2000.0  # how far back the newest message is looked for


class Message(NamedTuple):
    """A message of a recording."""

    name: str  # one of `LOOKED_AT`
    time_ns: int  # when it was recorded
    content: Any  # with the fields of its type


class Courses(NamedTuple):
    """What was recorded, as it stood at each of N times."""

    times_s: np.ndarray  # (N,) float64, Unix time, evenly from the first to the last message
    series: Mapping[str, np.ndarray]  # of `SERIES` -> (N,) float32, NaN where there was nothing


class Recording:
    """
    A bag that is open to be looked at, in any order of time.

    Attributes:
        bag: with all that could not be read in `damage`.
        names: of the topics of the agent.
        start_ns: time of the first message.
        end_ns: time of the last message.
    """

    def __init__(self, path: Path, namespace: str | None = None):
        """
        Open a bag.

        Args:
            path: folder of a bag, or one .mcap or .db3 file.
            namespace: of the agent; None = the one that was recorded.

        Raises:
            BagError: if it cannot be read.
            NothingToPlay: if it has no state, face or observation of this agent, or several
                agents and no `namespace`.
        """
        self.bag = Bag(path)
        try:
            self.names = Names(chosen_namespace(self.bag.topics, namespace))
            types = self.names.expected() | self.names.about()
            self._topics = {
                self.names[name]: name
                for name in LOOKED_AT
                if is_readable(self.bag, self.names[name], types[self.names[name]])
            }
            if not set(LASTING) & set(self._topics.values()):
                raise NothingToPlay(
                    f'{path} has nothing to look at: expected one of '
                    f'{", ".join(self.names[name] for name in LASTING)}; recorded are '
                    f'{", ".join(sorted(self.bag.topics))}'
                )
        except BaseException:
            self.bag.__exit__()
            raise
        self.start_ns, self.end_ns = (
            min(max(0, time_ns), LATEST_NS) for time_ns in (self.bag.start_ns, self.bag.end_ns)
        )

    def __enter__(self) -> 'Recording':
        return self

    def __exit__(self, *_) -> None:
        self.bag.__exit__()

    def between(
        self,
        start_ns: int | None = None,
        stop_ns: int | None = None,
        names: Collection[str] = LOOKED_AT,
    ) -> Iterator[Message]:
        """
        Yield messages in the order of their recording, without those that cannot be right.

        Args:
            start_ns: from this time on; None = from the beginning.
            stop_ns: before this time; None = to the end.
            names: some of `LOOKED_AT`.
        """
        topics = [topic for topic, name in self._topics.items() if name in names]
        for event in self.bag.messages(topics, start_ns, stop_ns) if topics else ():
            if content := content_of(self.bag, event):
                yield Message(self._topics[event.topic], event.time_ns, content)

    def at(self, time_ns: int, names: Collection[str] = LASTING) -> dict[str, Message]:
        """
        Return the newest message of each topic that was recorded at a time or before.

        Args:
            time_ns: the time.
            names: some of `LOOKED_AT`.

        Returns:
            Name -> message; without those of which there is none in the half hour before.
        """
        found: dict[str, Message] = {}
        stop_ns = time_ns + 1
        for window_s in _WINDOWS_S:
            start_ns = time_ns - round(window_s * 1e9)
            wanted = [name for name in names if name not in found]
            newest = {message.name: message for message in self.between(start_ns, stop_ns, wanted)}
            found |= newest
            stop_ns = start_ns
            if len(found) == len(names) or start_ns <= self.start_ns:
                break
        return found

    def courses(self, most: int = 2000) -> Courses:
        """
        Return what was recorded as it stood at evenly spaced times, in one pass over the bag.

        Args:
            most: of the times, at least 2; there are fewer where they were closer than 0.1 s.
        """
        length_s = (self.end_ns - self.start_ns) / 1e9
        count = max(2, min(most, int(length_s / FINEST_S) + 2))
        times_ns = self.start_ns + np.round(
            np.linspace(0.0, self.end_ns - self.start_ns, count)
        ).astype(np.int64)
        values = np.full((len(SERIES), count), np.nan, np.float32)
        robot, person = _Held(STATE_S), _Held(UNSEEN_S)
        attended, row = '', 0

        def stand_until(time_ns: float) -> None:
            nonlocal row
            while row < count and times_ns[row] < time_ns:
                values[: len(OF_THE_ROBOT), row] = robot.at(times_ns[row])
                values[len(OF_THE_ROBOT) :, row] = person.at(times_ns[row])
                row += 1

        for message in self.between(names=(AFFECT, STATE)):
            stand_until(message.time_ns)
            if message.name == STATE:
                state = message.content
                robot.take([getattr(state, name) for name in OF_THE_ROBOT], message.time_ns)
                attended = state.attended_face
            else:
                face = looked_at(message.content.faces, attended)
                values_of_face = face and [getattr(face, name) for name in OF_THE_PERSON]
                person.take(values_of_face, message.time_ns)
        stand_until(np.inf)
        return Courses(times_ns / 1e9, dict(zip(SERIES, values, strict=True)))


class _Held:
    """Numbers that hold for a while."""

    def __init__(self, seconds: float):
        self._for_ns = round(seconds * 1e9)
        self._values: Any = np.nan
        self._since_ns = 0

    def take(self, values: Any, time_ns: int) -> None:
        self._values, self._since_ns = np.nan if values is None else values, time_ns

    def at(self, time_ns: int) -> Any:
        return self._values if time_ns - self._since_ns <= self._for_ns else np.nan


def looked_at(faces: Collection[Any], attended: str) -> Any:
    """Return the face that is attended to, the largest where nobody is; None = not there."""
    if not attended:
        return next(iter(faces), None)
    return next((face for face in faces if face.face_id == attended), None)


def content_of(bag: Bag, event: Recorded) -> Any:
    """Return a message of a bag; None if it is malformed or beyond limits."""
    try:
        content = bag.types.from_bytes(event.msgtype, event.data)
    except MalformedMessage:
        return None
    if event.msgtype == EVENT:  # whose value may be all that a temperament has
        return None if len(content.value) > EVENT_CHARACTERS else content
    return None if excess_of(content) else content


def is_readable(bag: Bag, topic: str, msgtype: str) -> bool:
    """Whether a bag has messages of a topic, of its type, that can be read."""
    if topic not in bag.topics:
        return False
    found = bag.topics[topic]
    return found.messages > 0 and found.msgtype == msgtype and not found.problem
