# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import re

import numpy as np
import pytest

pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')

from emotion_models.cli import main
from emotion_models.temporal.plots import plot_predictions, read_entries
from emotion_models.temporal.prediction import (
    Prediction,
    path_of,
    write_predictions,
)

CLIPS = 'abcdef'


@pytest.fixture(scope='module')
def predicted(tmp_path_factory):
    """Two runs with both targets of six clips, raw and smoothed, with a frame not annotated."""
    base = tmp_path_factory.mktemp('predicted')
    labels = np.linspace(-0.5, 0.5, 40)
    labels[7] = np.nan
    for number, run in enumerate(('one', 'two')):
        (base / run).mkdir()
        for sign, target in ((1, 'valence'), (-1, 'arousal')):
            for kind, noise in (('nosmooth', 0.1), ('smooth', 0.0)):
                values = sign * np.linspace(-0.5, 0.4, 40) + 0.1 * number
                values = values + noise * np.sin(np.arange(40))
                found = {name: Prediction(values, sign * labels) for name in CLIPS}
                for part in ('val', 'tst'):
                    path = path_of(base / run, part, target, kind)
                    write_predictions(path, found, part == 'val')
    return base


def lines_of(axes):
    return {line.get_label(): line for line in axes.get_lines() if line.get_label()[0] != '_'}


def test_a_row_shows_both_targets_with_annotation_and_smoothing_and_the_path(predicted):
    figure = plot_predictions(read_entries([predicted / 'one'], 'val'))

    assert len(figure.axes) == 4 * 3  # four of six clips
    valence, arousal, plane = figure.axes[:3]
    for axes, target in ((valence, 'valence'), (arousal, 'arousal')):
        shown = lines_of(axes)
        assert shown.keys() == {'one, not smoothed', 'one, smoothed', 'annotation'}
        assert axes.get_ylabel() == target
        assert shown['one, smoothed'].get_linewidth() > shown['one, not smoothed'].get_linewidth()
        assert np.isnan(shown['annotation'].get_ydata()[7])
    ends = [line for line in plane.get_lines() if line.get_marker() == 'o']
    assert len(ends) == 4  # start and end of the annotation and of the prediction
    start, end = ends[2:]
    assert (start.get_xdata()[0], start.get_ydata()[0]) == pytest.approx((-0.5, 0.5))
    assert (end.get_xdata()[0], end.get_ydata()[0]) == pytest.approx((0.4, -0.4))
    assert start.get_markerfacecolor() != end.get_markerfacecolor()


def test_several_runs_have_a_colour_each(predicted):
    figure = plot_predictions(read_entries([predicted / 'one', predicted / 'two'], 'tst'), ['b'])

    shown = lines_of(figure.axes[0])
    assert 'annotation' not in shown
    assert shown['one, smoothed'].get_color() != shown['two, smoothed'].get_color()
    assert figure.axes[0].get_title(loc='left') == 'b'


def test_the_command_draws_single_files_too(predicted, tmp_path, capsys):
    path = tmp_path / 'new' / 'x.png'
    file = predicted / 'one' / 'val_pred_arousal_smooth.json'

    assert main(['plot-temporal', str(file), '--clips', 'c', 'e', '--to', str(path)]) == 0

    assert path.read_bytes().startswith(b'\x89PNG')
    assert capsys.readouterr().out == f'{path}\n'


@pytest.mark.parametrize(
    ('arguments', 'words'),
    [
        (('{base}',), 'no val_pred_arousal_smooth.json in .*; emotion-models predict-temporal'),
        (('{base}/one/other.json',), 'other.json is not called as predict-temporal calls'),
        (('{base}/one/val_pred_arousal_causal.json',), 'val_pred_arousal_causal.json'),
        (('{base}/one', '--clips', 'z'), 'no clip z; there are a, b, c'),
        (
            ('{base}/one', '{base}/two/tst_pred_valence_smooth.json'),
            'the files are of the parts tst and val; plot one at a time',
        ),
        (('{base}/one', '--clips', 'a', '--to', 'x.mp3'), "Format 'mp3' is not supported"),
    ],
)
def test_what_cannot_be_plotted_is_one_line(
    predicted, tmp_path, monkeypatch, capsys, arguments, words
):
    monkeypatch.chdir(tmp_path)
    given = [argument.format(base=predicted) for argument in arguments]

    assert main(['plot-temporal', '--to', 'x.png', *given]) == 2

    error = capsys.readouterr().err
    assert re.search(words, error), error
    assert error.count('\n') == 1
