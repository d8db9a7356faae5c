# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
from matplotlib.figure import Figure
from PIL import Image

from emotion_models.figures.plots import evenly_spread, save_figures


def test_figures_are_written_under_their_names_into_a_new_folder(tmp_path):
    figures = {name: Figure(figsize=(2, 1)) for name in ('first', 'second')}
    for figure in figures.values():
        figure.subplots().plot([0, 1])

    paths = save_figures(tmp_path / 'new', figures)

    assert [path.name for path in paths] == ['first.png', 'second.png']
    assert all(np.asarray(Image.open(path)).std() > 1 for path in paths)


def test_a_few_of_many_are_spread_from_the_first_to_the_last():
    assert evenly_spread(9, 3).tolist() == [0, 4, 8]
    assert evenly_spread(2, 3).tolist() == [0, 1]
