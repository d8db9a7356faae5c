# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import math

import pytest

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')

from emotion_models.levasa.network import AROUSAL, LATENT, VALENCE  # noqa: E402
from emotion_models.levasa.supervision import (  # noqa: E402
    Alignment,
    BinHeads,
    LinearHeads,
    bin_index,
)

AFFECT = torch.tensor([[0.5, -0.2], [-1.0, 0.0]])


def aligned(affect):
    z = torch.randn(len(affect), LATENT)
    z[:, VALENCE] = affect[:, :1]
    z[:, AROUSAL] = affect[:, 1:]
    return z


@pytest.mark.parametrize(
    ('bins', 'value', 'index'),
    [(21, -1.0, 0), (21, 0.0, 10), (21, 1.0, 20), (19, -0.9, 0), (19, 0.9, 18), (21, 0.25, 12)],
)
def test_bins_are_counted_from_the_lowest(bins, value, index):
    assert bin_index(torch.tensor(value), bins).item() == index


@pytest.mark.parametrize(
    ('bins', 'value', 'limit'), [(21, 1.1, '1'), (19, -1.0, '0.9'), (21, 7.0, '1')]
)
def test_values_outside_the_bins_are_named(bins, value, limit):
    with pytest.raises(ValueError, match=f'{bins} bins hold .* from -{limit} to {limit}, got'):
        bin_index(torch.tensor([0.0, value]), bins)


def test_an_unknown_value_is_no_bin():
    with pytest.raises(ValueError, match='got nan'):
        bin_index(torch.tensor([0.0, math.nan]), 21)


@pytest.mark.parametrize('bins', [1, 20])
def test_bins_have_a_middle_one(bins):
    with pytest.raises(ValueError, match=f'odd and at least 3.*got {bins}'):
        BinHeads(bins)


def test_the_loss_of_the_bins_is_finite_over_the_whole_range():
    labels = torch.tensor([[-1.0, 1.0], [0.0, 0.0], [1.0, -1.0]])

    assert BinHeads().loss(torch.randn(3, LATENT), labels).isfinite()


def test_even_logits_lose_the_logarithm_of_the_bins_twice_and_read_zero():
    heads = BinHeads(21)
    torch.nn.init.zeros_(heads.heads[0].weight)
    torch.nn.init.zeros_(heads.heads[1].weight)
    z = torch.randn(2, LATENT)

    assert heads.loss(z, AFFECT).item() == pytest.approx(2 * math.log(21), rel=1e-6)
    assert heads(z).abs().max() < 1e-6


def test_sure_bins_are_read_as_their_tenths():
    heads = BinHeads(21)
    with torch.no_grad():
        for head, tenth in zip(heads.heads, (5, -2), strict=True):
            head.weight.zero_()
            head.bias[tenth + 10] = 100

    assert heads(torch.randn(1, LATENT))[0].tolist() == pytest.approx([0.5, -0.2])


def test_aligned_chunks_cost_nothing_and_are_read_back():
    z = aligned(AFFECT)

    assert Alignment().loss(z, AFFECT).item() == 0
    assert torch.allclose(Alignment()(z), AFFECT)


def test_alignment_averages_over_the_dimensions_and_adds_valence_to_arousal():
    z = aligned(AFFECT)
    z[:, VALENCE] += torch.tensor([0.5, -0.5]).repeat(16)  # the mean of the chunk stays right
    z[:, AROUSAL] += 0.1

    assert Alignment().loss(z, AFFECT).item() == pytest.approx(0.25 + 0.01)


def test_linear_heads_lose_their_squared_error():
    heads = LinearHeads()
    z = torch.randn(2, LATENT)

    expected = (heads(z) - AFFECT).square()

    assert heads.loss(z, AFFECT).item() == pytest.approx(expected.mean(0).sum().item())


@pytest.mark.parametrize('supervision', [Alignment(), LinearHeads(), BinHeads()])
def test_each_value_is_tied_to_its_own_chunk_alone(supervision):
    z = torch.randn(2, LATENT, requires_grad=True)

    supervision(z)[:, 0].sum().backward()

    assert (z.grad[:, VALENCE] != 0).any()
    assert (z.grad[:, AROUSAL.start :] == 0).all()
