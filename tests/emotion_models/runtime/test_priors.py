# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What the priors on a card make of the expressions, and what they leave alone."""

import copy
import shutil

import numpy as np
import pytest

from emotion_models.labels.expressions import EXPRESSIONS
from emotion_models.runtime import (
    PRIORS,
    AffectEstimator,
    ArtefactError,
    CropReader,
    load_artefact,
    write_card,
)
from emotion_models.runtime.affect import AffectModel

POWER = 0.5
WEIGHTS = np.arange(1.0, 9.0)
CARD_PRIORS = {
    'in_the_wild': {'shares': dict.fromkeys(EXPRESSIONS, 0.125)},
    'balanced': {'power': POWER, 'weights': dict(zip(EXPRESSIONS, range(1, 9), strict=True))},
}


def balanced(probabilities):
    """The formula of docs/models.md."""
    raised = probabilities.astype(float) ** POWER * WEIGHTS
    return raised / raised.sum(-1, keepdims=True)


@pytest.fixture
def network(tmp_path):
    """network(**entries): a network with these entries on its card beside those it needs."""

    def make(**entries):
        folder = tmp_path / 'network'
        shutil.copytree(load_artefact('affect').folder, folder, dirs_exist_ok=True)
        card = load_artefact(folder).card
        needed = {key: card[key] for key in card.keys() - {'priors', 'metrics'}}
        write_card(folder, {**needed, **entries})
        return folder

    return make


@pytest.fixture
def crops():
    generator = np.random.default_rng(0)
    return list(generator.integers(0, 256, (4, 90, 80), dtype=np.uint8))


def probabilities(count):
    drawn = np.random.default_rng(1).dirichlet(np.full(8, 0.3), count).astype(np.float32)
    drawn[0] = np.eye(8)[3]
    return drawn


def test_balanced_probabilities_are_those_of_the_formula(network):
    model = AffectModel(network(priors=CARD_PRIORS))
    given = probabilities(50)
    before = given.copy()

    found = model.under_prior(given, 'balanced')

    assert found.dtype == np.float32
    assert found == pytest.approx(balanced(given), abs=1e-6)
    assert found.sum(1) == pytest.approx(np.ones(50), abs=1e-5)
    assert np.array_equal(given, before)
    assert np.array_equal(model.under_prior(given, 'in_the_wild'), given)
    assert model.under_prior(given[5], 'balanced') == pytest.approx(found[5], abs=1e-6)


def test_a_power_of_any_size_gives_probabilities(network):
    for power in (1e-3, 1, 300.0):
        priors = {**CARD_PRIORS, 'balanced': {**CARD_PRIORS['balanced'], 'power': power}}
        model = AffectModel(network(priors=priors))

        found = model.under_prior(probabilities(50), 'balanced')

        assert found.sum(1) == pytest.approx(np.ones(50), abs=1e-5)


def test_what_a_stage_lets_swing_below_zero_gives_probabilities(network):
    model = AffectModel(network(priors=CARD_PRIORS))
    swung = np.array([-0.02, 1.02, 0, 0, 0, 0, 0, 0])

    found = model.under_prior(swung, 'balanced')

    assert found == pytest.approx(np.eye(8)[1])


def test_no_faces_and_faces_that_were_not_seen_stay_so(network):
    model = AffectModel(network(priors=CARD_PRIORS))
    given = probabilities(3)
    given[1] = np.nan

    found = model.under_prior(given, 'balanced')

    assert np.isfinite(found).all(1).tolist() == [True, False, True]
    assert model.under_prior(np.zeros((0, 8), np.float32), 'balanced').shape == (0, 8)


def test_a_network_gives_probabilities_in_the_wild_whatever_its_card_says(network):
    faces = [np.full((s, s), 90, np.uint8) for s in [AffectModel().size_px]]

    with_priors = AffectModel(network(priors=CARD_PRIORS))(faces)
    without = AffectModel(network())(faces)

    for first, second in zip(with_priors, without, strict=True):
        assert np.array_equal(first, second)


@pytest.mark.parametrize('prior', PRIORS)
def test_without_priors_on_the_card_probabilities_stay_as_they_are(network, crops, prior):
    folder = network()
    model = AffectModel(folder)

    (face,) = CropReader(folder, prior=prior)([('a', crops[0], 0.0)])

    assert model.balancing is None
    assert np.array_equal(model.under_prior(probabilities(9), prior), probabilities(9))
    assert face.confidence == pytest.approx(face.expression.max())


def check_that_only_expressions_differ(in_the_wild, chosen):
    assert chosen
    for wild, face in zip(in_the_wild, chosen, strict=True):
        for name in ('id', 'valence', 'arousal', 'confidence', 'raw_valence', 'raw_arousal'):
            assert getattr(face, name) == getattr(wild, name)
        assert face.expression == pytest.approx(balanced(wild.expression), abs=1e-5)
        assert np.abs(face.expression - wild.expression).max() > 0.01


def test_crops_are_read_under_the_balanced_prior_by_default_and_only_expressions_differ(
    network, crops
):
    folder = network(priors=CARD_PRIORS)
    choices = {'prior': 'in_the_wild'}, {'prior': 'balanced'}, {}
    readers = [CropReader(folder, **choice) for choice in choices]

    faces = [
        [face for number, crop in enumerate(crops) for face in reader([('a', crop, number / 30)])]
        for reader in readers
    ]

    check_that_only_expressions_differ(faces[0], faces[1])
    check_that_only_expressions_differ(faces[0], faces[2])
    assert all(face.confidence == pytest.approx(face.expression.max()) for face in faces[0])


def test_images_are_read_under_the_balanced_prior_by_default_and_only_expressions_differ(
    network, astronaut
):
    folder = network(priors=CARD_PRIORS)
    in_the_wild = AffectEstimator(folder, 'haar', prior='in_the_wild')
    default = AffectEstimator(folder, 'haar')

    for number, image in enumerate([astronaut, astronaut // 2]):
        check_that_only_expressions_differ(
            in_the_wild(image, number / 30), default(image, number / 30)
        )


@pytest.mark.parametrize('make', [AffectEstimator, CropReader])
def test_a_prior_that_there_is_not_is_refused(make):
    with pytest.raises(
        ValueError, match="balanced, in_the_wild, got 'in_the_wlid'; did you mean in_the_wild"
    ) as caught:
        make(prior='in_the_wlid')
    assert '\n' not in str(caught.value)


@pytest.mark.parametrize('prior', ['', 'uniform', None])
def test_no_prior_is_taken_for_another(prior):
    with pytest.raises(ValueError, match='prior must be one of balanced, in_the_wild, got'):
        AffectModel().under_prior(probabilities(1), prior)


ABSENT = object()


@pytest.mark.parametrize(
    ('place', 'value', 'said'),
    [
        ('', None, 'priors: expected balanced, in_the_wild, got None'),
        ('', ['balanced'], r"priors: expected balanced, in_the_wild, got \['balanced'\]"),
        ('', {}, 'priors: expected balanced, in_the_wild, got {}'),
        ('balanced', ABSENT, 'priors: expected balanced, in_the_wild, got in_the_wild'),
        ('in_the_wild', ABSENT, 'priors: expected balanced, in_the_wild, got balanced'),
        ('even', {}, 'expected balanced, in_the_wild, got in_the_wild, balanced, even'),
        ('balanced', 0.9, 'priors.balanced: expected power, weights, got 0.9'),
        ('balanced.power', ABSENT, 'priors.balanced: expected power, weights, got weights'),
        ('balanced.pwoer', 1.0, 'expected power, weights, got power, weights, pwoer'),
        ('balanced.power', 0, 'priors.balanced.power: expected a number > 0, .* got 0'),
        ('balanced.power', -1.0, 'balanced.power: expected a number > 0, .* got -1.0'),
        ('balanced.power', '1e-3', "power: expected .* such as 0.25 or 1.0e-3, got '1e-3'"),
        ('balanced.power', True, 'balanced.power: expected a number > 0, .* got True'),
        ('balanced.weights', [1.0] * 8, 'priors.balanced.weights: expected NEUTRAL, .* got'),
        ('balanced.weights.FEAR', ABSENT, 'weights: expected NEUTRAL, .* got NEUTRAL'),
        ('balanced.weights.SCARED', 1.0, 'weights: expected NEUTRAL, .* got .* SCARED'),
        ('balanced.weights.FEAR', 0.0, 'weights.FEAR: expected a number > 0, .* got 0.0'),
        ('balanced.weights.FEAR', float('nan'), 'weights.FEAR: expected .* got nan'),
        ('balanced.weights.FEAR', float('inf'), 'weights.FEAR: expected .* got inf'),
        ('in_the_wild.shares', ABSENT, 'priors.in_the_wild: expected shares, got {}'),
        ('in_the_wild.shares.FEAR', -0.1, 'shares.FEAR: expected a number > 0, .* got -0.1'),
        ('in_the_wild.shares.FEAR', 0.2, 'in_the_wild.shares: expected a sum of 1, got 1.075'),
        ('in_the_wild.shares.FEAR', 0.1, 'in_the_wild.shares: expected a sum of 1, got 0.975'),
    ],
)  # fmt: skip
def test_priors_that_are_not_as_they_should_be_are_refused(network, place, value, said):
    entries = {'priors': copy.deepcopy(CARD_PRIORS)}
    *path, key = ['priors', *filter(None, place.split('.'))]
    inner = entries
    for name in path:
        inner = inner[name]
    if value is ABSENT:
        del inner[key]
    else:
        inner[key] = value
    folder = network(**entries)

    with pytest.raises(ArtefactError, match=said) as caught:
        AffectModel(folder)

    assert str(folder / 'card.yaml') in str(caught.value)
    assert '\n' not in str(caught.value)


def test_shares_that_were_rounded_are_taken(network):
    priors = copy.deepcopy(CARD_PRIORS)
    priors['in_the_wild']['shares']['FEAR'] = 0.131

    assert AffectModel(network(priors=priors)).balancing is not None
