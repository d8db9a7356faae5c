# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Whole courses of a face: what they cost on the bus, faults of pixels, and stillness."""

import itertools
from collections import Counter
from typing import NamedTuple

import numpy as np
import pytest
from luma.core.interface.serial import noop

from emotion_agent.animation import AnimatorConfig, FaceAnimator
from emotion_agent.animation.config import PRESETS
from emotion_agent.commands.face_courses import (
    EXPRESSIONS,
    RATE_HZ,
    conversation,
    day,
    drawn_by,
    eventful,
    faults_of,
    play,
    rest,
    there_and_back,
)
from emotion_models.drawing import View
from emotion_models.runtime.parametric_decoder import ParametricDecoder
from oled_face import PanelDriver

MOST_BYTES = 1034  # of the whole picture with its commands
CHANGING_BYTES, RESTING_BYTES = 220, 60  # mean of a tick, at most
SPOKEN_SHARE = 0.01  # of the ticks may have a fault of the mouth
MINUTE = round(60 * RATE_HZ)
COMPUTED = ParametricDecoder()
SHORT = {
    'day': day,
    'rest': lambda: rest(0.5),
    'random': lambda: eventful(0.4),
    'conversation': conversation,
}


class Tick(NamedTuple):
    """What was to be drawn, and the picture."""

    latent: np.ndarray
    view: View
    picture: np.ndarray


def watch(course, preset='lively', seed=1):
    animator = FaceAnimator(AnimatorConfig.preset(preset), seed)
    return [Tick(*animator.pose(s), animator.frame(s)) for s in play(animator, course)]


def bytes_of(ticks):
    """Bytes of every tick but the first, which sends everything."""
    panel = PanelDriver(noop(), refresh_s=0.0)
    return [panel.show(tick.picture) for tick in ticks][1:]


def all_faults(ticks):
    """All faults of pixels by name, of every picture that differs from the one before."""
    faults, last = Counter(), None
    for latent, view, picture in ticks:
        if picture is last or not picture.any():
            continue
        last = picture
        faults.update(faults_of(picture, drawn_by(COMPUTED, latent, view)))
    # A wavy mouth that speaks falls into pieces for a picture now and then.
    faults['mouth'] = max(0, faults['mouth'] - int(SPOKEN_SHARE * len(ticks)))
    return {name: count for name, count in faults.items() if count}


@pytest.fixture(scope='module', params=SHORT)
def seen(request):
    """A course by its name, lively, and its ticks."""
    return request.param, watch(SHORT[request.param]())


def test_a_course_fits_the_bus(seen):
    name, ticks = seen
    sent = bytes_of(ticks)

    assert max(sent) <= MOST_BYTES
    assert np.mean(sent) <= (RESTING_BYTES if name == 'rest' else CHANGING_BYTES)


@pytest.mark.parametrize('preset', PRESETS)
def test_every_preset_rests_within_its_bytes(preset):
    assert np.mean(bytes_of(watch(rest(0.5), preset))) <= RESTING_BYTES


def test_no_picture_of_a_course_has_faults_of_pixels(seen):
    _, ticks = seen

    assert all_faults(ticks) == {}


@pytest.mark.parametrize('expression', EXPRESSIONS[1:])
def test_the_way_to_an_expression_and_back_has_no_faults_of_pixels(expression):
    assert all_faults(watch(there_and_back(expression))) == {}


def test_at_rest_a_picture_changes_only_when_something_happens():
    pairs = list(itertools.pairwise(watch(rest(1.0))[50:]))
    changed = [(after.picture != before.picture).any() for before, after in pairs]
    moved = [
        after.view != before.view or (after.latent != before.latent).any()
        for before, after in pairs
    ]

    assert not any(c and not m for c, m in zip(changed, moved, strict=True))
    assert 0.02 < np.mean(changed) < 0.25


def test_the_day_of_the_demo_shows_its_scenes():
    animator, shown = FaceAnimator(AnimatorConfig.preset('minimal')), []
    strengths = {}
    feeling = animator.set_emotion

    def note(visible, arousal, intensity, dominant, now_s, affect=None):
        shown.append(dominant)
        strengths[dominant] = max(strengths.get(dominant, 0.0), *visible)
        feeling(visible, arousal, intensity, dominant, now_s, affect)

    animator.set_emotion = note
    for _ in play(animator, day()):
        pass

    order = [name for name, _ in itertools.groupby(shown) if name != 'neutral']
    assert list(dict.fromkeys(order)) == [
        'joy', 'mad', 'sad', 'surprise', 'power', 'fear', 'love',
    ]  # fmt: skip
    assert min(strength for name, strength in strengths.items() if name != 'neutral') > 0.5


def test_a_course_depends_on_its_seed_alone():
    def poses(seed):
        animator = FaceAnimator()
        return [animator.pose(s)[0] for s in play(animator, eventful(0.2, seed), rate_hz=5.0)]

    np.testing.assert_array_equal(poses(1), poses(1))
    assert not np.array_equal(poses(1), poses(2))


def test_events_come_in_order_within_the_time_of_a_course():
    for course in (*(make() for make in SHORT.values()), there_and_back('joy')):
        times = [event.at_s for event in course.events]
        assert times == sorted(times)
        assert times[0] >= 0.0
        assert times[-1] <= course.duration_s


@pytest.mark.slow
@pytest.mark.parametrize('preset', PRESETS)
def test_ten_random_minutes_fit_the_bus_and_have_no_faults(preset):
    ticks = watch(eventful(10.0), preset)
    sent = np.array(bytes_of(ticks))

    assert sent.max() <= MOST_BYTES
    assert np.convolve(sent, np.full(MINUTE, 1.0 / MINUTE), 'valid').max() <= CHANGING_BYTES
    assert all_faults(ticks) == {}


@pytest.mark.slow
@pytest.mark.parametrize('preset', PRESETS)
def test_ten_minutes_of_rest_fit_the_bus_and_have_no_faults(preset):
    ticks = watch(rest(10.0), preset)
    sent = np.array(bytes_of(ticks))

    assert np.convolve(sent, np.full(MINUTE, 1.0 / MINUTE), 'valid').max() <= RESTING_BYTES
    assert all_faults(ticks) == {}
