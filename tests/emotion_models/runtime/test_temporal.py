# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Models of valence and arousal over time: their cards, their steps, and a state for each face."""

import numpy as np
import pytest
from temporal_maker import A_STEP, ALL_FEATURES, valence_after, write_temporal

from emotion_models.runtime import (
    AffectEstimator,
    ArtefactError,
    CropReader,
    Reading,
    TemporalModel,
)
from emotion_models.runtime.affect import AffectModel
from emotion_models.runtime.temporal import TemporalStage

RATE_HZ = 25.0
VA = {'va': 2}


@pytest.fixture(scope='session')
def folder(tmp_path_factory):
    return write_temporal(tmp_path_factory.mktemp('temporal') / 'course')


@pytest.fixture(scope='session')
def model(folder):
    return TemporalModel(folder)


@pytest.fixture(scope='session')
def affect_network():
    return AffectModel()


@pytest.fixture(scope='module')
def va_model(tmp_path_factory):
    """A model that reads valence and arousal alone."""
    return TemporalModel(write_temporal(tmp_path_factory.mktemp('temporal') / 'course', VA))


def test_a_step_gives_valence_and_arousal_and_the_state_after_it(model):
    rows = np.random.default_rng(0).normal(size=(3, 170)).astype(np.float32)

    state = model.first_state()
    for row in rows:
        affect, state = model.step(row[None], state)

    assert model.features == ALL_FEATURES
    assert (model.rate_hz, model.delay_s) == (RATE_HZ, 0.0)
    assert [part.shape for part in state] == [(1, 1), (1, 3)]
    assert affect.shape == (1, 2)
    assert affect[0] == pytest.approx([valence_after(rows), 3 * A_STEP], abs=1e-6)


def test_what_is_said_is_clipped(tmp_path):
    model = TemporalModel(write_temporal(tmp_path / 'loud', VA, gain=1e4))

    said = [model.step(np.float32([[v, v]]), model.first_state())[0][0, 0] for v in (-1e3, 1e3)]

    assert sorted(said) == [-1.0, 1.0]


def entry(kind, index, **changes):
    return lambda card: card[kind][index].update(changes)


@pytest.mark.parametrize(
    ('change', 'words'),
    [
        (lambda card: card.pop('system'), "system: expected temporal, got None"),
        (lambda card: card.update(system='affect'), "system: expected temporal, got 'affect'"),
        (lambda card: card['inputs'][0].pop('features'), 'inputs: expected one with features'),
        (entry('inputs', 0, features=3), 'features: expected widths by name'),
        (entry('inputs', 0, features={'logmel': 64}), "reads the feature 'logmel', and the robot"),
        (entry('inputs', 0, features={'va': 3}), 'width of the feature va: expected 2, got 3'),
        (entry('inputs', 0, features={'embedding': '1'}), 'width of the feature embedding: exp'),
        (entry('inputs', 0, shape=['N', 3]), r'shape of features: expected \[N, 2\]'),
        (entry('outputs', 0, columns=['valence']), 'columns: expected an output with valence and'),
        (lambda card: card.pop('states'), 'states: expected one for each input but features'),
        (lambda card: card.update(states=3), 'states: expected a list'),
        (lambda card: card['states'].pop(), 'states: expected one for each input but features'),
        (lambda card: card['states'][0].pop('output'), 'states: expected input, output and beg'),
        (entry('states', 0, input='mena'), 'input of a state: expected one of features, mean, co'),
        (entry('states', 0, output=['x']), 'output of a state: expected one of affect, next_mean'),
        (entry('states', 0, output='next_count'), r'shape of next_count: expected .*as that of m'),
        (entry('states', 0, begins_with=float('nan')), 'begins_with of a state: expected a numb'),
        (entry('inputs', 1, shape=['N', 'M']), r'shape of mean: expected \[N, WIDTH\]'),
        (lambda card: card.update(rate_hz=0.0), 'rate_hz: expected frames a second, above 0'),
        (lambda card: card.update(rate_hz='25'), 'rate_hz: expected frames a second, above 0'),
        (lambda card: card.update(delay_frames=-1), 'delay_frames: expected a whole number'),
        (lambda card: card.update(delay_frames=26), 'delay_frames: expected a whole number'),
        (lambda card: card.update(delay_frames=0.5), 'delay_frames: expected a whole number'),
        (lambda card: card.pop('training_data'), 'training_data has no affect_network'),
        (lambda card: card.update(training_data={'name': 'generated courses'}),
         "robot cannot use it; trained on 'generated courses': write it there if"),
    ],
)  # fmt: skip
def test_a_card_that_does_not_fit_is_one_line(tmp_path, change, words):
    folder = write_temporal(tmp_path / 'course', VA, change=change)

    with pytest.raises(ArtefactError, match=words) as refusal:
        TemporalModel(folder)

    assert '\n' not in str(refusal.value)
    assert str(folder) in str(refusal.value)


def test_a_file_of_other_shapes_than_its_card_is_one_line(tmp_path):
    def change(card):
        card['inputs'][1]['shape'] = card['outputs'][1]['shape'] = ['N', 2]

    with pytest.raises(
        ArtefactError, match='does not do what its card describes: .*mean'
    ) as refusal:
        TemporalModel(write_temporal(tmp_path / 'course', VA, change=change))

    assert '\n' not in str(refusal.value)


def test_a_delay_is_told_in_seconds(tmp_path):
    folder = write_temporal(
        tmp_path / 'course', VA, change=lambda card: card.update(delay_frames=5)
    )

    assert TemporalModel(folder).delay_s == pytest.approx(0.2)


def test_it_fits_the_network_whose_features_it_reads_alone(tmp_path, model, affect_network):
    assert model.misfit(affect_network) == ''
    other = TemporalModel(
        write_temporal(
            tmp_path / 'other',
            change=lambda card: card['training_data'].update(affect_network='0' * 64),
        )
    )
    narrow = TemporalModel(write_temporal(tmp_path / 'narrow', {'embedding': 5}))

    for unfit, words in ((other, 'of another affect network than affect'), (narrow, '5, affect')):
        assert words in unfit.misfit(affect_network)
        assert '\n' not in unfit.misfit(affect_network)
        for make in (AffectEstimator, CropReader):
            with pytest.raises(ArtefactError, match=words):
                make(affect_network, temporal=unfit)


def reading(valence, stamp_s):
    values = np.zeros(10)
    values[:2] = valence, -valence
    return Reading(values, 0.9, stamp_s)


def expected_course(stamps_s, valences):
    """By hand: at each reading, the frames of the model that are due; the last is the newest."""
    rows, course = [], []
    for number, (stamp_s, valence) in enumerate(zip(stamps_s, valences, strict=True)):
        due = int(np.floor((stamp_s - stamps_s[0]) * RATE_HZ + 0.5)) + 1 - len(rows)
        if due > 0:
            held = valences[number - 1] if number else valence
            rows += [(held, -held)] * (due - 1) + [(valence, -valence)]
        course.append((valence_after(rows, VA), len(rows) * A_STEP))
    return course


@pytest.mark.parametrize('kind', ['its own', 'slow', 'fast', 'uneven', 'dropped'])
def test_features_are_held_at_the_rate_of_the_model(va_model, kind):
    generator = np.random.default_rng(3)
    steps_s = {
        'its own': np.full(50, 1 / RATE_HZ),
        'slow': np.full(20, 1 / 10),
        'fast': np.full(90, 1 / 60),
        'uneven': generator.uniform(0.005, 0.12, 40),
        'dropped': generator.choice([1, 1, 1, 4, 12], 40) / 30,
    }[kind]
    stamps_s = 1_700_000_000.25 + np.concatenate(([0.0], np.cumsum(steps_s)))
    valences = generator.uniform(-1, 1, len(stamps_s))
    stage = TemporalStage(va_model)

    said = [
        stage(reading(valence, stamp_s))[:2]
        for stamp_s, valence in zip(stamps_s, valences, strict=True)
    ]

    assert np.array(said) == pytest.approx(np.array(expected_course(stamps_s, valences)), abs=1e-5)
    lasted_s = stamps_s[-1] - stamps_s[0]
    assert said[-1][1] / A_STEP == pytest.approx(1 + lasted_s * RATE_HZ, abs=0.51)


def test_expressions_pass_a_stage_as_they_are(va_model):
    values = np.linspace(-0.1, 0.8, 10)

    assert np.array_equal(TemporalStage(va_model)(Reading(values, 0.9, 1.0))[2:], values[2:])


@pytest.fixture
def faces():
    """Squares of noise, each another face to the network."""
    return np.random.default_rng(0).integers(0, 256, (60, 64, 64), dtype=np.uint8)


def read_all(reader, crops):
    """The faces of crops (id, image, stamp), one by one."""
    return [face for crop in crops for face in reader([crop])]


def test_only_smoothed_valence_and_arousal_are_of_the_model(affect_network, model, faces):
    crops = [('a', face, number / RATE_HZ) for number, face in enumerate(faces[:10])]

    plain, over_time = (
        read_all(CropReader(affect_network, temporal=temporal), crops)
        for temporal in (None, model)
    )

    rows = []
    for number, (before, after, crop) in enumerate(zip(plain, over_time, crops, strict=True)):
        for name in ('id', 'box', 'confidence', 'raw_valence', 'raw_arousal'):
            assert getattr(after, name) == getattr(before, name)
        assert np.array_equal(after.expression, before.expression)
        embedding, expression, affect = (part[0] for part in affect_network.read([crop[1]]))
        rows.append(np.concatenate((embedding, expression, affect)))
        assert after.valence == pytest.approx(np.clip(valence_after(rows), -1, 1), abs=1e-5)
        assert after.arousal == pytest.approx((number + 1) * A_STEP)


def test_each_face_has_a_state_of_its_own_to_the_bit(affect_network, model, faces):
    crops = [('ab'[number % 2], face, number / 50) for number, face in enumerate(faces[:20])]
    together = CropReader(affect_network, temporal=model)

    said = [
        (face.id, face.valence, face.arousal)
        for first, second in zip(crops[::2], crops[1::2], strict=True)
        for face in together([first, second])
    ]

    for name in 'ab':
        alone = TemporalStage(model)
        readings = [
            affect_network.read([image for _, image, _ in pair])
            for pair in zip(crops[::2], crops[1::2], strict=True)
        ]
        row = 'ab'.index(name)
        for number, (embedding, expression, affect) in enumerate(readings):
            values = np.concatenate((affect[row], expression[row])).astype(float)
            stamp_s = crops[2 * number + row][2]
            answer = alone(Reading(values, 0.9, stamp_s, embedding[row]))
            assert said[2 * number + row] == (name, *answer[:2])


@pytest.mark.parametrize(
    ('gap_s', 'begins_again'), [(0.8, False), (1.2, True), (0.0, True), (-3.0, True)]
)
def test_a_gap_begins_again(affect_network, model, faces, gap_s, begins_again):
    reader = CropReader(affect_network, temporal=model)
    crops = [('a', face, number / RATE_HZ) for number, face in enumerate(faces[:5])]
    read_all(reader, crops)

    (after,) = reader([('a', faces[7], crops[-1][2] + gap_s)])

    steps = 1 if begins_again else 5 + round(gap_s * RATE_HZ)
    assert after.arousal == pytest.approx(steps * A_STEP)


def test_a_face_that_left_begins_again_and_others_go_on(affect_network, model, faces):
    reader = CropReader(affect_network, temporal=model)
    for number, face in enumerate(faces[:4]):
        reader([(name, face, number / RATE_HZ) for name in 'ab'])

    reader.keep({'b'})
    back, stayed = reader([(name, faces[5], 4 / RATE_HZ) for name in 'ab'])

    assert back.arousal == pytest.approx(A_STEP)
    assert stayed.arousal == pytest.approx(5 * A_STEP)


@pytest.mark.parametrize('read_every_s', [0.0, 0.15])
def test_a_face_that_is_still_gives_its_features_again(
    affect_network, model, paste_face, room, monkeypatch, read_every_s
):
    answers, step = [], TemporalModel.step
    monkeypatch.setattr(
        TemporalModel,
        'step',
        lambda self, row, state: answers.append(row) or step(self, row, state),
    )
    estimator = AffectEstimator(
        affect_network, 'haar', temporal=model, read_every_s=read_every_s, detect_every=100
    )
    answers.clear()
    said = []
    for number in range(13):
        noise = np.random.default_rng(number).normal(0, 3, room.shape)
        image = (paste_face(room, 320, 240, 100) + noise).clip(0, 255).astype(np.uint8)
        said += estimator(image, number / RATE_HZ)

    assert [face.arousal for face in said] == pytest.approx(A_STEP * np.arange(1, len(said) + 1))
    assert len(answers) == len(said) == 13
    different = {row.tobytes() for row in answers}
    assert len(different) == (13 if read_every_s == 0 else 4)  # at 0, .16, .32, .48 s
    assert all(
        row[0, -2] == np.float32(f.raw_valence) for row, f in zip(answers, said, strict=True)
    )


def test_images_of_a_new_stream_begin_again(affect_network, model, paste_face, room):
    estimator = AffectEstimator(affect_network, 'haar', temporal=model)
    image = paste_face(room, 320, 240, 100)
    for number in range(5):
        (face,) = estimator(image, number / RATE_HZ)
    assert face.arousal == pytest.approx(5 * A_STEP)

    estimator.reset()
    (face,) = estimator(image, 5 / RATE_HZ)

    assert face.arousal == pytest.approx(A_STEP)


def test_what_the_model_takes_is_told_by_itself(affect_network, model, faces):
    timings = []
    crops = [('a', faces[0], 0.0), ('b', faces[1], 0.0)]

    for temporal in (None, model):
        CropReader(affect_network, temporal=temporal, report_timings=timings.append)(crops)

    assert timings[0].temporal == 0.0
    assert timings[1].temporal > 0.0
    assert timings[1].network > 0.0
