# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from emotion_models.data.va_annotations import (
    Run,
    annotated_runs,
    name_runs,
    put_back,
    read_annotation,
    read_lengths,
)


def affect_of(known):
    return np.where(np.array(known, bool)[:, None], 0.5, np.nan) * np.ones(2)


def test_an_annotation_is_read_with_its_gaps(tmp_path):
    path = tmp_path / 'video1.txt'
    path.write_text('valence,arousal\n0.5,-0.25\n-5,-5\n-1.0,1\n')

    affect = read_annotation(path)

    assert affect[[0, 2]].tolist() == [[0.5, -0.25], [-1, 1]]
    assert np.isnan(affect[1]).all()


def test_windows_lines_and_a_last_line_without_end_are_read(tmp_path):
    path = tmp_path / 'video1.txt'
    path.write_bytes(b'valence,arousal\r\n0.5,0\r\n0.25,0')

    assert read_annotation(path)[:, 0].tolist() == [0.5, 0.25]


@pytest.mark.parametrize(
    ('text', 'words'),
    [
        ('0.5,0.5\n0.1,0.1\n', "begins with '0.5,0.5'"),
        ('valence,arousal\n', 'no frame'),
        ('valence,arousal\n0,0\n0.5\n', 'line 3'),
        ('valence,arousal\n0,0\n\n0,0\n', 'line 3'),
        ('valence,arousal\n0,1.5\n', 'line 2'),
        ('valence,arousal\n-5,0\n', 'line 2'),
        ('valence,arousal\n0,nan\n', 'line 2'),
        ('valence,arousal\n0,zero\n', 'line 2'),
    ],
)
def test_what_is_no_annotation_is_one_line(tmp_path, text, words):
    path = tmp_path / 'video1.txt'
    path.write_text(text)

    with pytest.raises(ValueError, match=rf'video1\.txt.*{words}') as refusal:
        read_annotation(path)

    assert '\n' not in str(refusal.value)


def test_runs_are_maximal_and_count_from_0_with_both_ends():
    """Check 18."""
    assert annotated_runs(affect_of([0, 1, 1, 0, 1])) == [Run(1, 2), Run(4, 4)]
    assert annotated_runs(affect_of([1, 1])) == [Run(0, 1)]
    assert annotated_runs(affect_of([0, 0])) == []


def test_runs_are_named_after_their_video():
    assert name_runs('v', [Run(0, 4)], 5) == {'v': Run(0, 4)}
    assert name_runs('v', [Run(1, 4)], 5) == {'v_1': Run(1, 4)}
    assert list(name_runs('v', [Run(0, 1), Run(3, 4)], 5)) == ['v_1', 'v_2']


def test_predictions_of_runs_go_back_to_their_frames():
    whole = np.arange(5.0)

    merged = put_back(whole, [Run(1, 2), Run(4, 4)], [np.array([10, 20]), np.array([40])])

    assert merged.tolist() == [0, 10, 20, 3, 40]
    assert whole.tolist() == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(('run', 'count'), [(Run(1, 2), 3), (Run(3, 5), 3)])
def test_predictions_of_another_length_are_refused(run, count):
    with pytest.raises(ValueError, match='predictions for the frames'):
        put_back(np.zeros(5), [run], [np.zeros(count)])


def test_official_lengths_are_read(tmp_path):
    path = tmp_path / 'lengths.csv'
    path.write_text('video,frames\nvideo1,100\n10-60-1280x720_right,7\n')

    assert read_lengths(path) == {'video1': 100, '10-60-1280x720_right': 7}


@pytest.mark.parametrize(
    'text', ['name,count\na,1\n', 'video,frames\na,many\n', 'video,frames\na,0\n']
)
def test_what_are_no_lengths_is_one_line(tmp_path, text):
    path = tmp_path / 'lengths.csv'
    path.write_text(text)

    with pytest.raises(ValueError, match=r'lengths\.csv.*expected'):
        read_lengths(path)
