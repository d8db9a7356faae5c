# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

pytest.importorskip('matplotlib')

from emotion_models.affect.evaluation import evaluate, read_faces
from emotion_models.affect.plots import save_plots
from emotion_models.data.labelled_faces import LabelledFaces
from emotion_models.labels.expressions import EXPRESSIONS
from emotion_models.runtime.affect import AffectModel


def test_plots_are_written(tmp_path):
    images = list(np.random.default_rng(1).integers(0, 256, (20, 48, 48), dtype=np.uint8))
    happy = EXPRESSIONS.index('HAPPY')
    faces = LabelledFaces(images, np.full(20, happy), np.full((20, 2), 0.6))
    predictions = read_faces(AffectModel(), faces)

    paths = save_plots(
        tmp_path / 'plots', faces, predictions, evaluate(faces, predictions), 'noise'
    )

    assert [path.name for path in paths] == ['confusion.png', 'reliability.png', 'affect.png']
    assert all(path.stat().st_size > 5000 for path in paths)
