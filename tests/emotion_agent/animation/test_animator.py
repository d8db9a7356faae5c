# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import copy
import itertools

import numpy as np
import pytest
from luma.core.interface.serial import noop

from emotion_agent.animation import AnimatorConfig, FaceAnimator
from emotion_agent.animation.decoders import make_decoder
from emotion_agent.animation.whole import Signs
from emotion_models.drawing import (
    ActionUnits,
    Identity,
    ParametricFace,
    View,
    blend_action_units,
    to_one_bit,
)
from emotion_models.drawing.action_units import N_ACTION_UNITS
from emotion_models.drawing.geometry import mouth_curves
from emotion_models.drawing.parts import FACIAL_UNITS
from emotion_models.labels.emotions import EMOTIONS, emotion_vad
from emotion_models.runtime.latent_decoder import LatentDecoder
from emotion_models.runtime.parametric_decoder import ParametricDecoder
from oled_face import PanelDriver

EXPRESSIONS = ('neutral', *EMOTIONS)
LIFELESS = {'blink_rate': 0.0, 'drift_px': 0.0}
CALM = AnimatorConfig.preset('minimal', **LIFELESS)
CALM_WITHOUT_ZOOM = AnimatorConfig.preset('minimal', **LIFELESS, lean_in=0.0, lean_back=0.0)
BYTES_OF_A_FRAME = 1034  # of the whole picture with its commands


class CountingDecoder(ParametricDecoder):
    """Counts its drawings."""

    drawings = 0

    def decode(self, latent, view):
        self.drawings += 1
        return super().decode(latent, view)


def visible(expression, strength=0.8):
    return strength * np.array([name == expression for name in EMOTIONS], dtype=float)


def feel(animator, expression, now_s, strength=0.8, dominant=None):
    emotions = visible(expression, strength)
    arousal = float(emotion_vad(emotions)[1])
    animator.set_emotion(emotions, arousal, strength, dominant or expression, now_s)


def frames(animator, start, count, rate=25.0):
    return [animator.frame(start + k / rate) for k in range(1, count + 1)]


def flips(pictures):
    return [int((a != b).sum()) for a, b in itertools.pairwise(pictures)]


def settled(expression, config=CALM_WITHOUT_ZOOM, decoder=None):
    animator = FaceAnimator(config, decoder=decoder)
    feel(animator, expression, 0.0)
    frames(animator, 0.0, 95)
    return animator


def fresh_drawing(decoder, expression):
    """An expression with whole signs."""
    emotions = visible(expression)
    affect = emotion_vad(emotions)[:2]
    units = Signs().whole(decoder.action_units_of(emotions, affect))
    return decoder.decode(decoder.place(units, affect, decoder.identity.as_vector()), View())


def test_frame_is_black_and_white_at_the_size_of_the_panel():
    frame = FaceAnimator().frame(1.7e9)

    assert frame.shape == (64, 128)
    assert frame.dtype == np.uint8
    assert set(np.unique(frame)) == {0, 255}


@pytest.mark.parametrize('start', EXPRESSIONS)
@pytest.mark.parametrize('kind', ['parametric', 'latent'])
def test_changes_fit_the_bus_and_settle_on_the_fresh_drawing(kind, start):
    decoder, panel = make_decoder(kind), PanelDriver(noop(), refresh_s=0.0)
    at_start = settled(start, decoder=decoder)
    before = at_start.frame(4.0)
    for goal in EXPRESSIONS:
        animator = copy.deepcopy(at_start, memo={id(decoder): decoder})
        feel(animator, goal, 4.0)
        pictures = frames(animator, 4.0, 40, rate=10.0)

        panel.show(before)
        assert max(panel.show(picture) for picture in pictures) <= BYTES_OF_A_FRAME
        np.testing.assert_array_equal(pictures[-1], to_one_bit(fresh_drawing(decoder, goal)))


def test_startle_is_seen_within_120_ms():
    animator = settled('neutral')
    start, goal = (ParametricDecoder().encode(visible(name)) for name in ('neutral', 'surprise'))
    feel(animator, 'surprise', 4.0)
    way = goal != start
    done = (animator.pose(4.0 + 0.12)[0] - start)[way] / (goal - start)[way]

    assert done.min() >= 0.9


def test_startle_forgets_the_last_picture():
    animator = settled('neutral')
    feel(animator, 'surprise', 4.0)
    frame = animator.frame(4.08)

    grey = ParametricDecoder().decode(*animator.pose(4.08))
    np.testing.assert_array_equal(frame, to_one_bit(grey))


def exchanges(share):
    """How many of sixty changes from joy to neutral happen behind shut lids."""
    smile, count = ActionUnits._fields.index('lip_corner_puller'), 0
    for seed in range(60):
        animator = FaceAnimator(AnimatorConfig(exchange=share), seed=seed)
        feel(animator, 'joy', 0.0)
        animator.frame(3.0 + 0.05 * seed)
        feel(animator, 'neutral', 3.0 + 0.05 * seed)
        smiles = [animator.pose(3.0 + 0.05 * seed + 0.02 * k)[0][smile] for k in range(15)]
        count += max(a - b for a, b in itertools.pairwise(smiles)) > 0.5
    return count / 60


def test_seven_of_ten_changes_hide_behind_a_blink():
    assert exchanges(0.0) == 0.0
    assert 0.6 <= exchanges(AnimatorConfig().exchange) <= 0.8


def test_alternating_feelings_do_not_flutter_the_lids():
    animator, closed = FaceAnimator(AnimatorConfig(exchange=1.0), seed=1), []
    for k in range(300):
        feel(animator, ('joy', 'sad')[k % 2], 10.0 + k / 30.0)
        closed.append(animator.pose(10.0 + k / 30.0)[1].blink > 0.9)
    begins = [k for k in range(1, 300) if closed[k] and not closed[k - 1]]

    assert 2 <= len(begins) <= 12


def test_a_face_that_does_not_blink_does_not_change_behind_a_blink():
    animator = settled('joy', AnimatorConfig(blink_rate=0.0, exchange=1.0))
    feel(animator, 'neutral', 4.0)

    assert not any(animator.pose(4.0 + 0.02 * k)[1].blink for k in range(50))


def test_between_joy_and_sadness_no_frame_is_blank():
    animator = settled('joy')
    feel(animator, 'sad', 4.0)

    assert all((picture > 0).sum() > 300 for picture in frames(animator, 4.0, 60))


def test_updates_at_30_hz_do_not_slow_a_change():
    once, often = settled('joy'), settled('joy')
    feel(once, 'sad', 4.0)
    for k in range(45):
        feel(often, 'sad', 4.0 + k / 30.0, strength=0.8 - 1e-4 * k)
        np.testing.assert_allclose(
            often.pose(4.0 + k / 30.0)[0], once.pose(4.0 + k / 30.0)[0], atol=0.01
        )


@pytest.mark.parametrize('rate', [10.0, 60.0])
@pytest.mark.parametrize('kind', ['parametric', 'latent'])
def test_motion_is_the_same_at_every_frame_rate(kind, rate):
    def poses(frame_rate):
        animator, found = FaceAnimator(seed=4, decoder=make_decoder(kind)), []
        for tick in range(round(8 * frame_rate)):
            second, part = divmod(tick, round(frame_rate))
            now_s = 100.0 + tick / frame_rate
            if part == 0:
                feel(animator, EXPRESSIONS[second], now_s)
                latent, view = animator.pose(now_s)
                found.append([*latent, *view])
            animator.frame(now_s)
        return np.array(found)

    np.testing.assert_allclose(poses(rate), poses(25.0), atol=1e-6)


def test_same_seed_same_life_and_other_seed_another():
    def life(seed):
        animator = FaceAnimator(seed=seed)
        return np.array([animator.pose(0.1 * k)[1] for k in range(300)])

    np.testing.assert_array_equal(life(1), life(1))
    assert (life(1) != life(2)).any()


def test_fear_retreats_and_anger_comes_near():
    def zoom(expression):
        return settled(expression, CALM).pose(4.0)[1].zoom

    assert 0.8 <= zoom('fear') < zoom('sad') < zoom('neutral') == 1.0 < zoom('mad') <= 1.6


def test_nothing_is_drawn_when_nothing_moves():
    decoder = CountingDecoder()
    animator = FaceAnimator(CALM, decoder=decoder)
    frames(animator, 0.0, 20)
    drawings = decoder.drawings
    frames(animator, 1.0, 20)

    assert decoder.drawings == drawings


def test_the_face_is_drawn_until_it_has_settled():
    decoder = CountingDecoder()
    animator = settled('neutral', decoder=decoder)
    feel(animator, 'joy', 4.0)
    drawn = []
    for now_s in 4.0 + np.arange(1, 80) / 25.0:
        before = decoder.drawings
        animator.frame(now_s)
        if decoder.drawings > before:
            drawn.append(now_s)

    assert 4.5 < drawn[-1] < 6.5
    fresh = ParametricFace().render(blend_action_units(visible('joy')))
    np.testing.assert_array_equal(animator.frame(8.0), to_one_bit(fresh))


def test_breath_is_two_whole_pixels_steps():
    decoder = CountingDecoder()
    config = AnimatorConfig.preset('minimal', **LIFELESS, breath_px=1.0, breath_s=4.0)
    animator = FaceAnimator(config, decoder=decoder)
    frames(animator, 0.0, 25)
    decoder.drawings = 0
    pictures = frames(animator, 2.0, 500)

    kinds = {picture.tobytes() for picture in pictures}
    assert len(kinds) == 2
    assert 8 <= decoder.drawings <= 12


def test_clock_that_jumps_back_leaves_the_expression_and_restarts_the_life():
    animator = FaceAnimator(seed=0)
    feel(animator, 'joy', 1000.0)
    frames(animator, 1000.0, 100)
    joyful = animator.pose(1004.0)[0]

    animator.frame(10.0)

    np.testing.assert_array_equal(animator.pose(10.0)[0], joyful)
    blinks = [animator.pose(10.0 + 0.05 * k)[1].blink for k in range(600)]
    assert max(blinks) > 0.9


def test_small_step_back_is_taken_as_now():
    animator = FaceAnimator(seed=0)
    pose = animator.pose(50.0)
    earlier = animator.pose(49.8)

    np.testing.assert_array_equal(pose[0], earlier[0])
    assert pose[1] == earlier[1]


@pytest.mark.parametrize(
    'call',
    [
        lambda a: a.frame(float('nan')),
        lambda a: a.look_at(float('nan'), 0.0, 0.0),
        lambda a: a.set_emotion(visible('joy'), float('inf'), 0.5, 'joy', 0.0),
        lambda a: a.set_emotion(np.full(7, np.nan), 0.0, 0.5, 'joy', 0.0),
        lambda a: a.set_emotion(visible('joy'), 0.0, 0.5, 'joy', 0.0, affect=(np.nan, 0.0)),
        lambda a: a.set_emotion(visible('joy'), 0.0, 0.5, 'joy', 0.0, affect=(0.0, 1.5)),
    ],
)
def test_numbers_that_are_none_are_refused_and_the_face_goes_on(call):
    animator = FaceAnimator()
    with pytest.raises(ValueError, match=r'expected .*finite|must lie in'):
        call(animator)

    assert animator.frame(1.0).any()


def test_any_decoder_can_be_animated():
    class Bar:
        """One number, drawn as a bar of that length."""

        pixels_per_unit = np.array([128.0])
        identity = Identity.default()

        def encode(self, emotions, affect):
            return np.array([emotions.max()])

        def decode(self, latent, view):
            columns = np.arange(128) + 0.5
            bar = np.clip(128.0 * latent[0] - columns + 0.5, 0.0, 1.0)
            return np.tile(bar.astype(np.float32), (64, 1))

    animator = FaceAnimator(CALM, decoder=Bar())
    feel(animator, 'joy', 0.0, strength=0.5)
    pictures = frames(animator, 0.0, 60)

    assert max(flips(pictures)) <= 64 * 20
    assert (pictures[-1] > 0).sum() == 64 * 64


def test_extreme_states_are_drawn():
    animator = FaceAnimator()
    for k, (a, b) in enumerate(itertools.combinations(EMOTIONS, 2)):
        animator.set_emotion(np.ones(7) * 0.5 + 0.5 * visible(a, 1.0), 1.0, 1.0, b, k * 0.1)
        assert animator.frame(k * 0.1).any()


def test_pose_of_a_fresh_face_is_neutral():
    latent, view = FaceAnimator(CALM).pose(5.0)

    np.testing.assert_array_equal(latent, ParametricDecoder().encode(np.zeros(7)))
    assert view == View()


def test_first_time_may_be_any():
    for now_s in (-50.0, 0.0, 1e9):
        animator = FaceAnimator(CALM)
        feel(animator, 'joy', now_s)
        assert animator.frame(now_s + 2.0).any()


@pytest.mark.parametrize('expression', ['neutral', 'joy'])
def test_face_turns_into_another_without_a_jump(expression):
    other = Identity.random(np.random.default_rng(4))
    animator = settled(expression)
    before = animator.frame(4.0)

    animator.change_face(other, 4.0)

    pictures = [before, *frames(animator, 4.0, 75)]
    assert max(flips(pictures)) <= 250
    decoder = ParametricDecoder(other)
    grey = decoder.decode(decoder.encode(visible(expression)), animator.pose(7.0)[1])
    np.testing.assert_array_equal(pictures[-1], to_one_bit(grey))
    # From then on it is the other face that changes its expression.
    feel(animator, 'sad', 7.5)
    np.testing.assert_allclose(animator.pose(12.0)[0], decoder.encode(visible('sad')), atol=1e-9)


def test_valence_and_arousal_of_what_is_visible_reach_the_decoder():
    learned = LatentDecoder()
    animator = FaceAnimator(CALM, decoder=learned)

    animator.set_emotion(visible('joy'), 0.2, 0.8, 'joy', 0.0, affect=(-0.3, 0.5))

    np.testing.assert_allclose(
        animator.pose(5.0)[0], learned.encode(visible('joy'), (-0.3, 0.5)), atol=1e-9
    )


@pytest.mark.parametrize(
    'call',
    [
        lambda a: a.look_at(0.5, 0.0, 1.04),
        lambda a: a.wake(1.04),
        lambda a: a.change_face(Identity.random(np.random.default_rng(4)), 1.04),
        lambda a: a.speak(0.5, 1.04),
        lambda a: feel(a, 'surprise', 1.04),
    ],
)
def test_no_input_draws(call):
    decoder = CountingDecoder()
    animator = FaceAnimator(decoder=decoder)
    animator.frame(1.0)
    feel(animator, 'joy', 1.0)
    decoder.drawings = 0

    call(animator)
    assert decoder.drawings == 0
    animator.frame(1.08)
    assert decoder.drawings == 1


def test_goals_set_between_pictures_move_the_face_as_they_do_with_pictures():
    seldom, often = settled('neutral'), settled('neutral')
    for animator in (seldom, often):
        for expression, strength, now_s in (
            ('joy', 0.8, 4.0), ('joy', 0.81, 4.01), ('sad', 0.8, 4.02), ('sad', 0.79, 4.03),
        ):  # fmt: skip
            feel(animator, expression, now_s, strength)
            if animator is often:
                animator.pose(now_s + 0.005)

    for now_s in (4.1, 4.3, 5.1):
        np.testing.assert_array_equal(seldom.pose(now_s)[0], often.pose(now_s)[0])


def test_a_move_that_was_not_begun_survives_a_jump_of_the_clock():
    animator = settled('neutral')
    feel(animator, 'joy', 4.0)
    animator.frame(1e6)

    joy = ParametricDecoder().encode(visible('joy'))
    assert np.abs(animator.pose(1e6)[0] - joy).max() > 0.5
    np.testing.assert_allclose(animator.pose(1e6 + 5.0)[0], joy, atol=1e-9)


def test_a_frame_is_the_same_array_while_nothing_moves():
    animator = settled('joy')
    first = animator.frame(8.0)

    assert animator.frame(8.04) is first
    with pytest.raises(ValueError, match='read-only'):
        first[0, 0] = 255


def mouth_opening(animator, now_s):
    return animator.pose(now_s)[0][ActionUnits._fields.index('jaw_drop')]


def test_a_smile_that_speaks_smiles():
    animator = settled('joy')
    smile = ActionUnits._fields.index('lip_corner_puller')
    own = mouth_opening(animator, 4.0)
    for k in range(30):
        animator.speak(0.5 + 0.5 * (-1) ** (k // 5), 4.0 + k / 30.0)
        pose = animator.pose(4.0 + k / 30.0)[0]
        assert pose[smile] == pytest.approx(0.8)

    assert mouth_opening(animator, 5.0) < 0.1  # shut between two words
    assert mouth_opening(animator, 5.0 + 0.28) < 0.1
    assert mouth_opening(animator, 6.5) == pytest.approx(own)


def test_a_fear_that_speaks_makes_no_waves():
    animator = settled('fear')
    stretched = ActionUnits._fields.index('lip_stretcher')
    for k in range(30):
        animator.speak(0.4, 4.0 + k / 30.0)

    assert animator.pose(5.0)[0][stretched] <= 0.31
    assert animator.pose(8.0)[0][stretched] == pytest.approx(0.8)


def test_speech_outranks_the_mirror():
    animator = FaceAnimator(CALM, mirror=1.0)
    gaping = np.zeros(18)
    gaping[[FACIAL_UNITS.index('jaw_drop'), FACIAL_UNITS.index('lips_part')]] = 1.0
    for k in range(30):
        animator.mirror(gaping, k / 30.0)
        animator.speak(0.0, k / 30.0)

    assert mouth_opening(animator, 1.0) < 0.05


def test_speech_wakes_and_keeps_awake():
    animator = FaceAnimator(AnimatorConfig(sleep_after_s=2.0), seed=1)
    for k in range(300):
        animator.speak(0.3, k / 30.0)

    assert min(animator.pose(10.0 + 0.05 * k)[1].blink for k in range(20)) < 0.5


@pytest.mark.parametrize('opening', [-0.1, 1.01, float('nan'), float('inf')])
def test_an_opening_that_is_none_is_refused(opening):
    animator = FaceAnimator()

    with pytest.raises(ValueError, match=r'expected an opening of the mouth in \[0, 1\]'):
        animator.speak(opening, 0.0)


def test_settings_change_while_it_lives():
    animator = FaceAnimator(AnimatorConfig(), seed=3)
    feel(animator, 'joy', 0.0)
    frames(animator, 0.0, 100)

    animator.reconfigure(CALM, 4.0)

    pictures = frames(animator, 8.0, 500)
    assert len({picture.tobytes() for picture in pictures}) == 1


def spoken(expression, syllables=12, hz=5.0):
    """Openings of the jaw and widths of the mouth at the middle of every syllable."""
    animator = settled(expression)
    seen = []
    for k in range(round(30 * syllables / hz)):
        now_s = 4.0 + k / 30.0
        animator.speak(abs(np.sin(np.pi * hz * k / 30.0)), now_s)
        units = ActionUnits(*animator.pose(now_s + 0.02)[0][:N_ACTION_UNITS])
        lips = mouth_curves(units, Identity()).upper_lip
        seen.append((units.jaw_drop, float(np.ptp(lips[:, 0])), units.lip_corner_puller))
    return np.array(seen)


def test_syllables_have_mouths_of_different_widths():
    jaw, width, _ = spoken('neutral').T
    is_peak = (jaw[1:-1] > jaw[:-2]) & (jaw[1:-1] >= jaw[2:]) & (jaw[1:-1] > 0.2)
    peaks = width[1:-1][is_peak]

    assert is_peak.sum() >= 10
    assert peaks.max() - peaks.min() >= 8.0  # px
    assert len(set(np.round(peaks / 3.0))) >= 3
    assert (jaw < 0.1).any()


def test_a_smile_has_other_vowels_and_smiles():
    jaw, width, smile = spoken('joy').T

    assert smile == pytest.approx(0.8)
    assert width[jaw > 0.3].min() > 38.0
    assert np.ptp(width[jaw > 0.3]) >= 3.0


def test_speech_is_a_function_of_what_was_said_and_when():
    np.testing.assert_array_equal(spoken('sad'), spoken('sad'))
