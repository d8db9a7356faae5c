# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import json
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')
pytest.importorskip('lightning')

from emotion_models.cli import main  # noqa: E402
from emotion_models.metrics.concordance import concordance  # noqa: E402
from emotion_models.temporal.ensemble import ensemble, folders_by_target  # noqa: E402
from emotion_models.temporal.prediction import (  # noqa: E402
    Prediction,
    changes,
    path_of,
    read_predictions,
    write_predictions,
)
from emotion_models.temporal.smoothing import centred_average  # noqa: E402

TARGETS = ('valence', 'arousal')
VAL_KINDS = {'nosmooth_ori.json', 'nosmooth.json', 'smooth.json', 'result.txt'}
TST_KINDS = {'nosmooth_ori.json', 'nosmooth.json', 'smooth.json'}


def lines(path):
    return path.read_text().splitlines()


def results(folder, target):
    pairs = (line.split('\t') for line in lines(folder / f'val_pred_{target}_result.txt'))
    return {name: float(value) for name, value in pairs}


def joined(predictions, column):
    return np.concatenate([entry[column] for entry in predictions.values()])


def test_what_is_predicted_is_in_seven_files_for_each_target(fit):
    assert fit('fclstm_xl', 'run') == 0

    assert main(['predict-temporal', 'run', '--to', 'predicted']) == 0

    folder = Path('predicted/run')
    expected = {f'val_pred_{t}_{kind}' for t in TARGETS for kind in VAL_KINDS}
    expected |= {f'tst_pred_{t}_{kind}' for t in TARGETS for kind in TST_KINDS}
    assert {path.name for path in folder.iterdir()} == expected
    for target, window in zip(TARGETS, (50, 20), strict=True):
        ori, clipped, smooth = (
            json.loads(path_of(folder, 'val', target, kind).read_text())
            for kind in ('nosmooth_ori', 'nosmooth', 'smooth')
        )
        assert list(ori) == [f'validation_000{n}' for n in range(3)]
        for name, entry in ori.items():
            assert entry.keys() == {'video_id', 'pred', 'label'}
            assert entry['video_id'] == name
            assert len(entry['pred']) == len(entry['label']) == 50
            assert clipped[name]['pred'] == np.clip(entry['pred'], -1, 1).tolist()
            smoothed = np.clip(centred_average(np.array(entry['pred']), window), -1, 1)
            assert smooth[name]['pred'] == pytest.approx(smoothed)
        found = results(folder, target)
        assert list(found) == [
            *('nosmooth_ori_ccc:', 'nosmooth_ccc:', 'smoothed_ccc:', 'setting window:'),
        ]
        agreement = concordance(joined(smooth, 'pred'), joined(smooth, 'label'))
        assert found['smoothed_ccc:'] == pytest.approx(agreement, abs=1e-6)
        assert found['setting window:'] == window
        unlabelled = json.loads(path_of(folder, 'tst', target, 'smooth').read_text())
        assert all(entry.keys() == {'video_id', 'pred'} for entry in unlabelled.values())


def test_windows_are_given_or_searched_for_and_the_causal_ones_have_a_name_of_their_own(
    fit, capsys
):
    assert fit('fclstm_xl', 'run') == 0
    options = ['predict-temporal', 'run/best.ckpt', '--to']

    assert main([*options, 'given', '--valence-window', '0', '--causal']) == 0
    assert main([*options, 'searched', '--search-windows']) == 0
    capsys.readouterr()
    assert main([*options, 'both', '--search-windows', '--arousal-window', '3']) == 2
    assert 'a window is either given or searched for' in capsys.readouterr().err

    given, searched = Path('given/run'), Path('searched/run')
    assert results(given, 'valence')['setting window:'] == 0
    assert (given / 'val_pred_arousal_causal.json').is_file()
    assert (given / 'tst_pred_arousal_causal.json').is_file()
    assert len(lines(given / 'val_pred_arousal_causal_result.txt')) == 2
    assert not list(searched.glob('*causal*'))
    for target in TARGETS:
        found = results(searched, target)
        assert found['smoothed_ccc:'] >= found['nosmooth_ccc:'] - 1e-9


def test_predicted_again_is_the_same_and_nothing_half_written_stays(fit):
    assert fit('transformer_lstm', 'run') == 0
    assert main(['predict-temporal', 'run', '--to', 'first']) == 0
    (Path('second/run')).mkdir(parents=True)
    (Path('second/run/val_pred_valence_smooth.part')).write_text('{"validation_0000": {"pred": [')

    assert main(['predict-temporal', 'run', '--to', 'second']) == 0

    files = sorted(path.name for path in Path('first/run').iterdir())
    assert sorted(path.name for path in Path('second/run').iterdir()) == files
    for name in files:
        assert Path('first/run', name).read_bytes() == Path('second/run', name).read_bytes()


@pytest.mark.parametrize(
    ('model', 'message'),
    [
        ('nothing.ckpt', 'no checkpoint nothing.ckpt'),
        ('.', r'no best_valence.ckpt or best_arousal.ckpt in \.; emotion-models fit writes them'),
    ],
)
def test_what_is_no_run_is_one_line(model, message, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    assert main(['predict-temporal', model, '--to', 'predicted']) == 2

    error = capsys.readouterr().err
    assert pytest.importorskip('re').search(message, error)
    assert error.count('\n') == 1


def test_a_checkpoint_of_other_features_than_the_data_is_one_line(fit, capsys):
    assert fit('fclstm_xl', 'run') == 0
    Path('other.yaml').write_text(
        'data: {data_set: {class_path: emotion_models.data.generated_courses.GeneratedCourses, '
        'init_args: {training: 1, validation: 1, test: 1, frames: 9, width: 7}}}'
    )
    capsys.readouterr()

    arguments = ['predict-temporal', 'run', '--to', 'predicted', '--data', 'other.yaml']
    assert main(arguments) == 2

    error = capsys.readouterr().err
    assert 'the model is for the features mixture (40); the data has mixture (7)' in error


def test_smoothing_comes_before_clipping():
    smooth = changes(1, causal=False)['smooth']

    assert smooth(np.array([2.0, 2, 0, -2])).tolist() == [1, 1, 0, -1]


def write(folder, values, part='val', target='valence', kind='smooth', labels=True):
    folder.mkdir(exist_ok=True)
    predictions = {
        name: Prediction(np.array(clip, float), np.linspace(-1, 1, len(clip)))
        for name, clip in values.items()
    }
    write_predictions(path_of(folder, part, target, kind), predictions, labels)


@pytest.fixture
def folders(tmp_path):
    """Three folders with predictions of two clips, of both targets and both parts."""
    found = []
    for number in range(3):
        folder = tmp_path / f'run{number}'
        for target in TARGETS:
            sign = 1 if target == 'valence' else -1
            values = {'b': [sign * 0.1 * number] * 4, 'a': [0.5, sign * 0.3 * number]}
            for part in ('val', 'tst'):
                write(folder, values, part, target, labels=part == 'val')
        found.append(folder)
    return found


def test_frames_without_annotation_are_kept_apart(tmp_path):
    prediction = {'a': Prediction(np.array([0.1, 0.2]), np.array([np.nan, 0.5]))}

    write_predictions(tmp_path / 'file.json', prediction, with_labels=True)

    assert json.loads((tmp_path / 'file.json').read_text())['a']['label'] == [None, 0.5]
    assert np.isnan(read_predictions(tmp_path / 'file.json')['a'].labels[0])


def test_an_ensemble_of_one_is_itself_and_of_two_their_mean(folders, tmp_path):
    one, two = (dict.fromkeys(TARGETS, chosen) for chosen in (folders[1:2], folders[1:]))
    ensemble(one, 'smooth', tmp_path / 'one')
    scores = ensemble(two, 'smooth', tmp_path / 'two')

    assert lines(tmp_path / 'one/valence/a.txt') == ['valence', '0.5000000', '0.3000000']
    assert lines(tmp_path / 'two/valence/a.txt') == ['valence', '0.5000000', '0.4500000']
    assert lines(tmp_path / 'two/arousal/b.txt') == ['arousal', *['-0.1500000'] * 4]
    merged = lines(tmp_path / 'two/b.txt')
    assert merged == ['valence,arousal', *['0.1500000,-0.1500000'] * 4]
    assert {path.name for path in (tmp_path / 'two').glob('*.txt')} == {'a.txt', 'b.txt'}
    assert scores['valence'].keys() == {'ccc', 'pearson', 'mse', 'rmse'}


def test_the_command_takes_other_folders_for_each_target(folders, capsys):
    to = folders[0].parent / 'submit'
    given = ['ensemble-temporal', str(folders[0]), '--arousal', str(folders[1]), str(folders[2])]

    assert main([*given, '--to', str(to)]) == 0

    answer = capsys.readouterr().out
    assert 'valence, mean of 1: ccc' in answer
    assert 'arousal, mean of 2: ccc' in answer
    assert lines(to / 'a.txt')[2] == '0.0000000,-0.4500000'


def test_predictions_that_do_not_fit_together_are_refused(folders, tmp_path):
    both = {'valence': folders[:2]}
    write(folders[1], {'b': [0] * 4, 'c': [0, 0]})
    with pytest.raises(ValueError, match='of different clips: a is in one of them only'):
        ensemble(both, 'smooth', tmp_path / 'to')
    write(folders[1], {'b': [0] * 4, 'a': [0, 0, 0]})
    with pytest.raises(ValueError, match='a has 2 frames in .* and 3 in '):
        ensemble(both, 'smooth', tmp_path / 'to')
    write(folders[0], {'b': [0] * 4}, 'tst', 'arousal', labels=False)
    with pytest.raises(ValueError, match='valence and arousal are of different clips'):
        ensemble(dict.fromkeys(TARGETS, folders[:1]), 'smooth', tmp_path / 'to')
    with pytest.raises(ValueError, match=r'no val_pred_TARGET_causal\.json in'):
        folders_by_target(folders, 'causal', {})


def test_a_damaged_file_is_named(folders, tmp_path):
    path = path_of(folders[0], 'val', 'valence', 'smooth')
    path.write_text('{"a": 3}')

    with pytest.raises(ValueError, match='cannot be read .* expected predictions that'):
        ensemble({'valence': folders[:1]}, 'smooth', tmp_path / 'to')


GAP = 'valence,arousal\n' + '0,0\n' * 2 + '-5,-5\n' * 2 + '0.5,0\n' * 3


@pytest.fixture
def cut(tmp_path):
    """A video `v` of seven frames, cut at two of them, beside a clip `a` that is whole."""
    (tmp_path / 'labels').mkdir()
    (tmp_path / 'labels' / 'v.txt').write_text(GAP)
    (tmp_path / 'labels' / 'a.txt').write_text('valence,arousal\n0,0\n0,0\n')
    (tmp_path / 'labels' / 'z.txt').write_text(GAP)  # a video of another part
    runs = {'a': [0.1, 0.2], 'v_1': [0.3, 0.4], 'v_2': [0.5, 0.6, 0.7]}
    for target in TARGETS:
        write(tmp_path / 'runs', runs, 'val', target)
        write(tmp_path / 'whole', {'v': [-0.9, -0.8, -0.7, -0.6, -0.5, -0.4, -0.3]}, 'tst', target)
    return tmp_path


def put_together(cut, *arguments):
    return main(
        ['ensemble-temporal', str(cut / 'runs'), '--part', 'val', '--to', str(cut / 'to')]
        + [str(argument).format(cut=cut) for argument in arguments]
    )


def test_runs_are_put_back_into_the_video_they_were_cut_from(cut):
    """Frames that are not annotated are filled by what the model says of the whole video."""
    assert put_together(cut, '--annotations', '{cut}/labels', '--whole', '{cut}/whole') == 0

    values = [0.3, 0.4, -0.7, -0.6, 0.5, 0.6, 0.7]
    assert lines(cut / 'to/valence/v.txt') == ['valence', *(f'{v:.7f}' for v in values)]
    assert lines(cut / 'to/v.txt')[1:] == [f'{v:.7f},{v:.7f}' for v in values]
    assert {path.name for path in (cut / 'to').glob('*.txt')} == {'a.txt', 'v.txt'}
    assert lines(cut / 'to/arousal/a.txt') == ['arousal', '0.1000000', '0.2000000']


def test_without_that_the_runs_are_clips_of_their_own(cut):
    assert put_together(cut) == 0

    assert {path.stem for path in (cut / 'to').glob('*.txt')} == {'a', 'v_1', 'v_2'}


@pytest.mark.parametrize(
    ('whole', 'annotation', 'message'),
    [
        ({'v': [0.0] * 6}, GAP, 'v has 7 frames by its annotation, 6 in the predictions of'),
        ({'w': [0.0] * 7}, GAP, 'v was cut, and --whole has no prediction of it'),
        ({'v': [0.0] * 9}, GAP.replace('-5,-5\n' * 2, '-5,-5\n' * 4), None),
        ({'v': [0.0] * 8}, f'{GAP}-5,-5\n', None),
        ({'v': [0.0] * 9}, f'{GAP}-5,-5\n0,0\n', 'v was cut into v_1, v_2, v_3; v_3 is not pre'),
        ({'v': [0.0] * 8}, f'{GAP}0,0\n', 'v: 3 predictions for the frames 4 to 7 of 8; was it'),
        ({'v': [0.0] * 7}, 'valence,arousal\n' + '0,0\n' * 7, 'no clip is a run of a video in'),
    ],
)
def test_what_cannot_be_put_back_is_named(cut, capsys, whole, annotation, message):
    for target in TARGETS:
        write(cut / 'whole', whole, 'tst', target)
    (cut / 'labels' / 'v.txt').write_text(annotation)
    given = ['--annotations', '{cut}/labels', '--whole', '{cut}/whole']

    assert put_together(cut, *given) == (2 if message else 0)

    error = capsys.readouterr().err
    assert (message or '') in error
    assert error.count('\n') == bool(message)


def test_whole_videos_need_both_options(cut, capsys):
    assert put_together(cut, '--whole', '{cut}/whole') == 2
    assert put_together(cut, '--annotations', '{cut}/labels', '--whole', '{cut}/none') == 2

    error = capsys.readouterr().err
    assert 'whole videos need both --annotations and --whole' in error
    assert 'no tst_pred_valence_smooth.json in' in error
