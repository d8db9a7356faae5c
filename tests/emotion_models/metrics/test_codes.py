# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

pytest.importorskip('sklearn', reason='needs scikit-learn (requirements/training.txt)')

from emotion_models.metrics.codes import cluster_accuracy, probe_accuracy


def groups(apart, seed):
    rng = np.random.default_rng(seed)
    classes = np.repeat(np.arange(3), 60)
    return rng.normal(size=(180, 2)) + apart * np.eye(3)[classes, :2], classes


@pytest.mark.parametrize(('apart', 'least', 'most'), [(20.0, 0.99, 1.0), (0.0, 0.2, 0.5)])
def test_classes_are_found_where_they_lie_apart_and_guessed_where_not(apart, least, most):
    (codes, classes), (others, expected) = groups(apart, 1), groups(apart, 2)
    assert least <= probe_accuracy(codes, classes, others, expected) <= most
    assert least <= cluster_accuracy(codes, others, expected, 3, seed=0) <= most
