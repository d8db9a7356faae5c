# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Which images of a camera are looked at, and by which models."""

import re
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

# What several rooms of tests share is no package of its own.
sys.path.insert(0, str(Path(__file__).parents[2]))

from photo_maker import write_photo_encoder
from temporal_maker import write_temporal

from emotion_agent.logic import FACE, affect_estimator
from emotion_agent.logic.affect_estimator import (
    TABLE,
    ImageStream,
    choose_photo,
    choose_temporal,
)
from emotion_agent.replay.messages import BagMessages
from emotion_agent.resources.folders import message_definitions
from emotion_models.drawing.parts import FACIAL_UNITS, PROPORTIONS
from emotion_models.runtime import ArtefactError, Face, OneEuroFilter, Reading
from emotion_models.runtime.affect import AffectModel
from emotion_models.runtime.stages import FaceStages
from node_kit.settings import checked

HZ = 30
START_NS = 1_700_000_000_000_000_000
ARRIVAL_NS = 2_000_000_000_000_000_000  # of an image that comes at 0 s


def taken(stream, *images):
    """Which of (transport, stamp in s, s at which it comes) are looked at, in the order given."""
    return [image for image in images if take(stream, *image) is not None]


def take(stream, transport, stamp_s, at_s):
    return stream.take(transport, stamp_ns(stamp_s), ARRIVAL_NS + round(at_s * 1e9), at_s)


def stamp_ns(stamp_s):
    return 0 if stamp_s is None else START_NS + round(stamp_s * 1e9)


def raw(*pictures):
    """Raw images of pictures with these numbers, one every thirtieth of a second."""
    return [('raw', picture / HZ, index / HZ) for index, picture in enumerate(pictures)]


def sent(transport, rate_hz, seconds, late_s=0.0, ahead_s=0.0):
    """Images sent for some seconds, that come so late and are stamped so much ahead."""
    times_s = [index / rate_hz for index in range(round(seconds * rate_hz))]
    return [(transport, at_s + ahead_s, at_s + late_s) for at_s in times_s]


def merged(*transports):
    """All images in the order in which they come."""
    return sorted((image for images in transports for image in images), key=lambda image: image[2])


def unstamped(images):
    return [(transport, None, at_s) for transport, _, at_s in images]


def of(transport, images):
    return [image for image in images if image[0] == transport]


def test_images_are_taken_in_the_order_of_their_stamps():
    stream = ImageStream()

    read = taken(stream, *raw(0, 1, 3, 2, 4))

    assert [round(stamp_s * HZ) for _, stamp_s, _ in read] == [0, 1, 3, 4]
    assert stream.counters == {'late': 1, 'duplicates': 0}
    assert stream.number == 0


@pytest.mark.parametrize('rate_hz', [1.0, 5.0, 30.0, 60.0])
@pytest.mark.parametrize('late_s', [0.001, 0.033, 0.5, 0.999, 1.0, 1.2, 3.0])
@pytest.mark.parametrize('ahead_s', [-100.0, -0.5, 0.0, 0.005, 0.5, 100.0])
def test_of_raw_and_compressed_images_at_one_rate_one_transport_is_read(rate_hz, late_s, ahead_s):
    raws = sent('raw', rate_hz, 20)
    stream = ImageStream()

    read = taken(stream, *merged(raws, sent('compressed', rate_hz, 20, late_s, ahead_s)))

    assert of('raw', read) == raws
    assert all(at_s >= raws[-1][2] + 1.0 for _, _, at_s in of('compressed', read))
    assert stream.number == 0 or len(read) > len(raws)
    assert stream.loss() == 0.0


def test_a_transport_without_stamps_does_not_disturb_the_other():
    raws = sent('raw', HZ, 10)
    stream = ImageStream()

    read = taken(stream, *merged(raws, unstamped(sent('compressed', HZ, 10, 0.01))))

    assert read == raws
    assert (stream.number, stream.is_unstamped) == (0, False)
    assert stream.counters == {'late': 0, 'duplicates': 300}


@pytest.mark.parametrize('slow_hz', [0.1, 0.4, 0.9, 2.0, 5.0, 10.0])
@pytest.mark.parametrize('slow', ['raw', 'compressed'])
@pytest.mark.parametrize('late_s', [-0.01, 0.0, 0.7])
def test_the_faster_transport_is_read_though_the_other_comes_first(slow_hz, slow, late_s):
    fast = 'compressed' if slow == 'raw' else 'raw'
    stream = ImageStream()

    read = taken(stream, *merged(sent(slow, slow_hz, 20), sent(fast, HZ, 20, late_s + 0.02)))

    assert len(of(fast, read)) > HZ * 16
    changed = [a[0] != b[0] for a, b in pairwise(read)]
    assert sum(changed) <= 1  # it does not go back
    assert stream.loss() == 0.0


@pytest.mark.parametrize('rate_hz', [0.2, 0.5, 0.9])
def test_two_slow_transports_do_not_take_turns(rate_hz):
    stream = ImageStream()
    apart_s = 0.5 / rate_hz

    read = taken(
        stream, *merged(sent('raw', rate_hz, 100), sent('compressed', rate_hz, 100, apart_s))
    )

    assert len({transport for transport, _, _ in read[5:]}) == 1
    assert len(read) >= 100 * rate_hz - 5


@pytest.mark.parametrize('rate_hz', [0.5, 5.0, 30.0])
@pytest.mark.parametrize('ahead_s', [-0.3, 0.0, 0.3, -50.0, 50.0])
def test_the_other_transport_is_taken_when_the_first_falls_silent(rate_hz, ahead_s):
    stream = ImageStream()
    raws, other = sent('raw', rate_hz, 20), sent('compressed', rate_hz, 60, 0.01, ahead_s)

    read = taken(stream, *merged(raws, other))

    assert read[: len(raws)] == raws
    silent_s = read[len(raws)][2] - raws[-1][2]
    assert 1.0 <= silent_s <= 0.2 + max(1.0, 3 / rate_hz) + 1 / rate_hz
    assert read[len(raws) :] == other[len(raws) - len(read) :]


@pytest.mark.parametrize('rate_hz', [2.0, 5.0, 30.0])
@pytest.mark.parametrize('loop_s', [1.5, 4.0, 30.0])
def test_a_looped_video_is_a_new_stream(rate_hz, loop_s):
    stream = ImageStream()
    loop = sent('raw', rate_hz, loop_s)
    images = [(kind, stamp, at + n * loop_s) for n in range(4) for kind, stamp, at in loop]

    assert taken(stream, *images) == images
    assert stream.number == 3


@pytest.mark.parametrize('rate_hz', [5.0, 10.0, 30.0])
@pytest.mark.parametrize('loop_s', [0.6, 0.9, 1.0])
def test_a_video_that_is_shorter_than_a_second_is_a_new_stream_too(rate_hz, loop_s):
    stream = ImageStream()
    loop = sent('raw', rate_hz, loop_s)
    images = [(kind, stamp, at + n * loop_s) for n in range(20) for kind, stamp, at in loop]

    read = taken(stream, *images)

    assert len(read) >= len(images) - 2 * 20
    assert len(read) + stream.counters['late'] == len(images)
    assert stream.number >= 9


@pytest.mark.parametrize('back_s', [0.2, 0.5, 0.95, 5.0])
def test_a_clock_that_is_set_back_begins_a_new_stream(back_s):
    before = sent('raw', HZ, 5)
    after = [(kind, stamp - back_s, at) for kind, stamp, at in sent('raw', HZ, 10)[len(before) :]]
    stream = ImageStream()

    read = taken(stream, *before, *after)

    assert len(read) >= len(before) + len(after) - 2
    assert stream.number == 1
    assert stream.loss() == 0.0


def test_swapped_images_are_late_and_no_new_stream():
    stream = ImageStream()
    pairs = [number for pair in range(100) for number in (2 * pair + 1, 2 * pair)]

    assert len(taken(stream, *raw(*pairs))) == 100
    assert stream.counters['late'] == 100
    assert stream.number == 0


@pytest.mark.parametrize('rate_hz', [1.0, 5.0, 30.0])
@pytest.mark.parametrize('transport', ['raw', 'compressed'])
def test_images_whose_stamp_stands_still_count_when_they_come(rate_hz, transport):
    stream = ImageStream()
    images = [(transport, 7.0, at_s) for _, _, at_s in sent(transport, rate_hz, 60)]

    stamps_ns = [take(stream, *image) for image in images]

    assert None not in stamps_ns
    assert stamps_ns[:3] == [stamp_ns(7.0)] * 3
    assert stamps_ns[3:] == [ARRIVAL_NS + round(at_s * 1e9) for _, _, at_s in images[3:]]
    assert (stream.number, stream.is_unstamped) == (1, True)

    again = [take(stream, transport, 8.0 + at_s, 60 + at_s) for at_s in (0.0, 0.1, 0.2, 0.3)]
    assert again[2:] == [stamp_ns(8.2), stamp_ns(8.3)]
    assert (stream.number, stream.is_unstamped) == (2, False)


@pytest.mark.parametrize('rate_hz', [5.0, 30.0])
@pytest.mark.parametrize('sent_s', [None, 7.0])
def test_readings_are_smoothed_though_the_stamp_stands_still(rate_hz, sent_s):
    stream, stages = ImageStream(), FaceStages(OneEuroFilter)
    smoothed = []

    for index, (_, _, at_s) in enumerate(sent('raw', rate_hz, 10)):
        stamp_s = take(stream, 'raw', sent_s, at_s) / 1e9
        values = np.full(10, 0.1 * (-1) ** index)
        smoothed.append(stages('a', Reading(values, 0.9, stamp_s))[0])

    assert np.ptp(smoothed[len(smoothed) // 2 :]) < 0.12  # of 0.2


def test_stamps_of_whole_seconds_are_no_stamps():
    stream = ImageStream()

    stamps_ns = [take(stream, 'raw', float(int(at)), at) for _, _, at in sent('raw', HZ, 10)]

    assert stamps_ns[3:] == sorted(set(stamps_ns[3:]))
    assert stream.number == 1


def test_images_without_stamps_count_when_they_come():
    stream = ImageStream()
    images = unstamped(sent('raw', HZ, 2))

    stamps_ns = [take(stream, *image) for image in images]

    assert stamps_ns == [ARRIVAL_NS + round(at_s * 1e9) for _, _, at_s in images]
    assert (stream.number, stream.is_unstamped, stream.loss()) == (0, True, 0.0)


def test_a_loss_is_told_from_the_gaps():
    stream, half = ImageStream(), ImageStream()
    taken(stream, *raw(*range(60)))
    # Runs of three images and gaps of six.
    taken(half, *raw(*(n for n in range(180) if n % 9 < 3)))

    assert stream.loss() == 0.0
    assert half.loss() == pytest.approx(2 / 3, abs=0.05)


@pytest.fixture
def choose(monkeypatch, tmp_path):
    """choose(temporal): what is loaded, and what is said; `auto` would find `shipped`."""
    monkeypatch.setattr(affect_estimator, 'SHIPPED_TEMPORAL', tmp_path / 'shipped')
    affect = AffectModel()

    def load(temporal):
        said = []
        return choose_temporal({'temporal': temporal}, affect, said.append), said

    return load


def test_no_model_over_time_is_used_where_none_ships(choose):
    assert choose('auto') == (None, [])
    assert choose('none') == (None, [])


def test_the_one_that_ships_is_used_unless_another_or_none_is_chosen(choose, tmp_path):
    for name in ('shipped', 'mine'):
        write_temporal(tmp_path / name)

    assert choose('auto')[0].name == 'shipped'
    assert choose(str(tmp_path / 'mine'))[0].name == 'mine'
    assert choose('none') == (None, [])


def test_a_model_over_time_for_another_network_is_said_and_not_used(choose, tmp_path):
    write_temporal(
        tmp_path / 'shipped',
        change=lambda card: card['training_data'].update(affect_network='0' * 64),
    )

    model, (line,) = choose('auto')

    assert model is None
    assert line.startswith('temporal: off, as shipped reads features of another affect network')


@pytest.mark.parametrize(
    ('temporal', 'words'),
    [
        ('atuo', "temporal: no model 'atuo': expected a folder .*; did you mean auto?"),
        ('affect', 'temporal: .*system: expected temporal, got .affect'),
    ],
)
def test_what_is_no_model_over_time_is_one_line(choose, temporal, words):
    with pytest.raises(ArtefactError, match=words) as refusal:
        choose(temporal)

    assert '\n' not in str(refusal.value)


def test_the_message_numbers_units_and_proportions_as_the_encoder_does():
    text = message_definitions()['emotion_msgs/msg/FaceAffect']
    numbers = {
        name.lower(): int(number)
        for name, number in re.findall(r'^uint8 (\w+) = (\d+)$', text, re.MULTILINE)
    }

    for names in (FACIAL_UNITS, PROPORTIONS):
        assert [numbers[name] for name in names] == list(range(len(names)))
    assert f'{len(FACIAL_UNITS)} intensities' in text
    assert f'{len(PROPORTIONS)} shares' in text


@pytest.mark.parametrize('shared', [(), ('action_units',), ('action_units', 'proportions')])
def test_a_face_tells_what_is_shared_and_nothing_else(shared):
    messages = BagMessages()
    face = Face(
        *('a', (1, 2, 3, 4), 0.5, 0.25, 0.75, np.full(8, 0.125, np.float32), 0.5, 0.25),
        action_units=np.linspace(0, 1, 18, dtype=np.float32),
        proportions=np.linspace(0, 1, 6, dtype=np.float32),
    )

    message = affect_estimator.face_message(messages.make, face, (100, 100), shared)
    data = messages.to_bytes(FACE, message)
    arrived = messages.from_bytes(FACE, data)

    for name in ('action_units', 'proportions'):
        expected = getattr(face, name) if name in shared else []
        np.testing.assert_array_equal(getattr(arrived, name), expected)


def test_a_face_that_was_not_made_out_has_no_units():
    messages = BagMessages()
    face = Face('a', (1, 2, 3, 4), 0.5, 0.25, 0.75, np.full(8, 0.125, np.float32), 0.5, 0.25)

    message = affect_estimator.face_message(messages.make, face, (100, 100), ('action_units',))

    assert len(message.action_units) == 0


@pytest.mark.parametrize('given', [{}, {'action_units': True}, {'share_proportions': True}])
def test_an_encoder_is_loaded_only_where_it_is_needed(tmp_path, given):
    folder = str(write_photo_encoder(tmp_path / 'photo'))
    said = []

    found = choose_photo(checked(TABLE, {'photo_model': folder, **given}), said.append)

    assert (found is not None) == bool(given)
    assert not said


def test_an_encoder_that_is_not_there_is_said_in_a_line(tmp_path):
    said = []

    found = choose_photo(
        checked(TABLE, {'photo_model': '/nowhere', 'action_units': True}), said.append
    )

    assert found is None
    (line,) = said
    assert "photo_model: no model '/nowhere'" in line
    assert line.endswith('action_units have no effect')
