# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
What can be read from latents: regression of valence and arousal, classification of emotions.

A part of the faces is set aside; scaling, grid search and fitting see the other part only.
"""

import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import Lasso, Ridge
from sklearn.metrics import (
    accuracy_score,
    balanced_accuracy_score,
    explained_variance_score,
    f1_score,
    mean_absolute_error,
    mean_squared_error,
    r2_score,
)
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, SVR
from sklearn.tree import DecisionTreeClassifier

TEST_SHARE = 0.3
SPLIT_SEED = 42
MODEL_SEED = 1
GRID = {
    'probe__hidden_layer_sizes': [(10,), (50,), (90,), (100,)],
    'probe__solver': ['sgd', 'adam'],
}
"""What is searched for the perceptron, by 5-fold cross-validation of the squared error."""

REGRESSION_ROUNDS, CLASSIFICATION_ROUNDS = 100, 300
"""Of the perceptrons at most."""

LASSO_STRENGTH = 0.01
"""With scikit-learn's default, 1, it predicts only the mean of values in -1..1."""

MAJORITY = 'majority'
MEAN = 'mean'

Measures = dict[str, float]


def regression_probes(
    latent: np.ndarray, label: np.ndarray, settings: dict[str, Any] | None = None
) -> tuple[dict[str, Measures], dict[str, Any]]:
    """
    How well regressors read a value from latents.

    Args:
        latent: shape (N, D).
        label: shape (N,).
        settings: of the perceptron; none = searched in `GRID`.

    Returns:
        By regressor, the constant mean among them, `mse`, `mae`, `explained_variance` and
        `r2` on the faces set aside; and the settings of the perceptron.
    """
    train_x, test_x, train_y, test_y = set_aside(latent, label)
    measures = {}
    for name, probe in regressors(settings):
        fitted = fit(probe, train_x, train_y)
        measures[name] = _regression_measures(test_y, fitted.predict(test_x))
        if isinstance(fitted, GridSearchCV):
            settings = fitted.best_params_
    return measures, settings or {}


def classification_probes(latent: np.ndarray, classes: np.ndarray) -> dict[str, Measures]:
    """
    How well classifiers read a class from latents.

    Args:
        latent: shape (N, D).
        classes: indices, shape (N,).

    Returns:
        By classifier, the majority among them, `accuracy`, `balanced_accuracy` and
        `macro_f1` on the faces set aside.
    """
    train_x, test_x, train_y, test_y = set_aside(latent, classes)
    measures = {}
    for name, probe in classifiers():
        predicted = fit(probe, train_x, train_y).predict(test_x)
        measures[name] = _classification_measures(test_y, predicted)
    return measures


def set_aside(latent: np.ndarray, label: np.ndarray) -> list[np.ndarray]:
    """Seven tenths to fit on and three to measure on: latents of both, labels of both."""
    return train_test_split(latent, label, test_size=TEST_SHARE, random_state=SPLIT_SEED)


def regressors(settings: dict[str, Any] | None = None) -> Iterator[tuple[str, BaseEstimator]]:
    """The regressors by name, scaling within each; the perceptron with its grid search."""
    yield MEAN, DummyRegressor()
    yield 'ridge', _scaled(Ridge())
    yield 'lasso', _scaled(Lasso(LASSO_STRENGTH))
    yield 'SVR', _scaled(SVR())
    perceptron = _scaled(MLPRegressor(random_state=MODEL_SEED, max_iter=REGRESSION_ROUNDS))
    if settings is None:
        yield 'MLP', GridSearchCV(perceptron, GRID, scoring='neg_mean_squared_error')
    else:
        yield 'MLP', perceptron.set_params(**settings)


def classifiers() -> Iterator[tuple[str, BaseEstimator]]:
    """The classifiers by name, scaling within each."""
    yield MAJORITY, DummyClassifier()
    yield 'MLP', _scaled(MLPClassifier(random_state=MODEL_SEED, max_iter=CLASSIFICATION_ROUNDS))
    yield 'SVC', _scaled(SVC())
    yield 'tree', _scaled(DecisionTreeClassifier(random_state=MODEL_SEED))


def fit(probe: BaseEstimator, latent: np.ndarray, label: np.ndarray) -> BaseEstimator:
    """The probe, fitted; a perceptron that has not converged in its number of rounds may stay."""
    with warnings.catch_warnings():
        warnings.simplefilter('ignore', ConvergenceWarning)
        return probe.fit(latent, label)


def _scaled(probe: BaseEstimator) -> Pipeline:
    return Pipeline([('scale', StandardScaler()), ('probe', probe)])


def _regression_measures(label: np.ndarray, predicted: np.ndarray) -> Measures:
    return {
        'mse': float(mean_squared_error(label, predicted)),
        'mae': float(mean_absolute_error(label, predicted)),
        'explained_variance': float(explained_variance_score(label, predicted)),
        'r2': float(r2_score(label, predicted)),
    }


def _classification_measures(label: np.ndarray, predicted: np.ndarray) -> Measures:
    with warnings.catch_warnings():
        warnings.simplefilter('ignore', UserWarning)  # a class that is only in the prediction
        balanced = float(balanced_accuracy_score(label, predicted))
    return {
        'accuracy': float(accuracy_score(label, predicted)),
        'balanced_accuracy': balanced,
        'macro_f1': float(f1_score(label, predicted, average='macro', labels=np.unique(label))),
    }
