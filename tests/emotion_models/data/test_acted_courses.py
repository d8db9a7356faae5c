# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Acted courses, from miniature archives of the layouts of the real ones."""

import re

import numpy as np
import pytest

from emotion_models.cli import main
from emotion_models.data import acted_courses
from emotion_models.data.acted_courses import ActedCourses, Files, act_courses, cast_parts
from emotion_models.data.acting import showable
from emotion_models.data.fer2013plus import load_voted_faces
from emotion_models.data.va_courses import load_film_ratings, load_self_reports
from emotion_models.runtime.affect import AffectModel

SAMPLES = 30


def write_faces(path, count, vote_names, seed):
    rng = np.random.default_rng(seed)
    votes = rng.multinomial(10, [0.3, 0.2, 0.15, 0.15, 0.1, 0.05, 0.05, 0, 0, 0], count)
    images = rng.integers(0, 255, (count, 48, 48), np.uint8)
    images[:, 0, 0], images[:, 0, 1], images[:, 0, 2] = (
        seed,
        np.arange(count) % 256,
        np.arange(count) // 256,
    )
    np.savez(path, images=images, votes=votes.astype(np.uint8), vote_names=vote_names)


@pytest.fixture(scope='module')
def files(tmp_path_factory, vote_names):
    folder = tmp_path_factory.mktemp('data')
    for name in ('ceap_va', 'afew_va_labels', 'fer2013plus'):
        (folder / name).mkdir()
    files = Files.below(folder)
    rng = np.random.default_rng(0)
    participant, video, sample = (
        axis.ravel() for axis in np.mgrid[1:9, 1:9, 0:SAMPLES].astype(np.int16)
    )
    va = np.clip(rng.normal(0, 0.5, (len(sample), 2)), -1, 1).astype(np.float32)
    np.savez(files.self_reports, participant=participant, video=video, sample=sample, va=va)
    clip = np.repeat([1, 2, 3, 4, 5, 541], 10)
    rated = {name: rng.integers(-10, 11, len(clip)) for name in ('valence', 'arousal')}
    np.savez(files.film_ratings, clip=clip, frame=np.tile(np.arange(10), 6), **rated)
    write_faces(files.faces, 2200, vote_names, 1)
    write_faces(files.reported_faces, 250, vote_names, 2)
    return files


@pytest.fixture(scope='module')
def acted(files, tmp_path_factory):
    pytest.importorskip('h5py', reason='HDF5 files need h5py (requirements/training.txt)')
    path = tmp_path_factory.mktemp('acted') / 'acted.h5'
    act_courses(files, path, AffectModel('affect'), seed=1)
    return path


def test_parts_share_no_person_and_no_video(files):
    courses = load_self_reports(files.self_reports, 1)

    of = {
        part: {course.name[5:].split('_')[axis] for course in courses if course.part == part}
        for part in ('training', 'validation', 'test')
        for axis in (0,)
    }
    videos = {
        part: {course.name.split('_')[2] for course in courses if course.part == part}
        for part in of
    }
    for groups in (of, videos):
        assert all(groups.values())
        assert sum(map(len, groups.values())) == len(set.union(*groups.values()))
    assert {len(course.affect) for course in courses} == {SAMPLES}


def test_film_clips_are_tested_by_their_numbers(files):
    courses = load_film_ratings(files.film_ratings, 1)

    assert [course.name for course in courses if course.part == 'test'] == ['afew_541']
    assert {course.part for course in courses} == {'training', 'validation', 'test'}
    assert all(np.abs(course.affect).max() <= 1 for course in courses)


def test_persons_of_each_part_have_faces_of_its_own(files):
    """Those that are reported on, of the other archive; those of validation, held-out ones."""
    casts = cast_parts(files, AffectModel('affect'), 1)

    def faces(part):
        return {
            of_part.faces.images[face, 0, :3].tobytes()
            for of_part in [casts[part]]
            for person in of_part.persons
            for face in person
        }

    whole = load_voted_faces(files.faces).with_votes_for_expressions()
    held_out = np.random.default_rng(5230).permutation(len(whole))[: round(0.05 * len(whole))]
    assert len(casts['test'].persons) == 2
    assert {key[0] for key in faces('test')} == {2}
    assert faces('validation') <= {whole.images[k, 0, :3].tobytes() for k in held_out}
    assert not faces('training') & faces('validation')


def test_a_network_that_does_not_say_what_was_held_out_is_refused(files):
    model = AffectModel('affect')
    model.card = {**model.card, 'made_by': {}}

    with pytest.raises(ValueError, match='does not say which faces were held out'):
        cast_parts(files, model, 1)


def test_acted_clips_are_a_data_set(files, acted):
    parts = ActedCourses(str(acted)).load_parts(0)
    courses = {course.name: course for course in load_self_reports(files.self_reports, 1)}

    for part in parts.values():
        clip = part.clip(len(part) - 1)
        assert clip.name.startswith('ceap')
        assert clip.features.shape == (SAMPLES, len(part.features))
        assert clip.stamps_s[1] == pytest.approx(0.04)
        assert clip.affect == pytest.approx(showable()(courses[clip.name].affect), abs=1e-6)
    assert dict(parts['test'].features.widths)['va'] == 2
    assert (
        ActedCourses(str(acted)).origin['affect_network'] == AffectModel('affect').card['sha256']
    )


def test_courses_of_one_origin_are_taken_alone(acted):
    part = ActedCourses(str(acted), 'va', 'afew').load_parts(0)['test']

    assert part.clips.names == ['afew_541']
    with pytest.raises(ValueError, match='no acted course films for training'):
        ActedCourses(str(acted), 'va', 'films').load_parts(0)


def test_the_same_seed_acts_the_same_though_interrupted(files, acted, tmp_path):
    def show_three(courses):
        yield from courses[:3]
        raise KeyboardInterrupt

    model = AffectModel('affect')
    with pytest.raises(KeyboardInterrupt):
        act_courses(files, tmp_path / 'again.h5', model, 1, show=show_three)
    assert len(list((tmp_path / 'again.h5.parts').iterdir())) == 3
    act_courses(files, tmp_path / 'again.h5', model, seed=1)
    assert [path.name for path in tmp_path.iterdir()] == ['again.h5']

    one, other = (
        ActedCourses(str(path)).load_parts(0)['training'].clip(3).features
        for path in (acted, tmp_path / 'again.h5')
    )
    assert np.array_equal(one, other)


def test_a_finished_file_is_not_overwritten(files, acted):
    with pytest.raises(FileExistsError, match='is there already; remove it'):
        act_courses(files, acted, AffectModel('affect'), seed=2)


def test_the_ceiling_is_what_the_shown_faces_say(acted):
    shown, course = acted_courses.perfect_reading(acted, 'test', 'ceap')

    assert shown.shape == course.shape
    assert np.linalg.norm(shown - course, axis=1).mean() < 0.35
    assert not np.array_equal(shown, course)


def test_courses_that_are_acted_alone_are_acted_as_among_all(files, acted, tmp_path):
    path = tmp_path / 'films.h5'

    act_courses(files, path, AffectModel('affect'), seed=1, origin='afew')

    for part in ('training', 'test'):
        among_all = ActedCourses(str(acted), 'va', 'afew').load_parts(0)[part]
        alone = ActedCourses(str(path), 'va').load_parts(0)[part]
        assert alone.clips.names == among_all.clips.names
        assert np.array_equal(alone.clip(0).features, among_all.clip(0).features)


def test_the_command_says_how_good_a_perfect_reading_is(files, tmp_path, capsys):
    pytest.importorskip('h5py', reason='HDF5 files need h5py (requirements/training.txt)')
    path = tmp_path / 'acted.h5'
    options = ['--data', str(files.faces.parents[1]), '--courses', 'afew', '--rest', '2']

    assert main(['act-courses', '--to', str(path), '--seed', '1', *options]) == 0

    assert (
        'test: 1 courses, 60 frames; a perfect reading of the faces has CCC'
        in capsys.readouterr().out
    )
    clip = ActedCourses(str(path)).load_parts(0)['test'].clip(0)
    assert (clip.affect[:50] == clip.affect[0]).all()


@pytest.mark.parametrize(
    ('arguments', 'words'),
    [
        (('--data', 'nowhere'), 'no file .*ceap_va.npz'),
        (('--rest', '-1'), '--rest: expected 0 to 600'),
        (('--model', 'none'), "no model 'none'"),
    ],
)
def test_what_cannot_be_acted_is_one_line(tmp_path, capsys, arguments, words):
    assert main(['act-courses', '--to', str(tmp_path / 'x.h5'), *arguments]) == 2

    said = capsys.readouterr().err
    assert re.search(words, said)
    assert said.count('\n') == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ('fault', 'words'),
    [
        ({'va': None}, 'has no va'),
        ({'va': np.zeros((4, 3))}, r'va must be numbers \(N, 2\)'),
        ({'video': np.zeros(3, int)}, 'different numbers of rows'),
        ({'participant': np.zeros((4, 1), int)}, r'participant is int64 \(4, 1\)'),
    ],
)
def test_courses_of_another_layout_are_one_line(tmp_path, fault, words):
    good = {name: np.zeros(4, int) for name in ('participant', 'video', 'sample')}
    arrays = {**good, 'va': np.zeros((4, 2)), **fault}
    path = tmp_path / 'courses.npz'
    np.savez(path, **{name: array for name, array in arrays.items() if array is not None})

    with pytest.raises(ValueError, match=rf'courses\.npz.*{words}'):
        load_self_reports(path, 0)
