# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Which images of a camera are looked at."""

import pytest

from emotion_agent.logic.affect_estimator import ImageStream

HZ = 30


def accepted(stream, *images):
    """Which of (transport, number of the picture) are looked at; one comes every 10 ms."""
    return [
        image
        for index, image in enumerate(images)
        if stream.accepts(image[0], stamp_ns(image[1]), index / 100)
    ]


def stamp_ns(picture):
    return 1_700_000_000_000_000_000 + round(picture * 1e9 / HZ)


def raw(*pictures):
    return [('raw', picture) for picture in pictures]


def test_images_are_taken_in_the_order_of_their_stamps():
    stream = ImageStream()

    assert accepted(stream, *raw(0, 1, 3, 2, 4)) == raw(0, 1, 3, 4)
    assert stream.counters == {'late': 1, 'duplicates': 0}
    assert stream.number == 0


@pytest.mark.parametrize('shift', [0, 1, 2])
def test_raw_and_compressed_images_of_one_camera_are_one_stream(shift):
    stream = ImageStream()
    images = [
        image
        for number in range(43)
        for image in (('raw', number), ('compressed', number - shift))
    ]

    taken = accepted(stream, *images)

    assert taken == raw(*range(43))[:1] + taken[1:]
    transports = {transport for transport, _ in taken[5:]}
    assert len(transports) == 1  # it stays with one
    numbers = [number for _, number in taken]
    assert numbers == sorted(numbers)
    assert len(taken) >= 40
    assert stream.number == 0
    assert stream.loss() == 0.0


def test_the_other_transport_is_taken_when_the_first_falls_silent():
    stream = ImageStream()
    accepted(stream, ('raw', 0), ('compressed', 0), ('raw', 1), ('compressed', 1))

    assert not stream.accepts('compressed', stamp_ns(2), 0.5)
    assert stream.accepts('compressed', stamp_ns(40), 1.5)
    assert stream.accepts('compressed', stamp_ns(41), 1.53)


def test_a_camera_that_changes_its_transport_is_followed():
    images = [*raw(0, 1, 2), ('compressed', 3), ('compressed', 4), ('raw', 5)]

    assert accepted(ImageStream(), *images) == images


def test_a_looped_video_is_a_new_stream():
    stream = ImageStream()

    assert accepted(stream, *raw(100, 101, 0, 1, 2)) == raw(100, 101, 0, 1, 2)
    assert stream.number == 1
    assert stream.counters == {'late': 0, 'duplicates': 0}


def test_a_loop_of_both_transports_is_followed_on_one():
    stream = ImageStream()
    before = [image for n in range(100, 110) for image in (('raw', n), ('compressed', n - 1))]
    after = [image for n in range(10) for image in (('raw', n), ('compressed', n + 109 - 10 * n))]

    taken = accepted(stream, *before, *after)

    assert taken == raw(*range(100, 110), *range(10))
    assert stream.number == 1


def test_images_whose_stamp_stands_still_are_images_all_the_same():
    stream = ImageStream()

    assert len(accepted(stream, *raw(*[7] * 60))) == 60
    assert stream.equal_stamps == 60

    accepted(stream, *raw(8))
    assert stream.equal_stamps == 1


def test_a_loss_is_told_from_the_gaps():
    stream, half = ImageStream(), ImageStream()
    accepted(stream, *raw(*range(60)))
    # Runs of three images and gaps of six.
    accepted(half, *raw(*(n for n in range(180) if n % 9 < 3)))

    assert stream.loss() == 0.0
    assert half.loss() == pytest.approx(2 / 3, abs=0.05)
