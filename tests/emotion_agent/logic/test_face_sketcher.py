# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import sys
from collections import Counter
from dataclasses import fields, replace
from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

# What several rooms of tests share is no package of its own.
sys.path.insert(0, str(Path(__file__).parents[2]))

from reactions import STILL, seconds_to
from space_maker import write_face, write_space

from emotion_agent.animation import FaceAnimator
from emotion_agent.animation.config import AnimatorConfig, limits_of
from emotion_agent.animation.life import Life
from emotion_agent.logic.face_sketcher import IDENTITY, TABLE, Sketcher
from emotion_agent.logic.life_settings import LIFE
from emotion_models.drawing import Identity, ParametricFace, blend_action_units
from emotion_models.drawing.action_units import ActionUnits
from emotion_models.drawing.parts import FACIAL_UNITS
from emotion_models.labels.emotions import EMOTIONS
from emotion_models.runtime.parametric_decoder import ParametricDecoder
from node_kit.settings import checked

OUTLINED = f'{IDENTITY}eye_fill'


class Panel:
    """A sketcher with a clock that is set by hand, and what it sent and said."""

    def __init__(self, **given):
        # Which face is drawn plays no part; outlines of eyes show where it looks.
        self.settings = checked(TABLE, {'decoder': 'parametric', OUTLINED: 0.0, **given})
        self.pictures: list[np.ndarray] = []
        self.warnings: list[str] = []
        self.now_s = 100.0
        self.sketcher = Sketcher(
            self.settings,
            lambda kind, **fields: SimpleNamespace(**fields),
            lambda: round(self.now_s * 1e9),
            self.send,
            lambda kind, line: self.warnings.append(line),
        )

    def send(self, drawn):
        image = drawn.image
        pixels = np.frombuffer(bytes(image.data), np.uint8)
        self.pictures.append(pixels.reshape(image.height, image.width))

    def run(self, seconds):
        for _ in range(round(25 * seconds)):
            self.now_s += 0.04
            self.sketcher.tick()
        return self.pictures[-1]


def state(now_s, attended='', **visible):
    stamp = SimpleNamespace(sec=int(now_s), nanosec=0)
    zero = SimpleNamespace(sec=0, nanosec=0)
    fields = {f'visible_{name}': visible.get(name, 0.0) for name in EMOTIONS}
    return SimpleNamespace(
        header=SimpleNamespace(stamp=stamp),
        last_change_stamp=stamp,
        observation_stamp=zero,
        arousal=0.2,
        intensity=0.5,
        dominant='joy' if visible else 'neutral',
        visible_valence=0.5,
        visible_arousal=0.3,
        attended_face=attended,
        **fields,
    )


def face(face_id, x_share, height=60, action_units=(), proportions=()):
    roi = SimpleNamespace(x_offset=int(x_share * 640) - 30, y_offset=210, width=60, height=height)
    return SimpleNamespace(
        face_id=face_id, roi=roi, action_units=action_units, proportions=proportions
    )


def image_with(*faces):
    return SimpleNamespace(faces=list(faces), image_width=640, image_height=480)


def person(x_share, height=60):
    return image_with(face('a', x_share, height))


def pupils(picture):
    """Columns of the middle of what is lit in the left and in the right eye."""
    eyes = picture[22:34] > 0
    columns = np.arange(128)
    return [
        float((eyes[:, part] * columns[part]).sum() / eyes[:, part].sum())
        for part in (slice(20, 46), slice(82, 108))
    ]


def test_gaze_follows_the_topic_and_not_the_face_for_a_while():
    panel = Panel()
    straight = pupils(panel.run(0.4))
    panel.sketcher.take_gaze(SimpleNamespace(x=1.0, y=0.0, z=0.0))
    panel.sketcher.take_faces(person(0.9))  # mirrored: this person is on the left of the panel
    right = pupils(panel.run(0.8))
    assert min(np.subtract(right, straight)) > 1.5

    panel.run(1.5)
    panel.sketcher.take_faces(person(0.9))
    left = pupils(panel.run(0.8))
    assert max(np.subtract(left, straight)) < -1.5


def test_eyes_turn_inward_to_somebody_near():
    far, near = Panel(), Panel()
    for panel, height in ((far, 60), (near, 400)):
        panel.run(0.2)
        for _ in range(5):
            panel.sketcher.take_faces(person(0.5, height))
            panel.run(0.2)
    (far_left, far_right), (near_left, near_right) = (
        pupils(far.pictures[-1]),
        pupils(near.pictures[-1]),
    )
    assert near_left > far_left + 1.0
    assert near_right < far_right - 1.0


@pytest.mark.parametrize('bad', [np.nan, np.inf])
def test_bad_gaze_is_counted_and_survived(bad):
    panel = Panel()
    panel.sketcher.take_gaze(SimpleNamespace(x=bad, y=0.0, z=0.0))
    assert panel.sketcher.malformed == 1
    assert 'expected a finite gaze' in panel.warnings[0]
    assert panel.run(0.2).any()


def test_identity_is_a_live_parameter():
    panel = Panel(seed=3)
    before = panel.run(0.2)
    panel.settings[IDENTITY + 'eye_distance'] = 72.0
    panel.settings[IDENTITY + 'mouth_width'] = 34.0
    panel.sketcher.change_face()
    after = panel.run(1.2)
    assert pupils(after)[1] - pupils(after)[0] > pupils(before)[1] - pupils(before)[0] + 4


def test_pictures_of_the_user_are_the_face(tmp_path):
    face = ParametricFace()
    for name in ('neutral', 'joy'):
        units = blend_action_units([float(name == other) for other in EMOTIONS])
        cv2.imwrite(str(tmp_path / f'{name}.png'), 255 * face.render(units))
    panel = Panel(decoder='folder', folder=str(tmp_path))
    neutral = panel.run(0.4)
    panel.sketcher.take_state(state(panel.now_s, joy=1.0))
    joy = panel.run(2.0)
    assert not panel.warnings
    assert (joy != neutral).sum() > 200


@pytest.mark.parametrize(
    ('given', 'cause'),
    [
        ({'decoder': 'latent', 'model': '/nowhere'}, "no latent face: no model '/nowhere'"),
        ({'decoder': 'folder', 'folder': '/nowhere'}, 'no folder face: no picture /nowhere'),
    ],
)
def test_face_that_is_not_there_is_replaced_with_one_warning(given, cause):
    panel = Panel(**given)
    assert panel.run(1.0).any()
    assert len(panel.warnings) == 1
    assert cause in panel.warnings[0]
    assert panel.warnings[0].endswith('drawing the parametric one')


def test_a_sleeping_face_is_drawn_less_than_half_as_often_as_it_could_be():
    panel = Panel()
    panel.run(70.0)  # asleep: only breath and drift
    drawn = len(panel.pictures)
    panel.run(10.0)
    assert 10 <= len(panel.pictures) - drawn < 0.5 * 250


def looks_at(panel, *faces, attended='', for_s=0.8):
    """Where the eyes are after `for_s` seconds in which the faces are seen at 10 Hz."""
    for _ in range(round(10 * for_s)):
        if attended:
            panel.sketcher.take_state(state(panel.now_s, attended))
        panel.sketcher.take_faces(image_with(*faces))
        panel.run(0.12)
    return np.mean(pupils(panel.pictures[-1]))


def test_the_face_looks_at_whom_the_state_answers_and_not_at_the_largest():
    large, small = face('large', 0.9, 200), face('small', 0.1)  # mirrored: right and left

    at_largest = looks_at(Panel(), large, small)
    at_attended = looks_at(Panel(), large, small, attended='small')

    assert at_attended > at_largest + 3.0


def test_while_the_attended_face_is_away_nobody_else_is_looked_at():
    panel = Panel()
    before = looks_at(panel, face('anna', 0.1), attended='anna')

    after = looks_at(panel, face('ben', 0.9, 200), attended='anna', for_s=0.5)

    assert after == pytest.approx(before, abs=1.5)


def test_a_state_that_is_long_past_names_nobody():
    panel = Panel()
    before = looks_at(panel, face('anna', 0.1), attended='anna')
    panel.run(2.5)

    after = looks_at(panel, face('ben', 0.9, 200))

    assert after < before - 3.0


def test_each_tick_computes_one_pose_and_at_most_one_picture(monkeypatch):
    panel = Panel()
    panel.run(1.0)
    counts = Counter()
    for kind, name in ((Life, 'motion'), (ParametricDecoder, 'decode')):
        count_calls(monkeypatch, kind, name, counts)

    panel.run(4.0)

    assert counts['motion'] == 100
    assert 5 <= counts['decode'] <= 100


def test_inputs_draw_nothing_before_the_next_tick(monkeypatch):
    panel = Panel(mirror=1.0)
    panel.run(1.0)
    counts = Counter()
    count_calls(monkeypatch, ParametricDecoder, 'decode', counts)

    for emotions in ({'joy': 0.8}, {'joy': 0.81}, {'sad': 0.8}):
        panel.now_s += 0.01
        panel.sketcher.take_state(state(panel.now_s, **emotions))
        panel.sketcher.take_faces(person(0.1))
        panel.sketcher.take_gaze(SimpleNamespace(x=0.0, y=0.5, z=0.0))
        panel.sketcher.take_mouth(SimpleNamespace(data=0.5))
        panel.sketcher.change_face()

    assert counts['decode'] == 0


def startled(now_s, **fields):
    message = state(now_s, surprise=0.9)
    message.dominant = 'surprise'
    message.header.stamp.nanosec = round(now_s % 1 * 1e9)
    for name, value in fields.items():
        setattr(message, name, value)
    return message


def test_a_startle_is_drawn_at_once_and_goes_on_with_the_next_tick(monkeypatch):
    panel = Panel()
    panel.run(1.0)
    counts = Counter()
    count_calls(monkeypatch, FaceAnimator, 'frame', counts)

    panel.now_s += 0.015
    panel.sketcher.take_state(startled(panel.now_s))
    assert counts['frame'] == 1
    panel.now_s += 0.025
    panel.sketcher.tick()
    assert counts['frame'] == 2
    for _ in range(10):  # the same surprise, and one that comes and goes, wait for the ticks
        panel.now_s += 0.001
        panel.sketcher.take_state(state(panel.now_s))
        panel.sketcher.take_state(startled(panel.now_s))
    assert counts['frame'] == 2

    panel.run(1.0)
    panel.sketcher.take_state(state(panel.now_s))
    before = counts['frame']
    panel.sketcher.take_state(startled(panel.now_s))
    assert counts['frame'] == before + 1


def test_a_change_under_observations_faster_than_the_ticks_is_shown():
    steady, busy = Panel(), Panel()
    steady.run(1.0)
    steady.sketcher.take_state(state(steady.now_s, joy=0.8))
    expected = steady.run(1.5)
    busy.run(1.0)
    for k in range(50):  # every tick comes just after an answer
        message = state(busy.now_s, joy=0.8)
        message.observation_stamp = SimpleNamespace(sec=k + 1, nanosec=0)
        busy.now_s += 0.03
        busy.sketcher.take_state(message)
        busy.now_s += 0.001
        busy.sketcher.tick()

    assert (busy.pictures[-1] != expected).sum() < 200
    assert (busy.pictures[-1] != busy.pictures[0]).sum() > 300


def count_calls(monkeypatch, kind, name, counts):
    method = getattr(kind, name)

    def counted(*arguments, **named):
        counts[name] += 1
        return method(*arguments, **named)

    monkeypatch.setattr(kind, name, counted)


def units(**given):
    return [given.get(name, 0.0) for name in FACIAL_UNITS]


def drawn(panel, name):
    """An action unit of the face as it is drawn."""
    latent, _ = panel.sketcher._animator.pose(panel.now_s)
    return latent[ActionUnits._fields.index(name)]


def show(panel, for_s, *faces, attended=''):
    """The faces are seen at 25 Hz."""
    for _ in range(round(25 * for_s)):
        if attended:
            panel.sketcher.take_state(state(panel.now_s, attended))
        panel.sketcher.take_faces(image_with(*faces))
        panel.run(0.04)


def smiling(face_id='a', smile=0.8, **fields):
    return face(face_id, 0.5, action_units=units(lip_corner_puller=smile, **fields))


@pytest.mark.parametrize('mirror', [0.0, 0.5, 1.0])
def test_as_much_of_a_smile_is_mirrored_as_is_set(mirror):
    panel = Panel(mirror=mirror)

    show(panel, 0.36, smiling())

    assert drawn(panel, 'lip_corner_puller') == pytest.approx(0.8 * mirror, abs=0.04)
    assert not panel.warnings


def test_it_is_the_attended_person_who_is_mirrored():
    panel = Panel(mirror=1.0)

    show(panel, 0.5, smiling('large', 1.0), smiling('small', 0.3), attended='small')

    assert drawn(panel, 'lip_corner_puller') == pytest.approx(0.3, abs=0.03)


@pytest.mark.parametrize(('is_mirrored', 'side'), [(True, 'right'), (False, 'left')])
def test_left_and_right_are_those_of_a_mirror_where_gaze_is(is_mirrored, side):
    panel = Panel(mirror=1.0, gaze_mirrored=is_mirrored)

    show(panel, 0.6, face('a', 0.5, action_units=units(dimpler_left=1.0)))

    for name in ('left', 'right'):
        assert drawn(panel, f'dimpler_{name}') == pytest.approx(float(name == side), abs=0.03)


def test_what_was_mirrored_fades_when_the_person_has_left():
    panel = Panel(mirror=1.0)
    show(panel, 0.5, smiling())

    show(panel, 0.4)
    held = drawn(panel, 'lip_corner_puller')
    show(panel, 3.0)

    assert held == pytest.approx(0.8, abs=0.03)
    assert drawn(panel, 'lip_corner_puller') == 0.0


def test_mirror_is_live_and_faces_whose_place_is_unknown_are_mirrored_too():
    panel = Panel()
    unplaced = image_with(smiling())
    unplaced.image_width = unplaced.image_height = 0  # as with use_hri
    panel.settings['mirror'] = 1.0
    panel.sketcher.reconfigure({'mirror'})

    for _ in range(12):
        panel.sketcher.take_faces(unplaced)
        panel.run(0.04)
    on = drawn(panel, 'lip_corner_puller')
    panel.settings['mirror'] = 0.0
    panel.sketcher.reconfigure({'mirror'})
    show(panel, 3.0, smiling())

    assert on == pytest.approx(0.8, abs=0.03)
    assert drawn(panel, 'lip_corner_puller') == 0.0


def test_faces_without_units_are_said_once_with_the_parameter_to_set():
    panel = Panel(mirror=1.0)

    show(panel, 1.0, face('a', 0.5))
    early = list(panel.warnings)
    show(panel, 20.0, face('a', 0.5))

    assert early == []
    assert len(panel.warnings) == 1
    assert 'set action_units of affect_estimator to true' in panel.warnings[0]


def test_without_a_mirror_nobody_misses_units():
    panel = Panel()

    show(panel, 5.0, face('a', 0.5))

    assert not panel.warnings


@pytest.mark.parametrize(
    'bad', [[0.5] * 17, [0.5] * 100_000, [np.nan] * 18, [np.inf] * 18, [-0.5] * 18, [1.1] * 18]
)
def test_what_are_no_units_is_counted_and_moves_nothing(bad):
    panel = Panel(mirror=1.0)

    show(panel, 0.2, face('a', 0.5, action_units=bad))

    assert panel.sketcher.malformed == 5
    assert 'ignored action units: expected 18 action units' in panel.sketcher.last_problem
    assert drawn(panel, 'lip_corner_puller') == 0.0


def test_pictures_of_the_user_ignore_the_mirror_and_say_so_once(pictures):
    panel = Panel(decoder='folder', folder=pictures, mirror=1.0)

    show(panel, 5.0, smiling())

    assert len(panel.warnings) == 1
    assert panel.warnings[0] == 'mirror: ignored, as the folder face has no parts'
    assert panel.sketcher.draw_me() == (
        False,
        'the folder face cannot change; set decoder to parametric',
    )


@pytest.fixture
def pictures(tmp_path):
    for name in ('neutral', 'joy'):
        cv2.imwrite(str(tmp_path / f'{name}.png'), 255 * ParametricFace().render(np.zeros(21)))
    return str(tmp_path)


WIDE = (1.0, 0.9, 0.1, 0.8, 0.2, 0.7)


def proportions(panel):
    """Those of the face that is drawn."""
    latent, _ = panel.sketcher._animator.pose(panel.now_s)
    return Identity.from_vector(latent[len(ActionUnits._fields) :]).proportions()


def test_the_person_who_is_attended_to_is_drawn_and_then_given_back():
    panel = Panel()
    own = proportions(panel)
    show(panel, 0.2, face('b', 0.5, 300), face('a', 0.5, proportions=WIDE), attended='a')

    done, said = panel.sketcher.draw_me()
    at_once = proportions(panel)
    panel.run(1.5)
    turned = proportions(panel)
    back, why = panel.sketcher.draw_me()
    panel.run(1.5)

    assert done
    assert said == 'the face of the person who is attended to'
    assert np.abs(at_once - own).max() < 0.2  # no jump
    np.testing.assert_allclose(turned, WIDE, atol=0.02)
    assert back
    assert why == 'nobody is seen: the own face'
    np.testing.assert_allclose(proportions(panel), own, atol=1e-3)


def test_a_person_whose_proportions_do_not_come_is_not_drawn():
    panel = Panel()
    show(panel, 0.2, face('a', 0.5))

    done, why = panel.sketcher.draw_me()

    assert not done
    assert 'set share_proportions of affect_estimator to true' in why


@pytest.mark.parametrize('bad', [[0.5] * 5, [np.nan] * 6, [1.5] * 6, [0.5] * 100_000])
def test_what_are_no_proportions_is_refused_and_not_repeated(bad):
    panel = Panel()
    show(panel, 0.2, face('a', 0.5, proportions=bad))

    done, why = panel.sketcher.draw_me()

    assert not done
    assert 'expected 6 numbers' in why
    assert panel.sketcher.malformed == 1


def test_the_style_of_a_drawn_person_is_the_robots():
    panel = Panel(**{f'{IDENTITY}line_weight': 2.3})
    show(panel, 0.2, face('a', 0.5, proportions=WIDE))

    panel.sketcher.draw_me()
    panel.run(1.5)

    latent, _ = panel.sketcher._animator.pose(panel.now_s)
    drawn_face = Identity.from_vector(latent[len(ActionUnits._fields) :])
    assert drawn_face.line_weight == pytest.approx(2.3)


@pytest.mark.parametrize('name', ['identity_from', 'identity.eye_distance'])
def test_setting_an_identity_gives_the_own_face_back(name):
    panel = Panel()
    own = proportions(panel)
    show(panel, 0.2, face('a', 0.5, proportions=WIDE))
    panel.sketcher.draw_me()
    panel.run(1.5)

    panel.sketcher.reconfigure({name})
    panel.run(1.5)

    np.testing.assert_allclose(proportions(panel), own, atol=1e-3)


def test_a_face_has_the_proportions_of_a_file(tmp_path):
    model = write_space(tmp_path / 'model')
    write_face(tmp_path / 'anna.json', model, Identity.default().with_proportions(WIDE))

    by_path = Panel(model=str(model), identity_from=str(tmp_path / 'anna.json'))
    by_name = Panel(
        model=str(model),
        identity_from='anna',
        identity_folder=str(tmp_path),
    )

    for panel in (by_path, by_name):
        np.testing.assert_allclose(proportions(panel), WIDE, atol=0.01)
        assert not panel.warnings


@pytest.mark.parametrize('content', [None, 'x', '{"format": "another"}'])
def test_a_file_that_is_no_face_is_one_line_and_the_own_face_is_drawn(tmp_path, content):
    file = tmp_path / 'z.json'
    if content is not None:
        file.write_text(content)

    panel = Panel(model=str(write_space(tmp_path / 'm')), identity_from=str(file))

    np.testing.assert_allclose(proportions(panel), Identity.default().proportions(), atol=1e-6)
    assert len(panel.warnings) == 1
    assert str(file) in panel.warnings[0]
    assert panel.warnings[0].endswith('drawing the own face')
    assert panel.sketcher.identity_problem


def test_a_point_of_another_face_is_refused(tmp_path):
    other = write_space(tmp_path / 'other', 'another face')
    write_face(tmp_path / 'z.json', other, Identity.default())

    panel = Panel(
        model=str(write_space(tmp_path / 'm')),
        identity_from=str(tmp_path / 'z.json'),
    )

    assert "is of the face 'another face'" in panel.sketcher.identity_problem


def mouth_of(panel):
    """How far jaw and lips are open as they are drawn."""
    return drawn(panel, 'jaw_drop')


def speak(panel, seconds, opening=1.0, rate_hz=30.0):
    for _ in range(round(seconds * rate_hz)):
        panel.sketcher.take_mouth(SimpleNamespace(data=opening))
        panel.now_s += 1.0 / rate_hz
        panel.sketcher.tick()


def test_a_voice_opens_the_mouth_and_its_end_gives_it_back():
    panel = Panel()
    panel.run(1.0)
    rest = mouth_of(panel)

    speak(panel, 0.5)
    wide = mouth_of(panel)
    speak(panel, 0.5, opening=0.4)
    narrow = mouth_of(panel)
    speak(panel, 0.5, opening=0.1)
    quiet = mouth_of(panel)
    panel.run(1.5)

    assert wide > narrow + 0.3 > rest + 0.5
    assert quiet == pytest.approx(rest, abs=0.02)  # lips are together, or well apart
    assert mouth_of(panel) == pytest.approx(rest, abs=0.02)
    assert panel.sketcher.spoken == 45


def test_pictures_of_the_user_do_not_speak_and_say_so(pictures):
    panel = Panel(decoder='folder', folder=pictures)
    panel.run(1.0)
    before = len(panel.warnings)

    speak(panel, 0.1)

    assert not before
    assert {*panel.warnings} == {'mouth: ignored, as the folder face has no parts'}


def test_a_smile_that_speaks_smiles():
    panel = Panel()
    panel.sketcher.take_state(state(panel.now_s, joy=0.9))
    panel.run(2.0)
    smile = drawn(panel, 'lip_corner_puller')

    speak(panel, 0.5)

    assert drawn(panel, 'lip_corner_puller') == pytest.approx(smile, abs=0.05)
    assert smile > 0.3


def test_who_speaks_blinks_as_who_is_silent():
    silent, speaking = Panel(seed=5), Panel(seed=5)
    lids = {'silent': [], 'speaking': []}

    for k in range(40 * 25):
        for name, panel in (('silent', silent), ('speaking', speaking)):
            panel.now_s += 0.04
            if k % 50 == 0:  # a state; both are awake
                panel.sketcher.take_state(state(panel.now_s))
            if name == 'speaking':
                panel.sketcher.take_mouth(SimpleNamespace(data=k % 5 / 4))
            lids[name].append(panel.sketcher._animator.pose(panel.now_s)[1].blink)

    assert lids['speaking'] == lids['silent']
    assert max(lids['silent']) > 0.9


def test_speech_outranks_the_mirror():
    panel = Panel(mirror=1.0)
    for _ in range(20):
        panel.sketcher.take_faces(image_with(face('a', 0.5, action_units=units(jaw_drop=1.0))))
        panel.sketcher.take_mouth(SimpleNamespace(data=0.0))
        panel.run(0.04)

    assert mouth_of(panel) < 0.05


@pytest.mark.parametrize('bad', [np.nan, np.inf, -0.01, 1.01])
def test_a_bad_opening_is_counted_and_survived(bad):
    panel = Panel()
    panel.run(0.2)
    rest = mouth_of(panel)

    panel.sketcher.take_mouth(SimpleNamespace(data=bad))

    panel.run(0.2)
    assert panel.sketcher.malformed == panel.sketcher.spoken == 1
    assert panel.warnings == [
        f'ignored speech: expected an opening of the mouth in [0, 1], got {bad}'
    ]
    assert mouth_of(panel) == pytest.approx(rest, abs=0.02)


def test_a_face_of_pictures_takes_speech_and_stays_as_it_is(tmp_path):
    face = ParametricFace()
    cv2.imwrite(str(tmp_path / 'neutral.png'), 255 * face.render(blend_action_units([0.0] * 7)))
    panel = Panel(decoder='folder', folder=str(tmp_path))
    panel.run(0.2)

    speak(panel, 1.0)

    assert panel.sketcher.malformed == 0


def test_states_are_counted():
    panel = Panel()
    for _ in range(3):
        panel.sketcher.take_state(state(panel.now_s))
    assert panel.sketcher.states == 3


def test_life_is_switched_off_and_on_while_it_runs():
    panel = Panel()

    def different(seconds):
        begin = len(panel.pictures)
        panel.run(seconds)
        return len({picture.tobytes() for picture in panel.pictures[begin:]})

    lively = different(10.0)
    panel.settings.update(STILL)
    panel.sketcher.reconfigure(set(STILL))
    panel.run(2.0)
    still = different(10.0)
    panel.settings.update(dict.fromkeys(STILL, -1.0))
    panel.sketcher.reconfigure(set(STILL))

    assert lively > 5
    assert still == 1
    assert different(10.0) > 5


def test_a_preset_is_chosen_while_it_runs(monkeypatch):
    panel = Panel()
    configs = []
    monkeypatch.setattr(FaceAnimator, 'reconfigure', lambda _, config, __: configs.append(config))

    for name, value in (('preset', 'calm'), ('blink_rate', 20.0), ('preset', 'minimal')):
        panel.settings[LIFE + name] = value
        panel.sketcher.reconfigure({LIFE + name})
    panel.sketcher.reconfigure({'gaze_mirrored'})

    calm = AnimatorConfig.preset('calm')
    assert configs == [
        calm, replace(calm, blink_rate=20.0), AnimatorConfig.preset('minimal', blink_rate=20.0)
    ]  # fmt: skip


def test_every_number_of_the_animation_is_a_parameter_with_its_range():
    table = {setting.name: setting for setting in TABLE}
    for entry in fields(AnimatorConfig):
        setting, limits = table[LIFE + entry.name], limits_of(entry)
        assert (setting.minimum, setting.maximum) == (limits.low, limits.high)
        assert setting.default == setting.special == -1.0
        assert not setting.fixed
        assert setting.description.startswith(limits.meaning)
        middle = limits.low + 0.5 * (limits.high - limits.low)
        assert checked(TABLE, {setting.name: middle})[setting.name] == middle
        for value in (-0.5, limits.high + 1.0):
            with pytest.raises(ValueError, match=f'{setting.name}: expected .*, or -1, got'):
                checked(TABLE, {setting.name: value})


def test_numbers_that_contradict_each_other_are_ignored_where_they_come_from_a_recording():
    panel = Panel()
    panel.run(0.2)
    panel.settings[f'{LIFE}glance_least_s'] = 3.0

    panel.sketcher.reconfigure({f'{LIFE}glance_least_s'})

    (line,) = panel.warnings
    assert line == (
        'ignored a change of life.*: glance_least_s must be <= glance_most_s, got 3.0 > 2.0'
    )
    assert panel.run(0.2).any()
    with pytest.raises(ValueError, match='glance_least_s must be <= glance_most_s'):
        Panel(**{f'{LIFE}glance_least_s': 3.0})


@pytest.mark.parametrize('decoder', ['parametric', 'latent'])
def test_a_startle_is_done_in_a_fifth_of_a_second_wherever_it_falls_between_ticks(decoder):
    took_s = []
    for phase_s in np.arange(0.0, 0.04, 0.008):
        panel = Panel(decoder=decoder, **{OUTLINED: 1.0}, **STILL)
        panel.run(1.0)
        begin_s = panel.now_s + phase_s
        tick_s, times, shown = panel.now_s, [-1.0], [panel.pictures[-1]]
        panel.now_s = begin_s
        panel.sketcher.take_state(startled(begin_s))
        for _ in range(20):
            tick_s += 0.04
            panel.now_s = tick_s
            panel.sketcher.tick()
            times.append(tick_s - begin_s)
            shown.append(panel.pictures[-1])
        took_s.append(seconds_to(0.9, times, shown))

    assert max(took_s) <= 0.2, np.round(took_s, 3)


def expression(name='', valence=0.0, arousal=0.0, confidence=0.0):
    return SimpleNamespace(
        expression=name, valence=valence, arousal=arousal, confidence=confidence
    )


def goal(panel):
    """The action units that the face heads for or has."""
    return panel.sketcher._animator._expression.goal.units


def shown_alone(name):
    """What a face heads for that was asked for nothing else."""
    panel = Panel()
    panel.run(0.2)
    panel.sketcher.take_expression(expression(name))
    return goal(panel)


def test_an_expression_is_shown_above_the_states_and_then_theirs_comes_back():
    panel = Panel(expression_s=0.8)
    panel.sketcher.take_state(state(panel.now_s, joy=0.8))
    panel.run(1.0)
    joy = goal(panel)

    panel.sketcher.take_expression(expression('furious'))
    for _ in range(9):
        panel.run(0.1)
        panel.sketcher.take_state(state(panel.now_s, sad=0.8))
        assert (goal(panel) == shown_alone('furious')).all()
    panel.run(0.2)
    sad = goal(panel)

    alone = Panel()
    alone.sketcher.take_state(state(alone.now_s, sad=0.8))
    assert (sad == goal(alone)).all()
    assert not (sad == joy).all()
    assert panel.sketcher.malformed == 0
    assert panel.sketcher.expressions == 1


def test_a_new_expression_takes_the_place_of_the_one_before_and_an_empty_one_ends_it():
    panel = Panel(expression_s=1.0)
    rest = goal(panel)
    panel.sketcher.take_expression(expression('sad'))
    panel.run(0.8)
    panel.sketcher.take_expression(expression('happy'))
    panel.run(0.8)  # the first would have ended
    happy = goal(panel)
    panel.sketcher.take_expression(expression())

    assert (happy == shown_alone('happy')).all()
    assert (goal(panel) == rest).all()


def test_it_ends_when_it_is_over_whoever_looks_next_and_when_the_clock_goes_back():
    """Else a replay, which draws at other times, would move otherwise."""
    often, seldom, back = (Panel(expression_s=1.0) for _ in range(3))
    for panel in (often, seldom, back):
        panel.run(0.2)
        panel.sketcher.take_expression(expression('furious'))
    often.run(1.6)
    for _ in range(4):
        seldom.now_s += 0.4
        seldom.sketcher.take_mouth(SimpleNamespace(data=0.0))
    back.now_s -= 50.0
    back.run(0.4)

    assert often.now_s == pytest.approx(seldom.now_s)
    of_often, of_seldom = (
        panel.sketcher._animator._expression.at(often.now_s).units for panel in (often, seldom)
    )
    assert of_often == pytest.approx(of_seldom, abs=1e-9)
    assert (goal(back) == goal(often)).all()


def test_under_an_expression_the_face_goes_on_to_mirror_to_look_and_to_speak():
    panel = Panel(expression_s=9.0, mirror=1.0)
    panel.run(0.2)
    panel.sketcher.take_expression(expression('sad'))
    panel.run(1.0)
    shut = drawn(panel, 'jaw_drop')
    panel.sketcher.take_mouth(SimpleNamespace(data=1.0))
    panel.sketcher.take_gaze(SimpleNamespace(x=1.0, y=0.0, z=0.0))
    panel.run(0.12)

    assert drawn(panel, 'jaw_drop') > shut + 0.3
    panel.run(1.0)
    show(panel, 0.4, face('a', 0.5, action_units=units(chin_raiser=0.9)))
    assert drawn(panel, 'chin_raiser') > 0.5
    assert (goal(panel) == shown_alone('sad')).all()


def test_no_state_startles_or_is_answered_under_an_expression():
    panel = Panel()
    panel.run(1.0)
    panel.sketcher.take_expression(expression('happy'))
    panel.run(0.2)
    before = len(panel.pictures)

    message = startled(panel.now_s)
    message.observation_stamp = SimpleNamespace(sec=7, nanosec=0)
    panel.now_s += 0.01
    panel.sketcher.take_state(message)
    during = len(panel.pictures)
    panel.run(2.0)
    panel.sketcher.take_state(message)

    assert during == before
    assert panel.sketcher._observation_ns is None
    assert len(panel.pictures) > during
    assert (goal(panel) == shown_alone('happy')).mean() < 1.0


def test_what_is_no_expression_is_counted_with_the_name_that_may_be_meant():
    panel = Panel()
    panel.run(0.2)
    rest = goal(panel)

    panel.sketcher.take_expression(expression('hapy'))
    panel.sketcher.take_expression(expression(valence=np.nan))
    panel.run(0.2)

    assert panel.sketcher.malformed == 2
    assert 'ignored an expression: ' in panel.warnings[0]
    assert 'did you mean happy?' in panel.warnings[0]
    assert (goal(panel) == rest).all()


def test_a_state_that_is_none_is_not_taken_for_later_either():
    panel = Panel(expression_s=0.5)
    panel.sketcher.take_state(state(panel.now_s, sad=0.8))
    sad = goal(panel)
    panel.sketcher.take_expression(expression('happy'))
    panel.sketcher.take_state(state(panel.now_s, joy=np.nan))
    panel.run(0.8)

    assert panel.sketcher.malformed == 1
    assert (goal(panel) == sad).all()
