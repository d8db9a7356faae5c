# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import pytest

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')

from emotion_models.metrics.concordance import concordance  # noqa: E402
from emotion_models.nn.concordance import concordance_loss  # noqa: E402


def test_the_loss_is_one_minus_the_mean_concordance():
    torch.manual_seed(0)
    prediction, target = torch.randn(2, 20, 2)
    agreement = [concordance(prediction[:, i], target[:, i]).item() for i in range(2)]

    loss = concordance_loss(prediction, target)

    assert loss.item() == pytest.approx(1 - sum(agreement) / 2)
    assert concordance_loss(target, target).item() == pytest.approx(0, abs=1e-6)
    assert concordance_loss(-target, target).item() > 1


def test_constants_have_the_loss_1_and_a_finite_gradient_where_the_divisor_is_kept_from_0():
    prediction = torch.full((5, 2), 0.3, requires_grad=True)

    loss = concordance_loss(prediction, torch.full((5, 2), 0.3), 1e-9)
    loss.backward()

    assert loss.item() == pytest.approx(1)
    assert prediction.grad.isfinite().all()
