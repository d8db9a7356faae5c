# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""`watch` on real video files: what a person sees, hears, and is told."""

import re
import shutil

import cv2
import numpy as np
import pytest

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')
av = pytest.importorskip('av', reason='videos need PyAV (requirements/training.txt)')

from emotion_models.cli import main  # noqa: E402
from emotion_models.data.clips import FeatureList  # noqa: E402
from emotion_models.data.videos import read_frames, read_sound  # noqa: E402
from emotion_models.figures.strokes import bgr  # noqa: E402
from emotion_models.runtime.artefact import load_artefact, write_card  # noqa: E402
from emotion_models.runtime.stages import Reading  # noqa: E402
from emotion_models.runtime.temporal import TemporalModel, TemporalStage  # noqa: E402
from emotion_models.temporal import watching  # noqa: E402
from emotion_models.temporal.module import TemporalModule  # noqa: E402
from emotion_models.temporal.sequence_models import follow, open_sequence_model  # noqa: E402
from emotion_models.temporal.smiles import Scene, at_rate  # noqa: E402
from emotion_models.training.export import export_network  # noqa: E402

FRAMES, RATE = 24, 24  # of the video seen.mp4
PANEL = 480  # the video is shown 640 by 480, the panel beneath it
SMOOTHED, SAID = bgr('#56b4e9'), bgr('#e69f00')


def watch(*arguments):
    return main(['watch', '--detector', 'haar', *map(str, arguments)])


def pictures_of(path):
    return [frame.image for frame in read_frames(path)]


def near(image, colour, within=40):
    """Pixels that have about this colour, after the losses of the video."""
    lowest, highest = (np.clip(np.array(colour) + way, 0, 255) for way in (-within, within))
    return cv2.inRange(image, lowest, highest) > 0


def note_network(folder, sha256):
    card = load_artefact(folder).card
    origin = {'name': 'drawn', 'affect_network': sha256}
    write_card(folder, card | {'system': 'temporal', 'training_data': origin})


@pytest.fixture(scope='session')
def exported(tmp_path_factory):
    """A small model of valence, arousal and expression, that says what it was born with."""
    torch.manual_seed(3)
    module = TemporalModule({'va': 2, 'expression': 8}, hidden=8, head=[8]).eval()
    with torch.no_grad():
        module.rate_hz.fill_(RATE)
        for weight in module.network.parameters():
            if weight.ndim > 1:
                weight.normal_(0, 0.4)
    folder = tmp_path_factory.mktemp('exported') / 'mine'
    export_network(module.export_plan(), folder)
    note_network(folder, load_artefact('affect').card['sha256'])
    return module, folder


@pytest.fixture(scope='module')
def watched(videos, exported, tmp_path_factory):
    """seen.mp4 with the curves of a sequence model, too."""
    path = tmp_path_factory.mktemp('watched') / 'new' / 'x.mp4'
    assert watch(videos / 'seen.mp4', '--to', path, '--temporal', exported[1]) == 0
    return path


@pytest.fixture(scope='module')
def pictures(watched):
    return pictures_of(watched)


def test_the_video_keeps_its_frames_its_times_and_its_sound(watched, videos):
    frames = list(read_frames(watched))
    stamps_s = [frame.stamp_s for frame in read_frames(videos / 'seen.mp4')]

    assert [frame.stamp_s for frame in frames] == pytest.approx(stamps_s, abs=1e-4)
    with av.open(str(watched)) as container:
        assert container.streams.video[0].average_rate == RATE
    before, after = (read_sound(path) for path in (videos / 'seen.mp4', watched))
    assert after.start_s == pytest.approx(before.start_s, abs=0.03)
    tones = [np.abs(np.fft.rfft(heard.samples[2000:14000])).argmax() for heard in (before, after)]
    assert tones[0] == pytest.approx(tones[1], abs=1)
    assert [entry.name for entry in watched.parent.iterdir()] == [watched.name]


def test_the_face_has_a_box_and_the_curves_grow(pictures):
    assert pictures[0].shape == (720, 640, 3)
    white = [near(picture[:PANEL], (238, 241, 245), 25).sum() for picture in pictures]
    assert min(white[0], white[20]) > 1.5 * max(white[5], white[6])  # no face, no box
    smoothed, said = (
        [near(picture[PANEL + 60 :, :400], colour).sum() for picture in pictures]
        for colour in (SMOOTHED, SAID)
    )
    assert smoothed[23] > smoothed[10] > smoothed[1]
    assert said[23] > said[10] > said[1]


def test_the_time_without_a_face_is_marked_and_bridged_by_no_curve(pictures):
    at = pictures[20]
    columns = slice(round(34 + 4.2 / RATE * 364), round(34 + 6.8 / RATE * 364))
    later = slice(columns.start + 80, columns.stop + 80)

    assert not near(at[PANEL + 45 :, columns], SMOOTHED).any()
    assert near(at[PANEL + 45 :, later], SMOOTHED).any()


def test_all_faces_have_a_colour_each(write_video, face, tmp_path):
    beside = np.concatenate((face, face[:, ::-1]), 1)
    write_video(tmp_path / 'two.mp4', [beside] * 14)

    assert watch(tmp_path / 'two.mp4', '--all-faces', '--to', tmp_path / 'x.mp4') == 0

    last = pictures_of(tmp_path / 'x.mp4')[-1]
    left, right = last[:240, :320], last[:240, 320:]
    found = {
        frozenset(
            name for name, colour in (('sky', SMOOTHED), ('orange', SAID))
            if near(side, colour, 30).sum() > 200
        )
        for side in (left, right)
    }  # fmt: skip
    assert found == {frozenset({'sky'}), frozenset({'orange'})}


def test_a_video_that_stands_has_its_curves_beside_it(write_video, face, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_video(tmp_path / 'tall.mp4', [face[:, 40:120]] * 3)

    assert watch('tall.mp4') == 0

    first = pictures_of(tmp_path / 'tall_watched.mp4')[0]
    assert first.shape[:2] == (640, 426 + 480)


def test_an_exported_model_says_what_the_trained_one_says(exported):
    module, folder = exported
    rows = np.random.default_rng(0).normal(size=(30, 10)).astype(np.float32)

    said = follow(open_sequence_model(folder), rows, np.arange(30) / RATE)

    expected = module(torch.from_numpy(rows)[None], torch.tensor([30]))[0].numpy()
    assert said == pytest.approx(expected.clip(-1, 1), abs=1e-2)  # weights in half precision


class Counting:
    """Says how many rows it was given, a hundredth each, and what stood in the last one."""

    name, features, rate_hz = 'counting', FeatureList({'va': 2}), 10.0

    def __call__(self, rows):
        self.rows = rows[:, 0].tolist()
        return np.column_stack((0.01 * np.arange(1, len(rows) + 1), rows[:, 1]))


def test_a_model_is_given_rows_at_its_own_rate():
    model = Counting()
    stamps_s = np.array([5.0, 5.04, 5.1, 5.17, 5.4])
    rows = np.arange(10, dtype=np.float32).reshape(5, 2) / 10

    said = follow(model, rows, stamps_s)

    # of 5.0, 5.1, 5.2, 5.3 and 5.4 s: the nearest row, or the last before it
    assert model.rows == pytest.approx([0, 0.4, 0.6, 0.6, 0.8])
    assert said[:, 0] == pytest.approx([0.01, 0.01, 0.02, 0.03, 0.05])


@pytest.mark.parametrize('camera_hz', [10.0, 24.0, 60.0])
def test_watch_the_smiles_and_the_robot_step_alike(exported, camera_hz):
    generator = np.random.default_rng(1)
    rows = generator.normal(size=(40, 10)).astype(np.float32)
    stamps_s = 7.3 + np.cumsum(generator.uniform(0.2, 1.8, 40)) / camera_hz
    model, stage = open_sequence_model(exported[1]), TemporalStage(TemporalModel(exported[1]))
    scene = Scene('noise', stamps_s, rows, model.features, ())

    robot = [
        stage(Reading(values.astype(float), 0.9, at_s))[:2]
        for values, at_s in zip(rows, stamps_s.tolist(), strict=True)
    ]

    assert np.array_equal(follow(model, rows, stamps_s), robot)
    assert np.array_equal(at_rate(scene, RATE, ['va', 'expression'], model), robot)


def test_features_of_another_affect_network_are_refused(videos, exported, tmp_path, capsys):
    other = shutil.copytree(exported[1], tmp_path / 'other')
    note_network(other, '0' * 64)

    assert watch(videos / 'seen.mp4', '--temporal', other, '--to', tmp_path / 'x.mp4') == 2

    assert 'other reads features of another affect network than affect' in capsys.readouterr().err


def test_after_a_second_without_a_face_all_begins_anew():
    stamps_s = np.array([0.0, 0.1, 1.0, 2.2, 2.3])

    assert [(p.start, p.stop) for p in watching.stretches(stamps_s)] == [(0, 3), (3, 5)]


@pytest.mark.parametrize(
    ('arguments', 'words'),
    [
        (('{videos}/none.mp4',), 'no file .*none.mp4; expected a video'),
        (('{videos}/empty.mp4',), 'empty.mp4 shows no face in any of its 9 frames'),
        (('{videos}/seen.mp4', '--to', 'x.avi'), r'x.avi must end in \.mp4'),
        (('{videos}/seen.mp4', '--to', '{videos}/seen.mp4'), 'is the video itself'),
        (
            ('{videos}/seen.mp4', '--temporal', 'none'),
            'no sequence model none; expected',
        ),
        (('{videos}/seen.mp4', '--temporal', '{videos}'), 'no best_valence.ckpt or best_arousal'),
        (
            ('{videos}/seen.mp4', '--temporal', '{affect}'),
            'expected temporal, got .*affect',
        ),
        (('{videos}/seen.mp4', '--model', 'none'), "no model 'none'"),
    ],
)
def test_bad_input_is_one_line_and_writes_nothing(
    videos, tmp_path, monkeypatch, capsys, arguments, words
):
    from emotion_models.runtime.artefact import WEIGHTS_FOLDER

    monkeypatch.chdir(tmp_path)

    status = watch(*(a.format(videos=videos, affect=WEIGHTS_FOLDER / 'affect') for a in arguments))

    said = capsys.readouterr().err
    assert status == 2
    assert re.search(words, said), said
    assert said.count('\n') == 1
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ('widths', 'words'),
    [
        ({'mixture': 40}, r"mine reads mixture \(40\): no feature 'mixture'; there are embedding"),
        ({'embedding': 7}, 'embedding of the affect network affect has the width 160'),
    ],
)
def test_a_model_of_other_features_is_one_line(
    videos, exported, tmp_path, monkeypatch, capsys, widths, words
):
    model = open_sequence_model(exported[1])
    model.features = FeatureList(widths)
    monkeypatch.setattr(watching, 'open_sequence_model', lambda path: model)

    assert watch(videos / 'seen.mp4', '--temporal', 'x', '--to', tmp_path / 'x.mp4') == 2

    assert re.search(words, capsys.readouterr().err)
