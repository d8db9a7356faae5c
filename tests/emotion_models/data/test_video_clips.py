# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Generated clips, the split, partners, and the published pair of files."""

import shutil

import cv2
import numpy as np
import pytest

from emotion_models.data import pendulum_clips, shape_clips, sprite_clips
from emotion_models.data.face_clips import FaceClips, letterbox, panel_field
from emotion_models.data.pendulum_clips import PendulumClips
from emotion_models.data.shape_clips import ShapeClips
from emotion_models.data.sprite_clips import SpriteClips
from emotion_models.data.video_clips import fit_square
from emotion_models.data.video_pairs import VideoPairs, filter_actions, save_pair
from emotion_models.drawing import ParametricFace, to_one_bit
from emotion_models.drawing.action_units import NEUTRAL
from emotion_models.drawing.fields import field_to_grey
from emotion_models.reading import FileError

SMALL = {
    ShapeClips: {'clips': 80, 'frames': 6, 'side': 32},
    PendulumClips: {'clips': 192, 'frames': 2, 'side': 32},
    FaceClips: {'identities': 3, 'clips_each': 1, 'frames': 2, 'side': 32},
}


@pytest.mark.parametrize('kind', SMALL, ids=lambda kind: kind.__name__)
def test_generated_clips_are_a_function_of_the_seed_and_split_without_overlap(kind, load):
    data_set = kind(**SMALL[kind])
    first, again, other = (load(data_set, seed) for seed in (1, 1, 2))

    rows = np.concatenate([batch.row for batch in first.values()])
    videos = data_set.load_videos(1)
    assert sorted(rows) == list(range(len(videos)))
    for name, batch in first.items():
        assert np.array_equal(batch.frames, again[name].frames)
        assert batch.frames.shape[1:] == (SMALL[kind]['frames'], 32, 32, 3)
        assert batch.frames.dtype == np.uint8
        assert (batch.factors < list(videos.factors.values())).all()
        assert np.array_equal(batch.factors, videos.labels[batch.row])
    assert not np.array_equal(first['training'].frames, other['training'].frames)
    assert len(np.unique(videos.labels[:, 0])) == videos.factors['identity']
    assert len(np.unique(videos.labels[:, 1])) == videos.factors['action']


def test_a_split_by_identity_keeps_them_apart(load):
    parts = load(ShapeClips(clips=80, frames=2, side=32, split_by='identity'))

    seen = [set(batch.factors[:, 0]) for batch in parts.values()]
    assert sum(map(len, seen)) == len(set.union(*seen)) == 16


def test_a_split_that_there_is_not():
    with pytest.raises(ValueError, match="split_by must be clip or identity; got 'person'"):
        ShapeClips(clips=16, split_by='person').load_parts(0)


def test_partners_are_other_clips_of_the_same_identity():
    part = ShapeClips(clips=160, frames=3, side=32, partners=2).load_parts(0)['training']
    batch = part.take(np.array([4, 0]))

    assert batch.lengths.tolist() == [[3, 3, 3]] * 2
    assert batch.frames.shape == (2, 9, 32, 32, 3)
    same = np.flatnonzero(part.labels()[:, 0] == batch.factors[0, 0])
    known = {part.clip(place).tobytes() for place in same}
    three = {clip.tobytes() for clip in np.split(batch.frames[0], 3)}
    assert len(three) == 3
    assert three <= known
    assert np.array_equal(part.take(np.array([4])).frames, batch.frames[:1])


def middle_of(frame):
    weight = frame.sum(-1)
    ys, xs = np.mgrid[: len(frame), : len(frame)]
    return np.array([(weight * xs).sum(), (weight * ys).sum()]) / weight.sum()


def test_shapes_move_as_their_action_says():
    angles = np.linspace(0, 2 * np.pi, 8, endpoint=False)
    spreads = {}
    for action in shape_clips.ACTIONS:
        clip = shape_clips.draw_course(0, 1, action, angles, 64)
        spreads[action] = np.ptp([middle_of(frame) for frame in clip], axis=0)
        areas = [(frame > 100).any(-1).sum() for frame in clip]
        assert (max(areas) > 2 * min(areas)) == (action == 'pulsing')
        assert clip[..., 1].max() > 150 > clip[..., 0].max()

    assert spreads['horizontal'] == pytest.approx([2 * 0.27 * 64, 0], abs=1)
    assert spreads['vertical'] == pytest.approx([0, 2 * 0.27 * 64], abs=1)
    assert spreads['circular'] == pytest.approx([2 * 0.27 * 64] * 2, abs=1)
    assert max(spreads['static']) < 0.1


def test_a_pendulum_keeps_its_period_and_loses_energy():
    pull = 9.81 / 0.5
    angles = pendulum_clips.swing(0.2, 0.0, pull, 200)
    crossings = np.flatnonzero(np.diff(np.sign(angles)))

    period_s = 2 * np.diff(crossings).mean() * pendulum_clips.FRAME_S
    assert period_s == pytest.approx(2 * np.pi / np.sqrt(pull), rel=0.03)
    assert 0.3 < abs(angles[-40:]).max() / 0.2 < 0.8
    wide = pendulum_clips.swing(1.5, 0.0, pull, 200)
    assert len(np.flatnonzero(np.diff(np.sign(wide)))) < len(crossings)


def test_a_face_begins_and_ends_at_rest_and_comes_back_to_the_panel():
    field = ParametricFace().render_field(NEUTRAL)
    square = letterbox(field, 64)
    back = panel_field(square / 255)

    assert square.shape == (64, 64, 3)
    assert not square[:16].any()
    lit, expected = (to_one_bit(field_to_grey(part)) > 0 for part in (back, field))
    assert (lit & expected).sum() / (lit | expected).sum() > 0.7
    clip = FaceClips(identities=1, clips_each=1, frames=9).load_videos(0).clips[2]
    changes = np.abs(clip.astype(int) - clip[0]).mean((1, 2, 3))
    assert changes[4] > 2 * changes[-1]


@pytest.fixture(scope='module')
def sheets(tmp_path_factory):
    """Sheets whose cells have a colour of their layer, kind and place, with a hole in each."""
    folder = tmp_path_factory.mktemp('sheets')
    for layer, name in enumerate(sprite_clips.LAYERS):
        (folder / name).mkdir()
        for kind in (1,) if name == 'shoes' else range(6):
            cells = np.zeros((21, 13, 64, 64, 4), np.uint8)
            places = np.arange(21 * 13).reshape(21, 13)
            edge = 8 * layer  # each layer covers less than the one below it
            inside = cells[:, :, edge : 64 - edge, edge : 64 - edge]
            inside[..., 0] = (places % 256)[..., None, None]
            inside[..., 1] = 40 * kind
            inside[..., 2] = 40 * layer
            inside[..., 3] = 255
            sheet = cells.swapaxes(1, 2).reshape(21 * 64, 13 * 64, 4)
            cv2.imwrite(
                str(folder / name / f'{kind}.png'), sheet, [cv2.IMWRITE_PNG_COMPRESSION, 1]
            )
    return folder


@pytest.fixture(scope='module')
def sprites(sheets):
    return SpriteClips(path=str(sheets), characters=40, held_out=0.25).load_parts(0)


def test_sprites_are_composed_of_their_layers(sprites):
    videos = sprites['test'].videos
    row = (216 * 1 + 36 * 2 + 6 * 3 + 4) * 9 + 5

    assert videos.labels[row].tolist() == [row // 9, 5, 1, 2, 3, 4]
    clip = videos.clips[row]
    action = list(sprite_clips.ACTIONS)[5]
    assert action == 'spellcard_right'
    assert clip[:, 0, 0, 2].tolist() == [39 + step for step in (0, 1, 2, 3, 4, 5, 4, 6)]
    kinds = [clip[0, edge, edge, 1] for edge in (0, 8, 16, 24, 32 - 1)]
    assert kinds == [40, 80, 120, 160, 160]
    assert [clip[0, edge, edge, 0] for edge in (0, 8, 16, 24)] == [0, 40, 80, 120]
    half = sprite_clips.ComposedClips(videos.clips.cells, videos.labels, 32)[row]
    assert half.shape == (8, 32, 32, 3)


def test_sprites_are_split_as_published(sprites):
    order = np.random.RandomState(423).permutation(1296)
    characters = {name: set(part.rows // 9) for name, part in sprites.items()}
    assert characters['test'] == set(order[1000:])
    assert characters['training'] | characters['validation'] == set(order[:40])
    assert {name: len(part) for name, part in sprites.items()} == {
        'training': 270,
        'validation': 90,
        'test': 2664,
    }
    assert sprites['training'].least_frames() == 8


def test_sheets_that_lack_a_layer_or_are_none_are_named(sheets, tmp_path):
    folder = tmp_path / 'sheets'
    shutil.copytree(sheets, folder)
    cv2.imwrite(str(folder / 'hair' / '3.png'), np.zeros((64, 64, 4), np.uint8))
    with pytest.raises(FileError, match=r'hair/3.png is uint8 \(64, 64, 4\); expected a sheet'):
        SpriteClips(path=str(folder)).load_parts(0)
    shutil.rmtree(folder / 'bottomwear')
    with pytest.raises(FileNotFoundError, match=r'no sheet .*bottomwear/0.png; expected a folder'):
        SpriteClips(path=str(folder)).load_parts(0)


def test_the_real_sheets_make_the_clips_of_their_page(shared_data):
    videos = SpriteClips(path=str(shared_data / 'lpc_sprites')).load_videos(0)

    assert len(videos) == 1296 * 9
    clip = videos.clips[700 * 9]
    assert clip.shape == (8, 64, 64, 3)
    assert not clip[:, :4, :4].any()
    assert 0.05 < (clip > 0).any(-1).mean() < 0.6
    assert np.abs(np.diff(clip.astype(int), axis=0)).sum((1, 2, 3)).min() > 0


def clips_of(*lengths, side=24):
    generator = np.random.default_rng(0)
    return [generator.integers(0, 256, (n, side, side, 3), np.uint8) for n in lengths]


@pytest.fixture
def pair(tmp_path):
    """pair(clips, labels, **settings): the data set of two files."""

    def make(clips, labels, **settings):
        paths = tmp_path / 'clips.npz', tmp_path / 'labels.npz'
        save_pair(*paths, clips, np.asarray(labels))
        files = {'path': str(paths[0]), 'labels': str(paths[1])}
        return VideoPairs(**{'side': 32, 'frame_stride': 1, **files, **settings})

    return make


MUG = {'dropped': [2, 5, 6], 'renamed': {8: 5, 7: 2}}


def test_actions_are_dropped_and_renamed_once(pair):
    labels = np.array([[0, 8], [1, 7], [0, 3], [2, 2]])
    kept, renamed = filter_actions(labels, **MUG)
    again = filter_actions(labels, **MUG)

    assert kept.tolist() == [0, 1, 2]
    assert renamed[:, 1].tolist() == [5, 2, 3]
    assert np.array_equal(again[1], renamed)
    assert labels[0, 1] == 8
    videos = pair(clips_of(4, 4, 4, 4), labels, **MUG).load_videos(0)
    assert [videos.labels[:, 1].tolist() for _ in range(2)] == [[5, 2, 3]] * 2
    assert videos.clips[0].shape == (4, 32, 32, 3)


def test_an_object_array_is_refused_unless_it_is_asked_for(pair, tmp_path):
    data_set = pair(clips_of(4, 6), [[0, 0], [1, 1]])
    with pytest.raises(
        FileError, match=r'clips.npz holds an object array, which is a pickle; allow'
    ):
        data_set.load_videos(0)

    videos = pair(clips_of(4, 6), [[0, 0], [1, 1]], allow_pickle=True).load_videos(0)
    assert [len(clip) for clip in videos.clips] == [4, 6]
    batch = pair(clips_of(4, 6), [[0, 0], [1, 1]], allow_pickle=True, held_out=0.0, tested=0.0)
    taken = batch.load_parts(0)['training'].take(np.arange(2))
    assert taken.lengths.tolist() == [[4], [6]]
    assert (taken.frames[0, 4:] == taken.frames[0, 3]).all()


class Harm:
    def __reduce__(self):
        return print, ('harm',)


def test_a_pickle_that_runs_something_is_refused_even_then(pair, tmp_path, capsys):
    data_set = pair(clips_of(4), [[0, 0]], allow_pickle=True)
    np.savez(tmp_path / 'clips.npz', np.array([Harm()], object))

    with pytest.raises(FileError, match='it wants to run builtins.print'):
        data_set.load_videos(0)
    assert capsys.readouterr().out == ''


@pytest.mark.parametrize(
    ('clips', 'labels', 'words'),
    [
        (
            [np.zeros((4, 8, 8), np.uint8)],
            [[0, 0]],
            r'clip 0 is \(4, 8, 8\); expected \(T, H, W, 3\)',
        ),
        ([np.zeros((4, 8, 8, 1), np.uint8)], [[0, 0]], r'clip 0 is \(4, 8, 8, 1\)'),
        ([np.zeros((4, 8, 8, 3), np.float32)], [[0, 0]], 'clip 0 is float32; expected uint8'),
        (clips_of(4, 1), [[0, 0]] * 2, 'clip 1 has 1 frames; expected at least 2'),
        (clips_of(4, 0), [[0, 0]] * 2, 'clip 1 has 0 frames'),
        (clips_of(4, 4), [[0, 0]], r'labels.npz holds int64 \(1, 2\) for 2 clips; expected an'),
        (clips_of(4), [[0.5, 0]], 'labels.npz holds float64'),
        (clips_of(4), [[0, -3]], 'labels.npz: row 0 has the action -3; expected 0 to 9999'),
        (
            clips_of(4),
            np.array([[2**63, 0]], np.uint64),
            'labels.npz: row 0 has the identity 9223372036854775808',
        ),
        ([np.zeros((4, 0, 8, 3), np.uint8)], [[0, 0]], 'clip 0 has no pixels'),
        (clips_of(4), [[0, 2]], 'has no clip left'),
    ],
)
def test_bad_files_are_named(pair, clips, labels, words):
    with pytest.raises(FileError, match=words):
        pair(clips, labels, allow_pickle=True, dropped=[2]).load_videos(0)


def test_an_archive_of_a_single_object_is_named(pair, tmp_path):
    data_set = pair(clips_of(4), [[0, 0]], allow_pickle=True)
    np.savez(tmp_path / 'clips.npz', np.uint8(3))

    with pytest.raises(FileError, match='arr_0 is a single object; expected an .npz archive'):
        data_set.load_videos(0)


@pytest.mark.parametrize(
    ('settings', 'words'),
    [
        ({'crop': 0}, 'crop must be >= 1 or null, got 0'),
        ({'crop': -4}, 'crop must be >= 1 or null, got -4'),
        ({'renamed': {0: -1}}, 'renamed gives an action the number -1'),
    ],
)
def test_settings_of_pairs_that_have_no_meaning(pair, settings, words):
    with pytest.raises(ValueError, match=words):
        pair(clips_of(4, 4), [[0, 0], [1, 1]], **settings).load_videos(0)


def test_a_folder_of_clips_is_read_in_the_order_of_its_names(pair, tmp_path):
    clips = clips_of(3, 5)
    for number, clip in enumerate(clips):
        np.save(tmp_path / f'{number}.npy', clip)
    data_set = pair(clips, [[0, 0], [1, 1]], path=str(tmp_path), side=24)

    assert all(
        np.array_equal(*both) for both in zip(data_set.load_videos(0).clips, clips, strict=True)
    )


@pytest.mark.parametrize('kind', ['drop', 'pad', 'loop'])
def test_clips_that_are_too_short(pair, kind):
    clips = clips_of(4, 10, side=32)
    data_set = pair(
        clips, [[0, 0], [1, 1]], allow_pickle=True, window=5, frame_stride=2, short_clips=kind
    )
    if kind == 'drop':
        with pytest.warns(UserWarning, match='1 clips have fewer than 5 frames and are left out'):
            videos = data_set.load_videos(0)
        assert len(videos) == 1
        return
    short = data_set.load_videos(0).clips[0]
    expected = [0, 2, 2, 2, 2] if kind == 'pad' else [0, 2, 0, 2, 0]
    assert np.array_equal(short, clips[0][expected])


def test_squares_are_cut_from_the_middle_or_padded():
    frames = np.zeros((1, 4, 8, 3), np.uint8)
    frames[:, :, 2:6] = 200

    assert (fit_square(frames, 4) == 200).all()
    padded = fit_square(frames, 8, crop=8)
    assert (padded[0, 2:6, 2:6] == 200).all()
    assert padded.sum() == 200 * 16 * 3
