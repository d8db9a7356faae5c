# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from emotion_models.data.clips import (
    Clip,
    ClipPart,
    FeatureList,
    Statistics,
    collate,
    pooled_statistics,
    segments,
    windows,
)

FEATURES = FeatureList({'face': 2, 'sound': 1})


def make_clip(length, name='clip', known=True):
    frames = np.arange(length)
    features = np.stack([frames, -frames, np.ones(length)], 1).astype(np.float32)
    affect = np.full((length, 2), 0.5, np.float32) if known else None
    return Clip(name, frames / 25, features, np.zeros(length, bool), affect)


@pytest.mark.parametrize(
    ('length', 'count'), [(1, 1), (249, 1), (250, 1), (251, 2), (1000, 4), (1001, 5)]
)
def test_segments_cover_all_frames_once(length, count):
    parts = list(segments(length, 250))

    assert len(parts) == count
    covered = [frame for part in parts for frame in range(part.start, part.stop)]
    assert covered == list(range(length))


def test_windows_overlap_and_the_last_ends_with_the_clip():
    found = windows(make_clip(620), 250, 100)

    assert [window.name for window in found] == [f'clip@{n}' for n in (0, 100, 200, 300, 370)]
    assert all(len(window) == 250 for window in found)
    assert found[-1].stamps_s[-1] == pytest.approx(619 / 25)
    assert [len(window) for window in windows(make_clip(30), 250, 100)] == [30]


def test_clips_side_by_side_say_what_is_known_of_each():
    first, second = make_clip(3), make_clip(5, known=False)
    first.affect[1] = np.nan

    batch = collate([first, second])

    assert batch.features.shape == (2, 5, 3)
    assert batch.lengths.tolist() == [3, 5]
    assert batch.valid.tolist() == [[True, False, True, False, False], [False] * 5]
    assert not batch.features[0, 3:].any()
    assert batch.affect[0, :, 0].tolist() == [0.5, 0, 0.5, 0, 0]


def test_a_feature_is_found_by_its_name_or_what_stands_before_its_underscore():
    found = FeatureList.named('affectnet_x,vggish,wav2vec')

    assert found.widths == {'affectnet_x': 342, 'vggish': 128, 'wav2vec': 768}
    assert len(found) == 1238
    assert found.columns['vggish'] == slice(342, 470)
    assert len(FeatureList.named('affectnet,FAU_situ,wav2vec')) == 1622
    with pytest.raises(ValueError, match=r"no feature 'smell' is known; known are affectnet"):
        FeatureList.named('affectnet,smell')


def test_statistics_are_of_all_frames_together():
    short, long = make_clip(2), make_clip(10)
    part = ClipPart([short, long], FEATURES)
    whole = np.concatenate([short.features, long.features])

    mean, std = part.statistics('face')

    assert mean == pytest.approx(whole[:, :2].mean(0))
    assert std == pytest.approx(whole[:, :2].std(0))
    assert part.statistics('sound').std.tolist() == [0]


def test_statistics_of_large_numbers_do_not_cancel():
    rows = [1e8 + np.random.default_rng(seed).standard_normal((50, 1)) for seed in range(3)]

    assert pooled_statistics(rows).std == pytest.approx(np.concatenate(rows).std(0), rel=1e-6)


def test_statistics_that_are_given_are_taken():
    given = Statistics(np.array([7.0]), np.array([2.0]))
    part = ClipPart([make_clip(4)], FEATURES, {'sound': given}.__getitem__)

    assert part.statistics('sound') is given
    with pytest.raises(ValueError, match=r'no feature smell; there are face \(2\), sound \(1\)'):
        part.statistics('smell')


def test_what_is_no_clip_is_named():
    clip = make_clip(4, 'video7')
    with pytest.raises(ValueError, match='video7: affect has 3 frames, the features 4'):
        Clip(clip.name, clip.stamps_s, clip.features, clip.padded, clip.affect[:3])
    with pytest.raises(ValueError, match='video7: expected features .* at least one frame'):
        make_clip(0, 'video7')


def test_features_that_are_no_numbers_or_others_than_expected_are_named():
    clip = make_clip(4, 'video7')
    clip.features[2, 2] = np.nan
    with pytest.raises(ValueError, match='video7: feature sound is nan in frame 2; expected'):
        ClipPart([clip], FEATURES).take(np.array([0]))
    with pytest.raises(ValueError, match='video7 has features of width 3; expected 5: face'):
        ClipPart([make_clip(4, 'video7')], FeatureList({'face': 5})).take(np.array([0]))


def test_the_rate_is_that_of_most_clips():
    assert ClipPart([make_clip(4), make_clip(9)], FEATURES).rate_hz() == pytest.approx(25)
    assert ClipPart([make_clip(1)], FEATURES).rate_hz() == 0


class Reading(list):
    """Clips that are made anew each time, as from a file, and note which were asked for."""

    asked = ()

    def __getitem__(self, row):
        self.asked = (*self.asked, row)
        return make_clip(super().__getitem__(row), f'clip{row}')


def test_clips_are_read_once_as_far_as_they_fit_and_are_the_same_to_the_bit():
    lengths, rows = [4, 9, 5], np.array([2, 0, 1])
    frame_bytes = make_clip(1).nbytes
    keeping = ClipPart(Reading(lengths), FEATURES)
    forgetting = ClipPart(Reading(lengths), FEATURES, kept_bytes=0)
    some = ClipPart(Reading(lengths), FEATURES, kept_bytes=9 * frame_bytes)

    for part in (keeping, forgetting, some):
        first, second = part.take(rows), part.take(rows)
        expected = collate([make_clip(lengths[row], f'clip{row}') for row in rows])
        for batch in (first, second):
            assert batch.names == expected.names
            for column, other in zip(batch[:-1], expected[:-1], strict=True):
                assert column.tobytes() == other.tobytes()

    assert keeping.clips.asked == (2, 0, 1)
    assert forgetting.clips.asked == (2, 0, 1) * 2
    assert some.clips.asked == (2, 0, 1, 1)


def test_a_clip_that_is_refused_is_not_kept():
    clips = [make_clip(4)]
    clips[0].features[2, 1] = np.inf
    part = ClipPart(clips, FEATURES)

    for _ in range(2):
        with pytest.raises(ValueError, match='feature face is inf in frame 2'):
            part.take(np.array([0]))
