# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from emotion_models.data.smile_clips import Phase, compose_smiles, read_phases
from emotion_models.data.video_courses import extract
from emotion_models.data.video_features import make_features
from emotion_models.data.videos import Frame, read_frames
from emotion_models.runtime.estimator import AffectEstimator

PHASES = [
    Phase(0, 15, 'neutral', 'zero', 'zero'),
    Phase(18, 20, 'onset', 'rising', 'rising'),
    Phase(21, 66, 'smile (teeth shown)', 'positive', 'zero_or_positive'),
]


@pytest.fixture
def clip():
    """72 frames at 30 a second; the shade of each is its number."""
    return [Frame(index / 30, np.full((2, 2, 3), index, np.uint8)) for index in range(72)]


def shades(frames):
    return np.array([frame.image[0, 0, 0] for frame in frames], int)


@pytest.mark.parametrize('rate', [10, 15, 30])
def test_smiles_come_again_at_every_rate(clip, rate):
    composed = compose_smiles(clip, PHASES, rate, smiles=3, hold_s=1.0)

    names = [phase.name for phase in composed.phases]
    assert names == ['neutral', *['onset', 'smile', 'offset', 'neutral'] * 3]
    assert np.diff([frame.stamp_s for frame in composed.frames]) == pytest.approx(1 / rate)
    for phase in composed.phases:
        seen = shades(composed.frames[phase.first : phase.last + 1])
        low, high = {'neutral': (0, 15), 'smile': (21, 66)}.get(phase.name, (16, 20))
        assert low <= seen.min() <= seen.max() <= high
        if phase.name in ('neutral', 'smile'):
            assert len(seen) == pytest.approx(rate, abs=1)


def test_phases_cover_all_frames_without_gaps(clip):
    phases = compose_smiles(clip, PHASES, 15).phases

    assert [phase.first for phase in phases[1:]] == [phase.last + 1 for phase in phases[:-1]]


def test_at_its_own_rate_pictures_follow_each_other_without_jumps(clip):
    seen = shades(compose_smiles(clip, PHASES, 30, smiles=1, hold_s=0.5).frames)

    rising = seen[15:21]  # from the neutral phase over the onset to the smile
    assert np.diff(rising)[1:].tolist() == [1] * 4
    assert set(np.abs(np.diff(seen[:15]))) == {1}


def test_phases_are_read_from_a_table(tmp_path):
    path = tmp_path / 'phases.csv'
    path.write_text(
        'clip,first_frame,last_frame,phase,expected_valence,expected_arousal\n'
        'a.mp4,0,15,neutral,zero,zero\nb.mp4,0,94,no face in any frame,,\n'
    )

    assert read_phases(path, 'a.mp4') == [Phase(0, 15, 'neutral', 'zero', 'zero')]
    assert read_phases(path, 'b.mp4')[0].valence == ''
    with pytest.raises(ValueError, match=r'phases\.csv has no phase of c\.mp4'):
        read_phases(path, 'c.mp4')


@pytest.mark.parametrize(
    'text',
    [
        'clip,first\na.mp4,0\n',
        'clip,first_frame,last_frame,phase,'
        'expected_valence,expected_arousal\na.mp4,x,1,neutral,,\n',
    ],
)
def test_a_table_of_something_else_is_one_line(tmp_path, text):
    path = tmp_path / 'phases.csv'
    path.write_text(text)

    with pytest.raises(ValueError, match=r'phases\.csv cannot be read .*expected a table'):
        read_phases(path, 'a.mp4')


@pytest.mark.parametrize('settings', [{'rate_hz': 0}, {'rate_hz': 10, 'smiles': 0}])
def test_what_cannot_be_composed_is_refused(clip, settings):
    with pytest.raises(ValueError, match='above 0'):
        compose_smiles(clip, PHASES, **settings)


def test_a_clip_without_a_smile_is_refused(clip):
    with pytest.raises(ValueError, match='no phase smile among neutral'):
        compose_smiles(clip, PHASES[:1], 10)


def test_repeated_smiles_of_a_real_face_are_read_as_what_they_are(shared_data):
    pytest.importorskip('av', reason='videos need PyAV (requirements/training.txt)')
    folder = shared_data / 'expression_clips'
    frames = list(read_frames(folder / 'neutral_to_smile.mp4'))
    phases = read_phases(folder / 'phases.csv', 'neutral_to_smile.mp4')
    composed = compose_smiles(frames, phases, 10, smiles=2, hold_s=1)
    estimator = AffectEstimator(detector='haar', make_stage=None)

    features = make_features(['va'], estimator.model, 'smiles')
    (course,) = extract('smiles', composed.frames, estimator, features)

    valence = {
        phase: course.rows[phase.first : phase.last + 1, 0].mean() for phase in composed.phases
    }
    assert all(value > 0.4 for phase, value in valence.items() if phase.name == 'smile')
    assert all(abs(value) < 0.2 for phase, value in valence.items() if phase.name == 'neutral')
