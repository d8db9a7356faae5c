# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import pytest

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')

from emotion_models.affect.network import (  # noqa: E402
    AffectNetwork,
    CalibratedAffect,
)
from emotion_models.labels.expressions import VA_MEANS  # noqa: E402
from emotion_models.nn.augmentation import standardise  # noqa: E402


def test_widths_that_do_not_fit_the_depths_are_refused():
    with pytest.raises(ValueError, match=r'stem and one for each of the 2 stages .*, got 2'):
        AffectNetwork(widths=(8, 16), depths=(1, 1))


def test_valence_and_arousal_reach_beyond_the_means_of_the_expressions_and_not_beyond_1():
    network = AffectNetwork(widths=(4, 8, 12), depths=(1, 1)).eval()
    network.affect.bias.data = torch.tensor([0.9, -3.0])
    network.affect.weight.data.zero_()
    faces = torch.rand(3, 1, 64, 64) * 255

    logits, _ = network(faces)
    _, affect, _ = CalibratedAffect(network, torch.zeros(8), temperature=1.0)(faces)

    assert logits.shape == (3, 8)
    assert max(valence for valence, _ in VA_MEANS.values()) < 0.9
    assert affect.tolist() == [pytest.approx([0.9, -1])] * 3


def test_standardising_takes_gain_and_light_away():
    faces = torch.rand(2, 1, 48, 48) * 100 + 50

    assert torch.allclose(standardise(faces), standardise(1.5 * faces + 20), atol=0.03)
    assert standardise(torch.full((1, 1, 48, 48), 80.0)).abs().max() == 0


def test_both_heads_read_the_features():
    network = AffectNetwork(widths=(4, 8, 12), depths=(1, 1)).eval()
    faces = torch.rand(3, 1, 64, 64) * 255

    shares = torch.arange(1.0, 9.0) / 36

    probabilities, affect, features = CalibratedAffect(network, shares.log(), 0.5)(faces)

    logits, expected = network(faces)
    assert features.shape == (3, network.feature_size) == (3, 12)
    assert features.min() >= 0
    torch.testing.assert_close(network.read(features)[0], logits)
    torch.testing.assert_close(probabilities, ((logits + shares.log()) / 0.5).softmax(1))
    torch.testing.assert_close(affect, expected.clamp(-1, 1))
