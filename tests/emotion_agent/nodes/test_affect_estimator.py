# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Images in, one observation out for each picture that is looked at."""

import shutil

import cv2
import numpy as np
import pytest
from photo_maker import PROPORTION, write_photo_encoder
from rclpy.parameter import Parameter
from sensor_msgs.msg import CompressedImage, Image
from std_msgs.msg import Header

from emotion_agent.camera.sources import built_in_photo
from emotion_agent.nodes.affect_estimator import AffectEstimatorNode
from emotion_models.labels.expressions import EXPRESSIONS
from emotion_models.runtime import AffectEstimator, CropReader, load_artefact, write_card
from emotion_msgs.msg import FaceAffect, FaceAffectArray
from node_kit.images import array_to_image
from node_kit.qos import CAMERA_WRITER, PICTURE, RESULT
from node_kit.time import to_message, to_seconds

GREY = np.full((48, 64), 90, np.uint8)
JPEG = cv2.imencode('.jpg', GREY)[1].tobytes()


@pytest.fixture
def estimator(world):
    return world.start(AffectEstimatorNode, detector='haar')


@pytest.fixture
def cameras(world, estimator):
    world.subscribe(FaceAffectArray, 'human_affect', RESULT)
    return {
        'raw': world.publisher(Image, 'camera/image_raw', CAMERA_WRITER),
        'compressed': world.publisher(
            CompressedImage, 'camera/image_raw/compressed', CAMERA_WRITER
        ),
    }


def image(transport, stamp_s, pixels=GREY):
    header = Header(stamp=to_message(stamp_s), frame_id='camera')
    if transport == 'raw':
        return array_to_image(pixels, 'mono8' if pixels.ndim == 2 else 'bgr8', header)
    return CompressedImage(header=header, format='jpeg', data=JPEG)


def figures(node):
    return node.diagnose()[0].values


def arrived(node):
    """Images that came, whatever became of them."""
    return figures(node)['received']


def left(node):
    """Images that came and of which it is not known yet what becomes of them."""
    values = figures(node)
    outcomes = ('processed', 'dropped', 'malformed', 'late', 'duplicates')
    return values['received'] - sum(values[name] for name in outcomes)


def show(world, estimator, cameras, images):
    """Send images one by one, each when it is known what became of the last one."""
    for transport, stamp_s, *pixels in images:
        before = arrived(estimator)
        cameras[transport].publish(image(transport, stamp_s, *pixels))
        world.wait_until(lambda before=before: arrived(estimator) > before, f'{stamp_s} to come')
        world.wait_until(
            lambda: (
                not left(estimator)
                and len(world.received['human_affect']) == figures(estimator)['processed']
            ),
            'the image to be answered or left out',
        )


def test_a_photo_is_answered_with_its_header_and_a_face(world, estimator, cameras):
    photo = cv2.resize(built_in_photo(), (200, 200))

    cameras['raw'].publish(image('raw', 1000.5, photo))
    world.wait_until(lambda: world.received['human_affect'], 'an answer')

    (affect,) = world.received['human_affect']
    assert (to_seconds(affect.header.stamp), affect.header.frame_id) == (1000.5, 'camera')
    assert (affect.image_width, affect.image_height) == (200, 200)
    assert len(affect.faces) == 1
    assert affect.processing_ms > 0


def test_raw_and_compressed_images_one_frame_apart_are_one_stream(world, estimator, cameras):
    images = [
        image
        for number in range(43)
        for image in (
            ('raw', 1000.0 + number / 30),
            ('compressed', 1000.0 + (number - 1) / 30),
        )
    ]

    show(world, estimator, cameras, images)

    stamps_s = [to_seconds(affect.header.stamp) for affect in world.received['human_affect']]
    assert stamps_s == sorted(stamps_s)
    assert figures(estimator)['received'] == 86
    assert figures(estimator)['duplicates'] == 43
    assert 'do not arrive' not in estimator.diagnose()[0].message


def test_sixty_images_with_one_stamp_are_sixty_and_the_diagnostics_say_so(
    world, estimator, cameras
):
    before_s = to_seconds(world.now())

    show(world, estimator, cameras, [('raw', 1000.0)] * 60)

    assert figures(estimator)['processed'] == 60
    assert 'stands still' in estimator.diagnose()[0].message
    stamps_s = [to_seconds(affect.header.stamp) for affect in world.received['human_affect']]
    assert len(stamps_s) == 60
    assert stamps_s[:3] == [1000.0] * 3
    assert stamps_s[3:] == sorted(set(stamps_s[3:]))
    assert all(before_s < stamp_s <= to_seconds(world.now()) for stamp_s in stamps_s[3:])


def test_images_without_a_stamp_carry_the_time_of_their_arrival(world, estimator, cameras):
    before_s = to_seconds(world.now())

    show(world, estimator, cameras, [('compressed', 0.0)] * 5)

    stamps_s = [to_seconds(affect.header.stamp) for affect in world.received['human_affect']]
    assert len(stamps_s) == 5
    assert before_s < stamps_s[0] <= stamps_s[-1] <= to_seconds(world.now())


@pytest.mark.parametrize('back_s', [100.0, 1.0, 0.5])
def test_the_faces_of_a_new_stream_are_others(world, estimator, cameras, back_s):
    photo = cv2.resize(built_in_photo(), (200, 200))
    stamps_s = [1000.0 + n / 30 - (back_s if n >= 10 else 0.0) for n in range(20)]

    show(world, estimator, cameras, [('raw', stamp_s, photo) for stamp_s in stamps_s])

    answers = world.received['human_affect']
    before, after = (
        {face.face_id for affect in part for face in affect.faces}
        for part in (answers[:10], answers[10:])
    )
    assert len(before) == len(after) == 1
    assert before != after


def test_an_image_that_comes_late_is_counted(world, estimator, cameras):
    show(world, estimator, cameras, [('raw', 1000.0), ('raw', 1000.2), ('raw', 1000.1)])

    assert figures(estimator)['late'] == 1
    assert figures(estimator)['received'] == 3


def test_what_is_no_image_is_counted_with_the_reason(world, estimator, cameras):
    broken = image('raw', 1000.0)
    broken.step = 7

    cameras['raw'].publish(broken)
    world.wait_until(lambda: figures(estimator)['malformed'], 'the image')

    diagnosis = estimator.diagnose()[0]
    assert '1 images ignored; the last: ' in diagnosis.message
    assert 'step' in diagnosis.message


FEAR = EXPRESSIONS.index('FEAR')
OFTEN_AFRAID = {
    'in_the_wild': {'shares': dict.fromkeys(EXPRESSIONS, 0.125)},
    'balanced': {'power': 0.01, 'weights': {**dict.fromkeys(EXPRESSIONS, 1.0), 'FEAR': 100.0}},
}
"""Under which every face is afraid."""


@pytest.fixture
def network(tmp_path):
    """network(**entries): a network with these entries on its card beside those it needs."""

    def make(**entries):
        folder = tmp_path / 'network'
        shutil.copytree(load_artefact('affect').folder, folder)
        card = load_artefact(folder).card
        needed = {key: card[key] for key in card.keys() - {'priors', 'metrics'}}
        write_card(folder, {**needed, **entries})
        return str(folder)

    return make


def photo():
    """A photograph with one face."""
    return cv2.resize(built_in_photo(), (200, 200))


def faces_of_the_photo(world, **parameters):
    """What the node says of the photograph."""
    world.start(AffectEstimatorNode, detector='haar', **parameters)
    world.subscribe(FaceAffectArray, 'human_affect', RESULT)
    camera = world.publisher(Image, 'camera/image_raw', CAMERA_WRITER)
    camera.publish(image('raw', 1000.5, photo()))
    world.wait_until(lambda: world.received['human_affect'], 'an answer')
    return world.received['human_affect'][0].faces


@pytest.mark.parametrize(('choice', 'is_afraid'), [({}, True), ({'prior': 'in_the_wild'}, False)])
def test_expressions_are_those_under_the_prior_and_confidence_is_of_the_wild(
    world, network, choice, is_afraid, capfd
):
    folder = network(priors=OFTEN_AFRAID)
    (wild,) = AffectEstimator(folder, 'haar', prior='in_the_wild')(photo())

    (face,) = faces_of_the_photo(world, model=folder, **choice)

    assert (face.expression.argmax() == FEAR) == is_afraid
    assert face.expression.sum() == pytest.approx(1, abs=1e-4)
    assert face.confidence == pytest.approx(wild.confidence)
    assert (face.valence, face.arousal) == pytest.approx((wild.valence, wild.arousal))
    assert 'no priors' not in ''.join(capfd.readouterr())


@pytest.mark.parametrize(('prior', 'times'), [('balanced', 1), ('in_the_wild', 0)])
def test_a_card_that_does_not_tell_of_priors_is_said_in_one_line(
    world, network, prior, times, capfd
):
    world.start(AffectEstimatorNode, detector='haar', model=network(), prior=prior)

    lines = [line for line in ''.join(capfd.readouterr()).splitlines() if 'priors' in line]
    assert len(lines) == times
    assert all('the card of network has no priors' in line for line in lines)
    assert all('INFO' in line for line in lines)


def test_a_prior_that_there_is_not_is_refused_at_the_start(world):
    with pytest.raises(ValueError, match="prior: expected one of 'balanced', 'in_the_wild', got"):
        world.start(AffectEstimatorNode, prior='uniform')


def test_no_picture_of_a_person_leaves_the_node_unless_that_is_allowed(
    world, estimator, cameras, capfd
):
    world.subscribe(CompressedImage, 'annotated_image/compressed', PICTURE)
    world.wait_until(
        lambda: estimator.count_listeners(estimator._annotated_publisher), 'the subscriber'
    )
    show(world, estimator, cameras, [('raw', float(stamp), photo()) for stamp in (1, 2)])
    refused = list(world.received['annotated_image/compressed'])
    said = ''.join(capfd.readouterr())

    estimator.set_parameters([Parameter('allow_annotated_image', value=True)])
    show(world, estimator, cameras, [('raw', 3.0, photo())])
    world.wait_until(lambda: world.received['annotated_image/compressed'], 'a picture')

    assert refused == []
    assert said.count('set allow_annotated_image to true to allow it') == 1


def test_the_crops_that_wait_are_read_in_one_run_and_a_torn_one_spares_the_others(
    world, tracked_faces, monkeypatch
):
    runs = []
    read = CropReader.__call__
    monkeypatch.setattr(
        CropReader, '__call__', lambda self, crops: runs.append(len(crops)) or read(self, crops)
    )
    node = world.start(AffectEstimatorNode, use_hri=True)
    world.subscribe(FaceAffectArray, 'human_affect', RESULT)
    crops = {
        name: image('raw', stamp_s) for name, stamp_s in (('a', 1.0), ('b', 1.1), ('c', 1.05))
    }
    torn = image('raw', 1.2)
    torn.step = 7

    tracked_faces[0].show(**crops)
    world.wait_until(lambda: world.received['human_affect'], 'all of them')
    tracked_faces[0].show(**crops | {'b': torn})
    world.wait_until(lambda: len(world.received['human_affect']) == 2, 'all but the torn one')

    assert runs == [3, 2]
    assert tracked_faces[0].said == {'a': 1.0, 'b': 1.1, 'c': 1.05}
    assert (figures(node)['processed'], figures(node)['malformed']) == (5, 1)
    for affect in world.received['human_affect']:
        assert {face.face_id for face in affect.faces} == {'a', 'b', 'c'}
    assert to_seconds(world.received['human_affect'][0].header.stamp) == pytest.approx(1.1)


@pytest.fixture
def encoder(tmp_path):
    return str(write_photo_encoder(tmp_path / 'photo'))


def look(world, node):
    """The face of the photo, as it is published."""
    if 'camera' not in world.received:
        world.received['camera'] = world.publisher(Image, 'camera/image_raw', CAMERA_WRITER)
        world.subscribe(FaceAffectArray, 'human_affect', RESULT)
    count = len(world.received['human_affect'])
    photo = cv2.resize(built_in_photo(), (200, 200))
    world.received['camera'].publish(image('raw', 1000.0 + count, photo))
    world.wait_until(lambda: len(world.received['human_affect']) > count, 'an answer')
    return world.received['human_affect'][-1].faces[0]


@pytest.mark.parametrize('shared', [set(), {'action_units'}, {'share_proportions'}])
def test_units_and_proportions_leave_only_where_that_is_switched_on(world, encoder, shared):
    given = dict.fromkeys(shared, True)

    face = look(world, world.start(AffectEstimatorNode, photo_model=encoder, **given))

    assert len(face.action_units) == (18 if 'action_units' in shared else 0)
    assert len(face.proportions) == (6 if 'share_proportions' in shared else 0)
    if 'action_units' in shared:
        assert 0.1 < face.action_units[FaceAffect.LIP_CORNER_PULLER] < 0.9
    if 'share_proportions' in shared:
        assert list(face.proportions) == pytest.approx([PROPORTION] * 6)


def test_what_leaves_is_switched_live_and_the_encoder_is_loaded_only_then(world, encoder):
    node = world.start(AffectEstimatorNode, photo_model=encoder)
    before, loaded = look(world, node), figures(node)['photo']

    (answer,) = node.set_parameters([Parameter('action_units', value=True)])
    on, in_use = look(world, node), figures(node)['photo']
    node.set_parameters([Parameter('action_units', value=False)])
    off = look(world, node)

    assert answer.successful
    assert (loaded, in_use, figures(node)['photo']) == ('none', 'photo', 'none')
    assert [len(face.action_units) for face in (before, on, off)] == [0, 18, 0]


def test_without_an_encoder_faces_are_read_all_the_same_and_that_is_said(world, capfd):
    node = world.start(AffectEstimatorNode, photo_model='/nowhere', action_units=True)

    face = look(world, node)

    assert len(face.action_units) == 0
    assert face.confidence > 0
    assert "photo_model: no model '/nowhere'" in capfd.readouterr().err
    assert 'photo_model could not be loaded' in node.diagnose()[0].message


def test_what_cannot_be_switched_on_is_refused_and_no_file_is_quoted(world, tmp_path):
    folder = write_photo_encoder(tmp_path / 'photo')
    (folder / 'card.yaml').write_text('inputs: hunter2')
    node = world.start(AffectEstimatorNode, photo_model=str(folder))

    (answer,) = node.set_parameters([Parameter('share_proportions', value=True)])

    assert not answer.successful
    assert answer.reason == 'photo_model cannot be loaded: the log of this node says why'
    assert not node.settings['share_proportions']
    assert len(look(world, node).proportions) == 0


def test_units_of_faces_that_others_find_are_said_where_they_are_on(world, tracked_faces, encoder):
    node = world.start(AffectEstimatorNode, use_hri=True, photo_model=encoder, action_units=True)
    world.subscribe(FaceAffectArray, 'human_affect', RESULT)

    tracked_faces[0].show(a=image('raw', 1.0))
    world.wait_until(lambda: world.received['human_affect'], 'it')
    node.set_parameters([Parameter('action_units', value=False)])
    tracked_faces[0].show(a=image('raw', 1.1))
    world.wait_until(lambda: len(world.received['human_affect']) == 2, 'the next')

    assert tracked_faces[0].says_units == [True, False]
    on, off = (affect.faces[0] for affect in world.received['human_affect'])
    assert (len(on.action_units), len(off.action_units)) == (18, 0)
