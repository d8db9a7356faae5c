# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A script as a recording of what it does, so that a replay plays it; waits take no time."""

from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np

from emotion_agent.logic import AFFECT, EVENT, FLOAT, HEADER, POINT, STIMULUS, TIME
from emotion_agent.logic.events import MARKER, SCRIPT, make_event
from emotion_agent.replay.bag import Bag, Recorded, Topic
from emotion_agent.replay.messages import BagMessages
from emotion_agent.replay.sources import Names
from emotion_agent.scripts.offline import people_times, stimulus_message
from emotion_agent.scripts.people import people_message
from emotion_agent.scripts.player import ENDED, PLAYING
from emotion_agent.scripts.reading import read_script
from emotion_agent.scripts.script import GAZE_PERIOD_S, Saying, Script
from emotion_agent.speaking.envelope import RATE_HZ, babble, openings
from emotion_agent.speaking.wav import read_wav
from node_kit.time import stamp_fields

START_NS = 1_767_225_600 * 10**9  # 2026-01-01 UTC: the same script gives the same bytes
SUFFIXES = '.yaml', '.yml'
SOURCE = 'script'


class ScriptBag(Bag):
    """What a script would have left in a bag, had it been played live to an agent."""

    def __init__(self, path: Path, names: Names | None = None):
        """
        Read a script.

        Args:
            path: of its YAML file.
            names: of the topics; None = the usual ones.

        Raises:
            ConfigError: naming the place in the file.
        """
        self.path, self.types, self.damage = path, BagMessages(), []
        self._sources, self._stack = [], ExitStack()
        script = read_script(path)
        self.start_ns, self.end_ns = START_NS, START_NS + round(script.duration_s * 1e9)
        self._messages = sorted(
            self._played(script, names or Names()), key=lambda message: message.time_ns
        )
        counts = Counter((message.topic, message.msgtype) for message in self._messages)
        self.topics = {
            topic: Topic(msgtype, count, '', False) for (topic, msgtype), count in counts.items()
        }

    def messages(
        self, topics: Collection[str], start_ns: int | None = None, stop_ns: int | None = None
    ) -> Iterator[Recorded]:
        """Yield the messages of some topics in [start, stop), in the order of the script."""
        for message in self._messages:
            is_early = start_ns is not None and message.time_ns < start_ns
            is_late = stop_ns is not None and message.time_ns >= stop_ns
            if message.topic in topics and not (is_early or is_late):
                yield message

    def _played(self, script: Script, names: Names) -> Iterator[Recorded]:
        """All messages; at the same time in the order of `scripts.script.ORDER`."""
        make = self.types.make
        yield self._event(names, SCRIPT, script.name, 0.0, {'state': PLAYING, 'at_s': 0.0})
        for marker in script.markers:
            value = {'script': script.name, 'at_s': marker.at_s}
            yield self._event(names, MARKER, marker.text, marker.at_s, value)
        for at_s, point in _gazes(script):
            x, y, z = point
            yield self._message(names.gaze, POINT, at_s, make(POINT, x=x, y=y, z=z))
        for at_s, opening in _mouth(script):
            yield self._message(names.mouth, FLOAT, at_s, make(FLOAT, data=opening))
        for at_s in people_times(script):
            people = people_message(make, script.people_at(at_s), self._stamp(at_s))
            yield self._message(names.affect, AFFECT, at_s, people)
        for stimulus in script.stimuli:
            message = stimulus_message(make, stimulus, SOURCE)
            message.header = make(HEADER, stamp=self._stamp(stimulus.at_s))
            yield self._message(names.stimulus, STIMULUS, stimulus.at_s, message)
        end_s = script.duration_s
        yield self._event(names, SCRIPT, script.name, end_s, {'state': ENDED, 'at_s': end_s})

    def _event(self, names: Names, kind: str, name: str, at_s: float, value: Any) -> Recorded:
        time_ns = START_NS + round(at_s * 1e9)
        event = make_event(self.types.make, kind, time_ns, SOURCE, name, value)
        return self._message(names.events, EVENT, at_s, event)

    def _message(self, topic: str, msgtype: str, at_s: float, message: Any) -> Recorded:
        time_ns = START_NS + round(at_s * 1e9)
        return Recorded(topic, msgtype, time_ns, self.types.to_bytes(msgtype, message))

    def _stamp(self, at_s: float) -> Any:
        return self.types.make(TIME, **stamp_fields(START_NS + round(at_s * 1e9)))


def open_recording(path: Path, names: Names | None = None) -> Bag:
    """
    Open a bag, or a script in its place.

    Args:
        path: of either; a script ends in .yaml.
        names: of the topics of a script; None = the usual ones.

    Raises:
        BagError: if nothing can be read from a bag.
        ConfigError: naming the place in a script.
    """
    is_script = path.suffix in SUFFIXES and path.is_file()
    return ScriptBag(path, names) if is_script else Bag(path)


def _gazes(script: Script) -> Iterator[tuple[float, tuple[float, float, float]]]:
    """(s, point): again and again until the next one, as live."""
    ends = [*(gaze.at_s for gaze in script.gaze[1:]), script.duration_s]
    for gaze, end_s in zip(script.gaze, ends, strict=True):
        if gaze.point is not None:
            for number in range(max(1, int(np.ceil((end_s - gaze.at_s) / GAZE_PERIOD_S)))):
                yield gaze.at_s + number * GAZE_PERIOD_S, gaze.point


def _mouth(script: Script) -> Iterator[tuple[float, float]]:
    """(s, opening): a sentence ends where the next one or the end comes, and the mouth shuts."""
    ends = [*(saying.at_s for saying in script.speech[1:]), script.duration_s]
    for saying, end_s in zip(script.speech, ends, strict=True):
        course = [*_openings(saying).tolist(), 0.0]
        for number, opening in enumerate(course):
            if (at_s := saying.at_s + number / RATE_HZ) < end_s:
                yield at_s, opening


def _openings(saying: Saying) -> np.ndarray:
    return babble(saying.for_s) if saying.wav is None else openings(*read_wav(saying.wav))
