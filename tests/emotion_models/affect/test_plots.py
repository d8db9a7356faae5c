# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

pytest.importorskip('matplotlib')

from emotion_models.affect.evaluation import evaluate, read_faces
from emotion_models.affect.peers import Peer
from emotion_models.affect.plots import save_plots
from emotion_models.data.labelled_faces import LabelledFaces
from emotion_models.labels.expressions import EXPRESSIONS
from emotion_models.runtime.affect import AffectModel

pytestmark = pytest.mark.usefixtures('quick_evaluation')


def test_plots_are_written(tmp_path):
    images = list(np.random.default_rng(1).integers(0, 256, (20, 48, 48), dtype=np.uint8))
    happy = EXPRESSIONS.index('HAPPY')
    faces = LabelledFaces(images, np.full(20, happy), np.full((20, 2), 0.6))
    predictions = read_faces(AffectModel(), faces)

    paths = save_plots(
        tmp_path / 'plots', faces, predictions, evaluate(faces, predictions), 'noise'
    )

    names = ['confusion', 'reliability', 'confusion_balanced', 'reliability_balanced', 'affect']
    assert [path.stem for path in paths] == names
    assert all(path.stat().st_size > 5000 for path in paths)


def test_peers_are_drawn_where_there_are_some(tmp_path):
    images = list(np.zeros((3, 48, 48), np.uint8))
    faces = LabelledFaces(images, np.zeros(3, int), np.full((3, 2), np.nan))
    predictions = read_faces(AffectModel(), faces)
    peer = Peer('SmallNet', 'other faces', 0.9, 0.8, 3, same_protocol=False)

    paths = save_plots(tmp_path, faces, predictions, evaluate(faces, predictions), 'flat', [peer])

    assert paths[-1].name == 'peers.png'
    assert paths[-1].stat().st_size > 5000
