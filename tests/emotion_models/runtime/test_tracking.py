# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import cv2
import numpy as np
import pytest

from emotion_models.runtime.detection import Detection
from emotion_models.runtime.tracking import FaceTracker


def grey_with(paste_face, room, *places):
    for x, y in places:
        room = paste_face(room, x, y, 80)
    return cv2.cvtColor(room, cv2.COLOR_BGR2GRAY)


def seen(x, y, score=0.9):
    return Detection(np.array([x - 40, y - 40, 80, 80], float), score)


def centre(track):
    return track.box[:2] + track.box[2:] / 2


def test_follows_a_face_that_moves_without_a_detection(paste_face, room):
    tracker = FaceTracker()
    tracker.correct(grey_with(paste_face, room, (200, 200)), [seen(200, 200)])

    for step in range(1, 11):
        place = (200 + 12 * step, 200 + 5 * step)
        assert tracker.follow(grey_with(paste_face, room, place))
        assert centre(tracker.tracks[0]) == pytest.approx(place, abs=3)


def test_says_so_when_the_face_is_gone_and_forgets_it_at_the_next_detection(paste_face, room):
    tracker = FaceTracker()
    tracker.correct(grey_with(paste_face, room, (200, 200)), [seen(200, 200)])
    empty = grey_with(paste_face, room)

    assert not tracker.follow(empty)
    tracker.correct(empty, [])

    assert tracker.tracks == []


def test_keeps_a_face_that_the_detector_misses_but_only_for_a_while(paste_face, room):
    grey = grey_with(paste_face, room, (200, 200))
    tracker = FaceTracker(patience=2)
    tracker.correct(grey, [seen(200, 200)])

    lives = []
    for _ in range(4):
        tracker.follow(grey)
        tracker.correct(grey, [])
        lives.append(len(tracker.tracks))

    assert lives == [1, 1, 0, 0]


def test_names_stay_with_their_faces_and_are_never_given_again(paste_face, room):
    tracker = FaceTracker()
    grey = grey_with(paste_face, room, (150, 200), (450, 200))
    tracker.correct(grey, [seen(150, 200), seen(450, 200)])
    names = {t.face_id: centre(t)[0] for t in tracker.tracks}

    tracker.correct(grey, [seen(455, 203), seen(146, 198)])
    after = {t.face_id: centre(t)[0] for t in tracker.tracks}

    assert after == pytest.approx(names, abs=5)
    for _ in range(4):
        tracker.correct(grey, [])
    tracker.correct(grey, [seen(150, 200)])
    assert tracker.tracks[0].face_id not in names


def test_boxes_go_smoothly_to_their_detections(paste_face, room):
    grey = grey_with(paste_face, room, (200, 200))
    tracker = FaceTracker(correction=0.5)
    tracker.correct(grey, [seen(200, 200)])

    tracker.correct(grey, [seen(220, 200)])

    assert centre(tracker.tracks[0]) == pytest.approx((210, 200))


def test_keeps_the_largest_faces(paste_face, room):
    grey = grey_with(paste_face, room)
    boxes = [np.array([x, 100, side, side], float) for x, side in ((50, 40), (200, 90), (400, 60))]
    tracker = FaceTracker(max_faces=2)

    tracker.correct(grey, [Detection(box, 0.9) for box in boxes])

    assert [track.box[2] for track in tracker.tracks] == [90, 60]


@pytest.mark.parametrize('box', [(-30, -30, 60, 60), (600, 440, 90, 90), (0, 0, 1, 1)])
def test_faces_at_the_border_and_tiny_ones_are_survived(paste_face, room, box):
    grey = grey_with(paste_face, room)
    tracker = FaceTracker()
    tracker.correct(grey, [Detection(np.array(box, float), 0.9)])

    tracker.follow(grey)

    assert np.isfinite(tracker.tracks[0].box).all()


def test_at_least_one_face_is_kept():
    with pytest.raises(ValueError, match='max_faces must be >= 1, got 0'):
        FaceTracker(max_faces=0)


def test_looks_about_faces_correct_them_all_or_nothing(paste_face, room):
    grey = grey_with(paste_face, room, (150, 200), (450, 200))
    tracker = FaceTracker(correction=1.0)
    tracker.correct(grey, [seen(150, 200), seen(450, 200)])

    assert tracker.confirm(grey, lambda box: [seen(box[0] + 44, box[1] + 40)])
    assert sorted(centre(track)[0] for track in tracker.tracks) == [154, 454]

    assert not tracker.confirm(grey, lambda box: [seen(154, 204)] if box[0] < 300 else [])
    assert sorted(centre(track)[0] for track in tracker.tracks) == [154, 454]


def test_one_face_does_not_confirm_two_tracks(paste_face, room):
    grey = grey_with(paste_face, room, (150, 200))
    tracker = FaceTracker()
    tracker.correct(grey, [seen(150, 200), seen(170, 200)])

    assert not tracker.confirm(grey, lambda box: [seen(160, 200)])
