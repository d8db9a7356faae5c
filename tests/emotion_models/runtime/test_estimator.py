# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import csv
import subprocess
import sys

import cv2
import numpy as np
import pytest

from emotion_models.imaging.images import cut_square
from emotion_models.labels.expressions import EXPRESSIONS
from emotion_models.runtime import AffectEstimator, Detection
from emotion_models.runtime.affect import AffectModel
from emotion_models.runtime.detection import HaarDetector

FRAME_S = 1 / 30


def test_a_happy_photograph_is_joy_with_haar(astronaut):
    check_joy(AffectEstimator(), astronaut)


def test_a_happy_photograph_is_joy_with_yunet(astronaut, yunet_path):
    check_joy(AffectEstimator(detector=yunet_path), astronaut)


def check_joy(estimator, image):
    face = estimator(image)[0]

    assert EXPRESSIONS[face.expression.argmax()] == 'HAPPY'
    assert face.valence > 0.5
    assert -0.3 < face.arousal < 0.5
    assert face.confidence > 0.8
    assert face.expression.dtype == np.float32
    assert face.expression.sum() == pytest.approx(1, abs=1e-4)
    x, y, width, height = face.box
    assert x < 225 < x + width
    assert y < 115 < y + height


def test_grey_is_read_like_colour(astronaut):
    estimator = AffectEstimator(make_stage=None)
    grey = cv2.cvtColor(astronaut, cv2.COLOR_BGR2GRAY)

    in_colour = estimator(astronaut)[0]
    estimator.reset()
    in_grey = estimator(grey)[0]

    assert in_grey.valence == pytest.approx(in_colour.valence, abs=0.1)


@pytest.mark.parametrize('rotation', [90, 180, 270])
def test_a_turned_camera_is_read_like_an_upright_one(astronaut, rotation):
    wide = astronaut[:400]
    turned = np.ascontiguousarray(np.rot90(wide, rotation // 90))  # counter-clockwise
    (expected,) = AffectEstimator(make_stage=None)(wide)

    (face,) = AffectEstimator(make_stage=None, rotation=rotation)(turned)

    assert face.valence == pytest.approx(expected.valence, abs=1e-6)
    seen, meant = (
        cut_square(image, (x + width / 2, y + height / 2), width, 48)
        for image, (x, y, width, height) in ((turned, face.box), (wide, expected.box))
    )
    assert cv2.absdiff(np.ascontiguousarray(np.rot90(seen, -rotation // 90)), meant).mean() < 2


@pytest.mark.parametrize('rotation', [0, 90])
def test_faces_are_sighted_as_they_are_read(paste_face, room, rotation):
    reading, sighting = (
        AffectEstimator(make_stage=None, rotation=rotation, read_every_s=0) for _ in range(2)
    )

    for k in range(24):
        image = paste_face(room, 200 + 8 * k, 240, 90)
        image = np.ascontiguousarray(np.rot90(image, rotation // 90))
        faces = reading(image, k * FRAME_S)
        seen = sighting.sight(image, k * FRAME_S)

        assert len(seen) == 1
        assert [sight.face_id for sight in seen] == [face.id for face in faces]
        assert tuple(seen[0].box) == faces[0].box
        _, affect = sighting.model([seen[0].square])
        assert affect[0, 0] == pytest.approx(faces[0].raw_valence, abs=1e-6)


def test_a_turn_that_is_no_quarter_is_refused():
    with pytest.raises(ValueError, match=r'one of \(0, 90, 180, 270\) degrees, got 45'):
        AffectEstimator(rotation=45)


def test_a_moving_face_keeps_its_name_and_its_joy(paste_face, room):
    timings = []
    estimator = AffectEstimator(report_timings=timings.append)
    names, valences = set(), []

    for k in range(24):
        faces = estimator(paste_face(room, 200 + 8 * k, 240, 90), k * FRAME_S)
        names |= {face.id for face in faces}
        valences += [face.valence for face in faces]

    assert len(names) == 1
    assert len(valences) == 24
    assert min(valences) > 0.4
    assert len(timings) == 24
    assert sum(timing.detector > 0 for timing in timings) <= 8


def test_detects_at_once_while_there_is_no_face_and_seldom_while_there_is(
    scripted_detector, paste_face, room
):
    estimator = AffectEstimator(detector=scripted_detector, detect_every=5)
    picture = paste_face(room, 320, 240, 80)

    for k in range(3):
        assert estimator(picture, k * FRAME_S) == []
    assert scripted_detector.calls == 3
    scripted_detector.answer = [Detection(np.array([140, 100, 40, 40], float), 0.9)]
    for k in range(3, 14):
        assert len(estimator(picture, k * FRAME_S)) == 1
    estimator.catch_up()
    assert scripted_detector.calls == 3 + 3


def test_a_detection_that_is_due_counts_from_the_next_image_on_and_can_be_had_early(
    scripted_detector, paste_face, room
):
    """So the faces of an image need not wait for the detector; when it runs changes nothing."""
    picture = paste_face(room, 320, 240, 80)
    moved = [Detection(np.array([144, 100, 40, 40], float), 0.9)]
    boxes = []
    for catches_up in (False, True):
        scripted_detector.answer = [Detection(np.array([140, 100, 40, 40], float), 0.9)]
        estimator = AffectEstimator(detector=scripted_detector, detect_every=2)
        image = picture.copy()
        boxes.append([estimator(image, 0.0)[0].box])
        scripted_detector.answer = moved
        for k in range(1, 5):
            calls = scripted_detector.calls
            boxes[-1].append(estimator(image, k * FRAME_S)[0].box)
            if catches_up:
                assert scripted_detector.calls == calls
                estimator.catch_up()
                assert scripted_detector.calls == calls + (k % 2 == 0)
            image[:] = 0  # as a camera may that uses its memory again
            image[:] = picture

    assert np.array_equal(boxes[0], boxes[1])
    lefts = [box[0] for box in boxes[0]]
    assert lefts[2] == pytest.approx(lefts[1], abs=1.0)
    assert lefts[3] - lefts[2] > 3.0


def test_an_image_of_another_stream_is_not_corrected_by_the_one_before(
    scripted_detector, paste_face, room
):
    estimator = AffectEstimator(detector=scripted_detector, detect_every=1)
    scripted_detector.answer = [Detection(np.array([140, 100, 40, 40], float), 0.9)]
    for k in range(2):
        estimator(paste_face(room, 320, 240, 80), k * FRAME_S)
    calls = scripted_detector.calls

    estimator.reset()
    estimator.catch_up()

    assert scripted_detector.calls == calls


class CountingHaar(HaarDetector):
    """Counts the whole images that it searches."""

    searches = 0

    def __call__(self, image):
        self.searches += 1
        return super().__call__(image)


def test_whole_images_are_searched_seldom_while_a_face_is_followed(paste_face, room):
    detector = CountingHaar()
    estimator = AffectEstimator(detector=detector)

    boxes = [
        estimator(paste_face(room, 320 + k, 240, 80 + k), k * FRAME_S)[0].box for k in range(60)
    ]

    assert detector.searches <= 4  # once at first, then less than 2 s
    assert boxes[-1][2] - boxes[0][2] > 30  # and yet the box grows with the face


@pytest.mark.parametrize('rate_hz', [10.0, 30.0])
def test_a_second_person_is_found_within_a_second(paste_face, room, rate_hz):
    estimator = AffectEstimator()
    alone = paste_face(room, 200, 240, 80)
    entered = int(1.5 * rate_hz)
    for k in range(entered):
        assert len(estimator(alone, k / rate_hz)) == 1

    both = paste_face(alone, 480, 240, 90)
    found = [len(estimator(both, k / rate_hz)) for k in range(entered, entered + int(rate_hz))]

    assert found[-1] == 2


def test_the_whole_image_is_searched_at_once_where_a_known_face_is_not_seen(
    scripted_detector, paste_face, room
):
    face = Detection(np.array([140, 100, 40, 40], float), 0.9)
    scripted_detector.answer = [face]
    scripted_detector.look_again = lambda image, box: []
    estimator = AffectEstimator(detector=scripted_detector, detect_every=2)
    picture = paste_face(room, 320, 240, 80)
    estimator(picture, 0.0)

    for k in range(1, 3):
        estimator(picture, k * FRAME_S)
    estimator.catch_up()

    assert scripted_detector.calls == 2


def test_a_face_that_leaves_is_gone_at_once(paste_face, room):
    estimator = AffectEstimator()
    for k in range(3):
        assert estimator(paste_face(room, 320, 240, 80), k * FRAME_S)

    assert estimator(room, 3 * FRAME_S) == []


def test_another_image_size_begins_another_stream(scripted_detector, paste_face, room):
    estimator = AffectEstimator(detector=scripted_detector)
    scripted_detector.answer = [Detection(np.array([140, 100, 40, 40], float), 0.9)]
    first = estimator(paste_face(room, 320, 240, 80), 0.0)

    second = estimator(paste_face(room[:400], 320, 240, 80), FRAME_S)

    assert first[0].id != second[0].id


def test_smoothing_is_causal_and_the_raw_value_stays(scripted_detector, paste_face, room):
    estimator = AffectEstimator(detector=scripted_detector, detect_every=1)
    scripted_detector.answer = [Detection(np.array([140, 100, 40, 40], float), 0.9)]
    happy = paste_face(room, 320, 240, 80)
    blank = cv2.flip(happy, 0)

    (before,) = estimator(blank, 0.0)
    (after,) = estimator(happy, FRAME_S)

    assert before.valence == pytest.approx(before.raw_valence)
    assert after.raw_valence > 0.5
    assert before.raw_valence < after.valence < after.raw_valence


@pytest.fixture
def reads(monkeypatch):
    """How many faces each call of the affect network was given."""
    counts = []

    def counted(model, crops, original=AffectModel.__call__):
        counts.append(len(crops))
        return original(model, crops)

    monkeypatch.setattr(AffectModel, '__call__', counted)
    return counts


@pytest.mark.parametrize(('read_every_s', 'least', 'most'), [(0.15, 3, 8), (0.0, 20, 20)])
def test_a_face_that_is_still_is_not_read_in_every_image(
    reads, astronaut, read_every_s, least, most
):
    estimator = AffectEstimator(read_every_s=read_every_s)
    noise = np.random.default_rng(0)

    for k in range(20):
        grains = noise.normal(0, 5, astronaut.shape)
        assert estimator((astronaut + grains).clip(0, 255).astype(np.uint8), k * FRAME_S)

    assert least <= sum(reads) <= most


def test_a_face_that_changes_is_read_at_once(reads, scripted_detector, paste_face, room):
    scripted_detector.answer = [
        Detection(np.array([x, 100, 40, 40], float), 0.9) for x in (60, 220)
    ]
    estimator = AffectEstimator(detector=scripted_detector)
    both = paste_face(paste_face(room, 160, 240, 80), 480, 240, 80)
    estimator(both, 0.0)
    before = {face.id: face.raw_valence for face in estimator(both, FRAME_S)}
    changed = both.copy()
    changed[250:270, 460:500] = 20  # about the mouth of one

    after = {face.id: face.raw_valence for face in estimator(changed, 2 * FRAME_S)}

    assert reads == [2, 0, 1]
    changes = sorted(abs(after[name] - before[name]) for name in before)
    assert changes[0] == 0.0
    assert changes[1] > 0.2


@pytest.mark.parametrize('stamp_s', [1.0, -1.0])
def test_a_reading_does_not_hold_over_a_jump_of_time(reads, astronaut, stamp_s):
    estimator = AffectEstimator()
    estimator(astronaut, 0.0)

    estimator(astronaut, stamp_s)

    assert reads == [1, 1]


def test_confidence_is_score_times_top_probability(scripted_detector, paste_face, room):
    estimator = AffectEstimator(detector=scripted_detector, prior='in_the_wild')
    scripted_detector.answer = [Detection(np.array([140, 100, 40, 40], float), 0.5)]

    (face,) = estimator(paste_face(room, 320, 240, 80))

    assert face.confidence == pytest.approx(0.5 * face.expression.max(), abs=1e-5)


def test_faces_come_largest_first_and_not_more_than_asked(scripted_detector, room):
    sides = (30, 70, 50)
    scripted_detector.answer = [
        Detection(np.array([90 * n, 50, side, side], float), 0.9) for n, side in enumerate(sides)
    ]

    faces = AffectEstimator(detector=scripted_detector, max_faces=2)(room)

    assert [face.box[2] for face in faces] == [140, 100]


def test_time_that_jumps_back_is_survived(astronaut):
    estimator = AffectEstimator()

    estimator(astronaut, 100.0)
    (face,) = estimator(astronaut, 1.0)

    assert face.valence == pytest.approx(face.raw_valence)


def test_every_call_reports_what_it_took(astronaut):
    timings = []
    estimator = AffectEstimator(report_timings=timings.append)

    estimator(astronaut)
    estimator(astronaut)

    with_detection, without = timings
    assert min(with_detection) >= 0
    assert with_detection.detector > 0
    assert without.detector == 0
    assert without.network > 0


@pytest.mark.parametrize('image', [np.zeros((0, 0, 3), np.uint8), np.zeros((4, 4, 4), np.uint8)])
def test_what_is_no_picture_is_refused_and_changes_nothing(astronaut, image):
    estimator = AffectEstimator()
    (before,) = estimator(astronaut, 0.0)

    with pytest.raises(ValueError, match='image'):
        estimator(image)

    assert estimator(astronaut, FRAME_S)[0].id == before.id


@pytest.mark.parametrize('name', ['detect_every', 'max_faces', 'threads'])
def test_numbers_out_of_range_are_refused(name):
    with pytest.raises(ValueError, match=f'{name} must be >= 1, got 0'):
        AffectEstimator(**{name: 0})


@pytest.fixture
def clips(shared_data):
    """Images of a clip, and for each phase of it: the row of phases.csv and its frames."""
    folder = shared_data / 'expression_clips'

    def read(name):
        clip = cv2.VideoCapture(str(folder / name))
        images = []
        while (frame := clip.read())[0]:
            images.append(frame[1])
        with (folder / 'phases.csv').open() as table:
            rows = [row for row in csv.DictReader(table) if row['clip'] == name]
        phases = [
            (row, slice(int(row['first_frame']), int(row['last_frame']) + 1)) for row in rows
        ]
        return images, phases

    return read


SIGNS = {
    'zero': lambda values: np.abs(values).max() < 0.2,
    'rising': lambda values: (np.diff(values) >= 0).all(),
    'positive': lambda values: values.min() > 0.4,
    'zero_or_positive': lambda values: values.min() > -0.2,
}


@pytest.mark.parametrize('kind', ['haar', 'yunet'])
def test_a_real_smile_is_read_as_it_happens(kind, clips, yunet_path):
    images, phases = clips('neutral_to_smile.mp4')
    estimator = AffectEstimator(detector='haar' if kind == 'haar' else yunet_path)

    faces = [estimator(image, k * FRAME_S) for k, image in enumerate(images)]

    assert {len(found) for found in faces} == {1}
    assert len({found[0].id for found in faces}) == 1
    for name in ('valence', 'arousal'):
        values = np.array([getattr(found[0], name) for found in faces])
        for row, frames in phases:
            assert SIGNS[row[f'expected_{name}']](values[frames]), row
            if row['phase'] != 'onset':
                assert np.abs(np.diff(values[frames])).max() <= 0.05, row


@pytest.mark.parametrize('kind', ['haar', 'yunet'])
def test_no_face_is_seen_where_there_is_none(kind, clips, yunet_path):
    images, _ = clips('no_face.mp4')
    estimator = AffectEstimator(detector='haar' if kind == 'haar' else yunet_path)

    seen = [bool(estimator(image, k / 23.7)) for k, image in enumerate(images)]

    assert sum(seen) <= 0.02 * len(seen)


@pytest.mark.parametrize('kind', ['haar', 'yunet'])
def test_odd_files_are_refused_or_read(kind, shared_data, yunet_path):
    estimator = AffectEstimator(detector='haar' if kind == 'haar' else yunet_path)
    folder = shared_data / 'odd_images'
    with (folder / 'odd_images.csv').open() as table:
        rows = list(csv.DictReader(table))

    for row in rows:
        pixels = np.fromfile(folder / row['file'], np.uint8)
        image = cv2.imdecode(pixels, cv2.IMREAD_COLOR) if len(pixels) else None
        assert (image is not None) or row['readable'] != 'yes', row
        if image is None:
            continue
        estimator.reset()
        faces = estimator(image)
        if row['faces']:
            assert len(faces) == int(row['faces']), row
        for face in faces:
            assert np.isfinite([face.valence, face.arousal, face.confidence]).all()


def test_the_runtime_never_imports_torch():
    program = (
        'import sys, emotion_models.runtime, emotion_models.cli; print("torch" in sys.modules)'
    )
    answer = subprocess.run(
        [sys.executable, '-c', program], capture_output=True, text=True, check=True
    )

    assert answer.stdout.strip() == 'False'
