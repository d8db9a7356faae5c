# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A bag through the agent without ROS: states and faces, the same to the bit each time."""

import csv
import signal
import subprocess
import sys
from collections import Counter

import cv2
import numpy as np
import pytest
from bag_maker import LENGTH_S, START_NS, STORY, Line
from temporal_maker import write_temporal

from emotion_agent import programs
from emotion_agent.camera.sources import built_in_photo
from emotion_agent.logic import COMPRESSED_IMAGE, FLOAT, IMAGE, STATE, STIMULUS, TIME
from emotion_agent.logic.affect_estimator import ImageStream
from emotion_agent.logic.hri import EXPRESSION
from emotion_agent.neuromodulation import EmotionEngine
from emotion_agent.replay.agent import OfflineAgent
from emotion_agent.replay.parameters import Given, replay_settings
from node_kit.time import to_nanoseconds, to_seconds

START_S = START_NS / 1e9
NO_ROS = """
import sys

ROS = ('rclpy', 'emotion_msgs', 'sensor_msgs', 'std_msgs', 'builtin_interfaces',
       'ament_index_python')

class NoRos:
    def find_spec(self, name, *_):
        if name.partition('.')[0] in ROS:
            raise ImportError(name + ' is not here')

sys.meta_path.insert(0, NoRos())
sys.path[:0] = {sources!r}
from emotion_agent.commands.cli import main
sys.exit(main({arguments!r}))
"""


def test_minute_is_small(minute):
    assert sum(file.stat().st_size for file in minute.iterdir()) < 2_000_000


def test_minute_of_images_gives_observations_states_and_faces(minute, replay, read):
    status, said, out = replay(minute)

    assert status == 0, said
    assert 'played   59.5 s from images: 120 /emotion/camera/image_raw/compressed, 7 ' in said
    assert 'camera images a second' in said
    affects = read(out, '/emotion/human_affect')
    assert len(affects) == 120
    with_photo = [array for array in affects if to_seconds(array.header.stamp) < START_S + 20.0]
    assert np.mean([bool(array.faces) for array in with_photo]) > 0.9
    assert not any(array.faces for array in affects[-20:])
    causes = {cause.name: cause for cause in read(out, '/emotion/emotion_state/causes')}
    assert {name for _, name in STORY} < set(causes)
    assert causes['face_seen'].source == causes['face_lost'].source == 'human_affect'
    dominant = {state.dominant for state in read(out, '/emotion/state')}
    assert {'joy', 'mad', 'surprise', 'sad', 'power', 'fear'} <= dominant
    faces = read(out, '/emotion/face_image')
    assert len(faces) > 2 * LENGTH_S
    assert {face.data.size for face in faces} == {64 * 128}


def test_same_bag_gives_the_same_bytes(maker, replay, tmp_path):
    lines = sorted([*maker.observations(6.0), *maker.story()[:1]], key=lambda line: line.at_s)
    bag = maker.write(tmp_path / 'bag', lines)

    first, second = (replay(bag, out=name)[2] for name in ('first.mcap', 'second.mcap'))

    assert first.read_bytes() == second.read_bytes()
    assert first.with_suffix('.csv').read_bytes() == second.with_suffix('.csv').read_bytes()


def test_states_are_those_of_the_engine_at_ten_hertz_and_at_every_change(maker, replay, read,
                                                                        tmp_path):  # fmt: skip
    bag = maker.write(tmp_path / 'bag', maker.story()[:2])
    status, said, out = replay(bag)
    assert status == 0, said

    settings = replay_settings({}, Given(), [])['emotion_state']
    from emotion_agent.logic.configuration import configuration, read_temperament

    engine = EmotionEngine(configuration(settings, read_temperament(settings)), now_s=START_S)
    for at_s, name in STORY[:2]:
        engine.stimulate(name, stamp_s=START_S + at_s, now_s=START_S + at_s + 0.01)
    states = read(out, '/emotion/state')
    stamps_ns = [to_nanoseconds(state.header.stamp) for state in states]
    ticks = [stamp for stamp in stamps_ns if stamp % 100_000_000 == 0]
    assert np.all(np.diff(ticks) == 100_000_000)
    assert len(states) - len(ticks) == 2
    for state in states:
        if to_seconds(state.header.stamp) >= START_S + STORY[1][0] + 0.01:
            reading = engine.read(to_seconds(state.header.stamp))
            assert np.allclose(state.deviation, reading.deviation, atol=1e-6)
            assert state.dominant == reading.dominant


def test_parameters_change_the_state(maker, replay, read, tmp_path):
    bag = maker.write(tmp_path / 'bag', maker.story()[:2])
    params = tmp_path / 'params.yaml'
    params.write_text(
        '/**:\n  emotion_state:\n    ros__parameters:\n'
        '      offset: {endorphins: 0.5}\n      time_scale: 4.0\n'
    )

    usual = read(replay(bag)[2], '/emotion/state')
    other = read(replay(bag, '--params', str(params), out='other.mcap')[2], '/emotion/state')

    assert other[-1].mad > usual[-1].mad + 0.1
    assert other[-1].deviation[3] > usual[-1].deviation[3]  # dopamine dissolves more slowly


def test_origin_chooses_what_is_played(minute, maker, replay, tmp_path):
    _, said, _ = replay(minute, '--from', 'stimuli')
    assert 'from stimuli: 7 /emotion/stimulus\n' in said
    assert 'skipped  /emotion/camera/image_raw/compressed: not played from stimuli' in said

    status, said, _ = replay(minute, '--from', 'affect', out='affect.mcap')
    assert status == 2
    assert 'expected /emotion/human_affect; recorded are /emotion/camera/image_raw' in said


@pytest.mark.parametrize('origin', ['stimuli', 'affect'])
@pytest.mark.parametrize('topic', ['mouth', 'show_expression'])
def test_what_is_asked_of_the_face_is_played_from_wherever_the_replay_begins(
    maker, replay, read, tmp_path, origin, topic
):
    quiet = sorted([*maker.observations(2.0), *maker.story()[:1]], key=lambda line: line.at_s)
    kind, moments = {
        'mouth': (FLOAT, [{'data': k % 2 * 0.9} for k in range(30)]),
        'show_expression': (EXPRESSION, [{'expression': 'furious'}]),
    }[topic]
    asked = [
        Line(f'/emotion/{topic}', kind, 0.5 + k / 30, maker.messages.make(kind, **fields))
        for k, fields in enumerate(moments)
    ]
    spoken = sorted([*quiet, *asked], key=lambda line: line.at_s)
    bags = {name: maker.write(tmp_path / name, lines)
            for name, lines in (('quiet', quiet), ('spoken', spoken))}  # fmt: skip
    every_frame = tmp_path / 'every_frame.yaml'
    every_frame.write_text('/**/face_sketcher:\n  ros__parameters: {rate_hz: 25.0}\n')

    pictures = {}
    for name, bag in bags.items():
        status, said, out = replay(
            bag, '--from', origin, '--params', str(every_frame), out=f'{name}.mcap'
        )
        assert status == 0, said
        assert (f'{len(asked)} /emotion/{topic}' in said) == (name == 'spoken')
        shown = [bytes(image.data) for image in read(out, '/emotion/face_image')]
        pictures[name] = set(shown)

    assert len(pictures['spoken'] - pictures['quiet']) > 5


def test_causes_replay_what_came_without_a_stamp(maker, replay, read, tmp_path):
    """Stimuli without a stamp count on arrival; only the causes know when that was."""
    lines = [
        line._replace(at_s=line.at_s + 0.4, message=maker.stimulus(line.message.name, 0.0))
        for line in maker.story()[:3]
    ]
    for line in lines:
        line.message.header.stamp.sec = line.message.header.stamp.nanosec = 0
    first = replay(maker.write(tmp_path / 'bag', lines))[2]
    once, again = (
        read(path, '/emotion/emotion_state/causes')
        for path in (first, replay(first, '--from', 'stimuli', out='again.mcap')[2])
    )

    assert [to_nanoseconds(cause.header.stamp) for cause in again] == [
        to_nanoseconds(cause.header.stamp) for cause in once
    ]
    assert to_seconds(once[0].header.stamp) == pytest.approx(START_S + 5.41)


def test_events_of_faces_are_not_heard_a_second_time(maker, replay, read, tmp_path):
    first = replay(maker.write(tmp_path / 'bag', maker.observations(4.0)))[2]
    again = replay(first, '--from', 'affect', out='again.mcap')[2]

    names = [cause.name for cause in read(again, '/emotion/emotion_state/causes')]
    assert names == ['face_seen']


def test_replay_of_a_replay_at_its_stamps_is_the_same(maker, replay, tmp_path):
    lines = sorted([*maker.observations(8.0), *maker.story()[:1]], key=lambda line: line.at_s)
    first = replay(maker.write(tmp_path / 'bag', lines))[2]
    again = replay(first, '--at-recorded-stamps', out='again.mcap')[2]

    from emotion_agent.commands.cli import main

    assert main(['compare', str(first), str(again)]) == 0


def test_images_that_came_late_are_left_out_and_counted(maker, replay, read, tmp_path):
    lines = maker.pictures()[:4]
    late = lines[1].message.header.stamp, lines[2].message.header.stamp
    lines[1].message.header.stamp, lines[2].message.header.stamp = late[::-1]

    status, said, out = replay(maker.write(tmp_path / 'bag', lines))

    assert status == 0, said
    assert 'ignored  1 late images' in said
    stamps_s = [to_seconds(affect.header.stamp) for affect in read(out, '/emotion/human_affect')]
    assert stamps_s == [START_S, START_S + 1.0, START_S + 1.5]


def test_a_model_over_time_for_another_network_is_said_and_not_used(maker, replay, tmp_path):
    write_temporal(
        tmp_path / 'other',
        change=lambda card: card['training_data'].update(affect_network='0' * 64),
    )
    params = tmp_path / 'params.yaml'
    params.write_text(
        f'/**/affect_estimator:\n  ros__parameters: {{temporal: {tmp_path / "other"}}}\n'
    )
    bag = maker.write(tmp_path / 'bag', maker.pictures()[:1])

    status, said, _ = replay(bag, '--params', str(params))

    assert status == 0, said
    assert 'skipped  temporal: off, as other reads features of another affect network' in said


def filmed(maker, stamps_s, transport='raw', rate_hz=30.0, late_s=0.0):
    """A photograph of a person, sent with these stamps, s, after the start; None = no stamp."""
    picture = cv2.resize(built_in_photo(), (200, 200))
    lines = []
    for index, stamp_s in enumerate(stamps_s):
        message = maker.camera(stamp_s or 0.0, picture)
        topic, kind = '/emotion/camera/image_raw/compressed', COMPRESSED_IMAGE
        if transport == 'raw':
            topic, kind = '/emotion/camera/image_raw', IMAGE
            message = maker.messages.make(
                IMAGE,
                header=message.header,
                height=200,
                width=200,
                encoding='bgr8',
                step=600,
                data=picture.ravel(),
            )
        if stamp_s is None:
            message.header.stamp = maker.messages.make(TIME)
        lines.append(Line(topic, kind, index / rate_hz + late_s, message))
    return lines


def times_s(rate_hz, seconds, late_s=0.0):
    return [index / rate_hz + late_s for index in range(round(seconds * rate_hz))]


@pytest.mark.parametrize('late_s', [-0.01, 0.005])
@pytest.mark.parametrize(
    ('raw_hz', 'compressed_hz', 'read_most'),
    [(5.0, 20.0, 'compressed'), (20.0, 5.0, 'raw'), (10.0, 10.0, 'first')],
)
def test_recorded_transports_are_chosen_as_live(
    maker, replay, read, tmp_path, raw_hz, compressed_hz, read_most, late_s
):
    lines = [
        *filmed(maker, times_s(raw_hz, 4.0), 'raw', raw_hz, 0.05),
        *filmed(maker, times_s(compressed_hz, 4.0), 'compressed', compressed_hz, 0.05 + late_s),
    ]
    lines.sort(key=lambda line: line.at_s)
    stream = ImageStream()
    expected = []
    for line in lines:
        transport = 'raw' if line.msgtype == IMAGE else 'compressed'
        at_ns = START_NS + round(line.at_s * 1e9)
        stamp_ns = to_nanoseconds(line.message.header.stamp)
        if stream.take(transport, stamp_ns, at_ns, at_ns / 1e9) is not None:
            expected.append((transport, stamp_ns))

    _, _, out = replay(maker.write(tmp_path / 'bag', lines))

    stamps_ns = [to_nanoseconds(a.header.stamp) for a in read(out, '/emotion/human_affect')]
    assert stamps_ns == [stamp_ns for _, stamp_ns in expected]
    first = 'compressed' if late_s < 0 else 'raw'
    most = first if read_most == 'first' else read_most
    shares = Counter(transport for transport, _ in expected)
    assert max(shares, key=shares.get) == most


@pytest.mark.parametrize('stamp_s', [None, 0.5])
def test_images_whose_stamp_stands_still_are_replayed_at_their_arrival(
    maker, replay, read, tmp_path, stamp_s
):
    lines = filmed(maker, [stamp_s] * 60, rate_hz=10.0)

    _, _, out = replay(maker.write(tmp_path / 'bag', lines))

    affects = read(out, '/emotion/human_affect')
    stamps_s = [to_seconds(affect.header.stamp) for affect in affects]
    assert stamps_s[3:] == pytest.approx([START_S + line.at_s for line in lines[3:]], abs=1e-6)
    names = [cause.name for cause in read(out, '/emotion/emotion_state/causes')]
    assert 'face_seen' in names
    assert 'face_lost' not in names


@pytest.mark.parametrize('back_s', [100.0, 1.0, 0.5])
def test_the_faces_of_a_new_stream_are_others(maker, replay, read, tmp_path, back_s):
    stamps_s = [200.0 + n / 30 - (back_s if n >= 10 else 0.0) for n in range(20)]

    _, _, out = replay(maker.write(tmp_path / 'bag', filmed(maker, stamps_s)))

    affects = read(out, '/emotion/human_affect')
    before, after = (
        {face.face_id for affect in part for face in affect.faces}
        for part in (affects[:10], affects[10:])
    )
    assert len(before) == len(after) == 1
    assert before != after


def test_table_has_a_line_for_each_state(maker, replay, read, tmp_path):
    _, _, out = replay(maker.write(tmp_path / 'bag', maker.story()[:1]))

    with out.with_suffix('.csv').open(newline='') as file:
        rows = list(csv.DictReader(file))
    states = read(out, '/emotion/state')
    assert len(rows) == len(states)
    assert float(rows[-1]['joy']) == pytest.approx(states[-1].joy, abs=1e-6)
    assert rows[-1]['last_stimulus'] == 'praise'


def test_picture_is_drawn(maker, tmp_path):
    from emotion_agent.commands.cli import main

    bag = maker.write(tmp_path / 'bag', maker.story()[:1])
    assert main(['replay', str(bag), '--out', str(tmp_path / 'out.mcap')]) == 0
    assert (tmp_path / 'out.png').read_bytes().startswith(b'\x89PNG')


def test_other_namespace_and_camera_topic(maker, replay, tmp_path):
    lines = [
        line._replace(topic=line.topic.replace('/emotion/camera/image_raw', '/front/image'))
        for line in maker.pictures()[:4]
    ]
    bag = maker.write(tmp_path / 'bag', lines)

    status, said, _ = replay(bag, '--namespace', 'robot_1', '--image-topic', '/front/image')

    assert status == 0, said
    assert '4 /robot_1/human_affect' in said


def test_needs_no_ros(maker, repository, tmp_path):
    """Only rosbags, NumPy, OpenCV, onnxruntime and PyYAML: from the source tree, without rclpy."""
    bag = maker.write(tmp_path / 'bag', maker.pictures()[:3])
    sources = [str(repository / 'src' / name) for name in ('node_kit', 'emotion_agent')]
    script = NO_ROS.format(
        sources=[*sources, str(repository / 'src' / 'emotion_models')],
        arguments=['replay', str(bag), '--out', str(tmp_path / 'out.mcap'), '--no-plot'],
    )
    done = subprocess.run(
        [sys.executable, '-c', script], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    assert '3 /emotion/human_affect' in done.stdout


@pytest.mark.parametrize('number', [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_replay_that_is_ended_leaves_nothing_behind(maker, tmp_path, monkeypatch, number):
    bag = maker.write(tmp_path / 'bag', maker.story()[:2])
    out = tmp_path / 'out'
    words = ['emotion-agent', 'replay', str(bag), '--out', str(out / 'out.mcap')]
    monkeypatch.setattr(sys, 'argv', words)
    monkeypatch.setattr(OfflineAgent, 'receive', lambda *_: signal.raise_signal(number))
    usual = {signal.SIGINT: signal.default_int_handler}  # as from a terminal
    monkeypatch.setattr(signal, 'getsignal', lambda of: usual.get(of, signal.SIG_DFL))

    assert programs.emotion_agent() == 128 + number

    assert list(out.iterdir()) == []


def test_a_place_that_cannot_be_written_is_one_line(maker, replay, tmp_path):
    bag = maker.write(tmp_path / 'bag', maker.story()[:2])
    (tmp_path / 'file').touch()

    status, said, _ = replay(bag, out='file/out.mcap')

    assert status == 2
    assert said.splitlines() == [
        f'emotion-agent replay: cannot write {tmp_path}/file/out.mcap: File exists'
    ]


NIGHT_S = 9 * 3600.0
GAPS = {
    'night': [NIGHT_S],
    'stamp of 0': [-START_S],
    'bit flipped': [2.0**28],
    'nights': [NIGHT_S, 2 * NIGHT_S],
    'both ends': [-START_S, 2.0**28],
}


@pytest.mark.parametrize('gap', GAPS)
def test_a_gap_costs_nothing_and_is_said(maker, replay, read, tmp_path, gap):
    others = [
        Line('/emotion/stimulus', STIMULUS, at_s, maker.stimulus('praise', at_s))
        for at_s in GAPS[gap]
    ]
    story = maker.story()
    bag = maker.write(tmp_path / 'bag', sorted([*story, *others], key=lambda line: line.at_s))

    status, said, out = replay(bag)

    assert status == 0, said
    gaps = 'a gap' if len(others) == 1 else f'{len(others)} gaps'
    assert f'jumped   {gaps} of ' in said
    states = read(out, '/emotion/state')
    assert len(states) < 10 * (LENGTH_S + 20.0 * (len(others) + 1))
    expected = {to_nanoseconds(line.message.header.stamp) for line in story}
    causes = read(out, '/emotion/emotion_state/causes')
    assert expected <= {to_nanoseconds(cause.header.stamp) for cause in causes}


def test_what_was_recorded_without_a_stimulus_is_no_gap(
    maker, replay, read, tmp_path, monkeypatch
):
    """The states of a quiet time show that somebody recorded."""
    monkeypatch.setattr('emotion_agent.replay.timeline.GAP_S', 20.0)
    praises = [
        Line('/emotion/stimulus', STIMULUS, at_s, maker.stimulus('praise', at_s))
        for at_s in (0.0, 40.0)
    ]
    _, said, out = replay(maker.write(tmp_path / 'without', praises), out='without.mcap')
    assert 'jumped   a gap of 0:00:40 without a message' in said
    state = read(out, '/emotion/state')[0]
    states = [Line('/emotion/state', STATE, at_s, state) for at_s in (10.0, 20.0, 30.0)]

    status, said, out = replay(maker.write(tmp_path / 'bag', [praises[0], *states, praises[1]]))

    assert status == 0, said
    assert 'jumped' not in said
    assert len(read(out, '/emotion/state')) > 10 * 40


@pytest.mark.parametrize('time_ns', [2**62, (2**31 + 5) * 10**9])
def test_times_that_cannot_be_are_left_out_and_said(maker, replay, tmp_path, time_ns):
    at_s = time_ns / 1e9 - START_S
    lines = [*maker.story(), Line('/emotion/stimulus', STIMULUS, at_s, maker.stimulus('win', 1.0))]

    status, said, _ = replay(maker.write(tmp_path / 'bag', lines))

    assert status == 0, said
    assert 'skipped  1 /emotion/stimulus: a time that cannot be' in said
