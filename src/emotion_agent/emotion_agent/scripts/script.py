# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What a script consists of, and the order in which it happens."""

from bisect import bisect_right
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from emotion_agent.neuromodulation import ConfigError
from node_kit.limits import shown
from node_kit.suggestions import did_you_mean


class ScriptedStimulus(NamedTuple):
    """One stimulus of a script."""

    at_s: float  # since the start
    name: str
    intensity: float  # [0, 1]
    duration_s: float | None  # None = as in the library


class Feeling(NamedTuple):
    """What is seen in the face of a played person at a time."""

    at_s: float  # since the start
    valence: float  # [-1, 1]
    arousal: float  # [-1, 1]


class PlayedPerson(NamedTuple):
    """Somebody whom the robot sees for a while."""

    from_s: float
    to_s: float  # not in view any more
    id: str
    course: tuple[Feeling, ...]  # at least one, sorted; linear in between, held before and after

    def at(self, at_s: float) -> Feeling:
        """Return what is seen in the face, whether the person is in view or not."""
        after = bisect_right(self.course, at_s, key=lambda feeling: feeling.at_s)
        if after == 0 or after == len(self.course):
            _, valence, arousal = self.course[max(0, after - 1)]
            return Feeling(at_s, valence, arousal)
        one, other = self.course[after - 1 : after + 1]
        share = (at_s - one.at_s) / (other.at_s - one.at_s)
        return Feeling(
            at_s,
            one.valence + share * (other.valence - one.valence),
            one.arousal + share * (other.arousal - one.arousal),
        )


class Coming(NamedTuple):
    """A played person comes into view."""

    at_s: float
    id: str


class Leaving(NamedTuple):
    """A played person leaves."""

    at_s: float
    id: str


class Gaze(NamedTuple):
    """The face looks at a point until the next one."""

    at_s: float
    point: tuple[float, float, float] | None  # as on the topic `gaze`; None = it looks about


class Saying(NamedTuple):
    """The mouth moves as that of somebody who speaks."""

    at_s: float
    wav: Path | None  # None = syllables that nobody hears
    for_s: float  # how long the syllables go on; of a file 0


class Marker(NamedTuple):
    """A mark for whoever looks at the recording."""

    at_s: float
    text: str


class Wait(NamedTuple):
    """The clock of the script stands until something comes."""

    at_s: float
    on: str  # one of AWAITED
    name: str  # of the key, event or stimulus; '' = any
    kind: str  # of the event
    at_most_s: float | None  # None = as long as it takes

    @property
    def words(self) -> str:
        """What it waits for, such as `key yes`."""
        words = [self.on, self.kind, self.name] if self.name else ['any', self.on, self.kind]
        return ' '.join(filter(None, words))


GAZE_PERIOD_S = 0.5  # a face that looks at a point is told so again, as it holds one for 2 s
KEY, EVENT, STIMULUS = AWAITED = 'key', 'event', 'stimulus'

Entry = Marker | Gaze | Saying | Leaving | Coming | ScriptedStimulus | Wait
ORDER = (Marker, Gaze, Saying, Leaving, Coming, ScriptedStimulus, Wait)
"""Of what happens at the same time, one kind after the other; of one kind as in the file."""


class Script(NamedTuple):
    """What happens, and when; each list sorted by time."""

    duration_s: float
    stimuli: tuple[ScriptedStimulus, ...] = ()
    people: tuple[PlayedPerson, ...] = ()
    gaze: tuple[Gaze, ...] = ()
    speech: tuple[Saying, ...] = ()
    markers: tuple[Marker, ...] = ()
    waits: tuple[Wait, ...] = ()
    name: str = ''

    def entries(self) -> list[Entry]:
        """Return all that happens at one time or another, in exactly that order."""
        happening: list[Entry] = [
            *self.stimuli,
            *self.gaze,
            *self.speech,
            *self.markers,
            *self.waits,
            *(Coming(person.from_s, person.id) for person in self.people),
            *(Leaving(person.to_s, person.id) for person in self.people),
        ]
        return sorted(happening, key=lambda entry: (entry.at_s, ORDER.index(type(entry))))

    def people_at(self, at_s: float) -> dict[str, Feeling]:
        """Return id -> what is seen in the face of everybody who is in view."""
        return {
            person.id: person.at(at_s)
            for person in self.people
            if person.from_s <= at_s < person.to_s
        }

    def gaze_at(self, at_s: float) -> tuple[float, float, float] | None:
        """Return the point that the face was told to look at, None where it looks about."""
        told = bisect_right(self.gaze, at_s, key=lambda gaze: gaze.at_s)
        return self.gaze[told - 1].point if told else None

    def check_stimuli(self, known: Collection[str], whose: str) -> None:
        """
        Raises:
            ConfigError: if a stimulus is not among the `known` ones of the library `whose`.
        """
        for stimulus in self.stimuli:
            if stimulus.name not in known:
                place = f'{self.name or "script"}: at {stimulus.at_s:g} s'
                raise ConfigError(
                    f'{place}: expected a stimulus of {whose}, got '
                    f'{shown(stimulus.name)}{did_you_mean(stimulus.name, known)}'
                )
