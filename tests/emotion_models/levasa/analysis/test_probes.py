# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

pytest.importorskip('sklearn')

from sklearn.base import BaseEstimator

from emotion_models.levasa.analysis import probes
from emotion_models.levasa.analysis.alignment import skill
from emotion_models.levasa.analysis.readout import (
    estimate_gain,
    estimate_skill,
    ridge_predictions,
)

COUNT = 1000
SETTINGS = {'probe__hidden_layer_sizes': (10,), 'probe__solver': 'adam'}


@pytest.fixture
def latent():
    return 5 + 0.1 * np.random.default_rng(0).standard_normal((COUNT, 8))


@pytest.fixture
def label(latent):
    """What the first dimension says, with some noise."""
    noise = np.random.default_rng(1).standard_normal(COUNT)
    return 4 * (latent[:, 0] - 5) + 0.1 * noise


@pytest.fixture
def classes(label):
    return np.digitize(label, [0, 0.3])


def shuffled(values):
    return np.random.default_rng(2).permutation(values)


def test_regressors_find_what_is_there_and_the_mean_does_not(latent, label):
    found, settings = probes.regression_probes(latent, label, SETTINGS)

    assert set(found) == {'mean', 'ridge', 'lasso', 'SVR', 'MLP'}
    assert min(found[name]['r2'] for name in ('ridge', 'lasso', 'SVR')) > 0.85
    assert found['mean']['r2'] <= 0
    assert settings == SETTINGS


def test_classifiers_find_what_is_there_and_the_majority_does_not(latent, classes):
    found = probes.classification_probes(latent, classes)

    assert set(found) == {'majority', 'MLP', 'SVC', 'tree'}
    assert min(found[name]['accuracy'] for name in ('MLP', 'SVC', 'tree')) > 0.75
    assert found['majority']['balanced_accuracy'] == pytest.approx(1 / 3)


def test_shuffled_labels_cannot_be_read(latent, label, classes):
    regression, _ = probes.regression_probes(latent, shuffled(label), SETTINGS)
    classification = probes.classification_probes(latent, shuffled(classes))

    assert max(measures['r2'] for measures in regression.values()) <= 0.05
    majority = classification['majority']['accuracy']
    assert max(m['accuracy'] for m in classification.values()) <= majority + 0.03


class Watched(BaseEstimator):
    """Notes the faces that it is fitted on, for whoever watches."""

    seen: list = []  # noqa: RUF012

    def fit(self, latent, label):
        self.seen.append((latent, label))
        return self

    def predict(self, latent):
        return np.zeros(len(latent))


@pytest.mark.parametrize('probe', [probes.regression_probes, probes.classification_probes])
def test_probes_are_fitted_on_the_part_that_is_not_measured(probe, monkeypatch, latent, classes):
    monkeypatch.setattr(Watched, 'seen', [])
    for name in ('regressors', 'classifiers'):
        monkeypatch.setattr(probes, name, lambda *_: [('watched', Watched())])

    probe(latent, classes)

    train_x, test_x, train_y, _ = probes.set_aside(latent, classes)
    assert len(test_x) == 300
    ((seen_x, seen_y),) = Watched.seen
    assert (seen_x == train_x).all()
    assert (seen_y == train_y).all()


def test_scaling_happens_within_the_folds_of_the_search(latent, label):
    (search,) = [probe for name, probe in probes.regressors() if name == 'MLP']
    small = {key: values[:1] for key, values in search.param_grid.items()}
    search.set_params(param_grid=small)

    fitted = probes.fit(search, latent[:200], label[:200])

    assert list(fitted.estimator.named_steps) == ['scale', 'probe']
    assert fitted.best_estimator_['scale'].mean_ == pytest.approx(latent[:200].mean(0))


def test_the_ridge_predicts_faces_that_it_has_not_seen(latent, label):
    found = ridge_predictions(latent, label)
    noise = ridge_predictions(np.random.default_rng(3).standard_normal((COUNT, 96)), label)

    assert skill(found, label) == pytest.approx(0.16 / 0.17, abs=0.02)
    assert skill(noise, label) <= 0.01
    changed = label.copy()
    changed[7] += 100  # a face's own label plays no part in its prediction
    assert abs(ridge_predictions(latent, changed)[7] - found[7]) < 1e-9


def test_intervals_lie_about_their_figures_and_gains_are_paired(latent, label):
    good = label + 0.1 * np.random.default_rng(4).standard_normal(COUNT)
    worse = label + 0.2 * np.random.default_rng(5).standard_normal(COUNT)

    alone, gain = estimate_skill(good, label), estimate_gain(good, worse, label)

    assert alone.low < alone.value < alone.high
    assert alone.value == pytest.approx(skill(good, label))
    assert gain.value == pytest.approx(skill(good, label) - skill(worse, label))
    assert 0 < gain.low < gain.value < gain.high
