# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The face takes on what is seen of a person: soon, calmly, and only while somebody is seen."""

import itertools
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from emotion_agent.animation import AnimatorConfig, FaceAnimator
from emotion_agent.animation.mirror import Mirror
from emotion_models.drawing import ParametricFace
from emotion_models.drawing.action_units import ActionUnits
from emotion_models.drawing.parts import FACIAL_UNITS
from emotion_models.runtime.folder_decoder import FolderDecoder
from emotion_models.runtime.parametric_decoder import ParametricDecoder

CALM = AnimatorConfig.preset('minimal', blink_rate=0.0, drift_px=0.0)
CORNER = ActionUnits._fields.index('lip_corner_puller')
SMILE = FACIAL_UNITS.index('lip_corner_puller')


def units(**given):
    return np.array([given.get(name, 0.0) for name in FACIAL_UNITS])


def watch(animator, seen, start_s, seconds, rate_hz=25.0, seen_hz=30.0):
    """Pictures, and what is drawn of the smile, while units are seen; none = nobody."""
    pictures, smiles = [], []
    for k in range(round(seconds * rate_hz)):
        now_s = start_s + k / rate_hz
        if seen is not None and k % max(1, round(rate_hz / seen_hz)) == 0:
            animator.mirror(seen, now_s)
        pictures.append(animator.frame(now_s))
        smiles.append(animator.pose(now_s)[0][CORNER])
    return pictures, smiles


def mirroring(amount=1.0, decoder=None, config=CALM):
    animator = FaceAnimator(config, decoder=decoder, mirror=amount)
    watch(animator, None, 0.0, 1.0)
    return animator


@pytest.mark.parametrize('amount', [0.25, 1.0])
def test_a_smile_is_taken_on_within_a_third_of_a_second(amount):
    animator = mirroring(amount)

    _, smiles = watch(animator, units(lip_corner_puller=0.8), 1.0, 1.0)

    assert smiles[round(0.3 * 25)] > 0.95 * amount * 0.8
    assert smiles[-1] == pytest.approx(amount * 0.8)
    assert all(b >= a - 1e-9 for a, b in itertools.pairwise(smiles))


def test_nothing_is_taken_on_without_being_asked_to():
    animator = FaceAnimator(CALM)
    neutral = animator.frame(0.0)

    pictures, smiles = watch(animator, units(lip_corner_puller=1.0), 0.1, 1.0)

    assert not any(smiles)
    assert all((picture == neutral).all() for picture in pictures)


def test_a_still_face_flips_no_pixel():
    animator = mirroring()
    noise = np.random.default_rng(0)
    still = units(lip_corner_puller=0.6, inner_brow_raiser=0.4)
    watch(animator, still, 1.0, 2.0)
    before = animator.frame(3.0)

    for k in range(100):
        seen = np.clip(still + noise.uniform(-0.05, 0.05, len(still)) * (still > 0), 0, 1)
        animator.mirror(seen, 3.0 + k / 25)
        assert animator.frame(3.0 + k / 25) is before


def test_it_fades_out_when_the_face_has_left():
    animator = mirroring()
    neutral = animator.frame(1.0)
    watch(animator, units(lip_corner_puller=1.0), 1.0, 1.0)

    pictures, smiles = watch(animator, None, 2.0, 4.0)

    hold = round(CALM.mirror_hold_s * 25) - 1
    assert smiles[hold - 1] == pytest.approx(1.0)
    assert max(abs(b - a) for a, b in itertools.pairwise(smiles)) < 0.15
    assert smiles[-1] == 0.0
    assert (pictures[-1] == neutral).all()


def test_a_face_that_is_missed_for_a_moment_is_kept():
    animator = mirroring()
    watch(animator, units(lip_corner_puller=1.0), 1.0, 1.0)

    watch(animator, None, 2.0, 0.4)
    _, smiles = watch(animator, units(lip_corner_puller=1.0), 2.4, 0.4)

    assert smiles == pytest.approx([1.0] * len(smiles))


@pytest.mark.parametrize('rate_hz', [7.0, 25.0, 60.0])
def test_where_it_is_depends_on_times_alone(rate_hz):
    def places(asks):
        mirror = Mirror(CALM, 0.7)
        asked_s = 0.0
        for at_s, seen in ((1.0, units(jaw_drop=0.9)), (1.1, units(jaw_drop=0.2)), (4.0, None)):
            while asks and asked_s < at_s:
                mirror.at(asked_s)
                asked_s += 1 / rate_hz
            if seen is not None:
                mirror.see(seen, at_s)
            yield mirror.at(at_s + 0.05).copy()

    for often, seldom in zip(places(True), places(False), strict=True):
        np.testing.assert_array_equal(often, seldom)


def test_another_share_counts_at_once_and_0_lets_go():
    animator = mirroring(1.0)
    seen = units(lip_corner_puller=0.8)
    watch(animator, seen, 1.0, 1.0)

    animator.set_mirror(0.5, 2.0)
    _, half = watch(animator, seen, 2.0, 1.0)
    animator.set_mirror(0.0, 3.0)
    _, none = watch(animator, seen, 3.0, 3.0)

    assert half[-1] == pytest.approx(0.4)
    assert none[-1] == 0.0


def test_the_expression_of_the_robot_stays_below():
    animator = mirroring(1.0)
    animator.set_emotion([0, 0, 0, 0, 0.8, 0, 0], -0.3, 0.8, 'sad', 1.0)
    watch(animator, None, 1.0, 4.0)
    sad = animator.pose(5.0)[0]

    watch(animator, units(inner_brow_raiser=0.2), 5.0, 1.0)
    both = animator.pose(6.0)[0]

    brow = ActionUnits._fields.index('inner_brow_raiser')
    assert both[brow] == pytest.approx(sad[brow] + 0.2)
    np.testing.assert_allclose(np.delete(both, brow), np.delete(sad, brow))


def test_a_jump_of_the_clock_leaves_the_face_as_it_is():
    animator = mirroring(1.0)
    watch(animator, units(lip_corner_puller=1.0), 100.0, 1.0)

    _, smiles = watch(animator, None, 5.0, 4.0)

    assert smiles[0] == pytest.approx(1.0, abs=0.01)
    assert smiles[-1] == 0.0


@pytest.mark.parametrize(
    'bad', [[], [0.0] * 17, [np.nan] * 18, [1.5] * 18, [-0.1] * 18, [[0.0] * 18]]
)
def test_what_are_no_units_is_refused_without_being_repeated(bad):
    with pytest.raises(ValueError, match='expected 18 action units in'):
        mirroring().mirror(bad, 1.0)


def test_pictures_cannot_mirror(tmp_path):
    for name in ('neutral', 'joy'):
        cv2.imwrite(str(tmp_path / f'{name}.png'), 255 * ParametricFace().render(np.zeros(21)))
    animator = mirroring(decoder=FolderDecoder(tmp_path))

    pictures, _ = watch(animator, units(lip_corner_puller=1.0), 1.0, 0.5)

    assert not animator.has_parts
    assert all((picture == pictures[0]).all() for picture in pictures)


def test_a_face_of_ones_own_drawings_says_that_it_has_no_parts():
    class Own(ParametricDecoder):
        space = SimpleNamespace(has_parts=False)

    assert not FaceAnimator(decoder=Own()).has_parts
    assert FaceAnimator(decoder=ParametricDecoder()).has_parts
