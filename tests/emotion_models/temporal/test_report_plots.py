# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The pictures of an evaluation explain themselves."""

import numpy as np
import pytest

pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')
pytest.importorskip('matplotlib', reason='plots need matplotlib (requirements/training.txt)')

from emotion_models.data.clips import FeatureList
from emotion_models.data.smile_clips import Phase
from emotion_models.temporal.evaluation import WHOLE
from emotion_models.temporal.report_plots import plot_delays, plot_smiles
from emotion_models.temporal.smiles import Scene
from emotion_models.training.run_table import summarise


def test_the_picture_of_smiles_says_what_its_colours_and_lines_are():
    phases = Phase(0, 9, 'neutral', '', ''), Phase(14, 19, 'smile (teeth shown)', '', '')
    scene = Scene('a_smile', np.arange(20) / 10, np.zeros((20, 0)), FeatureList({}), phases)
    said = np.stack((np.linspace(0, 0.6, 20), np.zeros(20)), 1)

    figure = plot_smiles([scene], {'affect network': [said], 'fclstm_xl': [said / 2]})

    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == [
        *('affect network', 'fclstm_xl', 'smile', 'beginning or ending', 'within ±0.25 is zero')
    ]
    valence, arousal = figure.axes
    assert valence.get_ylim() == arousal.get_ylim()  # what is hardly there is not drawn large


def test_what_a_whole_segment_tells_is_not_joined_to_the_delays():
    curve = {0.0: 0.5, 2.0: 0.6, WHOLE: 0.4}
    scores = {d: (summarise([v, v + 0.1]), summarise([v, v])) for d, v in curve.items()}

    figure = plot_delays({'transformer': scores})

    for axes in figure.axes:
        assert [len(line.get_xdata()) for line in axes.lines] == [2, 1]
