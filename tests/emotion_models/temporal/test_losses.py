# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import pytest

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')

from emotion_models.temporal.losses import KINDS, SegmentLoss  # noqa: E402

OUTPUTS = [[0.1, 0.2, 0.3, 0.4], [0.5, 0.1, 9, 9]]
TARGETS = [[0, 0.2, 0.2, 0.5], [0.4, 0.2, 0, 0]]
VALID = torch.tensor([[True] * 4, [True, True, False, False]])


def both(rows):
    """The same column for valence and arousal."""
    return torch.tensor(rows, dtype=torch.float32)[..., None].repeat(1, 1, 2)


@pytest.mark.parametrize(
    ('name', 'expected'), [('batch_ccc', 0.1724138), ('mse', 0.0083333), ('mse_sum', 0.05)]
)
def test_known_values(name, expected):
    loss = SegmentLoss({name: 1.0})(both(OUTPUTS), both(TARGETS), VALID)

    assert loss.item() == pytest.approx(expected, abs=1e-6)


def test_ccc_is_the_mean_over_the_clips_that_have_frames():
    alone = [
        SegmentLoss({'batch_ccc': 1.0})(
            both(OUTPUTS)[k, None], both(TARGETS)[k, None], VALID[k, None]
        )
        for k in range(2)
    ]
    outputs = torch.cat([both(OUTPUTS), torch.zeros(1, 4, 2)])
    targets = torch.cat([both(TARGETS), torch.zeros(1, 4, 2)])
    valid = torch.cat([VALID, torch.zeros(1, 4, dtype=torch.bool)])

    loss = SegmentLoss({'ccc': 1.0})(outputs, targets, valid)

    assert loss.item() == pytest.approx(sum(alone).item() / 2)


@pytest.mark.parametrize('name', KINDS)
def test_padding_changes_neither_loss_nor_gradient(name):
    found = []
    for fill in (9.0, -3.0):
        outputs, targets = both(OUTPUTS), both(TARGETS)
        outputs[~VALID], targets[~VALID] = fill, 2 * fill
        outputs.requires_grad_()
        loss = SegmentLoss({name: 1.0})(outputs, targets, VALID)
        loss.backward()
        assert not outputs.grad[~VALID].any()
        found.append((loss.item(), outputs.grad))

    assert found[0][0] == found[1][0]
    assert torch.equal(found[0][1], found[1][1])


@pytest.mark.parametrize('name', ['batch_ccc', 'ccc'])
@pytest.mark.parametrize('target', [0.5, 0.2])
def test_constants_have_the_loss_1_and_a_finite_gradient(name, target):
    outputs = torch.full((2, 4, 2), 0.5, requires_grad=True)

    loss = SegmentLoss({name: 1.0})(outputs, torch.full((2, 4, 2), target), VALID)
    loss.backward()

    assert loss.item() == pytest.approx(1)
    assert outputs.grad.isfinite().all()


def test_losses_are_summed_with_their_weights_and_those_of_one_target_take_its_column():
    torch.manual_seed(0)
    outputs, targets = torch.randn(2, 2, 4, 2)

    def loss(weights):
        return SegmentLoss(weights)(outputs, targets, VALID).item()

    assert loss({'batch_ccc': 0.5, 'mse': 2.0}) == pytest.approx(
        0.5 * loss({'batch_ccc': 1.0}) + 2 * loss({'mse': 1.0})
    )
    for of_valence, of_arousal, kind in (
        ('vmse', 'amse', 'mse'),
        ('vccc', 'accc', 'ccc'),
        ('batch_vccc', 'batch_accc', 'batch_ccc'),
    ):
        assert (loss({of_valence: 1.0}) + loss({of_arousal: 1.0})) / 2 == pytest.approx(
            loss({kind: 1.0})
        )
    only = SegmentLoss({'amse': 1.0}, ['arousal'])(outputs[..., 1:], targets[..., 1:], VALID)
    assert only.item() == pytest.approx(loss({'amse': 1.0}))


@pytest.mark.parametrize(
    ('weights', 'message'),
    [
        ({'m': 1.0}, "must be of batch_ccc, .* got 'm'"),
        ({'mse': -1.0}, 'weights >= 0'),
        ({'mse': 0.0}, 'one above it'),
        ({'vmse': 1.0}, 'vmse is of valence; trained are arousal'),
    ],
)
def test_what_trains_nothing_is_refused(weights, message):
    with pytest.raises(ValueError, match=message):
        SegmentLoss(weights, ['arousal'])
