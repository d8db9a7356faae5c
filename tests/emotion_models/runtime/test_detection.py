# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import csv
import json
import zipfile

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotion_models.runtime import (
    DetectorError,
    HaarDetector,
    YuNetDetector,
    load_artefact,
    make_detector,
)
from emotion_models.runtime.detection import overlaps, suppress_overlaps

skimage = pytest.importorskip('skimage')


@pytest.fixture(scope='module')
def astronaut():
    return np.ascontiguousarray(skimage.data.astronaut()[..., ::-1])


@pytest.fixture(scope='module')
def yunet_path(shared_data):
    return shared_data / 'yunet' / 'yunet_n_320_320.onnx'


FACE = np.array([176, 66, 98, 98], float)


@pytest.fixture(scope='module')
def photos(shared_data):
    """Image and boxes of every photograph."""
    folder = shared_data / 'detector_photos'
    with zipfile.ZipFile(folder / 'photos.zip') as archive:
        pixels = {
            name: cv2.imdecode(np.frombuffer(archive.read(name), np.uint8), cv2.IMREAD_COLOR)
            for name in archive.namelist()
            if name.endswith('.jpg')
        }
    with (folder / 'photos.csv').open() as table:
        return [
            (pixels[row['file']], np.array(json.loads(row['boxes_xywh'])).reshape(-1, 4))
            for row in csv.DictReader(table)
        ]


def test_haar_finds_the_face_and_is_sure(astronaut):
    best = HaarDetector()(astronaut)[0]

    assert overlaps(FACE, best.box[None])[0] > 0.7
    assert 0.9 < best.score <= 1


class CountingCascade:
    """OpenCV's cascade, and at how many windows it has looked, which is what takes the time."""

    def __init__(self, cascade):
        self.cascade, self.windows = cascade, 0

    def detectMultiScale(self, image, **options):  # noqa: N802
        self.count(image, **options)
        return self.cascade.detectMultiScale(image, **options)

    def detectMultiScale3(self, image, **options):  # noqa: N802
        self.count(image, **options)
        return self.cascade.detectMultiScale3(image, **options)

    def count(self, image, scaleFactor, minSize, maxSize=(10_000, 10_000), **_):
        """Windows of one search; while the image is large, at every second row and column."""
        side, factor = HaarDetector.WINDOW_PX, 1.0
        while side * factor <= min(*image.shape, *maxSize):
            if side * factor >= min(minSize):
                step = 1 if factor > 2 else 2
                height, width = (1 + (length / factor - side) // step for length in image.shape)
                self.windows += height * width
            factor *= scaleFactor


def test_haar_sees_what_the_cascade_sees_with_half_the_work(astronaut):
    haar = HaarDetector()
    haar._cascade = cascade = CountingCascade(haar._cascade)
    grey = cv2.resize(cv2.cvtColor(astronaut, cv2.COLOR_BGR2GRAY), (320, 320))

    found, in_ours = haar(grey), cascade.windows
    plain, in_both = haar._find(grey, haar.smallest_px, 320), cascade.windows

    assert len(found) == len(plain) == 1
    assert overlaps(found[0].box, plain[0].box[None])[0] > 0.8
    assert found[0].score == pytest.approx(plain[0].score, abs=0.2)
    assert 0 < in_ours < 0.5 * (in_both - in_ours)


def test_haar_sees_a_known_face_again_as_in_the_whole_image(astronaut):
    haar = HaarDetector()
    small = cv2.resize(astronaut, (320, 320), interpolation=cv2.INTER_AREA)
    best = haar(small)[0]
    size = best.box[2]

    moved = np.array([0.1, -0.1, 0.05, 0.05]) * size
    again = haar.look_again(small, best.box + moved)[0]

    assert overlaps(best.box, again.box[None])[0] > 0.8
    assert again.score == pytest.approx(best.score, abs=0.2)
    for away in (2, 20):  # in the image, and outside of it
        assert haar.look_again(small, best.box + np.array([away, away, 0, 0]) * size) == []


def test_yunet_finds_the_face_and_is_sure(astronaut, yunet_path):
    (found,) = YuNetDetector(yunet_path)(astronaut)

    assert overlaps(FACE, found.box[None])[0] > 0.6
    assert 0.85 < found.score <= 1


@pytest.mark.parametrize('shape', [(1, 1), (1, 500, 3), (480, 640), (23, 7, 3)])
def test_a_flat_picture_of_any_size_has_no_face(shape, yunet_path):
    flat = np.full(shape, 128, np.uint8)

    assert HaarDetector()(flat) == []
    assert YuNetDetector(yunet_path)(flat) == []


def test_grey_and_colour_give_the_same_face(astronaut):
    grey = cv2.cvtColor(astronaut, cv2.COLOR_BGR2GRAY)

    in_grey, in_colour = HaarDetector()(grey)[0], HaarDetector()(astronaut)[0]

    assert overlaps(in_grey.box, in_colour.box[None])[0] > 0.9


def test_yunet_agrees_with_opencv(photos, yunet_path):
    if tuple(map(int, cv2.__version__.split('.')[:2])) < (4, 8):
        pytest.skip(f'FaceDetectorYN of OpenCV {cv2.__version__} does not read this model')
    ours = YuNetDetector(yunet_path)
    peer = cv2.FaceDetectorYN.create(str(yunet_path), '', (320, 320), 0.6, 0.3)

    for image, _ in photos:
        scale = 320 / max(image.shape)
        if scale > 1:
            continue
        size = (round(image.shape[1] * scale), round(image.shape[0] * scale))
        canvas = np.zeros((320, 320, 3), np.uint8)
        canvas[: size[1], : size[0]] = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
        _, rows = peer.detect(canvas)
        expected = np.zeros((0, 15)) if rows is None else rows
        found = ours(canvas)

        assert len(found) == len(expected)
        for detection in found:
            nearest = overlaps(detection.box, expected[:, :4]).argmax()
            assert detection.box == pytest.approx(expected[nearest, :4], abs=0.1)
            assert detection.score == pytest.approx(expected[nearest, 14], abs=1e-3)


@pytest.mark.parametrize(('name', 'least_recall'), [('haar', 0.5), ('yunet', 0.95)])
def test_faces_of_photographs_are_found_and_nothing_else(name, least_recall, photos, yunet_path):
    detector = make_detector('haar' if name == 'haar' else yunet_path)
    hits = faces = false_alarms = 0

    for image, boxes in photos:
        clear = boxes[boxes[:, 2] > 0.08 * max(image.shape)]
        found = np.array([d.box for d in detector(image)]).reshape(-1, 4)
        faces += len(clear)
        hits += sum(len(found) > 0 and overlaps(box, found).max() > 0.35 for box in clear)
        false_alarms += sum(len(boxes) == 0 or overlaps(f, boxes).max() < 0.3 for f in found)

    assert hits >= least_recall * faces
    assert false_alarms <= 1


def test_a_missing_detector_is_named_with_what_to_do(tmp_path, monkeypatch):
    with pytest.raises(DetectorError, match=r'no YuNet model at .*nowhere'):
        make_detector(tmp_path / 'nowhere.onnx')
    monkeypatch.setattr(HaarDetector, 'FILE', 'nowhere.xml')
    with pytest.raises(DetectorError, match=r'nowhere\.xml is in none of .*install opencv-data'):
        make_detector('haar')


def test_a_network_that_is_no_yunet_is_refused_in_one_line():
    with pytest.raises(DetectorError, match='is not a YuNet model: expected a square') as caught:
        make_detector(load_artefact('affect').model_path)
    assert '\n' not in str(caught.value)


def test_of_overlapping_boxes_the_better_stays():
    boxes = np.array([[0, 0, 10, 10], [1, 1, 10, 10], [30, 0, 10, 10]], float)

    assert suppress_overlaps(boxes, np.array([0.7, 0.9, 0.8]), 0.3) == [1, 2]


@given(
    st.lists(
        st.tuples(st.floats(0, 50), st.floats(0, 50), st.floats(1, 40), st.floats(1, 40)),
        min_size=1,
        max_size=12,
    ),
    st.randoms(use_true_random=False),
)
def test_boxes_that_stay_do_not_overlap_and_cover_those_that_go(rows, random):
    boxes = np.array(rows)
    scores = np.array([random.random() for _ in rows])

    kept = suppress_overlaps(boxes, scores, 0.3)

    for index in range(len(boxes)):
        overlap = overlaps(boxes[index], boxes[kept])
        if index in kept:
            assert (overlap > 0.3).sum() <= 1
        else:
            assert overlap.max() > 0.3
