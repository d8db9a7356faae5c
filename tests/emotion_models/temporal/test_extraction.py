# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""`extract-features` on real video files, with the runtime's own detector and network."""

import re
import subprocess
import sys

import numpy as np
import pytest

from emotion_models.cli import main
from emotion_models.data.clip_sets import AnnotatedClips, ChallengeClips, load_clips
from emotion_models.data.part_files import PartFiles
from emotion_models.runtime.affect import AffectModel
from emotion_models.temporal import extraction

h5py = pytest.importorskip('h5py', reason='HDF5 files need h5py (requirements/training.txt)')
pytest.importorskip('av', reason='videos need PyAV (requirements/training.txt)')

FRAMES = 24  # of the video seen.mp4


def extract(*arguments):
    return main(['extract-features', '--detector', 'haar', *map(str, arguments)])


@pytest.fixture(scope='module')
def extracted(videos, tmp_path_factory):
    path = tmp_path_factory.mktemp('extracted') / 'x.h5'
    assert extract(videos / 'seen.mp4', videos / 'empty.mp4', '--to', path) == 0
    return path


def test_a_video_becomes_a_clip_with_what_the_network_says(extracted):
    part = load_clips(extracted, 'embedding,expression,va')

    assert part.clips.names == ['empty', 'seen']
    clip = part.clip(1)
    assert clip.features.shape == (FRAMES, AffectModel('affect').feature_size + 10)
    assert clip.stamps_s == pytest.approx(np.arange(FRAMES) / 24)
    assert np.flatnonzero(clip.padded).tolist() == [5, 6]
    assert np.array_equal(clip.features[5], clip.features[4])
    assert np.array_equal(clip.features[6], clip.features[7])
    expression = clip.features[:, -10:-2]
    assert expression.sum(1) == pytest.approx(1, abs=1e-4)
    assert expression[:, 1].min() > 0.5  # she smiles
    assert clip.features[:, -2].min() > 0.2


def test_a_video_without_a_face_is_zeros_and_padded(extracted):
    clip = load_clips(extracted, 'va').clip(0)

    assert clip.padded.all()
    assert not clip.features.any()


def test_what_was_done_is_said(videos, tmp_path, capsys):
    assert extract(videos / 'empty.mp4', '--to', tmp_path / 'x.h5') == 0

    said = capsys.readouterr().out.splitlines()
    assert said == ['empty: 9 frames in 0.3 s, no face in any: features of faces are 0',
                    str(tmp_path / 'x.h5')]  # fmt: skip


def test_sound_and_geometry_stand_beside_the_faces(videos, tmp_path):
    pytest.importorskip('kaldi_native_fbank')
    path = tmp_path / 'x.h5'

    assert extract(videos / 'seen.mp4', '--to', path, '--features', 'logmel,va,geometry') == 0

    clip = load_clips(path, 'geometry,logmel').clip(0)
    assert clip.features.shape == (FRAMES, 8 + 64)
    assert np.ptp(clip.features[:, 8:], axis=0).max() > 0


def test_one_file_for_each_feature_is_the_published_layout(videos, tmp_path):
    """With annotations: cut at frames without any, as the challenge's entry has it."""
    (tmp_path / 'labels').mkdir()
    lines = ['-5,-5' if index in (0, 10) else f'0.{index % 10},-0.25' for index in range(FRAMES)]
    (tmp_path / 'labels' / 'seen.txt').write_text('valence,arousal\n' + '\n'.join(lines))
    for part in ('train', 'val'):
        status = extract(
            videos / 'seen.mp4',
            *('--features', 'va,expression', '--annotations', tmp_path / 'labels'),
            *('--to', tmp_path / 'features' / f'{part}_{{feature}}.h5'),
            *('--targets', tmp_path / 'targets' / f'{part}_valid_targets.h5'),
        )
        assert status == 0

    part = ChallengeClips(str(tmp_path), 'expression,va').load_parts(0)['training']

    assert part.clips.names == ['seen_1', 'seen_2']
    assert [len(clip) for clip in part.clips[:]] == [9, 13]
    assert part.clip(0).affect[0].tolist() == pytest.approx([0.1, -0.25])
    with h5py.File(tmp_path / 'targets' / 'train_valid_targets.h5') as file:
        assert file['seen_2']['frames'][()].tolist() == [11, 23]
        assert file['seen_2']['special'][()] == 1
        assert 'fts' not in file['seen_2']
    assert sorted(path.name for path in tmp_path.iterdir()) == ['features', 'labels', 'targets']


def test_one_file_with_annotations_is_a_data_set(videos, tmp_path):
    (tmp_path / 'empty.txt').write_text('valence,arousal\n' + '0.5,0\n' * 10)
    path = tmp_path / 'x.h5'

    assert extract(videos / 'empty.mp4', '--to', path, '--annotations', tmp_path) == 0

    clip = AnnotatedClips(str(path), str(path)).load_parts(0)['training'].clip(0)
    assert len(clip) == 10  # the official number; the last frame is repeated, and marked
    assert clip.annotated.all()


def test_the_official_number_of_frames_is_taken(videos, tmp_path):
    (tmp_path / 'lengths.csv').write_text('video,frames\nseen,25\nempty,8\n')
    path = tmp_path / 'x.h5'

    status = extract(
        videos / 'seen.mp4', videos / 'empty.mp4', '--to', path,
        '--lengths', tmp_path / 'lengths.csv',
    )  # fmt: skip

    assert status == 0
    empty, seen = load_clips(path, 'va').clips[:]
    assert (len(empty), len(seen)) == (8, 25)
    assert np.flatnonzero(seen.padded).tolist() == [5, 6, 24]
    assert seen.stamps_s[24] == pytest.approx(1.0)


def test_all_faces_have_a_group_each(write_video, face, tmp_path):
    beside = np.concatenate((face, face[:, ::-1]), 1)
    write_video(tmp_path / 'two.mp4', [beside] * FRAMES)
    path = tmp_path / 'x.h5'

    assert (
        extract(tmp_path / 'two.mp4', '--to', path, '--all-faces', '--features', 'geometry') == 0
    )

    left, right = sorted(
        load_clips(path, 'geometry').clips[:], key=lambda clip: clip.features[0, 0]
    )
    assert left.features[-1, 0] < 0 < right.features[-1, 0]
    assert left.name.startswith('two_face')
    assert len(left) == len(right) == FRAMES


PROGRAM = """
import sys
from emotion_models import cli
from emotion_models.temporal import extraction
done = []
do = extraction._Work.do
def do_and_wait(self, *video):
    said = do(self, *video)
    print('done', flush=True)
    if len(sys.argv) > 1:
        sys.stdin.read()
    return said
extraction._Work.do = do_and_wait
"""


def test_a_killed_extraction_goes_on_where_it_was(
    videos, extracted, tmp_path, monkeypatch, capsys
):
    path = tmp_path / 'x.h5'
    arguments = [str(videos / 'seen.mp4'), str(videos / 'empty.mp4'), '--to', str(path)]
    call = ['extract-features', '--detector', 'haar', *arguments]
    killed = subprocess.Popen(
        [sys.executable, '-c', f'{PROGRAM}cli.main({call!r})', 'wait'],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with killed:
        assert killed.stdout.readline() == b'done\n'
        killed.kill()
    assert not path.exists()
    assert [part.name for part in (tmp_path / 'x.h5.parts').iterdir()] == ['empty.h5']
    read = []
    frames = extraction.read_frames
    monkeypatch.setattr(
        extraction, 'read_frames', lambda video: read.append(video.name) or frames(video)
    )

    assert extract(*arguments) == 0

    assert read == ['seen.mp4']
    assert capsys.readouterr().out.startswith('empty: was done\nseen: ')
    assert [entry.name for entry in tmp_path.iterdir()] == ['x.h5']
    for name in ('empty', 'seen'):
        with h5py.File(path) as one, h5py.File(extracted) as other:
            assert np.array_equal(one[name]['fts'], other[name]['fts'])


def test_parts_of_other_settings_are_done_anew(videos, tmp_path):
    path = tmp_path / 'x.h5'
    parts = tmp_path / 'x.h5.parts'
    parts.mkdir()
    (parts / 'empty.h5').write_bytes(b'cut')

    assert extract(videos / 'empty.mp4', '--to', path, '--features', 'va') == 0

    assert load_clips(path, 'va').clip(0).features.shape == (9, 2)


def test_a_finished_file_is_not_overwritten(extracted, videos, capsys):
    before = extracted.read_bytes()

    assert extract(videos / 'seen.mp4', '--to', extracted) == 2

    assert 'is there already; remove it' in capsys.readouterr().err
    assert extracted.read_bytes() == before


def test_finished_files_by_feature_are_not_overwritten_either(videos, tmp_path, capsys):
    (tmp_path / 'x_va.h5').write_bytes(b'mine')

    to = tmp_path / 'x_{feature}.h5'
    assert extract(videos / 'empty.mp4', '--to', to, '--features', 'expression,va') == 2

    assert 'x_va.h5 is there already' in capsys.readouterr().err


def test_an_annotation_that_was_changed_meanwhile_counts(videos, tmp_path, monkeypatch):
    path, labels = tmp_path / 'x.h5', tmp_path / 'empty.txt'
    arguments = (videos / 'empty.mp4', '--to', path, '--annotations', tmp_path)

    def interrupt(*of):
        raise KeyboardInterrupt

    labels.write_text('valence,arousal\n' + '0.5,0\n' * 9)
    with monkeypatch.context() as patch:
        patch.setattr(PartFiles, 'join', interrupt)
        with pytest.raises(KeyboardInterrupt):
            extract(*arguments)
    labels.write_text('valence,arousal\n' + '0.25,0\n' * 9)

    assert extract(*arguments) == 0

    clip = AnnotatedClips(str(path), str(path)).load_parts(0)['training'].clip(0)
    assert clip.affect[0, 0] == 0.25


@pytest.mark.parametrize(
    ('arguments', 'words'),
    [
        (('{videos}/none.mp4',), 'no file .*none.mp4; expected a video'),
        (('{videos}/seen.mp4', '{videos}/seen.mp4'), 'several videos are called seen'),
        (
            ('{videos}/seen.mp4', '--features', 'vggish'),
            "no feature 'vggish'; there are embedding",
        ),
        (('{videos}/seen.mp4', '--features', 'va,va'), 'each once'),
        (('{videos}/seen.mp4', '--features', 'a=none.npy'), 'none.npy of the feature'),
        (('{videos}/empty.mp4', '--features', 'logmel'), 'empty has no sound, of which logmel'),
        (
            ('{videos}/seen.mp4', '--annotations', '{videos}'),
            'no file .*seen.txt; expected an anno',
        ),
        (('{videos}/seen.mp4', '--lengths', '{videos}/none.csv'), 'none.csv'),
        (('{videos}/seen.mp4', '--model', 'none'), "no model 'none'"),
        (('{videos}',), 'no file'),
    ],
)
def test_bad_input_is_one_line_and_writes_nothing(videos, tmp_path, capsys, arguments, words):
    given = [argument.format(videos=videos) for argument in arguments]

    assert extract(*given, '--to', tmp_path / 'x.h5') == 2

    said = capsys.readouterr().err
    assert re.search(words, said), said
    assert said.count('\n') == 1
    assert not (tmp_path / 'x.h5').exists()


def test_an_annotation_of_another_video_names_it(videos, tmp_path, capsys):
    (tmp_path / 'empty.txt').write_text('valence,arousal\n' + '0.5,0\n' * 20)

    assert extract(videos / 'empty.mp4', '--to', tmp_path / 'x.h5', '--annotations', tmp_path) == 2

    assert 'empty has 9 frames, its annotation or official number 20' in capsys.readouterr().err


def test_the_clip_of_a_smile_shows_it(shared_data, tmp_path):
    clips = shared_data / 'expression_clips'
    path = tmp_path / 'x.h5'

    assert extract(clips / 'neutral_to_smile.mp4', '--to', path, '--features', 'va') == 0

    clip = load_clips(path, 'va').clip(0)
    valence = clip.features[:, 0]
    assert len(clip) == 72
    assert not clip.padded.any()
    assert abs(valence[:16]).max() < 0.2
    assert valence[24:67].min() > 0.4
