# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import pytest

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')

from emotion_models.nn.batches import in_batches  # noqa: E402


def test_the_result_is_that_of_one_batch_without_gradients():
    layer, sizes = torch.nn.Linear(3, 2), []
    first, second = torch.randn(2, 7, 3)

    def apply(x, y):
        sizes.append(len(x))
        return layer(x + y)

    found = in_batches(apply, first, second, size=3)

    assert sizes == [3, 3, 1]
    assert torch.allclose(found, layer(first + second))
    assert not found.requires_grad
