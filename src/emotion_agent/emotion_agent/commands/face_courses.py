# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Things that happen to a face one after another, by which its motion is shown and measured."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

import numpy as np

from emotion_agent.animation import Decoder, FaceAnimator
from emotion_agent.commands.demo_script import DURATION_S, PERSON_SHARE, built_in_script
from emotion_agent.neuromodulation import EMOTIONS, EmotionEngine, Reading, load
from emotion_models.drawing import N_ACTION_UNITS, ActionUnits, Identity, View
from emotion_models.drawing.hygiene import Drawn, count_faults
from emotion_models.labels.emotions import emotion_vad
from emotion_models.runtime.latent_decoder import LatentDecoder

RATE_HZ = 25.0
EXPRESSIONS = ('neutral', *EMOTIONS)
SHOWN = 0.8  # strength at which an emotion is clearly seen
_STATE_HZ, _FACE_HZ, _CAMERA_HZ, _SPEECH_HZ = 10.0, 10.0, 30.0, 30.0
_AWAKE_S = 10.0  # between two stimuli that change nothing
_SMILE = (0.66, 0.07, 0.99)  # valence, arousal and confidence: the photograph of the demo
_EMPATHY = (2.33, 10.0)  # gain and attack, factors: as the agent is launched

_Act = Callable[[FaceAnimator, float], None]


class Event(NamedTuple):
    """What is told to an animator, and when."""

    at_s: float
    act: _Act


class FaceCourse(NamedTuple):
    """
    Events in a span of time.

    Args:
        duration_s: s.
        events: sorted by time, in [0, duration_s].
    """

    duration_s: float
    events: tuple[Event, ...]


def play(animator: FaceAnimator, course: FaceCourse, rate_hz: float = RATE_HZ) -> Iterator[float]:
    """
    Tell an animator what happens, and stop where a picture is due.

    Yields:
        Times of the pictures in seconds, from 0 on; ask the animator then.
    """
    number = 0
    for tick in range(round(course.duration_s * rate_hz)):
        now_s = tick / rate_hz
        while number < len(course.events) and course.events[number].at_s <= now_s:
            at_s, act = course.events[number]
            act(animator, at_s)
            number += 1
        yield now_s


def frames(
    animator: FaceAnimator, course: FaceCourse, rate_hz: float = RATE_HZ
) -> Iterator[np.ndarray]:
    """The pictures of a course, uint8 (64, 128)."""
    for now_s in play(animator, course, rate_hz):
        yield animator.frame(now_s)


def drawn_by(decoder: Decoder, latent: np.ndarray, view: View) -> Drawn:
    """What a picture of a learned or computed face with parts is to show, for `faults_of`."""
    if isinstance(decoder, LatentDecoder):
        units, identity = decoder.space.action_units(latent), decoder.identity
    else:
        units, vector = np.split(np.asarray(latent), [N_ACTION_UNITS])
        identity = Identity.from_vector(vector)
    return Drawn(ActionUnits(*np.asarray(units).tolist()), identity, view)


def faults_of(picture: np.ndarray, drawn: Drawn) -> dict[str, int]:
    """Faults of pixels, see `count_faults`; lids that close may hide the notch of a heart."""
    faults = count_faults(picture, drawn)
    return faults if not drawn.view.blink else faults | {'heart': 0}


def day(duration_s: float = DURATION_S) -> FaceCourse:
    """The day of the demo: a smiling person, who leaves, then six scenes; through the engine."""
    engine = _engine()
    script, person_s = built_in_script(duration_s), PERSON_SHARE * duration_s
    seen = [Event(at_s, _look_at(0.15, -0.1, 0.4)) for at_s in _times(person_s, _FACE_HZ)]
    left = [Event(person_s, lambda animator, now_s: animator.look_at(None, None, now_s))]
    told: list[tuple[float, Callable[..., object]]] = [
        (at_s, partial(engine.observe, *_SMILE)) for at_s in _times(person_s, _CAMERA_HZ)
    ]
    told += [(item.at_s, partial(engine.stimulate, item.name, item.intensity))
             for item in script.stimuli]  # fmt: skip
    told += [(at_s, engine.advance) for at_s in _times(duration_s, _STATE_HZ)]
    states = []
    for now_s, tell in sorted(told, key=lambda entry: entry[0]):
        tell(now_s=now_s)
        states.append(Event(now_s, _take(engine.read(now_s))))
    return _course(duration_s, seen + left + states)


def there_and_back(
    expression: str, begin_s: float = 1.0, stay_s: float = 2.5, back_s: float = 2.5
) -> FaceCourse:
    """From neutral to an expression, which stays, and back."""
    return _course(
        begin_s + stay_s + back_s,
        [
            Event(0.0, feel('neutral')),
            Event(begin_s, feel(expression)),
            Event(begin_s + stay_s, feel('neutral')),
        ],
    )


def rest(minutes: float, is_awake: bool = True) -> FaceCourse:
    """Nothing that is to be seen; what keeps the face awake can happen every ten seconds."""
    duration_s = 60.0 * minutes
    woken = [
        Event(at_s, lambda animator, now_s: animator.wake(now_s))
        for at_s in _times(duration_s, 1.0 / _AWAKE_S)
        if is_awake
    ]
    return _course(duration_s, [Event(0.0, feel('neutral')), *woken])


def eventful(minutes: float, seed: int = 0) -> FaceCourse:
    """Random emotions at random strengths, people who come, move and go, and speech."""
    chance = np.random.default_rng(seed)
    duration_s = 60.0 * minutes
    felt, looks, spoken = [], [], []
    now_s = 0.0
    while now_s < duration_s:
        strength = float(chance.choice([0.35, 0.6, 0.8, 1.0]))
        felt.append(Event(now_s, feel(str(chance.choice(EXPRESSIONS)), strength)))
        now_s += chance.uniform(1.0, 8.0)
    now_s = 5.0
    while now_s < duration_s:
        end_s = min(duration_s, now_s + chance.uniform(2.0, 10.0))
        x, y, nearness = chance.uniform((-1.0, -0.5, 0.0), (1.0, 0.5, 1.0)).tolist()
        looks += _person(now_s, end_s, x, y, nearness)
        now_s = end_s + chance.uniform(0.0, 10.0)
    now_s = 12.0
    while now_s < duration_s:
        end_s = min(duration_s, now_s + chance.uniform(1.0, 5.0))
        spoken += _speech(now_s, end_s, chance)
        now_s = end_s + chance.uniform(5.0, 20.0)
    return _course(duration_s, felt + looks + spoken)


def conversation(seed: int = 0) -> FaceCourse:
    """Twenty seconds with a person at the left and one at the right, to whom the face speaks."""
    chance = np.random.default_rng(seed)
    felt = (
        (0.0, 'neutral', 0.0), (4.3, 'joy', 0.4), (7.2, 'surprise', 0.7), (9.5, 'neutral', 0.0),
        (12.5, 'joy', 0.8), (17.0, 'love', 0.7),
    )  # fmt: skip
    spoken = ((1.5, 3.9), (4.7, 6.6), (9.8, 11.5), (13.0, 15.0), (15.4, 16.6))
    people = ((0.5, 7.0, -0.8), (7.0, 15.0, 0.8), (15.0, 20.0, -0.8))
    return _course(
        20.0,
        [
            *(Event(at_s, feel(name, strength)) for at_s, name, strength in felt),
            *(e for start, end, x in people for e in _person(start, end, x, -0.1, 0.4)),
            *(e for start, end in spoken for e in _speech(start, end, chance)),
        ],
    )


def feel(expression: str, strength: float = SHOWN) -> _Act:
    """An expression alone, as the state tells of it; `neutral` is no emotion at all."""
    visible = strength * np.array([expression == name for name in EMOTIONS], float)
    arousal = float(emotion_vad(visible)[1])

    def act(animator: FaceAnimator, now_s: float) -> None:
        animator.set_emotion(visible, arousal, float(visible.max()), expression, now_s)

    return act


def _engine() -> EmotionEngine:
    config = load()
    gain, attack = _EMPATHY
    empathy = {'gain': gain * config.empathy.gain, 'attack': attack * config.empathy.attack}
    return EmotionEngine(config.with_changes({'emotion': {'empathy': empathy}}), now_s=0.0)


def _take(reading: Reading) -> _Act:
    affect = reading.visible_valence, reading.visible_arousal

    def act(animator: FaceAnimator, now_s: float) -> None:
        animator.set_emotion(
            np.array(reading.visible),
            reading.arousal,
            reading.intensity,
            reading.dominant,
            now_s,
            affect,
        )

    return act


def _look_at(x: float, y: float, nearness: float) -> _Act:
    return lambda animator, now_s: animator.look_at(x, y, now_s, nearness)


def _person(start_s: float, end_s: float, x: float, y: float, nearness: float) -> list[Event]:
    """Somebody at one place."""
    look = _look_at(x, y, nearness)
    return [Event(start_s + at_s, look) for at_s in _times(end_s - start_s, _FACE_HZ)]


def _speech(start_s: float, end_s: float, chance: np.random.Generator) -> list[Event]:
    """Syllables of random length and loudness, with a pause after some."""
    ends = np.cumsum(chance.uniform(0.14, 0.3, 100))
    loud = chance.uniform(0.4, 1.0, 100) * (chance.random(100) > 0.12)
    events = []
    for at_s in _times(end_s - start_s, _SPEECH_HZ):
        syllable = int(np.searchsorted(ends, at_s, side='right'))
        begin_s = ends[syllable - 1] if syllable else 0.0
        share = (at_s - begin_s) / (ends[syllable] - begin_s)
        events.append(Event(start_s + at_s, _speak(float(loud[syllable] * np.sin(np.pi * share)))))
    return events


def _speak(opening: float) -> _Act:
    return lambda animator, now_s: animator.speak(opening, now_s)


def _times(duration_s: float, rate_hz: float) -> list[float]:
    return (np.arange(np.ceil(duration_s * rate_hz)) / rate_hz).tolist()


def _course(duration_s: float, events: list[Event]) -> FaceCourse:
    return FaceCourse(duration_s, tuple(sorted(events, key=lambda event: event.at_s)))
